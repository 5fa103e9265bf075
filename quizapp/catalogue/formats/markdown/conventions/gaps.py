"""Gap texts: `{{c1::x}}`, `{{cloze x}}`, `==x==` in a deck, `[x]` behind a `C:`. Pure.

Each gap becomes a card with the text as its front, in which the gap is `[…]` or its hint in brackets, and the hidden
words as its back.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quizapp.catalogue.formats.gap_words import UNSAID, numbers_of, with_gap, words_and_hint
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.labels import CODE, QUESTION_LEAD, first_label, without_code
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading

_NUMBERED = re.compile(
    r"\{\{c(?P<number>\d{1,3})::(?P<text>(?:[^{}]|\{[^{}]*\}|\{\{[^{}]*\}\}(?!\}))*?)(?:::(?P<hint>[^{}:]*))?\}\}"
)
_AS_ANKI_ALONE = re.compile(r"\{\{c\d{1,3}(?:,\d{1,3}|::[^{}]*\{\{c\d)")  # of several numbers, or one in another
# Logseq's may have a hint behind two backslashes.
_NAMED = re.compile(r"\{\{cloze\s+(?P<text>(?:[^{}]|\{\{[^{}]*\}\})+?)(?:\\\\(?P<hint>[^{}\\]+))?\}\}", re.IGNORECASE)
# Obsidian's may say which gaps are hidden together, and have a hint: `==1;;words;;hint==`.
_MARKED = re.compile(
    r"(?<![=\w!<>])==(?:(?P<number>\d{1,3});;)?(?=[^\s=])(?P<text>[^=\n]*?[^\s=])(?:;;(?P<hint>[^=;\n]+))?==(?![=\w])"
)
# Of a deck: `{{words}}`, but no command of Logseq (`{{embed …}}`) and no template (`{{ .Names }}`).
_CURLY = re.compile(
    r"(?<!\{)\{\{(?!(?:cards|embed|query|video|youtube|tweet|renderer|function|namespace)\b)(?P<text>\w[^{}\n]*)\}\}(?!\})"
)
_BRACKETS = re.compile(r"(?<![\\!\]\[])\[(?P<text>[^\[\]]+)\](?![(\[:])")
_BRACES = re.compile(r"(?<![\\{$])\{(?:c?(?P<number>\d{1,3})[:|]{1,2})?(?P<text>[^{}\n]+)\}(?!\})")
_FORMULA = re.compile(r"\$\$[^$]+\$\$|\$[^$\n]+\$")  # keeps its braces
_BOXES = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s+\[[ xX]\]\s", re.MULTILINE)
_ESCAPED = re.compile(r"\\([\[\]])")
_WRITTEN = re.compile(r"\{\{cloze\s+((?:[^{}]|\{\{[^{}]*\}\})+?)\}\}", re.IGNORECASE)
_DECK_LINE = re.compile(r"^C:\s*(?=\S|$)")
_OF_ANKIOPS = re.compile(r"^T(?:HA)?:[ \t]+(?=\S)")  # its name of a text with gaps
_MORE_OF_ANKIOPS = re.compile(r"\n(?:E|M|AI):[ \t]+(?=\S)")  # and of what is said behind one
DECK_BLOCKS_MAX = 20  # behind the first block of a text with gaps; the most seen are three
GAPS_MAX = 50  # of one text, which each of its cards repeats; the most seen is 12


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A text with one gap."""

    front: str
    back: str


def find(note: Reading) -> Iterator[Opening]:
    """Every gap of the note's paragraphs and list items."""
    yield from _in(note, note.blocks)


def gaps_of(text: str, *, marks: bool, brackets: bool = False, braces: bool = False) -> list[Gap]:
    """A text once for each of its gaps; gaps with one number are hidden together. Empty for a text without gaps.

    Code keeps its braces and brackets, except within a gap.
    """
    if "{" not in text and not (marks and "==" in text) and not brackets:
        return []
    plain = without_code(text)
    if _AS_ANKI_ALONE.search(plain):
        return [_of_number(text, number) for number in numbers_of(text)[:GAPS_MAX]]
    found = [*_NUMBERED.finditer(text), *_NAMED.finditer(text)]
    found = [one for one in found if plain[one.start()] != "\0"]
    if not found and marks:
        bare = _FORMULA.sub(lambda one: "\0" * len(one[0]), plain)
        found = list(_MARKED.finditer(plain)) or list(_CURLY.finditer(bare))
    if braces:
        bare = _FORMULA.sub(lambda one: "\0" * len(one[0]), plain)
        found += _BRACES.finditer(bare)
    if not found and brackets:
        found = [one for one in _BRACKETS.finditer(plain) if one["text"].strip("\0") or "\0" in one["text"]]
    found.sort(key=lambda one: one.start())
    groups: dict[str, list[re.Match[str]]] = {}
    for place, one in enumerate(found):
        number = one.groupdict().get("number") or f"alone {place}"
        groups.setdefault(number, []).append(one)
    return [_gap(text, found, hidden) for hidden in groups.values()] if len(groups) <= GAPS_MAX else []


def filled(text: str) -> str:
    """A text with the words of its `{{cloze words}}` in their places, as an answer that holds some shows them."""
    return _WRITTEN.sub(r"\1", text) if "{{cloze" in text else text


def _of_number(text: str, number: int) -> Gap:
    hidden: list[str] = []
    front = with_gap(text, number, hidden=hidden)
    return Gap(front=front.strip(), back=", ".join(hidden))


def _gap(text: str, found: Sequence[re.Match[str]], hidden: Sequence[re.Match[str]]) -> Gap:
    out, at, back = "", 0, []
    places = {one.start() for one in hidden}
    for one in found:
        words, hint = words_and_hint(one["text"] or "", one.groupdict().get("hint"))
        out += text[at : one.start()] + (f"[{hint.strip() or UNSAID}]" if one.start() in places else words)
        if one.start() in places:
            back.append(words.strip())
        at = one.end()
    return Gap(front=(out + text[at:]).strip(), back=", ".join(back))


def _in(note: Reading, blocks: Sequence[Block]) -> Iterator[Opening]:
    for number, block in enumerate(blocks):
        if block.kind is Kind.PARAGRAPH:
            yield from _paragraph(note, blocks, number)
        elif block.kind is Kind.TABLE and note.is_deck_at(block.first):
            yield from _table(note, block)
        elif block.kind in LISTS:
            for item in block.children:
                yield from _in(note, item.children)


def _table(note: Reading, block: Block) -> Iterator[Opening]:
    """A card of the whole table for each gap in it."""
    for gap in gaps_of(note.source.text_of(block), marks=True):
        yield Opening(
            convention=Convention.CLOZE,
            line=block.first,
            prompt=gap.front,
            lines=frozenset(block.lines),
            answer=gap.back,
            flashcard=True,
        )


def _without_escapes(text: str) -> str:
    """A text whose code has `[` for each `\\[`: behind a `C:` brackets are escaped in code too."""
    return CODE.sub(lambda found: _ESCAPED.sub(r"\1", found[0]), text)


def _has_table(note: Reading, blocks: Sequence[Block], number: int) -> bool:
    """Whether the next block is a table that nothing parts from the text."""
    if number + 1 >= len(blocks) or blocks[number + 1].kind is not Kind.TABLE:
        return False
    between = range(blocks[number].last, blocks[number + 1].first)
    return all(one.first not in between for one in note.source.details)


def _more_of_deck_text(note: Reading, blocks: Sequence[Block], number: int) -> Sequence[Block]:
    """The blocks that go on with the text behind a `C:`: a table right below, and all up to the last one with gaps."""
    last = 1 if _has_table(note, blocks, number) else 0
    following = blocks[number + 1 : number + 1 + DECK_BLOCKS_MAX]
    ends = {one.first for one in note.source.details}
    for count, block in enumerate(following, start=1):
        if block.kind in (Kind.HEADING, Kind.RULE) or block.first in ends or _begins_another(block):
            break
        text = note.source.text_of(block)
        if block.kind is not Kind.CODE and not _BOXES.search(text) and gaps_of(text, marks=False, brackets=True):
            last = count
    return following[:last]


def _begins_another(block: Block) -> bool:
    """Whether a paragraph begins with the name of a question, an answer or a text with gaps."""
    if block.kind is not Kind.PARAGRAPH:
        return False
    begins = any(pattern.match(block.text) for pattern in (_DECK_LINE, QUESTION_LEAD))
    return begins or first_label(block.text) is not None


def _paragraph(note: Reading, blocks: Sequence[Block], number: int) -> Iterator[Opening]:
    block = blocks[number]
    if "{" not in block.text and "==" not in block.text and "C:" not in block.text:
        return
    parts = list(_deck_parts(block))
    for part in parts:
        is_deck_line = _DECK_LINE.match(part.text) is not None
        remembered = any(line in note.memories for line in range(part.first, part.last + 1))
        text = _DECK_LINE.sub("", part.text)
        lines = set(part.lines)
        if is_deck_line and part is parts[-1]:
            end = part.last
            for more in _more_of_deck_text(note, blocks, number):
                text += ("\n" if more.first == end and text else "\n\n") + note.source.text_of(more)
                lines |= set(more.lines)
                end = more.last
        text, *said = _MORE_OF_ANKIOPS.split(_OF_ANKIOPS.sub("", text)) if _OF_ANKIOPS.match(text) else [text]
        for gap in gaps_of(text, marks=note.is_deck_at(part.first) or remembered, brackets=is_deck_line):
            yield Opening(
                convention=Convention.CLOZE,
                line=part.first,
                prompt=_without_escapes(gap.front) if is_deck_line else gap.front,
                lines=frozenset(lines),
                answer="\n\n".join([gap.back, *said]),
                flashcard=True,
            )


def _deck_parts(block: Block) -> Iterator[Block]:
    """A paragraph, divided before each line that begins with `C:`."""
    if "\nC:" not in block.text:
        yield block
        return
    texts = block.text.split("\n")
    starts = [at for at, text in enumerate(texts) if at == 0 or _DECK_LINE.match(text)]
    for start, end in zip(starts, [*starts[1:], len(texts)], strict=True):
        text = "\n".join(texts[start:end])
        yield replace(block, first=block.first + start, last=block.first + end, text=text)
