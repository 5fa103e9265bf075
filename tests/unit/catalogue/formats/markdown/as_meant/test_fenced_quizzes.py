"""Questions between fences and shortcodes of site generators."""

import pytest

from tests.unit.catalogue.formats.markdown.notes_read import asked, everything, parse, right

RIGHT = [("What is 2**3?", ["8"])]


@pytest.mark.parametrize(
    "quiz",
    [
        "```mcq\n---\ntype: single\nquestion: What is 2**3?\n---\n\n- [x] 8\n- [ ] 6\n```\n",
        "~~~quiz\n? What is 2**3?\n[x] 8\n[ ] 6\n~~~\n",
        "{{< quizdown >}}\n\n---\ncolor: red\n---\n\n# What is 2**3?\n\n- [x] 8\n- [ ] 6\n\n{{< /quizdown >}}\n",
    ],
)
def test_a_quiz_in_its_frame_is_read_and_the_frame_is_not(quiz: str) -> None:
    note = f"# Numbers\n\nPowers grow.\n\n{quiz}"
    assert right(note) == RIGHT
    assert all("type:" not in one.body and "quizdown" not in one.body for one in parse(note).sections)


def test_what_is_quoted_below_an_option_says_why() -> None:
    note = "```mcq\n---\nquestion: What is 2**3?\n---\n- [x] 8\n  > Two, three\n  > times.\n- [ ] 6\n  > A sum.\n```\n"
    (one,) = everything(note)
    assert [(choice.text, choice.why) for choice in one.choices] == [("8", "Two, three times."), ("6", "A sum.")]


def test_exercises_and_solutions_of_myst_are_questions_and_answers() -> None:
    note = (
        "# Loops\n\n```{exercise}\n:label: a\n\nWhat does `2**3` give?\n```\n\n```{solution} a\n8\n```\n\n"
        ":::{exercise} Counting\nCount to 4.\n:::\n\n:::{solution}\n:class: dropdown\n\n`range(5)`\n:::\n"
    )
    assert asked(note) == [("What does `2**3` give?", "8"), ("Counting\n\nCount to 4.", "`range(5)`")]


@pytest.mark.parametrize("fence", ["```python", "```quizzes", "```"])
def test_other_code_and_fences_that_stay_open_are_code(fence: str) -> None:
    assert asked(f"# Numbers\n\n{fence}\n? What is 2**3?\n[x] 8\n[ ] 6\n```\n") == []
    assert asked("# Numbers\n\n```quiz\n? What is 2**3?\n[x] 8\n[ ] 6\n") == []


def test_divisions_of_pandoc_frame_questions_and_answers() -> None:
    part = "::: {{.question}}\n**Question {0}.** What is {0}?\n:::\n\n::: {{.answer #a{0}}}\nA number.\n:::\n\n"
    expected = [("What is 1?", "A number."), ("What is 2?", "A number.")]
    assert asked(part.format(1) + part.format(2)) == expected
    assert asked(f"# Pandoc\n\n```text\n{part.format(1)}```\n\nWrite it so.\n") == []
