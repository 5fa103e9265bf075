"""Where a note keeps cards, and those of inka, which are numbered items below a line `Deck: name`. Pure.

Each of these has quoted lines as its answer, or gaps.

What an item says is asked whatever its words are, as the line above says that all of them are cards. Items that are
counted anew are the steps of a text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from quizapp.catalogue.formats.markdown.answers import unquoted
from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.gaps import gaps_of
from quizapp.catalogue.formats.markdown.labels import DECK, without_code
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import plain, read, undecorated

_OF_CARDS = re.compile(
    r"\W*(?!(?:creat|writ|mak|us|generat|export|import|sync|how|what|why|about)(?:e|ing)?\b)(?:[\w/&+.-]+\s+){0,4}?"
    r"(?:(?:flash\s?cards?|anki(?: cards?)?|cards|cloze(?: deletions?| cards?)?|spaced repetition)"
    r"(?: (?:for|on|about) .{1,60}|\s*[:\u2013\u2014-]\s.{1,60})?"
    r"|(?:karteikarten|lernkarten|tarjetas|cartões|флеш-?карточки|карточки|флэш-?карты|闪卡|卡片|暗記カード|플래시카드)"
    r"\W*(?:[\w-]+(?:\s+|$)){0,4})\W*$",
    re.IGNORECASE,
)
# Told in a tenth of the time.
_MAY_BE_CARDS = re.compile(
    r"card|anki|cloze|repetition|karten|tarjet|cart\u00f5|\u043a\u0430\u0440\u0442|\u5361|\u30ab\u30fc\u30c9|\uce74\ub4dc",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\S\s+(::|;;|>>)(?:\s+\S|>?\s*$)")
_SIGNS = ("::", ";;", ">>")
TITLE_MAX_CHARS = 120  # of a heading that says so
FEWEST_PARTED = 3  # items, of two kinds at least: one alone may be a sign of a shell or a language
FRONT_MAX_CHARS = 16_000  # of what is asked; longer texts are cut where a question is stored


@dataclass(kw_only=True)
class _Item:
    """A numbered item, and the blocks between it and the next one."""

    item: Block
    behind: list[Block] = field(default_factory=list)


def find(note: Reading) -> Iterator[Opening]:
    """Every such card whose item is one text."""
    for blocks in _decks(note):
        items = list(_items(blocks))
        if any(int(later.item.info or 0) <= int(earlier.item.info or 0) for earlier, later in pairwise(items)):
            continue
        for one in items:
            yield from _cards(note, one)


def _decks(note: Reading) -> Iterator[Sequence[Block]]:
    """The blocks behind each line that names a deck, up to a rule, a heading or the next such line."""
    deck: list[Block] | None = None
    for block in note.blocks:
        names = block.kind is Kind.PARAGRAPH and DECK.match(block.text) is not None
        if deck is not None and (names or block.kind in (Kind.RULE, Kind.HEADING)):
            yield deck
            deck = None
        if names:
            deck = []
        elif deck is not None:
            deck.append(block)
    if deck is not None:
        yield deck


def _items(blocks: Sequence[Block]) -> Iterator[_Item]:
    found: _Item | None = None
    for block in blocks:
        if block.kind is Kind.NUMBERS:
            for item in block.children:
                if found is not None:
                    yield found
                found = _Item(item=item)
        elif found is not None:
            found.behind.append(block)
    if found is not None:
        yield found


def _cards(note: Reading, one: _Item) -> Iterator[Opening]:
    """The card of an item whose answer is quoted below it; else one for each of its gaps."""
    quoted = next((place for place, block in enumerate(one.behind) if block.kind is Kind.QUOTE), None)
    if not one.item.children or one.item.children[0].kind is not Kind.PARAGRAPH:
        return
    front = _text(note, [*one.item.children, *one.behind[:quoted]])
    if quoted is not None:
        back = one.behind[quoted:]
        answer = _text(note, back)
        yield Opening(
            convention=Convention.LISTS,
            line=one.item.first,
            prompt=read(front, most=FRONT_MAX_CHARS).prompt or front,
            lines=frozenset(range(one.item.first, back[-1].last)),
            answer=unquoted(answer) if all(block.kind is Kind.QUOTE for block in back) else answer,
        )
        return
    for gap in gaps_of(front, marks=False, braces=True):
        yield Opening(
            convention=Convention.CLOZE,
            line=one.item.first,
            prompt=gap.front,
            lines=frozenset(range(one.item.first, max(one.item.last, *(block.last for block in one.behind), 0))),
            answer=gap.back,
            flashcard=True,
        )


def _text(note: Reading, blocks: Sequence[Block]) -> str:
    return "\n\n".join(note.source.text_of(block) for block in blocks)


def lines_of_cards(blocks: Sequence[Block], lines: Sequence[str]) -> frozenset[int]:
    """The lines below headings that only say "Flashcards", up to the next one that is no deeper; of an outline all.

    There a note writes cards as the programs for them do, though no tag says so. `lines` are the note's.
    """
    if _is_outline_of_cards(blocks, lines):
        return frozenset(range(len(lines)))
    found: set[int] = set()
    headed = [block for block in blocks if block.kind is Kind.HEADING]
    for place, heading in enumerate(headed):
        if (
            heading.last not in found
            and len(heading.text) <= TITLE_MAX_CHARS
            and _MAY_BE_CARDS.search(heading.text)
            and _OF_CARDS.match(plain(undecorated(heading.text)))
        ):
            following = (one.first for one in headed[place + 1 :] if one.level <= heading.level)
            found |= set(range(heading.last, next(following, len(lines))))
    return frozenset(found)


def definitions(note: Reading, number: int) -> Iterator[Opening]:
    """The cards of a list of definitions in a deck: a term, and below it lines of which the first begins with a colon.

    A blank line may part the two.
    """
    block = note.blocks[number]
    if (not block.text.startswith(": ") and "\n: " not in block.text) or not note.is_deck_at(block.first):
        return
    before = note.blocks[number - 1] if number else block
    above = [before.text] if before.kind is Kind.PARAGRAPH and block.text.startswith(":") else []
    texts = [*above, *block.text.split("\n")]
    begun = [at - 1 for at, line in enumerate(texts) if at and line.startswith(": ") and texts[at - 1][:1] != ":"]
    for start, end in zip(begun, [*begun[1:], len(texts)], strict=True):
        told = "\n".join(line.removeprefix(":").strip() for line in texts[start + 1 : end])
        first = block.first - len(above) + start
        lines = {*range(max(first, block.first), first + end - start), *(before.lines if above and not start else ())}
        yield Opening(
            convention=Convention.INLINE,
            line=min(lines),
            prompt=texts[start].strip(),
            lines=frozenset(lines),
            answer=told,
            flashcard=True,
        )


def _is_outline_of_cards(blocks: Sequence[Block], lines: Sequence[str]) -> bool:
    """Whether most items of a note's lists are a front and a back as RemNote parts them: ` :: `, ` ;; ` or ` >> `."""
    if len([sign for sign in _SIGNS if any(sign in line for line in lines)]) < len(_SIGNS) - 1:
        return False
    heads = [
        part.children[0].text.split("\n", 1)[0]
        for block in blocks
        if block.kind in LISTS
        for part in block.walk()
        if part.kind is Kind.ITEM and part.children and part.children[0].kind is Kind.PARAGRAPH
    ]
    parted = [found[1] for head in heads if (found := _PARTED.search(without_code(head))) is not None]
    return len(parted) >= FEWEST_PARTED and len(set(parted)) > 1 and len(parted) * 2 >= len(heads)


def lines_of_decks(blocks: Sequence[Block], end: int) -> set[int]:
    """The lines from one that names a deck (`Deck: Net`) to the next rule: there inka keeps its cards."""
    found: set[int] = set()
    first: int | None = None
    for block in blocks:
        if block.kind is Kind.RULE and first is not None:
            found |= set(range(first, block.first))
            first = None
        elif block.kind is Kind.PARAGRAPH and DECK.match(block.text):
            first = block.first
    return found | set(range(first, end)) if first is not None else found
