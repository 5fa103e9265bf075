"""Writes what becomes of a concept into a note's text, in that concept's lines alone, in the note's own way. Pure.

Each change is proved as in `note_patch`: the note is read again, and it counts only if the concept says what was wanted
and everything else says what it said.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import LineUse, ParsedConcept, ParsedNote, ParsedQuestion, ParsedSection

_LINE_END = re.compile(r"(\r\n|\r|\n)")
ITEM = re.compile(r"(?P<begin>[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)")
# The bold words of an item, with the colon inside, outside or away, and the id that may end the line.
_LEAD = re.compile(r"(?P<mark>\*\*|__)(?P<term>.+?)(?P<inner>\s?:)?\s*(?P=mark)(?P<outer>\s?:)?(?P<gap>[ \t]*)")
_ID = re.compile(r"[ \t]*(?P<code>`?)<!--\s*id:.*?-->(?:`\{=html\})?[ \t]*$")
OPENINGS = ("```", "~~~", "|", ">", "#")  # how a block begins that is no paragraph
_BETWEEN = ": "  # a heading and a term that occurs below several: see `with_distinct_terms`
_USUAL = "-   ", "**", ":", "", " "


@dataclass(frozen=True, kw_only=True)
class ConceptWords:
    """What a concept says. The text is Markdown."""

    term: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ConceptSpot:
    """A concept in a note's text: the places, from 0, of its section and of itself there."""

    section: int
    place: int


@dataclass(frozen=True, kw_only=True)
class CutOut:
    """A note's text without a concept, and the lines that it had."""

    text: str
    lines: Sequence[str]
    """Without the indentation of its item."""
    labels: Sequence[str]
    """Those of them that are labels, from the first column on, with the blank lines between two of them."""
    cards: tuple[ParsedQuestion, ...]
    """What they ask."""


def spot_of(note: ParsedNote, *, section: int, key: str, words: ConceptWords) -> ConceptSpot | None:
    """Where a concept stands that is stored with this key and these words; None if the text says it no longer."""
    found = [
        (ConceptSpot(section=number, place=place), one)
        for number, each in enumerate(note.sections)
        for place, one in enumerate(each.concepts)
    ]
    named = [spot for spot, one in found if one.key == key]
    same = [spot for spot, one in found if (one.term, one.text) == (words.term, words.text)]
    called = [spot for spot, one in found if one.term == words.term]
    for spots in (named, [spot for spot in same if spot.section == section], same, called):
        if len(spots) == 1 or (spots and spots is not called):
            return spots[0]
    return None


def with_words(text: str, spot: ConceptSpot, words: ConceptWords, *, name: str) -> str | None:
    """The text in which a concept says this; None where that does not fit its lines."""
    before = parse_note(text.encode(), name=name)
    old = before.sections[spot.section].concepts[spot.place]
    wanted = with_changed(before, spot, lambda one: replace(one, term=words.term, text=words.text))
    lines = NoteLines(text)
    first, last = lines_of_concept(before, old, lines.texts)
    for block in reworded(lines.texts[first:last], before, old, words, first=first):
        whole = lines.replaced(first, last, block)
        if says(whole, wanted, name=name):
            return whole
    return None


def with_concept(text: str, *, section: int, words: ConceptWords, name: str) -> str | None:
    """The text with one more concept, the last one of a section, written as the concepts there are."""
    before = parse_note(text.encode(), name=name)
    begin, mark, inner, outer, gap = _way_of(before, section, text)
    head, more = body_lines(words.text)
    indent = " " * len(begin.lstrip())
    block = [f"{begin.lstrip()}{mark}{words.term}{inner}{mark}{outer}{gap}{head}".rstrip(), *indented(more, indent)]
    return with_lines(text, section=section, lines=block, name=name, words=words)


def with_lines(
    text: str, *, section: int, lines: Sequence[str], name: str, words: ConceptWords, at_most: int = 4
) -> str | None:
    """The text with the lines of one more concept, which says `words`, in a section; None where they do not fit."""
    before = parse_note(text.encode(), name=name)
    if section >= len(before.sections):
        return None
    held = NoteLines(text)
    for line, indent, blank in [*_gaps(before, section, held.texts)][:at_most]:
        block = [*blank, *indented(lines, indent)]
        whole = held.replaced(line, line, block)
        if _has_one_more(whole, before, section, words, name=name):
            return whole
    return None


def without(text: str, spot: ConceptSpot, *, name: str) -> CutOut | None:
    """The text without a concept and what is asked below it; None if more than that would go."""
    before = parse_note(text.encode(), name=name)
    old = before.sections[spot.section].concepts[spot.place]
    lines = NoteLines(text)
    first, last = lines_of_concept(before, old, lines.texts)
    block = lines.texts[first:last]
    wanted = with_changed(before, spot, lambda _: None)
    indent = len(block[0]) - len(block[0].lstrip())
    cut = [line[indent:] if not line[:indent].strip() else line for line in block]
    is_alone = first > 0 and not any(
        line.strip() for line in lines.texts[first - 1 : first] + lines.texts[last : last + 1]
    )
    for begin in (first - 1, first) if is_alone else (first,):  # one blank line is enough where it stood
        whole = lines.replaced(begin, last, [])
        if says(whole, wanted, name=name):
            asked = label_lines(block, before.uses[first:last])
            inner = min((len(line) - len(line.lstrip()) for line in asked if line.strip()), default=0)
            return CutOut(text=whole, lines=cut, labels=[line[inner:] for line in asked], cards=old.cards)
    return None


class NoteLines:
    """A text as lines, each with its end."""

    def __init__(self, text: str) -> None:
        parts = _LINE_END.split(text)
        self.texts = parts[0::2]
        self._ends = [*parts[1::2], ""]
        self._usual = next((end for end in self._ends if end), "\n")

    def replaced(self, first: int, last: int, block: Sequence[str]) -> str:
        """The text with other lines in the place of those from `first` to before `last`, counted from 0."""
        lines = [*zip(self.texts, self._ends, strict=True)]
        head, tail = lines[:first], lines[last:]
        if block and head and not head[-1][1]:
            head[-1] = (head[-1][0], self._usual)
        ends = [*(end or self._usual for _, end in lines[first:last])]
        made = [(line, ends[place] if place < len(ends) else self._usual) for place, line in enumerate(block)]
        if block and not tail and first < last:
            made[-1] = (made[-1][0], lines[-1][1])
        return "".join(line + end for line, end in (*head, *made, *tail))


def lines_of_concept(note: ParsedNote, concept: ParsedConcept, lines: Sequence[str]) -> tuple[int, int]:
    """The first line of a concept's item, from 0, and the line after its last one."""
    first = concept.line - 1
    indent = len(lines[first]) - len(lines[first].lstrip())
    last = first + 1
    for number in range(first + 1, len(lines)):
        line = lines[number]
        if not line.strip():
            continue
        deeper = len(line) - len(line.lstrip()) > indent
        goes_on = number == last and note.uses[number] is LineUse.CONCEPT and ITEM.match(line) is None
        if not (deeper or goes_on):
            break
        last = number + 1
    return first, last


def body_lines(text: str) -> tuple[str, list[str]]:
    """What of a concept's text stands on the line of its bold words, and the lines below.

    A list, a quote, a table or code begins on a line of its own, or it would be words.
    """
    lines = text.split("\n")
    if ITEM.match(lines[0]) or lines[0].lstrip().startswith(OPENINGS):
        return "", ["", *lines]
    return lines[0], lines[1:]


def label_lines(block: Sequence[str], uses: Sequence[LineUse | None]) -> list[str]:
    """The lines of a concept that are labels, with the blank ones between two of them, such as in a card's back."""
    kept: list[str] = []
    held: list[str] | None = None
    for line, use in zip(block, uses, strict=True):
        if use is LineUse.LABEL:
            kept += [*(held or []), line]
            held = []
        else:
            held = [*held, line] if held is not None and not line.strip() else None
    return kept


def reworded(
    block: Sequence[str], note: ParsedNote, old: ParsedConcept, words: ConceptWords, *, first: int
) -> Iterator[list[str]]:
    """A concept's lines with other words: the term alone, the text where it stands, or all of the text anew."""
    begin = ITEM.match(block[0])
    lead = _LEAD.match(block[0], begin.end()) if begin is not None else None
    if begin is None or lead is None:
        return
    written = _as_written(old.term, lead["term"], words.term)
    head = block[0][: lead.start("term")] + written + block[0][lead.end("term") :]
    named = [head, *block[1:]]
    if words.text == old.text:
        yield named
        return
    rest = block[0][lead.end() :]
    if old.text and "\n" not in old.text and "\n" not in words.text:
        at = rest.find(old.text)
        if at >= 0:
            line = head[: len(head) - len(rest)] + rest[:at] + words.text + rest[at + len(old.text) :]
            yield [line, *block[1:]]
    labels = label_lines(block[1:], note.uses[first + 1 : first + len(block)])
    found = _ID.search(rest)
    said, more = body_lines(words.text)
    gap = "" if lead["gap"] or not said else " "
    line = f"{head[: len(head) - len(rest)]}{gap}{said}".rstrip() + (found[0] if found is not None else "")
    yield [line, *indented(more, " " * len(begin["begin"])), *labels]


def _as_written(stored: str, written: str, wanted: str) -> str:
    """The bold words for a new term: without the heading that was put before those that occur several times."""
    if stored != written and stored.endswith(f"{_BETWEEN}{written}"):
        heading = stored[: len(stored) - len(written)]
        return wanted.removeprefix(heading)
    return wanted


def _way_of(note: ParsedNote, section: int, text: str) -> tuple[str, str, str, str, str]:
    """How concepts are written, first in this section: the marker, the mark of bold, colons and blanks behind it."""
    lines = NoteLines(text).texts
    others = [one for each in note.sections for one in each.concepts]
    for one in [*reversed(note.sections[section].concepts if section < len(note.sections) else ()), *others]:
        line = lines[one.line - 1]
        begin = ITEM.match(line)
        lead = _LEAD.match(line, begin.end()) if begin is not None else None
        if begin is not None and lead is not None and not begin["begin"].strip()[:1].isdigit():
            return begin["begin"], lead["mark"], lead["inner"] or "", lead["outer"] or "", lead["gap"] or " "
    return _USUAL


def _gaps(note: ParsedNote, section: int, lines: Sequence[str]) -> Iterator[tuple[int, str, list[str]]]:
    """Where more lines may stand in a section, their indentation, and what blank line comes before them."""
    own = note.sections[section]
    if own.concepts:
        last = own.concepts[-1]
        first, end = lines_of_concept(note, last, lines)
        indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
        spaced = any(not line.strip() for line in lines[own.concepts[0].line : first])
        for blank in ([""], []) if spaced else ([], [""]):
            yield end, indent, blank
    asked = [one.line - 1 for one in (*own.cards, *own.questions)]
    later = [one.line - 1 for one in note.sections if one.line > own.line]
    for limit in (min([*asked, *later, len(lines)]), min([*later, len(lines)])):
        end = limit
        while end > own.line and not lines[end - 1].strip():
            end -= 1
        yield end, "", [""]


def indented(lines: Sequence[str], indent: str) -> list[str]:
    return [f"{indent}{line}" if line.strip() else "" for line in lines]


def with_changed(
    note: ParsedNote, spot: ConceptSpot, change: Callable[[ParsedConcept], ParsedConcept | None]
) -> ParsedNote:
    section = note.sections[spot.section]
    concepts = list(section.concepts)
    made = change(concepts.pop(spot.place))
    if made is not None:
        concepts.insert(spot.place, made)
    sections = list(note.sections)
    sections[spot.section] = replace(section, concepts=tuple(concepts))
    return replace(note, sections=tuple(sections))


def says(text: str, wanted: ParsedNote, *, name: str) -> bool:
    return _said(parse_note(text.encode(), name=name)) == _said(wanted)


def _has_one_more(text: str, before: ParsedNote, section: int, words: ConceptWords, *, name: str) -> bool:
    """Whether the note has the concept in the section, and says all else as before."""
    after = parse_note(text.encode(), name=name)
    if len(after.sections) != len(before.sections):
        return False
    for place, one in enumerate(after.sections[section].concepts):
        if (one.term.rpartition(_BETWEEN)[2], one.text) == (words.term.rpartition(_BETWEEN)[2], words.text):
            others = with_changed(after, ConceptSpot(section=section, place=place), lambda _: None)
            if _said(others) == _said(before):
                return True
    return False


def _said(note: ParsedNote) -> object:
    """What a note says of its title, concepts and questions, wherever their lines are."""
    return note.key, note.title, note.number, note.tags, [_said_there(section) for section in note.sections]


def _said_there(section: ParsedSection) -> object:
    concepts = [
        (one.key, one.term.rpartition(_BETWEEN)[2], one.text, [_asked(card) for card in one.cards])
        for one in section.concepts
    ]
    asked = [_asked(one) for one in (*section.cards, *section.questions)]
    return section.number, section.title, concepts, asked


def _asked(question: ParsedQuestion) -> ParsedQuestion:
    return replace(question, line=0)
