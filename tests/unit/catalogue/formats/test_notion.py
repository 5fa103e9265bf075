"""Pages of Notion as it exports them in HTML."""

import pytest

from quizapp.catalogue.formats.notion import looks_like_notion, read
from quizapp.catalogue.formats.parsed import ParsedNote
from tests.growth import LINEAR_MOST, growth


def page(body: str) -> str:
    head = '<html><body><article class="page sans"><header><h1 class="page-title">Ports &amp; names</h1></header>'
    return f'{head}<div class="page-body">{body}</div></article></body></html>'


def toggle(summary: str, body: str) -> str:
    return f'<ul class="toggle"><li><details open=""><summary>{summary}</summary>{body}</details></li></ul>'


def box(text: str, *, on: bool) -> str:
    mark = "on" if on else "off"
    span = f'<span class="to-do-children-{"" if on else "un"}checked">{text}</span>'
    return f'<ul class="to-do-list"><li><div class="checkbox checkbox-{mark}"></div> {span}</li></ul>'


def note(body: str) -> ParsedNote:
    return read(page(body).encode(), "export")


def test_a_toggle_asks_and_what_it_folds_is_the_answer() -> None:
    read_of = note(toggle("Which port has <code>ssh</code>?", "<p>22, over <b>TCP</b></p>"))
    assert read_of.title == "Ports & names"
    assert [(one.prompt, one.answer) for one in read_of.everything_asked] == [
        ("Which port has `ssh`?", "22, over **TCP**")
    ]


def test_boxes_are_options_of_which_the_ticked_ones_are_right() -> None:
    (question,) = note(
        toggle("Which?", box("443", on=True) + box("80", on=False) + "<p>By RFC 9110.</p>")
    ).everything_asked
    assert [(choice.text, choice.right) for choice in question.choices] == [("443", True), ("80", False)]
    assert question.answer == "By RFC 9110."


def test_boxes_that_are_all_empty_are_a_list() -> None:
    (question,) = note(toggle("To do?", box("a", on=False) + box("b", on=False))).everything_asked
    assert not question.choices
    assert "a" in question.answer


def test_a_toggle_in_a_toggle_is_a_question_of_its_own() -> None:
    questions = list(note(toggle("Outer?", toggle("Inner?", "<p>in</p>"))).everything_asked)
    assert [question.prompt for question in questions] == ["Outer?", "Inner?"]
    assert "Inner?" in questions[0].answer


def test_any_other_page_is_none() -> None:
    assert not looks_like_notion("<html><body><details><summary>a</summary>b</details></body></html>")
    assert not looks_like_notion(page("<p>text</p>"))


@pytest.mark.parametrize(
    "part",
    ["<details>", "<details><summary>a</summary>", "<details>a</details>", '<ul class="to-do-list">', "<summary>"],
)
def test_hostile_pages_take_time_by_their_length(part: str) -> None:
    assert growth(lambda times: read(page(part * times).encode(), "x"), 500) < LINEAR_MOST
