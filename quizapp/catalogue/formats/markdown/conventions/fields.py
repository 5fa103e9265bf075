"""Questions in fields: a heading or line `Question`, the text, a heading or line `Answer`, the text. Pure."""

from collections.abc import Iterator
from itertools import pairwise

from quizapp.catalogue.formats.markdown.blocks import LISTS, Block, Kind
from quizapp.catalogue.formats.markdown.conventions.field_names import Field, heading_role
from quizapp.catalogue.formats.markdown.openings import Convention, Opening, Reading


def find(note: Reading) -> Iterator[Opening]:
    """A question for each field that is called so, up to the next one or the next heading that is no field."""
    if not note.source.fields:
        return
    above = {block.first: before for before, block in pairwise(note.blocks)}
    headings = [block for block in note.blocks if block.kind is Kind.HEADING]
    for place, heading in enumerate(headings):
        if not _asks(note, heading):
            continue
        end = next((one for one in headings[place + 1 :] if _asks(note, one) or _ends(note, one, heading)), None)
        until = len(note.source.lines) if end is None else end.first
        title = above.get(until)
        if title is not None and title.kind in LISTS and title.last == until:
            until = title.children[-1].first  # "2. State" right above the next `Question` is its title
        yield Opening(
            convention=Convention.FIELDS,
            line=heading.first,
            prompt="",
            lines=frozenset(heading.lines),
            level=heading.level,
            until=until,
        )


def _asks(note: Reading, heading: Block) -> bool:
    return heading.first in note.source.fields and heading_role(heading.text) is Field.QUESTION


def _ends(note: Reading, heading: Block, asked: Block) -> bool:
    return heading.first not in note.source.fields and heading.level <= asked.level
