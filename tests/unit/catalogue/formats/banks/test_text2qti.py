"""The text format of text2qti, with the gaps of its fork."""

import pytest

from quizapp.catalogue.formats.banks.text2qti import looks_like_text2qti, read
from quizapp.catalogue.formats.parsed import ParsedNote, ParsedQuestion, Unreadable
from quizapp.catalogue.importing.banks import is_bank
from quizapp.catalogue.kinds.cloze import Cloze
from quizapp.catalogue.kinds.number import NumberValue
from quizapp.catalogue.kinds.short_text import ShortText
from quizapp.catalogue.kinds.truth import Truth


def note(text: str) -> ParsedNote:
    return read(text.encode(), "quiz")


def one(text: str) -> ParsedQuestion:
    (question,) = note(f"1.  Which?\n{text}").everything_asked
    return question


def test_options_are_marked_and_say_why() -> None:
    question = one("... Always.\n+ Well.\na) 80\n... Plain.\n*b) 443\n   with TLS\n")
    assert [(choice.text, choice.right, choice.why) for choice in question.choices] == [
        ("80", False, "Plain."),
        ("443\nwith TLS", True, ""),
    ]
    assert question.answer == "Always.\nWell."


def test_boxes_are_several_answers_and_two_words_a_statement() -> None:
    assert [choice.right for choice in one("[ ] a\n[*] b\n[*] c\n").choices] == [False, True, True]
    assert one("*a) True\nb) False\n").expected == Truth(is_true=True)


def test_typed_answers_and_numbers_say_what_is_right() -> None:
    assert one("*   Santa\n*   Saint Nick\n").expected == ShortText(accepted=("Santa", "Saint Nick"))
    assert one("=   1.4142 +- 0.0001\n").expected == NumberValue(value="1.4142", tolerance="0.0001")
    assert one("=   200 +- 5%\n").expected == NumberValue(value="200", tolerance="10")
    assert one("=   [1, 3]\n").expected == NumberValue(value="2", tolerance="1")


def test_gaps_of_the_fork_are_a_text_with_gaps() -> None:
    question = one(
        "\nThe {A} is the capital of {B}.\n\n@gap L) London\n@gap U) the UK\n@gap P) Paris\n@match L A\n@match U B\n"
    )
    assert question.expected == Cloze(text="Which?\n\nThe **London** is the capital of **the UK**.")


def test_an_essay_and_an_upload_have_no_answer() -> None:
    assert [question.answered for question in note("1. Write.\n____\n\n2. Send.\n^^^^\n").everything_asked] == [
        False
    ] * 2


def test_what_is_about_the_quiz_and_comments_are_no_questions() -> None:
    before = "Quiz title: Ports\n% draft\nCOMMENT\n1. No?\n*a) x\nEND_COMMENT\n"
    read_of = note(f"{before}GROUP\npick: 1\n\nTitle: T\nPoints: 2\n1. Yes?\n*a) x\nb) y\nEND_GROUP\n")
    assert (read_of.title, [question.prompt for question in read_of.everything_asked]) == ("Ports", ["Yes?"])
    assert any("GROUP" in warning.message for warning in read_of.warnings)


def test_code_within_a_question_is_no_mark() -> None:
    question = one("\n    ```bash\n    ls\n*   no mark\n    ```\n*   ls\n")
    assert question.expected == ShortText(accepted=("ls",))
    assert "no mark" in question.prompt


def test_more_answers_than_anybody_reads_are_refused() -> None:
    with pytest.raises(Unreadable, match="more than 500 answers"):
        one("* a\n" * 501)


def test_only_its_own_marks_make_a_text_one() -> None:
    assert looks_like_text2qti("1. Which?\na) x\n*b) y\n")
    assert not looks_like_text2qti("1. Which?\na) x\nb) y\nANSWER: A\n")
    assert not is_bank(b"1. A list\n2. of things\n", suffix=".txt")
