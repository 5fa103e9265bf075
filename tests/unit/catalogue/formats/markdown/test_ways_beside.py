"""Questions in other ways than those around them, and ways in which questions are left without a word. Small notes."""

import pytest

from tests.unit.catalogue.formats.markdown.notes_read import asked, parse


def told(text: str) -> list[int]:
    return [warning.line for warning in parse(text).warnings]


TWO = [("What is a cache?", "A copy."), ("What is a queue?", "A line.")]
WAYS = {
    "a table with a column of answers beside another name": "| Task | Answer |\n|---|---|\n"
    "| What is a cache? | A copy. |\n| What is a queue? | A line. |\n",
    "a table in HTML": "<table>\n <tr>\n  <th>Question</th>\n  <th><b>Answer</b></th>\n </tr>\n <tr>\n"
    "  <td>What is a cache?</td>\n  <td>A copy.</td>\n </tr>\n <tr><td>What is a queue?</td><td>A line.</td></tr>\n"
    "</table>\n",
    "tasks with their answers folded": "# Quiz\n\n- [ ] **1. What is a cache?**\n  <details><summary>Answer</summary>\n"
    "  A copy.\n  </details>\n- [ ] **2. What is a queue?**\n  <details><summary>Answer</summary>\n  A line.\n"
    "  </details>\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_write_questions_with_answers(way: str) -> None:
    assert asked(WAYS[way]) == TWO


def test_questions_in_three_ways_below_one_heading_are_three() -> None:
    text = "# T\n\n## Questions\n\n**What is a cache?**\n\nA copy.\n\nWhat is a queue?\n\nA line.\n\n"
    text += "1. What is a pipe?\n\nA tube.\n"
    assert asked(text) == [*TWO, ("What is a pipe?", "A tube.")]


def test_a_line_that_asks_within_many_bold_questions_stays_in_its_answer() -> None:
    rest = "".join(f"**What is number {n}?**\n\nText.\n\n" for n in range(4))
    text = f"# Questions\n\n**What is a cache?**\n\nA copy.\n\nWhy is it so fast?\n\nIt is near.\n\n{rest}"
    assert asked(text)[0] == ("What is a cache?", "A copy.\n\nWhy is it so fast?\n\nIt is near.")


def test_a_number_that_counts_on_is_the_next_question() -> None:
    text = "**Q1. What is a cache?**\n\nA copy.\n\n2) What is a queue?\n\nA line.\n\nQ3 What is a pipe?\n\nA tube.\n"
    assert asked(text) == [*TWO, ("What is a pipe?", "A tube.")]


def test_a_number_before_folded_questions_that_count_on_asks() -> None:
    folded = "".join(f"<details><summary>{n}. What is number {n}?</summary>Text.</details>\n\n" for n in (2, 3))
    assert asked(f"Words.\n\n1. What is a cache?\n\n{folded}")[0] == ("What is a cache?", "")


def test_options_behind_an_answer_by_name_are_those_of_the_line_above_them() -> None:
    text = "Q: What is a cache?\nA: A copy.\n\nChoose what is a line:\n\n- [x] a queue\n- [ ] a cache\n"
    first, second = parse(text).everything_asked
    assert (first.answer, first.choices) == ("A copy.", ())
    assert (second.prompt, [one.right for one in second.choices]) == ("Choose what is a line:", [True, False])


PAIRS = "Q: What is a cache?\nA: A copy.\n\nQ: What is a queue?\nA: A line.\n\n"
LEFT = {
    "a quotation": (f"{PAIRS}## More\n\n> What is a pipe?\n\nA tube.\n", 9),
    "a line": (f"{PAIRS}## More\n\nWhat is a pipe?\n\nA tube.\n", 9),
    "a quotation in an answer": (f"{PAIRS}> What is a pipe?\n\nA tube.\n", 7),
    "options": (f"{PAIRS}## More\n\nTubes and others\n\n- [x] a pipe\n- [ ] a cache\n", 9),
}


@pytest.mark.parametrize("way", LEFT)
def test_what_looks_like_a_question_and_is_text_is_told_with_its_line(way: str) -> None:
    text, line = LEFT[way]
    assert [prompt for prompt, _ in asked(text)] == [prompt for prompt, _ in TWO]
    assert told(text) == [line]


@pytest.mark.parametrize(("text", "line"), [("# Docker quiz\n\nText.\n", 1), ("# T\n\n#### Task\n\nDo it.\n", 3)])
def test_a_note_that_says_that_it_asks_and_asks_nothing_is_told(text: str, line: int) -> None:
    assert told(text) == [line]


def test_a_key_in_a_table_asks_nothing() -> None:
    assert asked("# Quiz\n\n| Q | Answer |\n|---|---|\n| 1 | B |\n| 2 | A |\n") == []


def test_terms_in_a_table_below_flashcards_are_cards() -> None:
    table = "\n\n| Term | Definition |\n|---|---|\n| cache | A copy. |\n"
    assert asked(f"# T\n\n## Flashcards{table}") == [("cache", "A copy.")]
    assert asked(f"# T\n\n## Terms{table}") == []


def test_gaps_to_fill_in_summaries_and_numbered_items_ask() -> None:
    text = "<details>\n\t<summary>\n\t\tA copy is a _____\n\t</summary>\n\t\tcache\n</details>\n\n" * 2
    assert asked(text) == [("A copy is a _____", "cache")] * 2
    listed = "1. What is a cache?\n2. What is a queue?\n3. A tube is a        (one word)\n"
    assert [prompt for prompt, _ in asked(listed)][2] == "A tube is a        (one word)"


def test_numbers_that_begin_anew_below_a_question_are_its_options() -> None:
    options = "  1. cache\n  2. queue\n  3. pipe\n"
    text = f"#Test 1\n1. Which of the following is a copy?\n{options}2. Which of the following is a line?\n{options}"
    note = parse(f"{text}\n##More\n\n3. What is a pipe for?\n")
    assert (note.title, [section.title for section in note.sections]) == ("Test 1", ["", "More"])
    assert [[choice.text for choice in one.choices] for one in note.questions] == [["cache", "queue", "pipe"]] * 2 + [
        []
    ]


def test_numbered_titles_of_scenarios_ask_and_those_of_a_text_do_not() -> None:
    body = "".join(f"## {n}. Trouble number {n}\n\nRestart it.\n\n" for n in range(1, 6))
    assert len(asked(f"# Docker - scenario-based questions\n\n{body}")) == 5
    assert asked(f"# Docker in five steps\n\n{body}") == []


def test_numbered_lines_with_an_empty_answer_by_name_are_drafts_whatever_their_words() -> None:
    lines = ["**1. What is a cache?**", "**2. Explain queues.**", "**3. Pipe vs file.**", "**4. What is a file?**"]
    text = "# T\n\n" + "".join(f"{line}\n\nAnswer:\n\n\n" for line in lines)
    assert asked(text) == [(line.strip("*")[3:], "") for line in lines]


NAMED = {
    "the question on the line below its name": "# T\n\nQuestion:\nWhat is a cache?\n\nAnswer:\nA copy.\n\n"
    "Question:\nWhat is a queue?\n\nAnswer:\nA line.\n",
    "below a bold name": "# T\n\n**Question:**  \nWhat is a cache?\n\n**Answer:**  \nA copy.\n\n**Question:**  \n"
    "What is a queue?\n\n**Answer:**  \nA line.\n",
    "all in one paragraph": "Here they are:\nWhat is a cache?\nAnswer: A copy.\nWhat is a queue?\nAnswer: A line.\n",
}


@pytest.mark.parametrize("way", NAMED)
def test_a_way_to_name_questions_and_answers(way: str) -> None:
    assert [(prompt.removeprefix("Here they are:\n"), answer) for prompt, answer in asked(NAMED[way])] == TWO


def test_a_cross_apart_behind_an_option_says_that_it_is_right() -> None:
    text = "1. What is a copy?\nA) a cache        x\nB) a queue\n\n2. What is a line?\nA) a cache\nB) a queue     x\n"
    rights = [[(one.text, one.right) for one in question.choices] for question in parse(text).questions]
    assert rights == [[("a cache", True), ("a queue", False)], [("a cache", False), ("a queue", True)]]


CARDS = {
    "of the plugin for Anki in comments": "%%ANKI\nBasic\nWhat is a cache?\nBack: A copy.\n<!--ID: 17072-->\nEND%%\n\n"
    "%%ANKI\nBasic\nWhat is a queue?\nBack: A line.\nEND%%\n",
    "of that plugin in folded callouts": "TARGET DECK: Net\n\n"
    + "".join(
        f"> [!tip]- Card\n> %%\n> TARGET DECK: Net\n> START\n> Basic\n> Front: {front}\n> Back: {back}\n> END\n> %%\n\n"
        for front, back in TWO
    ),
    "with a tag behind the line": "What is a cache? #flashcard\nA copy.\n\nWhat is a queue? #flashcard\nA line.\n",
}


@pytest.mark.parametrize("way", CARDS)
def test_a_way_to_write_cards(way: str) -> None:
    assert asked(CARDS[way]) == TWO
    assert "TARGET" not in "".join(section.body for section in parse(CARDS[way]).sections)


def test_a_tagged_card_goes_on_to_the_blank_line() -> None:
    text = "What is a cache? #flashcard\nTwo things:\n- a copy\n- near\n\nMore.\n"
    assert asked(text) == [("What is a cache?", "Two things:\n- a copy\n- near")]


def test_code_right_above_a_question_mark_is_the_front_of_a_card() -> None:
    assert asked("# T\n\n#flashcards/net\n```sh\nip a\n```\n?\nIt lists addresses.\n") == [
        ("```sh\nip a\n```", "It lists addresses.")
    ]


def test_the_title_asks_where_the_next_heading_is_called_answer() -> None:
    assert asked("# What is a cache?\n\n```sh\nls\n```\n\n## Answer\n\nA copy.\n") == [
        ("What is a cache?\n\n```sh\nls\n```", "A copy.")
    ]
    assert asked("# What is a cache?\n\nA copy.\n\n## Use\n\nMuch.\n") == []


def test_exercises_without_solutions_ask_in_a_note_of_exercises_and_are_told_in_others() -> None:
    body = "## Exercise 1:\n\nWrite a script.\n\nHint:\n\nBegin it.\n\n## Exercise 2:\n\nRun the script.\n"
    assert [prompt for prompt, _ in asked(f"# Bash exercises\n\n{body}")] == [
        "Write a script.\n\nHint:\n\nBegin it.",
        "Run the script.",
    ]
    assert (asked(f"# Bash\n\n{body}"), told(f"# Bash\n\n{body}")) == ([], [3])
