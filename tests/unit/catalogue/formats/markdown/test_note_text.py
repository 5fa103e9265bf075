"""What stands in a note beside its questions: titles, footnotes, rows without a question, a fence round all of it."""

import pytest

from quizapp.catalogue.formats.parsed import LineUse
from tests.unit.catalogue.formats.markdown.notes_read import parse


def asked(text: str) -> list[tuple[str, str]]:
    return [(one.prompt, one.answer) for one in parse(text).questions]


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("**Bold** caches", "Bold caches"),
        ("The `docker0` *bridge*", "The docker0 bridge"),
        ("[Caches](https://e.org) & `<pid>`", "Caches & <pid>"),
        ("a_b_c and 2 < 3", "a_b_c and 2 < 3"),
    ],
)
def test_titles_are_words_without_marks(heading: str, title: str) -> None:
    note = parse(f"# {heading}\n\n## {heading}\n\ntext\n")
    assert note.title == title
    assert [section.title for section in note.sections if section.title] == [title]


def test_a_heading_in_html_is_the_title() -> None:
    assert parse('<h1 align="center">Caches</h1>\n\ntext\n').title == "Caches"


def test_a_footnote_stands_below_each_text_that_refers_to_it() -> None:
    text = "Q: a[^1]?\nA: b[^n]\n\n## S\n\nmore[^1]\n\n[^1]: The first\n  of all.\n[^n]: https://e.org\n"
    assert asked(text) == [("a[^1]?\n\n[^1]: The first of all.", "b[^n]\n\n[^n]: https://e.org")]
    assert parse(text).sections[-1].body == "more[^1]\n\n[^1]: The first of all."


def test_a_footnote_to_which_nothing_refers_is_text() -> None:
    # markdown-it-py 4.3.0 takes `[^1]: word` for the definition of a link, whose text then stands nowhere.
    assert "word" in parse("text\n\n[^1]: word\n").sections[0].body


def test_a_link_that_is_defined_and_never_used_is_text() -> None:
    links = ("[one]: https://one.example", '[The docs]: https://two.example "All of it"', "[//]: # (said to none)")
    note = parse("\n".join(("# T", "", "See [one].", "", *links)))
    assert note.sections[0].body == "See [one](<https://one.example>).\n\n[The docs](<https://two.example>): All of it"


def test_a_row_with_an_answer_and_no_question_is_told() -> None:
    note = parse("| Question | Answer |\n|---|---|\n| a? | b |\n| | c |\n| | |\n")
    assert [(warning.line, warning.message) for warning in note.warnings] == [
        (4, "This row has an answer and no question, so nothing is asked.")
    ]


def test_a_pipe_in_an_answer_without_a_backslash_is_kept_and_told() -> None:
    text = "| Question | Answer |\n|---|---|\n| How many? | ps aux | wc -l |\n| Or? | `a || b` |\n"
    assert asked(text) == [("How many?", "ps aux | wc -l"), ("Or?", "`a || b`")]
    (warning,) = parse(text).warnings
    assert warning.line == 3
    assert warning.message.startswith("This row and 1 more of its table have more cells than the table's head")


def test_a_wide_row_in_a_quotation_is_told_too() -> None:
    (warning,) = parse("text\n\n> | A | B |\n> |---|---|\n> | a | b | c |\n").warnings
    assert (warning.line, warning.message[:12]) == (5, "This row has")


def test_a_bold_question_may_go_on_with_its_answer() -> None:
    text = "# Cache Questions\n\n**What is a cache?** A copy.\nIt is near.\n\n**Why?** For speed.\n\nMuch.\n"
    assert asked(text) == [("What is a cache?", "A copy.\nIt is near."), ("Why?", "For speed.\n\nMuch.")]


def test_bold_words_in_a_text_that_teaches_ask_nothing() -> None:
    assert asked("# T\n\n**Bridge:** a switch.\n\n**Is it fast?** Yes.\n\n**Cable:** a wire.\n") == []


def test_the_fence_round_a_note_is_none_of_its_text() -> None:
    note = parse("```markdown\n# T\n\n## S\n\n```sh\nls\n```\n```\n")
    assert (note.title, note.sections[0].title, note.sections[0].body) == ("T", "S", "```sh\nls\n```")
    assert note.uses[0] is note.uses[-2] is LineUse.LABEL


def test_an_example_of_markdown_in_a_note_stays_one() -> None:
    assert "```markdown" in parse("```markdown\n# T\n```\n\ntext\n").sections[0].body


def test_a_key_below_a_quiz_says_which_options_are_right_and_is_shown_nowhere() -> None:
    text = "# Quiz\n\n1. Near?\n   - A. x\n   - B. y\n2. Far?\n   - A. x\n   - B. y\n\n## Answers\n\n1 - B\n2 - A\n"
    note = parse(text)
    assert [[choice.right for choice in one.choices] for one in note.questions] == [[False, True], [True, False]]
    assert "Answers" not in [section.title for section in note.sections]


def test_a_key_that_says_more_than_letters_is_text() -> None:
    text = "# Quiz\n\n1. Near?\n   - A. x\n   - B. y\n2. Far?\n   - A. x\n   - B. y\n\n## Answers\n\n1. B, as y\n2. A\n"
    note = parse(text)
    assert not any(one.answered for one in note.questions)
    assert "B, as y" in note.sections[-1].body


@pytest.mark.parametrize("text", ["# {}\n\n## {}\n\nText.\n", "---\ntitle: {}\n---\n## {}\n\nText.\n"])
def test_a_title_turns_no_words_behind_it_round(text: str) -> None:
    turned = "\u202eports\u2066 of\u202c a host"
    note = parse(text.format(turned, turned))
    assert (note.title, note.sections[0].title) == ("ports of a host", "ports of a host")
