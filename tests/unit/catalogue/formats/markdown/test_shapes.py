"""Notes as people publish them, in data/shapes.txt: shapes that were seen, retyped with other words.

Above each stands what a reader counts in it: questions, those with an answer, sections that teach.
"""

import re
from pathlib import Path

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note

TEXT = (Path(__file__).parent / "data" / "shapes.txt").read_text(encoding="utf-8")
HEAD = re.compile(r"^==== (.+): (\d+) asked, (\d+) answered, (\d+) sections\n", re.MULTILINE)
PARTS = HEAD.split(TEXT)[1:]
SHAPES = {
    name: (text, tuple(map(int, counts))) for name, *counts, text in zip(*(PARTS[n::5] for n in range(5)), strict=True)
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_note_of_this_shape_is_read_as_a_reader_would(name: str) -> None:
    text, wanted = SHAPES[name]
    note = parse_note(text.encode(), name="a-file")
    asked = list(note.questions)
    found = (len(asked), sum(one.answered for one in asked), sum(section.teaches for section in note.sections))
    assert found == wanted, [(one.line, one.prompt, one.answer) for one in asked]
