"""What the linter says of questions that could be better, each by one rule."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.lint import note_lint as note_lint_module
from quizapp.catalogue.lint.lint_advice import BETTER
from quizapp.catalogue.lint.note_lint import lint_note

SOURCE = "    *   *Source:* https://example.org/  *As of:* 2026-11\n"
GOOD = """\
    *   *Options:*
        - [x] Its name  *Why:* a
        - [ ] Its size  *Why:* b
        - [ ] Its date  *Why:* c
"""


def rules(prompt: str, labels: str = GOOD) -> set[str]:
    note = f"# T\n\n## S\n1.  **Q: {prompt}**\n{labels}{SOURCE}"
    return {one.rule for one in lint_note(parse_note(note.encode()))}


def card(text: str) -> set[str]:
    note = f"# T\n\n## S\n*   **Term:** x\n    *   *Card:* {text}\n{SOURCE}"
    return {one.rule for one in lint_note(parse_note(note.encode()))}


def test_a_good_question_and_a_good_card_have_no_finding() -> None:
    assert rules("Which part of a layer is looked at?") == set()
    assert card("Which part of a layer is looked at? → Its digest.") == set()


@pytest.mark.parametrize(
    ("prompt", "rule"),
    [
        ("What is a digest? And why?", "one-thing-asked"),
        ("Can a container be paused?", "no-bare-yes-or-no"),
        ("It has a name: which?", "stands-alone"),
        ("What does it do on a bridge?", "stands-alone"),
        ("Which of the following is true?", "stem-is-a-question"),
        ("Which part is not looked at?", "negatives-in-bold"),
    ],
)
def test_each_rule_of_the_wording_is_named(prompt: str, rule: str) -> None:
    assert rules(prompt) == {rule}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("        - [ ] Its date  *Why:* c\n", "", "three-to-five-options"),
        ("Its date", "All of the above", "no-all-of-the-above"),
        ("Its name", "Its name, which stands in the manifest", "options-alike"),
        ("Its name", "`name`", "options-alike"),
        ("Its date", "Its never", "no-clues"),
        ("  *Why:* c", "", "each-option-says-why"),
    ],
)
def test_each_rule_of_the_options_is_named(old: str, new: str, rule: str) -> None:
    assert rules("Which part of a layer is looked at?", GOOD.replace(old, new)) == {rule}


def test_a_statement_to_be_judged_may_begin_like_a_question_that_is_bare() -> None:
    assert rules("Is on disk what was written.", "    *   *A:* No.\n    *   *True/False:* false\n") == set()


def test_an_open_question_needs_a_marking_guide() -> None:
    assert rules("How is a layer named?", "    *   *A:* By its digest.\n") == {"marking-guide"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("What is a digest? → " + "word " * 26, "short-back"),
        ("Why is a digest a name? → digest", "answer-not-in-question"),
        ("What is a digest, and why is it a name? → A sum.", "one-thing-asked"),
        ("List all drivers. → Bridge, host, none.", "no-sets"),
    ],
)
def test_each_rule_of_cards_is_named(text: str, rule: str) -> None:
    assert card(text) == {rule}


def test_a_source_and_a_date_are_asked_for_with_the_line() -> None:
    (found,) = lint_note(
        parse_note(b"# T\n\n## S\n*   **Term:** x\n    *   *Card:* What is a digest? \xe2\x86\x92 A name.\n")
    )
    assert (found.line, found.rule) == (5, "source-and-date")


def test_right_options_at_one_place_and_twins_are_found() -> None:
    asked = "".join(f"{n}. **Q: Which part of layer {n % 8} counts?**\n{GOOD}{SOURCE}" for n in range(1, 10))
    found = lint_note(parse_note(f"# T\n\n## S\n{asked}".encode()))
    assert {one.rule for one in found} == {"places-of-right-options", "no-twins"}


def test_right_options_at_one_place_five_times_in_a_row_are_found() -> None:
    places = (0, 0, 0, 0, 0, 1, 2, 1, 2, 1, 2)
    assert places_told(places) == [4 + 4 * 6]
    assert places_told((1, *places[1:])) == []


def places_told(places: Sequence[int]) -> list[int]:
    """The lines of which it is said that right options stand at one place, in a note with six lines a question."""
    lines = GOOD.replace("[x]", "[ ]").splitlines(keepends=True)
    asked = ""
    for number, place in enumerate(places):
        options = [line.replace("[ ]", "[x]") if at == place + 1 else line for at, line in enumerate(lines)]
        asked += f"{number}. **Q: Which part of layer {number} counts?**\n{''.join(options)}{SOURCE}"
    found = lint_note(parse_note(f"# T\n\n## S\n{asked}".encode()))
    return [one.line for one in found if one.rule == "places-of-right-options"]


def test_every_rule_has_an_example_that_keeps_it() -> None:
    source = Path(note_lint_module.__file__).read_text(encoding="utf-8")
    assert set(BETTER) == set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', source))
