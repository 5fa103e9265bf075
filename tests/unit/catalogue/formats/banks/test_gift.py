"""What the GIFT reader makes of whole files, beyond single questions beside Moodle's reader."""

import time
from contextlib import suppress

import pytest

from quizapp.catalogue.formats.banks.gift import items_of, read
from quizapp.catalogue.formats.parsed import ParsedNote, Unreadable
from quizapp.catalogue.kinds.expected import read as read_expected

MIB = 1024 * 1024
CPU_S = 2  # seconds for a hostile text of 2 MiB


def note(text: str) -> ParsedNote:
    return read(text.encode(), "bank")


def said(text: str) -> str:
    return " ".join(warning.message for warning in note(text).warnings)


def test_categories_become_sections() -> None:
    text = "$CATEGORY: $course$/top/Net/DNS\n\nA? {=a ~b}\n\n$CATEGORY: Net/TLS\n\nB? {T}\n"
    assert [section.title for section in note(text).sections] == ["Net / DNS", "Net / TLS"]


@pytest.mark.parametrize("text", [" $CATEGORY: Net\n\nA? {=a}\n", "$CATEGORY: x\n$CATEGORY: Net\nA? {=a}\n"])
def test_a_category_may_have_blanks_before_it_and_another_above_it(text: str) -> None:
    (section,) = note(text).sections
    assert (section.title, section.body, len(section.questions)) == ("Net", "", 1)


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("A? {\n=a\n~b\n}\nB? {\n=c\n~d\n}\n", ["A?", "B?"]),
        ("A? {\n=a\n~b\n}\n::t::B? {T}\nC? {#1}\n", ["A?", "B?", "C?"]),
        ("A? {\n=a\n~b\n}\nf() {\n  ls\n}\nB? {=c}\n", ["A?", "f() { ls } B?"]),
        ("f() {\n  ls\n}\nA? {=c}\n", ["f() { ls } A?"]),
        ("A? {=a ~b}\nis it.\n", ["A? _____ is it."]),
        ("A? {=a ~b}\nis it {}\n", ["A? _____ is it {}"]),
    ],
)
def test_a_question_of_several_lines_below_another_is_one_of_its_own(text: str, stems: list[str]) -> None:
    """In Moodle it is a part of the stem above it, with the answers in its braces."""
    assert [" ".join(item.stem.split()) for item in items_of(text)] == stems


def test_a_typed_answer_says_every_accepted_one_with_its_worth_and_feedback() -> None:
    question = next(note("Best? {=Frog#Good! =%50%Cat#Well. =%0%*#No.####All live.}").questions)
    assert question.answer == (
        "- Frog\n\n  Good!\n- Cat (50 %)\n\n  Well.\n- (any other answer) (wrong)\n\n  No.\n\nAll live."
    )


def test_a_kind_that_quizapp_has_not_is_told() -> None:
    assert "numeric question becomes an open one" in said("Port? {#53/udp}")
    assert said("Port? {#443}") == ""


def test_a_number_keeps_its_tolerance() -> None:
    question = next(note("Pi? {#3.14:0.01####So it is.}").questions)
    assert (question.expected, question.answer) == (read_expected("number", "3.14 ± 0.01"), "So it is.")


@pytest.mark.parametrize("braces", ["{#1,500}", "{#=-12,000,000}", "{#3..1}", "{#5:-1}", "{#5:}"])
def test_a_number_that_can_be_read_in_two_ways_or_in_none_makes_an_open_question(braces: str) -> None:
    """1,500 is a thousand and a half to some, and one and a half to others."""
    assert "numeric question becomes an open one" in said(f"How many? {braces}")


@pytest.mark.parametrize(
    ("braces", "right"),
    [("{a =b ~c}", {"b"}), ("{a ~b}", set()), ("{a#no =b#yes ~c}", {"b"}), ("{%100%a ~b}", {"a"})],
)
def test_a_text_before_the_first_sign_of_a_choice_is_a_wrong_answer_and_is_told(braces: str, right: set[str]) -> None:
    """As in Moodle's reader, which gives it no weight but one that it begins with."""
    (item,) = items_of(f"Which? {braces}")
    assert {answer.text for answer in item.answers if answer.weight > 0} == right
    assert "Its first answer has no = or ~ before it" in " ".join(item.warnings)


@pytest.mark.parametrize(
    ("braces", "feedback", "general"),
    [("{=a ~b#####all}", "", "all"), ("{=a ~b#x####one####all}", "x####one", "all")],
)
def test_what_is_said_of_all_answers_stands_behind_the_last_four_signs(
    braces: str, feedback: str, general: str
) -> None:
    """As in Moodle's reader; what is left before them is feedback of the last answer."""
    (item,) = items_of(f"Which? {braces}")
    assert (item.answers[-1].text, item.answers[-1].feedback, item.feedback) == ("b", feedback, general)


@pytest.mark.parametrize(
    ("braces", "kind", "right"),
    [
        ("{=nginx =nginx\\:latest}", "short", "nginx | nginx:latest"),
        ("{#1..5}", "number", "3 ± 2"),
        ("{#=1500:0 =%50%1450:50#Close.}", "number", "1500"),
        ("{#1,5:0,1}", "number", "1.5 ± 0.1"),
        ("{# 5 : 1 }", "number", "5 ± 1"),
        ("{#1 .. 3}", "number", "2 ± 1"),
        ("{#0,125}", "number", "0.125"),
        ("{F#no#yes}", "truth", "false"),
        ("{=a -> b =c -> d = -> e}", "match", "a → b\nc → d\n→ e"),
        ("{=SELECT \\\\* it}", "short", "SELECT * it"),
    ],
)
def test_a_kind_that_quizapp_has_is_that_kind(braces: str, kind: str, right: str) -> None:
    question = next(note(f"Which? {braces}").questions)
    assert (question.expected, question.choices) == (read_expected(kind, right), ())


@pytest.mark.parametrize("braces", ["{=*nginx*}", "{=*}", "{#}", "{=one\\nline =two}", "{=a -> b =a -> c}"])
def test_what_no_kind_can_say_stays_an_open_question(braces: str) -> None:
    (question,) = note(f"Which? {braces}").questions
    assert question.expected is None


def test_what_is_said_after_true_and_after_false_explains() -> None:
    question = next(note("Up? {F#It was stopped.#Look at its state.####See docker ps.}").questions)
    assert question.answer == "Look at its state.\n\nIt was stopped.\n\nSee docker ps."


def test_partial_credit_is_told() -> None:
    assert "(50 %, 50 %, -50 %) is not kept" in said("Which? {~%50%a ~%50%b ~%-50%c}")


def test_a_question_that_cannot_be_read_leaves_the_others_and_is_told_with_its_line() -> None:
    read_of = note("Broken { here\n\nGood? {=a ~b}\n")
    assert [question.prompt for question in read_of.questions] == ["Good?"]
    assert [(warning.line, "Broken" in warning.message) for warning in read_of.warnings] == [(1, True)]


def test_a_brace_that_is_escaped_loses_nothing_behind_it() -> None:
    """pygiftparser 1.1 loses what follows `\\}`."""
    (item,) = items_of(r"Q {=a\} rest ~b}")
    assert [answer.text for answer in item.answers] == ["a} rest", "b"]


def test_placeholders_and_underscores_are_shown_as_written() -> None:
    assert [item.stem for item in items_of("What is <port> in __init__? {=a ~b}")] == [
        r"What is \<port> in \_\_init\_\_?"
    ]


def test_html_becomes_markdown() -> None:
    (item,) = items_of(r"[html]<p>Which <b>layer</b>?</p><pre>a\n  b</pre>{=a ~b}")
    assert item.stem == "Which **layer**?\n\n```\na\n  b\n```"


def test_the_same_id_twice_is_told() -> None:
    assert "has the same id" in said("// [id:7]\nA? {T}\n\n// [id:7]\nB? {T}\n")


def test_an_id_is_the_files_own() -> None:
    text = b"// [id:7]\nA? {T}\n"
    assert next(read(text, "one").questions).key != next(read(text, "two").questions).key


def test_too_many_questions_are_refused() -> None:
    with pytest.raises(Unreadable, match="more than 5,000 questions"):
        note("A? {T}\n\n" * 5_001)


@pytest.mark.parametrize(
    "unit",
    [
        "{",
        "}",
        "{=",
        "=",
        "~",
        "a{=b\n\n",
        "::",
        "\\",
        "\n\n",
        "//\n",
        "[html]<b>",
        "{#1..",
        "%5%",
        "{=a~b",
        "->=",
        "#",
        "[id:",
        "$CATEGORY: a\n",
        "a {=b}\n",
    ],
)
def test_a_hostile_text_takes_little_time_and_memory(unit: str) -> None:
    data = (unit * (2 * MIB // len(unit) + 1)).encode()[: 2 * MIB]
    began = time.process_time()
    with suppress(Unreadable):
        read(data, "bank")
    assert time.process_time() - began < CPU_S
