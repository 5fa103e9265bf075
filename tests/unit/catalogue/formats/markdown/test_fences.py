"""Code blocks that nobody closed."""

from pathlib import Path

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.markdown.text import close_fences

DAY = (Path(__file__).parent / "data" / "volumes.md").read_text(encoding="utf-8").split("\n")
CLOSING = [number for number, line in enumerate(DAY) if line == "```"]


@pytest.mark.parametrize("missing", CLOSING)
def test_whichever_closing_line_is_missing_nothing_is_lost(missing: int) -> None:
    note = parse_note("\n".join(DAY[:missing] + DAY[missing + 1 :]).encode())
    assert [section.teaches for section in note.sections] == [True] * 6 + [False]
    assert len(list(note.questions)) == 4
    opened = max(number for number in range(missing) if DAY[number].startswith("```")) + 1
    assert [warning.line for warning in note.warnings] == [opened]
    assert "never closed" in note.warnings[0].message


def test_all_closing_lines_missing() -> None:
    note = parse_note("\n".join(line for line in DAY if line != "```").encode())
    assert len(list(note.questions)) == 4
    assert len(note.warnings) == len(CLOSING)


def test_sound_blocks_are_left_alone() -> None:
    mended = close_fences(DAY)
    assert mended.lines == DAY
    assert mended.warnings == ()


def test_a_longer_fence_may_hold_a_shorter_one() -> None:
    lines = ["````markdown", "", "```bash", "ls", "```", "", "## no heading", "````", "", "text"]
    mended = close_fences(lines)
    assert mended.lines == lines
    assert mended.warnings == ()


def test_without_anything_to_end_it_a_block_runs_on_and_says_so() -> None:
    mended = close_fences(["# T", "", "~~~", "code", "", "more"])
    assert [warning.line for warning in mended.warnings] == [3]
    assert "all that follows is code" in mended.warnings[0].message


def test_a_block_in_a_list_is_warned_about() -> None:
    mended = close_fences(["- item", "", "  ```sh", "  ls", "", "text"])
    assert [warning.line for warning in mended.warnings] == [3]


def test_a_closed_block_full_of_headings_is_suspect() -> None:
    mended = close_fences(["```", "## a", "## b", "## c", "```"])
    assert [warning.line for warning in mended.warnings] == [1]
    assert "3 headings" in mended.warnings[0].message
