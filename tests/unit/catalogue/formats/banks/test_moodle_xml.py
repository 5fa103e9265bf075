"""Moodle's XML for questions, with what Moodle 4.1dev refuses or reads otherwise."""

import pytest

from quizapp.catalogue.formats.banks.moodle_xml import read
from quizapp.catalogue.formats.parsed import ParsedNote, ParsedQuestion, Unreadable
from quizapp.catalogue.kinds.expected import read as read_expected


def note(inside: str, *, kind: str = "multichoice", before: str = "") -> ParsedNote:
    stem = "<questiontext format='html'><text>Which?</text></questiontext>"
    return read(f"{before}<quiz><question type='{kind}'>{stem}{inside}</question></quiz>".encode(), "bank")


def test_answers_worth_something_are_right_where_several_may_be_chosen() -> None:
    answers = "".join(f"<answer fraction='{worth}'><text>{worth}</text></answer>" for worth in (50, 50, -50))
    (question,) = note(f"<single>false</single>{answers}").questions
    assert [choice.right for choice in question.choices] == [True, True, False]


def test_false_with_a_capital_is_on_as_in_moodle() -> None:
    answers = "<answer fraction='100'><text>a</text></answer><answer fraction='50'><text>b</text></answer>"
    (question,) = note(f"<single>False</single>{answers}").questions
    assert [choice.right for choice in question.choices] == [True, False]


def test_tags_without_cdata_and_nbsp_are_kept() -> None:
    """Moodle ends the whole import at either."""
    read_of = note("<answer fraction='100'><text>a&nbsp;<b>bold</b> word</text></answer>", kind="shortanswer")
    expected = next(read_of.questions).expected
    assert expected is not None
    assert "bold" in expected.source
    assert "without CDATA" in read_of.warnings[0].message


def test_true_and_false_of_other_names_are_told() -> None:
    answers = "<answer fraction='100'><text>yes</text></answer><answer fraction='0'><text>no</text></answer>"
    assert "not named true and false" in note(answers, kind="truefalse").warnings[0].message


def test_an_unknown_kind_keeps_its_texts() -> None:
    read_of = note("<answer><text>more</text></answer>", kind="ddwtos")
    assert "more" in next(read_of.questions).answer
    assert "kind ddwtos" in read_of.warnings[0].message


def test_an_order_is_that_of_its_fractions() -> None:
    answers = "".join(f"<answer fraction='{at}'><text>step {at}</text></answer>" for at in (2, 1, 3))
    (question,) = note(answers, kind="ordering").questions
    assert question.expected == read_expected("order", "step 1\nstep 2\nstep 3")


def cloze(text: str) -> ParsedQuestion:
    stem = f"<questiontext format='html'><text><![CDATA[{text}]]></text></questiontext>"
    (question,) = read(f"<quiz><question type='cloze'>{stem}</question></quiz>".encode(), "bank").questions
    return question


def test_gaps_to_type_into_become_gaps() -> None:
    question = cloze(
        "<p>The <b>first</b> is {1:SHORTANSWER:=docker0#Yes~=docker\\}0~%50%bridge~*} on {:NM:=172:1}.</p>"
    )
    assert question.prompt == "Fill the gaps."
    assert question.expected == read_expected("cloze", "The first is **docker0 | docker}0** on **172**.")


def test_gaps_to_choose_in_keep_their_texts() -> None:
    question = cloze("It is {1:MULTICHOICE:=docker0~eth0}.")
    assert (question.expected, "eth0" in question.answer) == (None, True)


BOMB = "<!DOCTYPE q [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]>"


@pytest.mark.parametrize(("before", "reason"), [(BOMB, "declares entities"), ("<a>" * 101, "in one another")])
def test_hostile_xml_is_refused_with_a_sentence(before: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        note("", before=before)


def test_broken_xml_names_its_line() -> None:
    with pytest.raises(Unreadable, match="broken") as caught:
        read(b"<quiz>\n<question>\n</quiz>", "bank")
    assert caught.value.line == 3
