"""Tables as other tools give or take them: their names of columns, and how their rows name the right option.

By the templates of Kahoot, Quizizz, Blooket, Gimkit, Udemy and Socrative as documented, and by tables people make.
"""

import time
from contextlib import suppress

import pytest

from quizapp.catalogue.formats.columns import columns_from
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.formats.tables import read, sample
from quizapp.catalogue.kinds.expected import read as read_expected

CPU_S = 2  # seconds for a hostile table of at most 2 MiB
KAHOOT = (
    "Question - max 120 characters,Answer 1 - max 75 characters,Answer 2 - max 75 characters,"
    'Answer 3 - max 75 characters,"Time limit (sec) \u2013 5, 10, or 20 secs",Correct answer(s) - choose at least one\n'
)
BLOOKET = (
    '"Blooket\nImport Template",,,,,\nQuestion #,Question Text,Answer 1,Answer 2,"Answer 3\n(Optional)",'
    '"Correct Answer(s)\n(Only include Answer #)"\n'
)
UDEMY = (
    "Question,Question Type,Answer Option 1,Explanation 1,Answer Option 2,Explanation 2,Correct Answers,"
    "Overall Explanation,Domain\n"
)


def asked(text: str) -> list[tuple[str, list[str]]]:
    """Each question with its options, a star before the right ones."""
    questions = read(text.encode(), "bank").questions
    return [(one.prompt, [f"{'*' * choice.right}{choice.text}" for choice in one.choices]) for one in questions]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (f"{KAHOOT}Which?,22,53,80,20,2\n", ["22", "*53", "80"]),
        (f'Kahoot!,,,,,\n,,,,,\n{KAHOOT}Which?,22,53,80,20,"1,3"\n', ["*22", "53", "*80"]),
        (f"{BLOOKET}1,Which?,22,53,80,2\n", ["22", "*53", "80"]),
        (f'{BLOOKET}1,Which?,22,53,80,"2,3"\n', ["22", "*53", "*80"]),
        ("Gimkit,,\nQuestion,Correct Answer,Incorrect Answer 1 (Optional)\nWhich?,53,22\n", ["*53", "22"]),
        ("Question,Right answer,Wrong answer 1,Wrong answer 2\nWhich?,53,22,\n", ["*53", "22"]),
        ("Question,Answer,Distractor 1,Distractor 2\nWhich?,53,22,80\n", ["*53", "22", "80"]),
        (f"{UDEMY}Which?,multiple-choice,22,ssh,53,dns,2,All of it.,Net\n", ["22", "*53"]),
        ("Question,Answer A,Answer B,Answer C,Correct Answer\nWhich?,22,53,,B\n", ["22", "*53"]),
        ("Question,Answer,Option A,Option B\nWhich?,Option B,22,53\n", ["22", "*53"]),
        ("Question,A,B,Answer\nWhich?,22,53,(B)\n", ["22", "*53"]),
        ("Question,A,B,Answer\nWhich?,22,53,B. 53\n", ["22", "*53"]),
        ("Question,A,B,C,Answer\nWhich?,22,53,80,B and C\n", ["22", "*53", "*80"]),
        ("Question,A,B,C,Answer\nWhich?,22,53,80,BC\n", ["22", "*53", "*80"]),
        ('Question,A,B,C,Answer\nWhich?,22,53,80,"53, 80"\n', ["22", "*53", "*80"]),
        ('Question,Choices,Answer\nWhich?,"A) 22\nB) 53",B\n', ["22", "*53"]),
        ("Question,Options,Correct\nWhich?,22; 53,53\n", ["22", "*53"]),
        ('Question,Options,Correct\nWhich?,"22, 53",53\n', ["22", "*53"]),
        ('Question,Options,Correct\nWhich?,"[""22"", ""53""]",2\n', ["22", "*53"]),
        ("sep=;\nquestion;a;b;answer\nWhich?;22;53;b\n", ["22", "*53"]),
    ],
)
def test_a_table_of_options_is_read_by_its_own_names(text: str, options: list[str]) -> None:
    assert asked(text) == [("Which?", options)]


@pytest.mark.parametrize(
    "text",
    ["Q,A\nWhat?,A cable\n", "Card Front\tCard Back\nWhat?\tA cable\n", "Pregunta,Respuesta\nWhat?,A cable\n"],
)
def test_two_columns_are_a_question_and_its_answer(text: str) -> None:
    assert [(one.prompt, one.answer) for one in read(text.encode(), "bank").questions] == [("What?", "A cable")]


@pytest.mark.parametrize(
    ("answer", "said"),
    [("E", "E"), ("0", "0"), ("2,9", "2,9"), ("B. 22", "B. 22"), ("AA", "AA"), ("53, 99", "53, 99"), ("A. b", "A. b")],
)
def test_an_answer_that_names_no_option_is_told_and_makes_none_right(answer: str, said: str) -> None:
    read_of = read(f'Question,A,B,Answer\nWhich?,22,53,"{answer}"\n'.encode(), "bank")
    assert not any(choice.right for one in read_of.questions for choice in one.choices)
    assert read_of.warnings[0].message == f"The answer {said} is none of the options."


def test_a_text_goes_before_a_letter_and_a_number_before_a_place() -> None:
    assert asked("Question,A,B,C,Answer\nWhich?,2,1,3,1\n") == [("Which?", ["2", "*1", "3"])]
    assert asked("Question,1,2,Answer\nWhich?,B,A,B\n") == [("Which?", ["*B", "A"])]


def test_what_explains_an_option_stands_at_it_and_the_rest_at_the_question() -> None:
    note = read(f"{UDEMY}Which?,multiple-choice,22,ssh,53,,2,All of it.,Net\n".encode(), "bank")
    (question,) = note.questions
    assert ([choice.why for choice in question.choices], question.answer) == (["ssh", ""], "All of it.")
    assert note.sections[0].title == "Net"
    assert note.warnings == ()


def test_options_of_a_question_that_is_typed_are_what_is_accepted() -> None:
    text = "Question Text,Question Type,Option 1,Option 2,Correct Answer\nName it,Fill-in-the-Blank,dns,DNS server,\n"
    (question,) = read(text.encode(), "bank").questions
    assert (question.expected, question.choices) == (read_expected("short", "dns | DNS server"), ())


def test_what_stands_above_the_names_is_told() -> None:
    note = read(b"Our quiz,,\nWeek 3,,\nQuestion,A,B\nWhich?,x,y\n", "bank")
    above = [(warning.line, warning.message.partition(": ")[2]) for warning in note.warnings[:2]]
    assert above == [(1, "Our quiz"), (2, "Week 3")]
    found = sample(b"Our quiz,,\nQuestion,A,B\nWhich?,x,y\n")
    assert found is not None
    assert (found.has_names, found.names, found.rows) == (True, ["Question", "A", "B"], [["Which?", "x", "y"]])


def test_wrong_options_and_what_explains_an_option_may_be_said_of_columns() -> None:
    text = "Aufgabe,R,F,F2\nWas?,das,dies,jenes\n"
    (question,) = read(text.encode(), "bank", columns=columns_from("question=Aufgabe,answer=2,wrong=3-4")).questions
    assert [(choice.text, choice.right) for choice in question.choices] == [
        ("das", True),
        ("dies", False),
        ("jenes", False),
    ]
    said = columns_from("question=1,option=2,why=3,option=4,why=5,answer=6,kind=7")
    (question,) = read(b"Was?,das,x,dies,y,b,choice\n", "bank", columns=said).questions
    assert [(choice.text, choice.right, choice.why) for choice in question.choices] == [
        ("das", False, "x"),
        ("dies", True, "y"),
    ]


def test_what_a_sample_takes_the_columns_for_can_be_said_back() -> None:
    text = f"{UDEMY}Which?,multiple-choice,22,ssh,53,dns,2,All of it.,Net\n".encode()
    found = sample(text)
    assert found is not None
    said = columns_from(",".join(f"{one}={place}" for place, one in enumerate(found.meanings, 1)))
    assert read(text, "b", columns=said).sections == read(text, "b").sections


@pytest.mark.parametrize(
    "text", ["a," * 900_000, f"question,a,answer\nq,b,{'A,' * 400_000}\n", "question,answer\n" * 5_000]
)
def test_a_hostile_table_takes_little_time(text: str) -> None:
    began = time.process_time()
    with suppress(Unreadable):
        read(text.encode(), "bank")
    assert time.process_time() - began < CPU_S
