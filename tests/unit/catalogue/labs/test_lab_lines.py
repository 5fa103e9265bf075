"""A value is put into a lab's text in the lines of its field alone."""

import difflib

import pytest

from quizapp.catalogue.labs.lab_lines import NoPlace, Value, with_value
from quizapp.catalogue.yaml_text import read_mapping

TEXT = """\
# What it is for
id: find-it
title: Find it  # as in the list
tags: [docker]
level: 2

# Where to look
task: |
  Start `web`.

  # no comment

hints:
  - Look.  # the first
  - >-
    Look
    again.
reveal: It was here.
"""


@pytest.mark.parametrize(
    ("name", "value", "gone", "new"),
    [
        ("title", "Where: it is", ["title: Find it  # as in the list"], ["title: 'Where: it is'  # as in the list"]),
        ("level", 3, ["level: 2"], ["level: 3"]),
        ("tags", ["docker", "ports"], ["tags: [docker]"], ["tags: [docker, ports]"]),
        ("minutes", 5, [], ["minutes: 5"]),
        ("reveal", "One.\n\n  Two.", ["reveal: It was here."], ["reveal: |", "  One.", "", "    Two."]),
        ("task", "Stop.", ["task: |", "  Start `web`.", "", "  # no comment"], ["task: Stop."]),
        (
            "hints",
            ["- no list", "'"],
            ["  - Look.  # the first", "  - >-", "    Look", "    again."],
            ["  - '- no list'", "  - ''''"],
        ),
        (
            "hints",
            [],
            ["hints:", "  - Look.  # the first", "  - >-", "    Look", "    again."],
            [],
        ),
    ],
)
def test_only_the_lines_of_the_field_change(name: str, value: Value, gone: list[str], new: list[str]) -> None:
    changed = with_value(TEXT, name, value)
    found = list(difflib.ndiff(TEXT.splitlines(), changed.splitlines()))
    assert sorted(line[2:] for line in found if line.startswith("- ")) == sorted(gone)
    assert sorted(line[2:] for line in found if line.startswith("+ ")) == sorted(new)
    read = read_mapping(changed).data.get(name, [])
    assert (read.strip() if isinstance(read, str) else read) == value


def test_the_value_that_is_there_changes_nothing() -> None:
    assert with_value(TEXT, "hints", ["Look.", "Look again."]) == TEXT
    assert with_value(TEXT, "summary", "") == TEXT


def test_a_text_in_braces_is_left_alone() -> None:
    with pytest.raises(NoPlace, match="brace"):
        with_value("{id: find-it, title: Find it}", "title", "Seek it")
