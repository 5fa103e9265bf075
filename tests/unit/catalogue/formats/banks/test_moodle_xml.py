"""Moodle's XML for questions, with what Moodle 4.1dev refuses or reads otherwise."""

import time

import pytest

from quizapp.catalogue.formats.banks.moodle_xml import read
from quizapp.catalogue.formats.parsed import ParsedNote, ParsedQuestion, Unreadable
from quizapp.catalogue.kinds.expected import read as read_expected

TEXT_BYTES = 2 * 1024 * 1024 - 1024  # with what is round it as much as is read
CPU_S = 2  # seconds for a hostile text of 2 MiB


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


def test_the_answer_of_an_unknown_kind_does_not_say_again_what_it_asks() -> None:
    question = next(note("<name><text>n</text></name><answer><text>{a}*2</text></answer>", kind="calculated").questions)
    assert (question.prompt, question.answer) == ("Which?", r"{a}\*2")


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


def test_what_may_be_chosen_in_a_gap_is_shown_and_what_is_right_is_not() -> None:
    question = cloze("Port {1:NM:=53:0#right~%50%54:1} is {2:MULTICHOICE:=UDP#Mostly.~%50%both~TCP} of {1:SA:=dns}.")
    assert question.prompt == r"Port \_\_\_ is [both / TCP / UDP] of \_\_\_."
    assert question.answer == (
        "Port **53** is **UDP** of **dns**.\n\n- 53 (100 %: right); 54 (50 %)\n"
        "- UDP (100 %: Mostly.); both (50 %); TCP (0 %)\n- dns (100 %)"
    )


@pytest.mark.parametrize(("kind", "tag"), [("ddwtos", "dragbox"), ("gapselect", "selectoption")])
def test_words_that_are_dragged_or_chosen_fill_gaps(kind: str, tag: str) -> None:
    words = "".join(f"<{tag}><text>{word}</text><group>1</group></{tag}>" for word in ("udp", "TCP", "none"))
    stem = "<questiontext format='html'><text>&lt;b&gt;DNS&lt;/b&gt; uses [[1]], HTTP [[2]].</text></questiontext>"
    (question,) = read(f"<quiz><question type='{kind}'>{stem}{words}</question></quiz>".encode(), "bank").questions
    assert question.prompt == "Fill the gaps. Words: none, TCP, udp."
    assert question.expected == read_expected("cloze", "DNS uses **udp**, HTTP **TCP**.")


def test_a_gap_without_its_word_keeps_the_texts() -> None:
    words = "<dragbox><text>udp</text></dragbox>"
    stem = "<questiontext><text>DNS uses [[2]].</text></questiontext>"
    (question,) = read(f"<quiz><question type='ddwtos'>{stem}{words}</question></quiz>".encode(), "bank").questions
    assert (question.prompt, question.answer) == ("DNS uses [[2]].", "udp")


def test_kinds_of_plugins_that_are_known_ones_by_another_name() -> None:
    pairs = "".join(
        f"<subquestion><text>{left}</text><answer><text>{right}</text></answer></subquestion>"
        for left, right in (("DNS", "53"), ("SSH", "22"))
    )
    assert next(note(pairs, kind="ddmatch").questions).expected == read_expected("match", "DNS → 53\nSSH → 22")
    answers = "".join(
        f"<answer fraction='{worth}'><text>{text}</text></answer>" for text, worth in (("a", 100), ("b", 0), ("c", 100))
    )
    for kind in ("multichoiceset", "oumultiresponse"):
        read_of = note(answers, kind=kind)
        assert [choice.right for choice in next(read_of.questions).choices] == [True, False, True]
        assert read_of.warnings == ()


@pytest.mark.parametrize(
    ("units", "right", "told"),
    [
        ("<unit><multiplier>1.0</multiplier><unit_name>ms</unit_name></unit>", "10 ± 1 ms", False),
        ("<unit><multiplier>8</multiplier><unit_name>bit</unit_name></unit>", "10 ± 1", True),
    ],
)
def test_a_unit_stands_at_the_number_and_another_is_told(units: str, right: str, told: bool) -> None:
    answer = "<answer fraction='100'><text>10</text><tolerance>1</tolerance></answer>"
    read_of = note(f"{answer}<units>{units}</units>", kind="numerical")
    assert next(read_of.questions).expected == read_expected("number", right)
    assert ["units" in warning.message for warning in read_of.warnings] == [True] * told
    shown = note(f"{answer}<units>{units}</units><showunits>3</showunits>", kind="numerical")
    assert next(shown.questions).expected == read_expected("number", "10 ± 1")


def test_what_is_said_of_all_right_answers_is_told_but_for_moodles_own_words() -> None:
    said = "<correctfeedback><text>{}</text></correctfeedback><answer fraction='100'><text>a</text></answer>"
    assert note(said.format("Your answer is correct."), kind="shortanswer").warnings == ()
    (warning,) = note(said.format("As in the manual."), kind="shortanswer").warnings
    assert warning.message == "What is said of right answers is not imported: As in the manual."


def test_what_is_said_of_a_category_stands_in_its_section() -> None:
    category = (
        "<question type='category'><category><text>top/Net</text></category><info><text>Ports.</text></info></question>"
    )
    stem = "<question type='essay'><questiontext><text>Why?</text></questiontext></question>"
    (section,) = read(f"<quiz>{category}{stem}</quiz>".encode(), "bank").sections
    assert (section.title, section.body) == ("Net", "Ports.")


@pytest.mark.parametrize("unit", ["{1:SA:=a", "{1:SA:=a}", "[[1]]", "{1:MC:=a~b}"])
@pytest.mark.parametrize("kind", ["cloze", "ddwtos"])
def test_a_hostile_text_with_gaps_takes_little_time(unit: str, kind: str) -> None:
    stem = f"<questiontext><text>{unit * (TEXT_BYTES // len(unit))}</text></questiontext>"
    began = time.process_time()
    read(f"<quiz><question type='{kind}'>{stem}<dragbox><text>a</text></dragbox></question></quiz>".encode(), "bank")
    assert time.process_time() - began < CPU_S


BOMB = "<!DOCTYPE q [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]>"


@pytest.mark.parametrize(("before", "reason"), [(BOMB, "declares entities"), ("<a>" * 101, "in one another")])
def test_hostile_xml_is_refused_with_a_sentence(before: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        note("", before=before)


def test_broken_xml_names_its_line() -> None:
    with pytest.raises(Unreadable, match="broken") as caught:
        read(b"<quiz>\n<question>\n</quiz>", "bank")
    assert caught.value.line == 3
