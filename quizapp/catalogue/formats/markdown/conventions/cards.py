"""Flashcards of note programs: `front :: back`, `?` between lines, `#card`. Pure.

`::` counts with a blank on both sides, so that addresses (`::1`), names in code (`std::env`) and properties
(`tags:: net`) are none; in a note that is tagged as a deck also without, between words that are no name.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.decks import definitions
from quizapp.catalogue.formats.markdown.conventions.gaps import gaps_of
from quizapp.catalogue.formats.markdown.labels import first_label, without_code
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.source import Source
from quizapp.catalogue.formats.markdown.wording import Asks, asks_by_words
from quizapp.catalogue.formats.parsed import LineUse

TAG = re.compile(r"(?:(?<=\s)|^)(?:#(?:flash)?cards?(?:/[\w/-]+)?|#?\[\[card\]\])(?=\s|$)\s*", re.IGNORECASE)
_SPACED = re.compile(r"(?<=\S)\s+(:{2,3})\s+(?=\S)|(?<=\?)(:{2,3})\s*(?=\S)")  # behind "?" also without a blank
# In a deck also without blanks, but not between the parts of an IPv6 address, and where it could be a name of code only
# in front of a capital, behind a sign, or where the front is a single word.
_TIGHT = re.compile(
    r"(?<=[^\s:])\s?(:::)\s?(?=[^\s:])|(?<=[^\s:\w])(::)(?=[^\s:])|(?<=\w)(::)(?=[A-Z])"
    r"|^(?:[-*+]\s+)?(?![0-9a-fA-F:]+::[0-9a-fA-F:]*\b)[\w.-]+(::)(?=[^\s:])|(?<=[^\s;])\s?(;;;?)\s?(?=[^\s;])"
)
# In a deck also between two words if the line begins as a question does: "What does a kubelet do::runs pods".
_BEHIND_QUESTION = re.compile(r"^[^:]*\s[^\s:]+(::)(?=[^\s:]+\s[^:]*$)")
# In a deck also an arrow behind a question mark, `->`, `->->->` or `>>`.
_ARROW = re.compile(r"(?<=[?\uff1f])\s*((?:[-=]>){1,4}|>>)\s+(?=\S)|(?<=[)\uff09])\s*((?:[-=]>){2,4})\s+(?=\S)")
_REMEMBERED_ARROW = re.compile(r"(?P<front>\S[^\n]*?)\s+->\s+(?P<back>\S[^\n]*)")  # above its memory
# Behind the back of `front : back #flashcard`, or of one of NeuraCache's in a README, which has a picture there.
_MARK_BEHIND = re.compile(r"(?:\s#flashcards?|\u26a1\ufe0f?|\U0001f9e0)(?:\s#[\w/-]+)*$", re.IGNORECASE)
MARK_MAX_CHARS = 200  # with the tags behind it
_BEFORE_ADDRESS = re.compile(r"\b(?:listens?|binds?|bound|address|at|from|on|to)\s$", re.IGNORECASE)  # "listen on ::"
_PLACE_BEHIND = re.compile(r"\s\^[\w-]+$")
_PLACE = re.compile(r"^\^[\w-]+$")
_METADATA = re.compile(r"\n>\s*\[!sr\|card-metadata\]\s*(?:\n>\s*)*$")
_TASK = re.compile(r"^\[[ xX]\]\s+")
_PROPERTY = re.compile(r"^[\w-]+::(?:\s|$)")
_REMEMBERED = re.compile(r"\s*card-[\w-]+::")  # what Logseq keeps of a card
_HIDDEN = re.compile(r"!?\[[^\[\]]*\]\([^()\s]*\)|\$[^$\n]+\$|\{\{[^{}\n]*\}\}|==[^=\n]+==|https?://\S+")
_MAY_HIDE = re.compile(r"[\[$={/]")  # with what each of these begins, or a sign of it
_MARK = re.compile(
    r"\s+(?:#(?:flash)?cards?|#?\[\[card\]\])(?:\s+#[\w/-]+)*\s*$", re.IGNORECASE
)  # at the end of a line
_OPEN_MARK = re.compile(r"(?<=\S)\s*(?:;;|(?<=\s)::)\s*$", re.MULTILINE)  # of a deck: the back is on the lines below
_OPEN_ITEM = re.compile(r"(?<=\S)\s+(?:>>>?|:::?|;;;?)\s*$")  # of RemNote
_DECK_TAG = re.compile(r"#(?:flash)?cards\b", re.IGNORECASE)
WORD_BEFORE_ADDRESS = 8  # characters of the longest of these words and the sign before it
FRONT_LINES_MAX = 4
ADJACENT_MAX = 20  # blocks on each side of a list that are one card with it; the most seen are three
FEWEST_RULED_OFF = 3  # cards of a note that is not tagged as a deck
SEPARATORS = {"?": False, "??": True}


def find(note: Reading) -> Iterator[Opening]:
    """Every card of these three forms."""
    ruled_off = _are_ruled_off(note)
    for number, block in enumerate(note.blocks):
        if block.kind is Kind.PARAGRAPH:
            apart = ruled_off or note.is_deck_at(block.first)
            separated = _separated(note, number) or (_separated_apart(note, number) if apart else None)
            separated = separated or _marked(note, number)
            inline = _inline(note, block)
            yield from definitions(note, number)
            yield from inline if separated is None else (card for card in inline if card.line < separated.line)
            yield from [separated] if separated is not None else []
        elif block.kind in LISTS and (card := _separated_behind(note, number)) is not None:
            yield card
        elif block.kind is Kind.HEADING and _MARK.search(without_code(block.text)) and not _names_deck(note, number):
            yield _headed(block)
        elif block.kind in LISTS:
            yield from _in_list(note, block)
        elif block.kind is Kind.QUOTE:
            for part in block.children:
                if part.kind is Kind.PARAGRAPH:
                    yield from _inline(note, part)


def _are_ruled_off(note: Reading) -> bool:
    """Whether rules stand between lone lines of `?`, so that these part the fronts of cards from their backs."""
    kinds = [block.kind for block in note.blocks if block.kind is Kind.RULE or block.text.strip() in SEPARATORS]
    marks = len(kinds) - kinds.count(Kind.RULE)
    return marks >= FEWEST_RULED_OFF and sum(one is not other for one, other in pairwise(kinds)) >= 2 * marks - 2


def sides(line: str, *, deck: bool) -> tuple[str, str, bool] | None:
    """Front and back of a line, and whether it is asked both ways; None for a line that is no card."""
    if " : " in line and (found := _MARK_BEHIND.search(line.rstrip()[-MARK_MAX_CHARS:])) is not None:
        front, parted, back = line.rstrip().removesuffix(found[0]).partition(" : ")
        return (front.strip(), back.strip(), False) if parted and front.strip() and back.strip() else None
    if "::" not in line and ";;" not in line and not (deck and ">" in line):
        return None
    plain = without_code(line)
    if _MAY_HIDE.search(plain) is not None:
        plain = _HIDDEN.sub(lambda found: "\0" * len(found[0]), plain)
    found = _spaced(plain) or (_tight(plain) if deck else None)
    if found is None or first_label(line) is not None:
        return None
    if _BEFORE_ADDRESS.search(plain, max(found.start() - WORD_BEFORE_ADDRESS, 0), found.start() + 1):
        return None
    mark = next(group for group in found.groups() if group)
    at = found.start(found.lastindex or 0)
    front, back = line[:at].strip(), line[at + len(mark) :].strip()
    front, back = _TASK.sub("", front), _PLACE_BEHIND.sub("", back) if "^" in back else back
    return (_untagged(front), _untagged(back), mark in (":::", ";;;")) if front and back else None


def _spaced(plain: str) -> re.Match[str] | None:
    """The first `::` with blanks round it, looked for from the first colons on: from each blank it takes far longer."""
    at = plain.find("::")
    return _SPACED.search(plain, len(plain[:at].rstrip())) if at >= 0 else None


def _untagged(text: str) -> str:
    """A text without its tags, `#card`."""
    return TAG.sub("", text).strip() if "#" in text or "[[" in text else text.strip()


def _tight(plain: str) -> re.Match[str] | None:
    """What parts front and back in a line of a deck, where no blanks stand round it."""
    found = _TIGHT.search(plain) or _ARROW.search(plain)
    if found is None and "::" in plain and asks_by_words(_untagged(plain)) is not Asks.NOT:
        return _BEHIND_QUESTION.search(plain)
    return found


def without_properties(source: Source, block: Block) -> tuple[str, set[int]]:
    """A block's text without the lines that are properties, such as `id:: 1`, and the numbers of those lines."""
    if "::" not in block.text:
        return block.text, set()
    lines = block.text.split("\n")
    dropped = {block.first + number for number, line in enumerate(lines) if _PROPERTY.match(line)}
    return "\n".join(line for line in lines if not _PROPERTY.match(line)), dropped


def _inline(note: Reading, block: Block) -> Iterator[Opening]:
    deck = note.is_deck_at(block.first)
    if (
        "::" not in block.text
        and ";;" not in block.text
        and " : " not in block.text
        and not (deck and ">" in block.text)
    ):
        return
    for number, line in enumerate(block.text.split("\n"), start=block.first):
        found = sides(line, deck=deck)
        if found is None and number + 1 in note.memories and (parts := _REMEMBERED_ARROW.fullmatch(line)) is not None:
            found = parts["front"], parts["back"], False
        if found is not None:
            yield _card(Convention.INLINE, number, found[0], found[1], {number}, reverse=found[2])


def may_separate(text: str) -> bool:
    """Whether a line of a paragraph may be one of SEPARATORS: its lines have no blanks before them."""
    return text.startswith("?") or "\n?" in text


def _separated(note: Reading, number: int) -> Opening | None:
    """The card whose front and back are parted by a line with `?`; its back ends at the next blank line."""
    block = note.blocks[number]
    if not may_separate(block.text):
        return None
    lines = block.text.split("\n")
    above = note.blocks[number - 1] if number else None
    headed = above is not None and above.kind is Kind.HEADING and above.last == block.first
    least = 0 if headed else 1
    if above is not None and above.kind in (Kind.CODE, Kind.TABLE, *LISTS) and lines[0].strip() in SEPARATORS:
        return _separated_below(note, number)
    place = next((at for at, line in enumerate(lines) if line.strip() in SEPARATORS and at >= least), None)
    if place is None:
        return None
    if place:
        above = None
    begin = _front_begin(lines[:place], deck=note.is_deck_at(block.first))
    parts = [lines_of_back for lines_of_back in ["\n".join(lines[place + 1 :])] if lines_of_back.strip()]
    used, last = {*block.lines[begin:], *(above.lines if above is not None else ())}, block.last
    begun = {one.first for one in note.source.details}
    for following in note.blocks[number + 1 :]:
        if following.first != last or following.kind in (Kind.HEADING, Kind.RULE) or following.first in begun:
            break
        parts.append(note.source.text_of(following))
        used |= set(following.lines)
        last = following.last
    front = TAG.sub("", "\n".join(lines[begin:place]) if above is None else above.text).strip()
    kept = "\n".join(line for line in "\n".join(parts).split("\n") if not _PLACE.match(line))
    back = _METADATA.sub("", kept)
    if not front or not back.strip():
        return None
    reverse = SEPARATORS[lines[place].strip()]
    return _card(Convention.SEPARATED, min(used), front, back.strip(), used, reverse=reverse)


def _front_begin(lines: Sequence[str], *, deck: bool) -> int:
    """Which of the lines above a `?` is the first of the front: the one below the last that is a card by itself.

    The line right above the `?` is the front, whatever is in it.
    """
    cards = (at for at, line in enumerate(lines[:-1], start=1) if sides(line, deck=deck) is not None)
    return max(cards, default=0)


def _separated_behind(note: Reading, number: int) -> Opening | None:
    """The card whose front ends with a list, behind which a `?` stands at the margin: such as a text with options."""
    block = note.blocks[number]
    last = block.children[-1].children
    if len(block.children) < 2 or len(last) != 1 or "?" not in last[0].text:
        return None
    lines = note.source.lines[last[0].first : last[0].last]
    place = next((at for at, line in enumerate(lines) if line.rstrip() in SEPARATORS and at > 0), None)
    if place is None or place + 1 == len(lines) or any(_separated_in(note, item) for item in block.children[:-1]):
        return None
    mark = last[0].first + place
    first, end = _adjacent(note, number)
    text = note.source.shown
    front = TAG.sub("", "\n".join(text[first:mark])).strip()
    back = "\n".join(text[mark + 1 : end]).strip()
    return _card(
        Convention.SEPARATED, first, front, back, set(range(first, end)), reverse=SEPARATORS[lines[place].rstrip()]
    )


def _separated_below(note: Reading, number: int) -> Opening | None:
    """The card whose front ends with code, a table or a list, right behind which the `?` stands."""
    block = note.blocks[number]
    first, end = _adjacent(note, number)
    text = note.source.shown
    front = TAG.sub("", "\n".join(text[first : block.first])).strip()
    back = "\n".join(text[block.first + 1 : end]).strip()
    mark = block.text.split("\n", 1)[0].strip()
    if first == block.first or not front or not back:
        return None
    return _card(Convention.SEPARATED, first, front, back, set(range(first, end)), reverse=SEPARATORS[mark])


def _adjacent(note: Reading, number: int) -> tuple[int, int]:
    """The lines from the first to the last block that no empty line or heading parts from the block."""
    ends = (Kind.HEADING, Kind.RULE)
    first = last = number
    while (
        first > number - ADJACENT_MAX
        and first
        and note.blocks[first - 1].kind not in ends
        and note.blocks[first - 1].last == note.blocks[first].first
    ):
        first -= 1
    while last < number + ADJACENT_MAX and last + 1 < len(note.blocks) and note.blocks[last + 1].kind not in ends:
        if note.blocks[last + 1].first != note.blocks[last].last:
            break
        last += 1
    return note.blocks[first].first, note.blocks[last].last


def _separated_apart(note: Reading, number: int) -> Opening | None:
    """The card whose `?` stands between blank lines; its back ends at a heading, a rule or its memory."""
    block, following = note.blocks[number], [*note.blocks[number + 1 : number + 2]]
    if not following or following[0].text.strip() not in SEPARATORS:
        return None
    back: list[Block] = []
    for place in range(number + 2, len(note.blocks)):
        one = note.blocks[place]
        remembered = back and any(line in note.memories for line in range(back[-1].last, one.first))
        is_front = place + 1 < len(note.blocks) and note.blocks[place + 1].text.strip() in SEPARATORS
        if remembered or is_front or one.kind in (Kind.HEADING, Kind.RULE):
            break
        back.append(one)
    if not back:
        return None
    mark = following[0].text.strip()
    begin = _front_begin(block.text.split("\n"), deck=note.is_deck_at(block.first))
    lines = {*block.lines[begin:], *(line for one in (*following, *back) for line in one.lines)}
    text = "\n\n".join(note.source.text_of(one) for one in back)
    front = TAG.sub("", "\n".join(block.text.split("\n")[begin:])).strip()
    return _card(Convention.SEPARATED, block.first + begin, front, text, lines, reverse=SEPARATORS[mark])


def _separated_in(note: Reading, item: Block) -> Opening | None:
    """The card of an item with a `?` between the lines of its first paragraph; what is nested below is the back too."""
    lines = item.children[0].text.split("\n")
    place = next((at for at, line in enumerate(lines) if line.strip() in SEPARATORS and at > 0), None)
    if place is None or place + 1 == len(lines):
        return None
    back = "\n\n".join(["\n".join(lines[place + 1 :]), *(note.source.text_of(one) for one in item.children[1:])])
    front = TAG.sub("", "\n".join(lines[:place])).strip()
    reverse = SEPARATORS[lines[place].strip()]
    return _card(Convention.SEPARATED, item.first, front, back, set(item.lines), reverse=reverse) if front else None


def _names_deck(note: Reading, number: int) -> bool:
    """Whether a heading says by `#flashcards` of what is below it that it is cards: the title, or one above others."""
    block, following = note.blocks[number], note.blocks[number + 1 : number + 2]
    is_above = any(one.kind is Kind.HEADING and one.level > block.level for one in following)
    return _DECK_TAG.search(without_code(block.text)) is not None and (block is note.title or is_above)


def _headed(heading: Block) -> Opening:
    """The card of a heading with `#card` behind it: what stands below it is the back."""
    return Opening(
        convention=Convention.TAGGED,
        line=heading.first,
        prompt=_MARK.sub("", heading.text).strip(),
        lines=frozenset(heading.lines),
        level=heading.level,
        until=None,
        flashcard=True,
    )


def _marked(note: Reading, number: int) -> Opening | None:
    """The card of a line with `#card` behind it: the lines below it, or the next block, are the back."""
    block = note.blocks[number]
    deck = note.is_deck_at(block.first)
    if "#" not in block.text and "[[" not in block.text and not (deck and _OPEN_MARK.search(block.text)):
        return None
    texts = block.text.split("\n")
    heads = enumerate(texts[:FRONT_LINES_MAX])
    marked = next((at for at, line in heads if _MARK.search(without_code(line))), 0)
    first, rest = "\n".join(texts[: marked + 1]), "\n".join(texts[marked + 1 :])
    mark = _OPEN_MARK if deck and _OPEN_MARK.search(first) else _MARK
    if not mark.search(without_code(first)) or sides(first, deck=deck) is not None:
        return None
    front, lines = mark.sub("", first).strip(), set(block.lines)
    parts = [rest] if rest else []
    for following in note.blocks[number + 1 :]:
        if following.kind in (Kind.HEADING, Kind.RULE) or (parts and following.first != max(lines) + 1):
            break
        parts.append(note.source.text_of(following))
        lines |= set(following.lines)
    rest = "\n".join(parts)
    return _card(Convention.TAGGED, block.first, front, rest, lines) if front and rest else None


def _in_list(note: Reading, block: Block) -> Iterator[Opening]:
    for item in block.children:
        head = item.children[0] if item.children else None
        if head is not None and head.kind in (Kind.PARAGRAPH, Kind.HEADING):
            text, dropped = without_properties(note.source, head)
            if ("#" in text or "[[" in text) and TAG.search(without_code(text)) is not None:
                yield from _tagged(note, item, text, dropped)
                continue
            if (card := _separated_in(note, item) or _parted_below(note, item, text)) is not None:
                yield card
                continue
            yield from _inline(note, head)
        for child in item.children:
            if child.kind in LISTS:
                yield from _in_list(note, child)


def _parted_below(note: Reading, item: Block, text: str) -> Opening | None:
    """The card of an item of a deck that ends with the sign behind which its back stands: what is nested below it."""
    may_be_open = len(item.children) > 1 and text[-1:] in (":", ";", ">") and "\n" not in text
    found = _OPEN_ITEM.search(text) if may_be_open and note.is_deck_at(item.first) else None
    if found is None:
        return None
    return Opening(
        convention=Convention.TAGGED,
        line=item.first,
        prompt=text[: found.start()].strip(),
        lines=frozenset(item.children[0].lines),
        below=item.children[1:],
        flashcard=True,
    )


def _tagged(note: Reading, item: Block, text: str, dropped: set[int]) -> Iterator[Opening]:
    """A `#card`: its first line is the front and what is nested below it the back, or it has gaps."""
    front = TAG.sub("", text).strip()
    gaps = gaps_of(front, marks=True)
    below: Sequence[Block] = item.children[1:]
    if item.children[0].kind is Kind.HEADING and below and below[0].kind is Kind.PARAGRAPH:
        more, own = without_properties(note.source, below[0])
        dropped = dropped | (own if not more else set())
        below = below if more else below[1:]
    note.source.use((line for line in dropped if _REMEMBERED.match(note.source.lines[line])), LineUse.MEMORY)
    lines = {*item.children[0].lines, *dropped}
    if gaps:
        for gap in gaps:
            yield _card(Convention.CLOZE, item.first, gap.front, gap.back, lines)
        return
    pair = sides(front, deck=note.is_deck_at(item.first))
    if pair is not None:
        yield _card(Convention.INLINE, item.first, pair[0], pair[1], lines, reverse=pair[2])
        return
    yield Opening(
        convention=Convention.TAGGED,
        line=item.first,
        prompt=front,
        lines=frozenset(lines),
        below=below,
        flashcard=True,
    )


def _card(
    convention: Convention, line: int, front: str, back: str, lines: set[int], *, reverse: bool = False
) -> Opening:
    return Opening(
        convention=convention,
        line=line,
        prompt=front,
        lines=frozenset(lines),
        answer=back,
        reverse=reverse,
        flashcard=True,
    )
