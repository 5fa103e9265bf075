"""Where a quiz keeps its answers: on the question's own line, in tables with several columns, in parts, on one line."""

import pytest

from tests.unit.catalogue.formats.markdown.notes_read import asked, parse, right

ASKED = (
    "# Tea quiz\n\n### Which tea is smoked?\n\n- A) Assam\n- B) Lapsang\n\n"
    "### Which one is green?\n\n- A) Sencha\n- B) Assam\n\n"
)
RIGHT = [("Which tea is smoked?", ["Lapsang"]), ("Which one is green?", ["Sencha"])]
ON_ITS_LINE = [("What is a leaf?", "A part of a tree."), ("What is a root?", ""), ("What is bark?", "Skin.")]


@pytest.mark.parametrize(
    "key",
    [
        "## Answers\n\n| Q | A | Q | A |\n|--|--|--|--|\n| 1 | b | 2 | a |\n",
        "## Answers\n\n| # | Answer | Why | # | Answer | Why |\n|--|--|--|--|--|--|\n| 1 | B | x | 2 | A | y |\n",
        "## Answers\n\n*(Try it yourself first.)*\n\n1. B\n2. A\n",
        "## Answers\n\nHere they are:\n\n1. B\n2. A\n",
        "## Answers\n\n1. B   2. A\n",
    ],
)
def test_a_key_of_whatever_form_says_which_options_are_right(key: str) -> None:
    assert right(ASKED + key) == RIGHT


def test_a_line_above_a_key_is_left_out_and_told() -> None:
    note = parse(f"{ASKED}## Answers\n\n*(Try it yourself first.)*\n\n1. B\n2. A\n")
    (told,) = note.warnings
    assert (told.line, "Try it yourself first" in told.message) == (15, True)


def test_a_key_of_an_odd_number_of_entries_leaves_a_cell_empty() -> None:
    more = "### Which one is white?\n\n- A) Silver needle\n- B) Assam\n\n"
    key = "## Answers\n\n| Q | A | Q | A |\n|--|--|--|--|\n| 1 | b | 3 | a |\n| 2 | a |  |  |\n"
    assert right(ASKED + more + key) == [*RIGHT, ("Which one is white?", ["Silver needle"])]


def test_a_key_in_parts_has_names_in_bold_and_reasons_in_lists() -> None:
    note = (
        "# Tea quiz\n\n### Part 1: Leaves\n\n**Question 1**: Which tea is smoked?\n- A) Assam\n- B) Lapsang\n\n"
        "### Part 2: Water\n\n**Question 2**: Say how hot it is.\n\n---\n\n## Answer Key\n\n### Part 1\n\n"
        "**Question 1**: B) Lapsang\n- It is dried over pine.\n\n### Part 2\n\n**Question 2**: 80 degrees.\n"
    )
    (first, second) = parse(note).everything_asked
    assert [choice.right for choice in first.choices] == [False, True]
    assert first.answer == "Lapsang\n\n- It is dried over pine."
    assert (second.prompt, second.answer) == ("Say how hot it is.", "80 degrees.")


def test_what_folds_a_key_goes_with_it() -> None:
    key = "## Answers\n\n<details>\n<summary>Click here</summary>\n\n1. B\n2. A\n\n</details>\n"
    assert right(ASKED + key) == RIGHT
    assert all("details" not in section.body for section in parse(ASKED + key).sections)


def test_a_line_that_leads_to_other_pages_is_no_part_of_the_last_answer() -> None:
    note = (
        f"{ASKED}## Answers\n\n1. B\n2. A\n\n---\n\n**[\u2190 Back to the course](index.md)** | [Next \u2192](b.md)\n"
    )
    assert [answer for _, answer in asked(note)] == ["", ""]


@pytest.mark.parametrize(
    "lines",
    [
        "1 - *What is a leaf?* **Answer:** A part of a tree.\n\n2 - *What is a root?* **Answer:**\n\n"
        "3 - *What is bark?* **Answer:** Skin.\n",
        "1. What is a leaf? **Answer:** A part of a tree.\n2. What is a root? **Answer:**\n"
        "3. What is bark? **Answer:** Skin.\n",
        "1. What is a leaf? Answer: A part of a tree.\n2. What is a root? Answer:\n3. What is bark? A: Skin.\n",
    ],
)
def test_an_answer_by_name_on_the_line_of_its_question_is_the_answer(lines: str) -> None:
    assert asked(f"# Trees quiz\n\n{lines}") == ON_ITS_LINE


def test_a_label_in_code_or_without_a_question_mark_begins_no_answer() -> None:
    note = "# Trees quiz\n\n1. What does `x? A: y` do?\n2. Which word stands before Answer: in a letter?\n"
    assert [answer for _, answer in asked(note)] == ["", ""]


def test_options_in_another_order_are_sorted_by_their_letters() -> None:
    note = (
        "# Tea quiz\n\n1. Which tea is smoked?\n   - b) Assam\n   - c) Sencha\n   - a) Lapsang\n"
        "2. Which one is green?\n   - a) Sencha\n   - b) Assam\n\n## Answers\n\n1. A\n2. A\n"
    )
    assert right(note) == [("Which tea is smoked?", ["Lapsang"]), ("Which one is green?", ["Sencha"])]


@pytest.mark.parametrize(
    ("line", "prompt", "answer"),
    [
        ("**Tea has caffeine.** - True", "Tea has caffeine.", "True"),
        ("Tea grows in the sea. (False)", "Tea grows in the sea.", "False"),
        ("Mint is tea: **False** It is a herb.", "Mint is tea", "False. It is a herb."),
    ],
)
def test_a_statement_with_its_truth_behind_it_is_a_question(line: str, prompt: str, answer: str) -> None:
    assert asked(f"# Tea: True / False\n\n1. {line}\n2. Tea may be cold. - True\n") == [
        (prompt, answer),
        ("Tea may be cold.", "True"),
    ]


def test_settings_are_no_statements() -> None:
    assert asked("# Settings\n\n- the default of this flag is - true\n- `verbose`: false\n") == []
    assert asked("# Quiz settings\n\n- verbose mode: true\n- shuffle: false\n") == []


def test_what_a_printed_exam_has_before_each_explanation_is_left_out() -> None:
    note = (
        "QUESTION 1\nWhich tea is smoked?\n\nA. Assam\nB. Lapsang\n\n"
        "Correct Answer: B\nSection: (none)\nExplanation\n\n"
        "Explanation/Reference:\nOver pine.\n\nQUESTION 2\nWhich one is green?\n\nA. Sencha\nB. Assam\n\n"
        "Correct Answer: A\nSection: (none)\nExplanation\n\nExplanation/Reference:\n"
    )
    assert right(note) == RIGHT
    assert [answer for _, answer in asked(note)] == ["Over pine.", ""]


def test_how_a_forum_voted_is_no_part_of_an_option() -> None:
    note = (
        "## Question #1 *Topic 1*\n\nWhich tea is smoked?\n\n- A. Assam\n- B. Lapsang **Most Voted**\n\n"
        "<details><summary>Hide Solution</summary>\n\n**Correct Answer:** *B*\n\n</details>\n\n"
        "## Question #2 *Topic 1*\n\nWhich one is green?\n\n- A. Sencha\n- B. Assam\n\n"
        "<details><summary>Hide Solution</summary>\n\n**Correct Answer:** *A*\n\n</details>\n"
    )
    assert right(note) == RIGHT


def test_plain_lists_in_folds_and_below_headings_are_options_where_one_is_to_choose() -> None:
    fold = "<details>\n<summary>{}</summary>\n\n- {}\n- {}\n- {}\n\n</details>\n\n"
    note = "# Tea quiz\n\n" + fold.format("Which of these teas is smoked?", "Assam", "Lapsang", "Sencha")
    note += fold.format("Which one of the following is green?", "Assam", "Lapsang", "Sencha")
    note += fold.format("How is tea made?", "Boil water", "Pour it", "Wait")
    choices = [[choice.text for choice in one.choices] for one in parse(note).everything_asked]
    assert choices == [["Assam", "Lapsang", "Sencha"], ["Assam", "Lapsang", "Sencha"], []]
    assert asked(note)[2][1] == "- Boil water\n- Pour it\n- Wait"


def test_names_below_a_question_about_each_of_them_belong_to_it() -> None:
    note = (
        "# Tea questions\n\n1. What does each of the following words mean?\n    + chai\n    + cha\n2. What is mate?\n"
    )
    assert asked(note) == [("What does each of the following words mean?\n\n+ chai\n+ cha", ""), ("What is mate?", "")]


def test_lettered_lines_below_a_sentence_are_parts_of_one_question() -> None:
    note = (
        "# Tea questions\n\n1. What is mate?\n2. A pot holds two litres of tea.\n   a. How many cups is it?\n"
        "   b. How long does it last?\n3. List two teas.\n"
    )
    assert [prompt for prompt, _ in asked(note)] == [
        "What is mate?",
        "A pot holds two litres of tea.\na. How many cups is it?\nb. How long does it last?",
        "List two teas.",
    ]


@pytest.mark.parametrize("name", ["Q.{} ", "Q. {} ", "Q.{}) "])
@pytest.mark.parametrize("answer", ["Ans. ", "Ans- ", "Answer: "])
def test_a_stop_may_stand_behind_the_names(name: str, answer: str) -> None:
    note = (
        f"{name.format(1)}What is mate?\n{answer}A drink.\n\n{name.format(2)}Name two teas.\n{answer}Assam. Sencha.\n"
    )
    assert asked(note) == [("What is mate?", "A drink."), ("Name two teas.", "Assam. Sencha.")]


def test_columns_with_letters_are_options() -> None:
    table = "| Question | A | B | C | Correct |\n|--|--|--|--|--|\n"
    note = f"# Tea\n\n{table}| Which tea is smoked? | Assam | Lapsang | Sencha | B |\n"
    note += "| Which one is green? | Sencha | Assam |  | A |\n"
    assert right(note) == RIGHT
    assert [len(one.choices) for one in parse(note).everything_asked] == [3, 2]


def test_a_table_of_question_and_answer_by_a_letter_has_no_options() -> None:
    assert asked("| Q | A |\n|--|--|\n| What is mate? | A drink. |\n") == [("What is mate?", "A drink.")]
