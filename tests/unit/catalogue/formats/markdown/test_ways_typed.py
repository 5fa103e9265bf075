"""Lines as people type and paste them, and what stands right above options: small notes of our own."""

import pytest

from tests.unit.catalogue.formats.markdown.notes_read import asked, everything, parse, right

TWO = [("What is a cache?", "A copy."), ("What is a queue?", "A line.")]
WAYS = {
    "in Spanish": "**Pregunta 1:** What is a cache?\n**Respuesta:** A copy.\n\n"
    "**Pregunta 2:** What is a queue?\n**Respuesta correcta:** A line.\n",
    "headings in Spanish with the answer expected": "# Preguntas de entrevista\n\n### 1. What is a cache?\n\n"
    "**Respuesta esperada:**\n\nA copy.\n\n### 2. What is a queue?\n\n**Respuesta esperada:**\n\nA line.\n",
    "what a chat says round a note between fences": "Here are the questions you asked for:\n\n```markdown\n# Caches\n\n"
    "### Q1: What is a cache?\n\n**Answer:** A copy.\n\n### Q2: What is a queue?\n\n**Answer:** A line.\n```\n\n"
    "Let me know if you want more.\n",
    "a column that is called by two names": "| Question / term | Answer |\n|---|---|\n"
    "| What is a cache? | A copy. |\n| What is a queue? | A line. |\n",
    "cards between rules at the very top": "---\nQ: What is a cache?\nA: A copy.\n---\nQ: What is a queue?\n"
    "A: A line.\n",
    "lists in HTML": "# Quiz\n\n<ol>\n  <li>What is a cache?\n    <details><summary>Answer</summary>A copy.</details>\n"
    "  <li>What is a queue?\n    <details><summary>Answer</summary>A line.</details>\n</ol>\n",
    "folded answers right below items": "# Quiz\n\n1. What is a cache?\n    <details><summary>Answer</summary>A copy."
    "</details>\n2. What is a queue?\n    <details><summary>Answer</summary>A line.</details>\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_write_questions_with_answers(way: str) -> None:
    assert asked(WAYS[way]) == TWO


COPY_AND_LINE = [("What is a cache?", ["A copy"]), ("What is a queue?", ["A line"])]
CHOICES = {
    "an option in bold below a line that asks": "What is a cache?\n\n**A. A copy**\n\n"
    "B. A line\n\nWhat is a queue?\n\nA. A copy\n\n**B. A line**\n",
    "a remark below each option, and numbers alone on their line": "1.\nWhat is a cache?\n\n**A. A copy**\n"
    "_Correct._\n\n"
    "B. A line\n_Incorrect._\n\n2.\nWhat is a queue?\n\nA. A copy\n_Incorrect._\n\n**B. A line**\n_Correct._\n",
    "headings in HTML for options": "# Quiz\n\n### 1. What is a cache?\n\n<h3>a. A copy <b>(Correct)</b></h3>\n"
    "<h3>b. A line</h3>\n\n### 2. What is a queue?\n\n<h3>a. A copy</h3>\n<h3>b. A line <b>(Correct)</b></h3>\n",
    "lists in HTML with letters": '# Quiz\n\n<ol>\n<li>What is a cache?\n<ol type="a">\n<li>A copy\n<li>A line\n</ol>\n'
    "<details>\n<summary>Answer</summary>\nA. As it is.\n</details>\n"
    '<li>What is a queue?\n<ol type="a">\n<li>A copy\n<li>A line\n</ol>\n'
    "<details>\n<summary>Answer</summary>\nB. As it is.\n</details>\n</ol>\n",
    "FlashQuiz": "@mc 1) What is a cache?\na) A copy\nb) A line\n= a\n\n@mc 2) What is a queue?\na) A copy\n"
    "b) A line\n= b\n",
    "a key that lists all letters": "__Practice Question__\n\nWhat is a cache?\n\nA. A copy\nB. A line\n\n"
    "__Suggested Answers__\n\n- A - Correct\n- B\n\n__Practice Question__\n\nWhat is a queue?\n\nA. A copy\n"
    "B. A line\n\n"
    "__Suggested Answers__\n\n- A\n- B - Correct\n",
    "the words of the answer, folded": "# Quiz\n\n1. What is a cache?\n    - A copy\n    - A line\n"
    "    <details><summary>Answer</summary>A copy</details>\n2. What is a queue?\n    - A copy\n    - A line\n"
    "    <details><summary>Answer</summary>A line</details>\n",
}


@pytest.mark.parametrize("way", CHOICES)
def test_a_way_to_write_options(way: str) -> None:
    assert right(CHOICES[way]) == COPY_AND_LINE


def test_lines_with_a_number_and_no_stop_ask_above_plain_lists_with_a_bold_item() -> None:
    one = "{} A {} is:\n1. A tree\n2. **_{}_**\n\n---\n\n"
    text = one.format(1, "cache", "A copy") + one.format(2, "queue", "A line") + one.format(3, "pipe", "A way")
    assert right(text) == [("A cache is:", ["A copy"]), ("A queue is:", ["A line"]), ("A pipe is:", ["A way"])]


def test_in_a_note_of_multiple_choice_plain_lists_are_options_and_no_answers() -> None:
    one = "## Question {}\n\nWhich of these is a {}?\n\n1. A copy.\n2. A line.\n\n"
    text = "# Caches - multiple choice questions\n\n" + one.format(1, "cache") + one.format(2, "queue")
    assert [(len(each.choices), each.answered) for each in everything(text)] == [(2, False), (2, False)]


def test_options_may_stand_behind_their_name_on_one_line_or_be_boxes_without_bullets() -> None:
    listed = "- Question: What is a cache?\n  - Choices: a copy; a line; a tree\n"
    boxes = "### 1.\n\nQuestion 1\n\nWhat is a cache?\n\n[ ]a copy\n\n[ ]a line\n\n[ ]a tree\n\n1 point\n"
    for text in (listed, boxes):
        (one,) = everything(text)
        assert [choice.text for choice in one.choices] == ["a copy", "a line", "a tree"]
        assert not one.answered  # "1 point" is no key


def test_an_answer_may_name_several_options_or_begin_one() -> None:
    text = "# Quiz\n\n1. Which are caches?\n   - copies\n   - lines\n   - mirrors\n\n   **Answer:** copies, mirrors\n\n"
    more = "2. How many bits has a byte?\n   - 8 bits\n   - 16 bits\n\n   **Answer:** 8\n"
    assert right(text + more) == [
        ("Which are caches?", ["copies", "mirrors"]),
        ("How many bits has a byte?", ["8 bits"]),
    ]


def test_many_blanks_behind_a_number_make_no_code() -> None:
    text = "# SQL interview questions\n\n1.      What is a key?\n\n2.      Write a query that counts rows.\n"
    assert asked(text) == [("What is a key?", ""), ("Write a query that counts rows.", "")]


def test_a_query_is_asked_for_in_any_note_and_an_empty_fence_is_no_answer() -> None:
    one = "- Write a SQL query to find {}.\n    ```\n    {}\n    ```\n"
    text = one.format("all rows", "select 1") + one.format("no rows", "") + one.format("one row", "select 2")
    assert [bool(answer) for _, answer in asked(text)] == [True, False, True]
    assert not asked("- Write a letter to the owner\n- Write down the port\n- Write to the log\n")


def test_a_title_stands_above_its_questions_without_a_blank_line() -> None:
    tabs = "Basics\n\tWhat is a cache?\n\tWhat is a queue?\n____\nMore\n\tWhat is a tree?\n\tWhat is a graph?\n"
    assert [one.prompt[10:] for one in everything(tabs)] == ["cache?", "queue?", "tree?", "graph?"]
    assert not any(one.answered for one in everything(tabs))
    words = "  common:\n    What is a cache?\n    Explain queues.\n    Give an example of each.\n"
    assert [one.prompt for one in everything(words)] == [
        "What is a cache?",
        "Explain queues.",
        "Give an example of each.",
    ]


def test_an_item_asks_that_is_a_title_with_a_scenario_below_it() -> None:
    one = "{}. {} :-\n\u2022 Say it happens. How do you find out why?\n\n"
    text = "1.Lost packets :-\n\u2022 Say it happens. How do you find out why?\n\n" + one.format(2, "Late packets")
    assert [line.split(" :-")[0] for line, _ in asked(text + one.format(3, "Wrong packets"))] == [
        "Lost packets",
        "Late packets",
        "Wrong packets",
    ]


def test_a_question_whose_number_is_missing_between_headings_is_one_of_them() -> None:
    text = (
        "Interview questions\n---\n1.Who are you?\n\n# 2.What is a cache?\nA copy.\n\n# 3.What is a queue?\nA line.\n"
    )
    assert asked(text) == [("Who are you?", ""), *TWO]


def test_letters_below_titles_that_ask_nothing_are_an_outline() -> None:
    text = (
        "1) Users\n   a) Their number\n   b) Their roles\n2) Data\n   a) Its size\n   b) Its shape\n3) Time\n"
        "   a) Now\n   b) Then\n"
    )
    assert not everything(text)


def test_one_question_and_its_answer_may_be_the_note_with_steps_below_the_answer() -> None:
    text = (
        "### Question\nWhy does it end?\n\n### Answer\nSee the log.\n\n#### 1. The log\n\n- Is it full?\n"
        "- Is it there?\n"
    )
    (one,) = everything(text)
    assert one.prompt == "Why does it end?"
    assert "Is it full?" in one.answer


def test_headings_below_a_title_that_asks_are_questions_if_all_are_numbered_and_half_ask() -> None:
    text = "# Cache interview questions\n\n### 1. What is a cache?\nA copy.\n\n### 2. Write-through\nBoth at once.\n"
    assert [prompt for prompt, _ in asked(text)] == ["What is a cache?", "Write-through"]


def test_sections_are_lines_in_bold_italics_and_no_remarks_on_the_questions() -> None:
    text = "***Caches***\n- A copy\n\n***Queues***\n- A line\n"
    assert [one.title for one in parse(text).sections if one.teaches] == ["Caches", "Queues"]
    text = (
        "# Caches\n\n- **Easy (1-2)**\n- **Hard (3)**\n\n## What is a cache?\n\nA copy.\n\n"
        "## What is a queue?\n\nA line.\n"
    )
    assert not any(one.teaches for one in parse(text).sections)
    text = (
        "# Cache questions\n## Prepared for talks\n\nWhat to say.\n\n# Part 1\n\n## 1. What is a cache?\n\n"
        "A copy.\n\n# Part 2\n\n"
    )
    assert not any(one.teaches for one in parse(f"{text}## 2. What is a queue?\n\nA line.\n").sections)


def test_numbered_lines_that_all_ask_are_questions_however_short_they_are() -> None:
    text = "Cache guide\n1. What is a cache?\nA copy.\n2. Queue?\nA line.\n3. Tree?\nA graph.\n"
    assert asked(text) == [*TWO[:1], ("Queue?", "A line."), ("Tree?", "A graph.")]


def test_points_that_are_called_what_and_how_are_a_part_of_the_answer() -> None:
    text = "# Cache questions\n\nQ1. What is a cache?\n- What: a copy.\n- How: by a key.\n\nQ2. Why?\n- What: speed.\n"
    assert [prompt for prompt, _ in asked(text)] == ["What is a cache?", "Why?"]


def test_letters_below_questions_are_answers_where_most_stand_alone() -> None:
    one = "{}. What is a {}?\n\n    a.  {}\n\n"
    text = one.format(1, "cache", "A copy.") + one.format(2, "queue", "A line.") + one.format(3, "tree", "A graph.")
    more = "4. What is good?\n\n    a.  It is fast.\n\n    b.  It is small.\n"
    assert [(bool(each.answer), each.choices) for each in everything(text + more)] == [(True, ())] * 4


def test_items_that_ask_below_a_bold_number_belong_to_its_question() -> None:
    one = "**{}.** How many hosts are there?\n\n"
    text = "**1.** There is a network.\n\n- How many hosts has it?\n- Which is the first?\n\n"
    found = everything(text + one.format(2) + one.format(3))
    assert [each.answered for each in found] == [False] * 3
    assert "Which is the first?" in found[0].prompt


def test_a_list_of_what_each_question_has_asks_nothing() -> None:
    text = "# Bank\n\nEach question includes:\n\n- **Question**: a clear one\n- **Answer**: a whole one\n\nText.\n"
    assert not everything(text)


def test_tasks_with_a_folded_answer_ask_wherever_they_stand() -> None:
    fold = "\n\n    <details><summary>Answer</summary>\n\n    It is.\n\n    </details>\n\n"
    links = "- [One](a.md)\n- [Two](b.md)\n- [Three](c.md)\n"
    text = f"# Core\n\n{links}\n## More\n\n1. Make a cache.{fold}2. What is it?{fold}"
    assert asked(text) == [("Make a cache.", "It is."), ("What is it?", "It is.")]


def test_a_remark_behind_a_heading_in_html_belongs_to_it_and_an_imperative_among_lines_that_ask_asks() -> None:
    text = "<h3>1. <b>Q: </b> Which are caches? </h3> (Choose two)\n<b>A: </b>copies\n"
    assert asked(text)[0][0] == "Which are caches? (Choose two)"
    lines = "1\ufe0f\u20e3 What is a cache?\n\n2\ufe0f\u20e3 What is a queue?\n\n3\ufe0f\u20e3 What is a tree?\n\n"
    assert len(asked(f"{lines}4\ufe0f\u20e3 Explain how a graph is kept.\n")) == 4


def test_a_table_whose_only_column_is_called_question_asks_without_answers() -> None:
    text = "# Cache notes\n\n| Number | Question |\n|---|---|\n| 1 | What is a cache? |\n| 2 | Uses of queues |\n"
    assert asked(text) == [("What is a cache?", ""), ("Uses of queues", "")]
    steps = "# Caches\n\n| No | Question |\n|---|---|\n| 1 | [Cache](a.md) |\n| 2 | [Queue](b.md) |\n"
    assert not everything(steps)


def test_figures_of_a_bank_ask_nothing_and_its_description_teaches_nothing() -> None:
    head = "# Practice test: caches\n\n## Test information\n\n- **Duration**: 9 minutes\n- **Questions**: 25\n\n"
    text = f"{head}## Question 1\nWhat is a cache?\n\nA) A copy\nB) A line\n\n**Answer: A**\n"
    assert right(text) == [("What is a cache?", ["A copy"])]
    assert not any(one.teaches for one in parse(text).sections)


def test_sections_may_be_written_as_headings_alone() -> None:
    long = "### A cache keeps a copy of what is asked for often, so that the next one waits less.\n"
    text = f"## Cache\n{long}{long}\n## Queue\n{long}{long}\n## Links\n### [One](a.md)\n### [Two](b.md)\n"
    assert [one.title for one in parse(text).sections if one.teaches] == ["Cache", "Queue"]


def test_an_imperative_stands_among_lines_nearly_all_of_which_ask() -> None:
    text = "What is a cache?\n\nWhat is a queue?\n\nWhat is a tree?\n\nExplain a graph that you know.\n"
    assert len(everything(text)) == 4


def test_scenarios_are_questions_up_to_the_line_that_asks() -> None:
    one = "## Scenario {}: {}\n\nSomething has happened.\n\n\U0001f449 What do you look at first?\n\n"
    text = one.format(1, "Late packets") + "The counters.\n\n" + one.format(2, "Lost packets")
    (first, second) = everything(text)
    assert first.prompt.split("\n\n")[:2] == ["Late packets", "Something has happened."]
    assert (first.answer, second.answered) == ("The counters.", False)
    assert not everything("## Scenario 1: a web shop\n\nIt sells.\n\n## Scenario 2: a bank\n\nIt keeps.\n")


def test_a_scenario_that_asks_and_its_solution_are_fields_of_a_question() -> None:
    one = "## {}. {}\n\n### **Scenario:**\nIt is {}. What do you do?\n\n### **Solution approach:**\n\nLook at it.\n\n"
    text = "# Advice\n\n" + one.format(1, "Disks", "full") + one.format(2, "Networks", "slow")
    assert ["Look at it." in each.answer for each in everything(text)] == [True, True]
    manual = text.replace("What do you do?", "It happens.")
    assert not everything(manual)


def test_answers_have_further_names_and_questions_a_hash_before_their_number() -> None:
    options = "- A. True\n- B. False\n\n<details><summary>Check answer</summary>\n\n"
    text = f"## Question #: 01\n\n**A cache is a copy.**\n\n{options}"
    assert right(f"{text}### Correct answer: A. True\n\n</details>\n") == [("A cache is a copy.", ["True"])]
    live = "# Cache guide\n\n## 1. What is a cache?\n\n### Real-time answer:\nA copy.\n\n## 2. What is a queue?\n\n"
    assert asked(f"{live}### Real-time answer:\nA line.\n") == TWO
    named = '**Interview Question:** *"What is a cache?"*\n\nA copy.\n\n**Answer flow:**\n\n1. Identify it\n2. Look\n'
    assert len(everything(f"# Interview questions\n\n{named}")) == 1


def test_nearly_all_lines_below_a_title_ask() -> None:
    ask = "".join(f"A queue is {word}: what do you do?\n" for word in ("full", "slow", "lost", "late", "gone"))
    assert len(everything(f"QUEUES (ADVANCED)\n{ask}A queue is empty, explain why.\n")) == 6
