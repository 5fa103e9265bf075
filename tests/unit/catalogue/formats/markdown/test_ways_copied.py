"""Small notes as they are copied from pages, exams and other programs."""

import pytest

from quizapp.catalogue.kinds.truth import Truth
from tests.unit.catalogue.formats.markdown.notes_read import asked, everything, parse, right

DECK = "# Files\n\n#flashcards\n\n"


@pytest.mark.parametrize("blank", ["", "\n"])
@pytest.mark.parametrize("mark", ["::", " :: "])
def test_cards_of_one_line_directly_above_a_card_of_several_are_cards(mark: str, blank: str) -> None:
    """Obsidian's Spaced Repetition ends a card with its line, so that the front begins below it."""
    above = f"What is an inode?{mark}Metadata.\nHard link{mark}A name.\n"
    note = f"{DECK}{above}What is\na sticky bit?\n{blank}?\n{blank}Fun.\n"
    assert asked(note) == [
        ("What is an inode?", "Metadata."),
        ("Hard link", "A name."),
        ("What is\na sticky bit?", "Fun."),
    ]


def test_a_front_whose_last_line_could_be_a_card_stays_a_front() -> None:
    assert asked(f"{DECK}Of C++:\nstd::Move\n?\nA cast.\n") == [("Of C++:\nstd::Move", "A cast.")]


@pytest.mark.parametrize("name", ["Explanation: ", "**Explanation:** ", "Rationale: "])
def test_the_name_of_an_explanation_is_no_part_of_it(name: str) -> None:
    note = f"# T\n\n1. Which port?\nA. 80\nB. 443\nAnswer: B\n{name}It is registered.\n"
    assert right(note) == [("Which port?", ["443"])]
    assert [answer for _, answer in asked(note)] == ["It is registered."]


@pytest.mark.parametrize(
    ("prompt", "answer", "is_true", "why"),
    [
        ("TCP is ordered. (True/False)", "True", True, ""),
        ("(True/False) TCP is ordered.", "True", True, ""),
        ("True/False: TCP is ordered.", "True", True, ""),
        ("UDP is ordered. [True or False]", "**False.** It has no numbers.", False, "It has no numbers."),
        ("True or false: UDP is ordered.", "False\nExplanation: no numbers.", False, "no numbers."),
    ],
)
def test_a_question_that_asks_whether_it_is_true_is_marked_so(
    prompt: str, answer: str, is_true: bool, why: str
) -> None:
    (one,) = everything(f"# T\n\n## Question 1\n\n{prompt}\n\nAnswer: {answer}\n")
    assert (one.expected, one.answer) == (Truth(is_true=is_true), why)


def test_an_answer_key_says_of_such_a_question_what_is_true() -> None:
    """Its answer comes after the question was read, and was the answer to one in one's own words."""
    note = (
        "# Mock exam\n\n1. Which port?\n   A. 80\n   B. 443\n\n"
        "2. True or False: ARP crosses routers.\n\n3. What is a TTL?\n\n"
        "## Answer Key\n\n1. B\n2. False. It is no IP.\n3. A count.\n"
    )
    _, truth, said = everything(note)
    assert (truth.expected, truth.answer) == (Truth(is_true=False), "It is no IP.")
    assert (said.expected, said.answer) == (None, "A count.")


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [("TCP is ordered. (True/False)", "It depends."), ("What is `true`?", "True"), ("True or false: x?", "Falsehood")],
)
def test_what_says_neither_or_asks_something_else_stays_open(prompt: str, answer: str) -> None:
    (one,) = everything(f"# T\n\n## Question 1\n\n{prompt}\n\nAnswer: {answer}\n")
    assert (one.expected, one.answer) == (None, answer)


def test_printed_signs_in_an_answer_are_a_list() -> None:
    note = "# T\n\nQ: Which states?\nA: These.\n \t\u2022\tCreated\n\u2022 Running\n\u25e6 busy\n\u2022 Stopped\n"
    assert asked(note) == [("Which states?", "These.\n- Created\n- Running\n  - busy\n- Stopped")]


def test_rows_between_tabs_in_an_answer_are_a_table() -> None:
    note = "# T\n\nQ: Docker or VM?\nA: They differ.\nDocker\tVM\nits kernel\ta|b\nThat is all.\n"
    table = "They differ.\n\n| Docker | VM |\n|---|---|\n| its kernel | a\\|b |\n\nThat is all."
    assert asked(note) == [("Docker or VM?", table)]


def test_a_table_is_parted_from_other_text_by_one_blank_line() -> None:
    rows = "a\tb\nc\td"
    table = "| a | b |\n|---|---|\n| c | d |"
    assert asked(f"# T\n\nQ: What?\nA:\n\n{rows}\n\nText.\n\n{rows}\n") == [("What?", f"{table}\n\nText.\n\n{table}")]


@pytest.mark.parametrize("answer", ["one\ttab", "```\na\tb\nc\td\n```", "5 \u2022 3", "See:\n\n    a\tb\n    c\td"])
def test_a_single_row_code_and_a_sign_between_words_stay(answer: str) -> None:
    assert asked(f"# T\n\nQ: What?\nA:\n\n{answer}\n") == [("What?", answer)]


def test_a_copied_list_in_what_explains_is_a_list_too() -> None:
    note = "# Pods\n\n## States\n\nThere are:\n\u2022 Pending\n\u2022 Running\n\n## Questions\n\nQ: What?\nA: A.\n"
    assert parse(note).sections[0].body == "There are:\n- Pending\n- Running"


@pytest.mark.parametrize("item", ["-\ta\n-\tb", "    -\ta\n    -\tb"])
def test_items_with_a_tab_behind_their_mark_are_no_table(item: str) -> None:
    assert "|" not in asked(f"# T\n\nQ: What?\nA: These.\n\n- x\n{item}\n")[0][1]
