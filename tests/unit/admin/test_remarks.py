"""The lines of a remark in words."""

import pytest

from quizapp.admin.notes.typed_note import LINES_NAMED, Remark


@pytest.mark.parametrize(
    ("lines", "where", "in_margin"),
    [
        ([3], "Line 3", "Name a source."),
        ([3, 5], "Lines 3 and 5", "Name a source. The same of line 5."),
        ([3, 5, 9], "Lines 3, 5 and 9", "Name a source. The same of lines 5 and 9."),
        (range(1, LINES_NAMED + 5), "Lines 1, 2, 3, 4, 5, 6, 7, 8 and 4 more", None),
    ],
)
def test_the_lines_of_a_remark_are_named(lines: list[int], where: str, in_margin: str | None) -> None:
    remark = Remark(lines=lines, message="Name a source.")
    assert remark.where == where
    assert in_margin is None or remark.in_margin == in_margin
