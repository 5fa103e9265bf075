"""Cards between lines that frame them: `START`, a kind, fields, `END`; and a front, a line with `%`, a back. Pure.

So too AnkiOps' cards between rules whose fields are named by letters: `F:` and `B:`, asked both ways, and `Q:` with
`I:` to type. Its `Q:` with `A:`, and its texts with gaps, are read as they are in other notes.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from quizapp.catalogue.formats.markdown.blocks import Block, Kind
from quizapp.catalogue.formats.markdown.conventions.gaps import gaps_of
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading
from quizapp.catalogue.formats.markdown.wording import Asks, read
from quizapp.catalogue.formats.parsed import LineUse

_FIELD = re.compile(r"^(?P<name>Front|Back|Question|Answer|Text|Back [Ee]xtra|Extra|Tags):(?:\s+|$)")
_LINE = re.compile(
    r"STARTI \[(?P<kind>[^\[\]]{1,60})\] (?:(?:Front|Text): )?(?P<front>\S.*?)(?: Back: (?P<back>\S.*?))?"
    r"(?: Tags: ?(?P<tags>.*?))?\s+ENDI"
)
_FRONTS = ("front", "question", "text")
PART = "%"
_LETTERS = re.compile(r"(?P<name>F|B|D|Q|I|A|E|M|AI):(?:\s+|$)")
_SIDES = {"F": "B", "Q": "I"}  # what is asked, and its answer
_UNSEEN = "AI"  # a field that no card shows


def find(note: Reading) -> Iterator[Opening]:
    """Every card of these forms."""
    yield from _started(note)
    yield from _on_a_line(note)
    if PART in note.source.text:
        for heading, record in _records(note):
            yield from _parted(note, heading, record)
    if any(f"\n{back}:" in note.source.text for back in _SIDES.values()):
        code = {line for block in note.blocks if block.kind is Kind.CODE for line in block.lines}
        for _, record in _records(note):
            if record:
                yield from _of_letters(note, range(record[0].first, record[-1].last), code)


def _on_a_line(note: Reading) -> Iterator[Opening]:
    """The cards that are one line: `STARTI [Basic] front Back: back ENDI`."""
    for block in note.blocks if "STARTI" in note.source.text else ():
        for number, line in enumerate(
            block.text.split("\n") if block.kind is Kind.PARAGRAPH and "STARTI" in block.text else (), start=block.first
        ):
            found = _LINE.fullmatch(line.strip())
            if found is not None:
                yield from _of_line(note, number, found)


def _of_line(note: Reading, line: int, found: re.Match[str]) -> Iterator[Opening]:
    """The cards of such a line: one for each gap of a cloze, else one if it has a back."""
    kind, front, back = found["kind"].lower(), found["front"], (found["back"] or "").strip()
    lines = range(line, line + 1)
    if kind == "cloze":
        cards = [_card(lines, gap.front, gap.back) for gap in gaps_of(front, marks=True, braces=True)]
    else:
        cards = [_card(lines, front, back, reverse="revers" in kind)] if back else []
    if cards and found["tags"]:
        note.source.warn(line + 1, "The tags of this card are not kept.")
    yield from cards


def _started(note: Reading) -> Iterator[Opening]:
    """The cards between `START` and `END`. One that has no end before the next begins is text."""
    if "START" not in note.source.text:
        return
    code = {line for block in note.blocks if block.kind is Kind.CODE for line in block.lines}
    own = [block for block in note.blocks if block.kind is Kind.PARAGRAPH]
    begins = [block.first for block in own if block.text.split("\n", 1)[0].strip() == "START" and "\n" in block.text]
    lines = note.source.lines
    ends = [line for block in own for line in block.lines if lines[line].strip() == "END"]
    for number, first in enumerate(begins):
        place = bisect_right(ends, first)
        following = begins[number + 1] if number + 1 < len(begins) else len(lines)
        if place < len(ends) and ends[place] < following:
            yield from _of_fields(note, range(first, ends[place] + 1), code)


def _of_fields(note: Reading, lines: range, code: set[int]) -> Iterator[Opening]:
    """The card, or cards with a gap each, of the lines from `START` to `END`."""
    kind = note.source.lines[lines.start + 1].strip().lower()
    fields: dict[str, list[str]] = {"front": []}
    name = "front"
    for line in lines[2:-1]:
        text = note.source.lines[line]
        found = _FIELD.match(text) if line not in code else None
        if found is not None:
            name = "front" if found["name"].lower() in _FRONTS else found["name"].lower()
            text = text[found.end() :]
        if name == "tags":
            note.source.use([line], LineUse.LABEL)
        fields.setdefault(name, []).append(text)
    front = "\n".join(fields.pop("front")).strip()
    back = "\n\n".join("\n".join(texts).strip() for name, texts in fields.items() if name != "tags").strip()
    if kind == "cloze":
        for gap in gaps_of(front, marks=True, braces=True):
            yield _card(lines, gap.front, "\n\n".join(part for part in (gap.back, back) if part))
    elif front and back:
        yield _card(lines, front, back, reverse="revers" in kind)


def _records(note: Reading) -> Iterator[tuple[Block | None, list[Block]]]:
    """The blocks between headings and rules, with the heading above them."""
    heading: Block | None = None
    record: list[Block] = []
    for block in note.blocks:
        if block.kind in (Kind.HEADING, Kind.RULE):
            yield heading, record
            heading, record = (block if block.kind is Kind.HEADING and block is not note.title else None), []
        else:
            record.append(block)
    yield heading, record


def _parted(note: Reading, heading: Block | None, record: Sequence[Block]) -> Iterator[Opening]:
    """The card of blocks that a `%` parts; what stands behind a second one are its tags.

    Beside a summary it is no card: that asks by itself, and its text is in none of the blocks.
    """
    fields: list[list[Block]] = [[]]
    for block in record:
        for part in _between_signs(block):
            if part.kind is Kind.PARAGRAPH and part.text.strip() == PART:
                fields.append([])
            else:
                fields[-1].append(part)
    if len(fields) < 2 or not fields[1]:
        return
    beginning = heading.first if heading is not None else record[0].first
    if any(beginning <= one.first < record[-1].last for one in note.source.details):
        return
    front = [note.source.text_of(block) for block in fields[0]]
    asks = heading is not None and (not front or read(heading.text).asks >= Asks.IMPERATIVE)
    if heading is not None and asks:
        front.insert(0, read(heading.text).prompt)
    if front:
        _tell_tags(note, [line for tags in fields[2:] for block in tags for line in block.lines])
    first = heading.first if heading is not None and asks else record[0].first
    back = "\n\n".join(note.source.text_of(block) for block in fields[1])
    if front:
        yield _card(range(first, record[-1].last), "\n\n".join(front), back)


def _between_signs(block: Block) -> Iterator[Block]:
    """A paragraph as one for each line that is a `%`, and those between; any other block as it is."""
    lines = block.text.split("\n") if block.kind is Kind.PARAGRAPH and PART in block.text else []
    if PART not in (line.strip() for line in lines) or len(lines) == 1:
        yield block
        return
    for is_sign, group in groupby(range(len(lines)), key=lambda at: lines[at].strip() == PART):
        places = list(group)
        for part in [[place] for place in places] if is_sign else [places]:
            text = "\n".join(lines[place] for place in part)
            yield replace(block, first=block.first + part[0], last=block.first + part[-1] + 1, text=text)


def _tell_tags(note: Reading, lines: Sequence[int]) -> None:
    """Note down, and tell of each line, what stands behind a card's second `%`: its tags, which nothing keeps."""
    note.source.use(lines, LineUse.LABEL)
    for line in lines:
        if note.source.lines[line].strip(f" {PART}"):
            note.source.warn(line + 1, "This stands behind the second % of a card, where its tags are; it is not kept.")


def _of_letters(note: Reading, lines: range, code: set[int]) -> Iterator[Opening]:
    """The card of these lines, if they are the fields of one."""
    fields: dict[str, list[int]] = {}
    name = ""
    for line in lines:
        found = _LETTERS.match(note.source.lines[line]) if line not in code else None
        if found is not None and found["name"] in fields:
            return  # two cards without a rule between them, or a list of letters
        name = found["name"] if found is not None else name
        fields.setdefault(name, []).append(line)
    front = next(iter(fields), "")
    back = _SIDES.get(front, "")
    if back not in fields or "A" in fields:
        return
    note.source.use(fields.get(_UNSEEN, ()), LineUse.LABEL)
    if _UNSEEN in fields:
        note.source.warn(fields[_UNSEEN][0] + 1, "What a card says behind AI: is not shown on it, and not kept.")
    texts = {name: _of_letter(note, own) for name, own in fields.items()}
    more = [text for name, text in texts.items() if name not in (front, back, _UNSEEN)]
    if texts[front] and texts[back]:
        yield _card(lines, texts[front], _joined([texts[back], *more]), reverse=front == "F" and not any(more))
    if texts[front] and texts[back] and front == "F" and any(more):  # what is said beside belongs to both answers
        yield _card(range(fields[back][0], lines.stop), texts[back], _joined([texts[front], *more]))


def _of_letter(note: Reading, lines: Sequence[int]) -> str:
    """The text of a field without its name."""
    first, *others = (note.source.lines[line] for line in lines)
    return "\n".join([_LETTERS.sub("", first, count=1), *others]).strip()


def _joined(texts: Sequence[str]) -> str:
    return "\n\n".join(filter(None, texts))


def _card(lines: range, front: str, back: str, *, reverse: bool = False) -> Opening:
    return Opening(
        convention=Convention.FRAMED,
        line=lines.start,
        prompt=front,
        lines=frozenset(lines),
        answer=back,
        reverse=reverse,
        flashcard=True,
    )
