"""Writes ids into a note's bytes, each as a comment at the end of its item's first line. Pure.

Whatever else is in the file stays byte for byte: its mark, line ends, tabs, blanks at line ends. A comment is written
only where the reader finds it again and reads all else as before.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedConcept, ParsedNote, ParsedQuestion

_LINE_END = re.compile(r"(\r\n|\r|\n)")


@dataclass(frozen=True, kw_only=True)
class WrittenIds:
    """A file with ids, and what could not be named."""

    data: bytes
    count: int
    """How many ids were written."""
    without: Sequence[int]
    """The lines, from 1, of items whose place takes no id: several on one line, or where a comment says something."""


def items_of(parsed: ParsedNote) -> Iterator[ParsedConcept | ParsedQuestion]:
    """All that can have an id: the concepts, then what is asked, each in the note's order."""
    for section in parsed.sections:
        yield from section.concepts
    yield from parsed.everything_asked


def with_ids(data: bytes, keys: Sequence[str], *, name: str) -> WrittenIds:
    """The file in which each item without an id has its own of `keys`, which are in the order of `items_of`."""
    parsed = parse_note(data, name=name)
    items = list(items_of(parsed))
    shared = Counter(item.line for item in items)
    wanted = {place: keys[place] for place, item in enumerate(items) if item.key is None and shared[item.line] == 1}
    placed = _placed(data, parsed, wanted, name=name)
    if not _is_as_meant(_inserted(data, items, placed), parsed, placed, name=name):
        placed = {}
    return WrittenIds(
        data=_inserted(data, items, placed),
        count=len(placed),
        without=[item.line for place, item in enumerate(items) if item.key is None and place not in placed],
    )


def _placed(data: bytes, parsed: ParsedNote, wanted: Mapping[int, str], *, name: str) -> dict[int, str]:
    """Those of the ids that can be written: all of them, or those of either half."""
    items = list(items_of(parsed))
    if not wanted or _is_as_meant(_inserted(data, items, wanted), parsed, wanted, name=name):
        return dict(wanted)
    if len(wanted) == 1:
        return {}
    some = list(wanted.items())
    halves = (dict(some[: len(some) // 2]), dict(some[len(some) // 2 :]))
    return {place: key for half in halves for place, key in _placed(data, parsed, half, name=name).items()}


def _inserted(data: bytes, items: Sequence[ParsedConcept | ParsedQuestion], placed: Mapping[int, str]) -> bytes:
    parts = _LINE_END.split(data.decode())  # lines and line ends in turn
    for place, key in placed.items():
        at = 2 * (items[place].line - 1)
        text = parts[at].rstrip(" \t")
        parts[at] = f"{text} <!-- id: {key} -->{parts[at][len(text) :]}"
    return "".join(parts).encode()


def _is_as_meant(data: bytes, before: ParsedNote, placed: Mapping[int, str], *, name: str) -> bool:
    """Whether the file with ids is read as before, but for these."""
    after = parse_note(data, name=name)
    keys = [placed.get(place, item.key) for place, item in enumerate(items_of(before))]
    return [item.key for item in items_of(after)] == keys and _without_keys(after) == _without_keys(before)


def _without_keys(parsed: ParsedNote) -> ParsedNote:
    def unnamed(questions: tuple[ParsedQuestion, ...]) -> tuple[ParsedQuestion, ...]:
        return tuple(replace(one, key=None) for one in questions)

    return replace(
        parsed,
        sections=tuple(
            replace(
                section,
                concepts=tuple(replace(one, key=None, cards=unnamed(one.cards)) for one in section.concepts),
                cards=unnamed(section.cards),
                questions=unnamed(section.questions),
            )
            for section in parsed.sections
        ),
    )
