"""Tasks of exercise files, quotations that ask, and what stands beside them: small notes of our own."""

import pytest

from tests.unit.catalogue.formats.markdown.notes_read import asked, everything, parse, right

TWO = [("What is a cache?", "A copy."), ("What is a queue?", "A line.")]
THREE = [*TWO, ("What is a lock?", "A sign.")]
ANSWERED = {
    "quotations that ask": "# Notes\n\n"
    "> What is a cache?\n\nA copy.\n\n> What is a queue?\n\nA line.\n\n> What is a lock?\n\nA sign.\n",
    "headings in quotations above folded answers": "".join(
        f"> #### {prompt}\n<details>\n<summary>Answer</summary>\n{answer}\n</details>\n\n" for prompt, answer in THREE
    ),
    "quotations with a question mark of their own": "# Notes\n\nText.\n\n"
    + "".join(f"> ? {prompt}\n> {answer}\n\n" for prompt, answer in THREE),
    "first headings that ask": "# What is a cache?\n\nA copy.\n\n# What is a queue?\n\nA line.\n\n"
    "# What is a lock?\n\nA sign.\n",
    "pairs between fences": "```\n"
    + "".join(f"Q{n}) {q}\nANS: {a}\n\n" for n, (q, a) in enumerate(THREE, 1))
    + "```\n",
    "items without a question mark that break off before the answer": "## Chapter 1\n"
    + "".join(f"{n}. {q} \\\n   {a}\n" for n, (q, a) in enumerate(THREE, 1)),
    "a numbered list that headings part": "# Questions\n\n1. What is a cache?\n\n### First\n\nA copy.\n\n"
    "2. What is a queue?\n\nA line.\n\n3. What is a lock?\n\nA sign.\n",
    "arrows in a deck": "#flashcards\n\n"
    + "".join(f"{prompt} ->->-> {answer}\n<!--SR:!2024-02-22,213,228-->\n\n" for prompt, answer in THREE),
}


@pytest.mark.parametrize("way", ANSWERED)
def test_a_way_to_write_questions_with_answers(way: str) -> None:
    answers = [(prompt, answer.replace("### First\n\n", "")) for prompt, answer in asked(ANSWERED[way])]
    assert answers == THREE


class TestTasks:
    def test_headings_called_task_ask_where_most_have_a_solution(self) -> None:
        text = "".join(
            f"# Task {number}: {what}\n\nDo it so.\n\n## Solution\n\n```bash\n{command}\n```\n\n"
            for number, what, command in ((1, "A pod", "run"), (2, "A role", "create"))
        )
        assert asked(text) == [
            ("A pod\n\nDo it so.", "```bash\nrun\n```"),
            ("A role\n\nDo it so.", "```bash\ncreate\n```"),
        ]

    def test_what_stands_below_a_task_without_a_solution_is_no_answer(self) -> None:
        text = "## Tasks\n\nTry them.\n\n### 1: A pod\nTask: run one\n\n### 2: A role\nTask: create one\n"
        assert asked(text) == [("A pod\n\nTask: run one", ""), ("A role\n\nTask: create one", "")]

    def test_the_steps_of_a_plan_are_no_tasks(self) -> None:
        steps = "**Files:**\n- Create: `a.md`\n\n- [x] Write a test\n- [ ] Commit\n\n"
        assert everything(f"# The plan\n\n## Task 1: A page\n\n{steps}## Task 2: A form\n\n{steps}") == []

    def test_a_single_task_with_a_folded_solution_asks(self) -> None:
        text = "# Pods\n\n### Create a pod that sleeps\n\n<details><summary>show</summary>\n\n`run`\n\n</details>\n"
        assert asked(text) == [("Create a pod that sleeps", "`run`")]

    def test_a_scenario_with_a_solution_asks_beside_questions(self) -> None:
        text = (
            "# Git interview questions\n\n### 1. What is a branch?\n\n**Answer:** A name.\n\n"
            "## Exercises\n\n### Scenario 1: The wrong branch\n\n**Solution:** Pick it over.\n\n"
            "### Scenario: Undo it\n\n**Answer:** Reset.\n"
        )
        assert [answer for _, answer in asked(text)] == ["A name.", "Pick it over.", "Reset."]


class TestOptions:
    def test_the_right_options_alone_may_have_boxes(self) -> None:
        text = "### Question 1\n#### What is a cache?\n\n* A line\n* [x] A copy\n* A sign\n"
        assert right(text) == [("What is a cache?", ["A copy"])]

    def test_a_list_of_boxes_is_options_beside_others_that_are(self) -> None:
        boxes = "- [ ] one\n- [x] two\n\n"
        text = f"## Quiz\n\nWhat is a cache?\n{boxes}What is a queue?\n{boxes}Select what a lock is:\n{boxes}"
        assert [prompt for prompt, _ in right(text)] == [
            "What is a cache?",
            "What is a queue?",
            "Select what a lock is:",
        ]

    def test_a_numbered_bold_line_with_options_behind_code_asks(self) -> None:
        text = "# Interview questions\n\n" + "".join(
            f"**{number}. What will be printed**\n\n```js\na\n```\n- A: 1\n- B: 2\n\n"
            "<details><summary><b>Answer</b></summary>\n\n#### Answer: B\n\nSo.\n\n</details>\n\n"
            for number in (1, 2)
        )
        assert [keys for _, keys in right(text)] == [["2"], ["2"]]

    KEYS = ("1. B\n2. A\n", "1-B, 2-A\n", "### Part 1\n1. **B** - so\n\n### Part 2\n2. **A** - so\n")

    @pytest.mark.parametrize("key", KEYS)
    @pytest.mark.parametrize("title", ["Answer key", "R\u00e9ponses", "Respuestas"])
    def test_a_key_may_be_a_line_or_stand_in_parts_and_in_other_languages(self, title: str, key: str) -> None:
        options = "- A) x\n- B) y\n\n"
        asked_two = f"## Part 1\n\n**Question 1:** Cache?\n{options}## Part 2\n\n**Question 2:** Queue?\n{options}"
        assert [keys for _, keys in right(f"# Quiz\n\n{asked_two}## {title}\n\n{key}")] == [["y"], ["x"]]


class TestTyped:
    """Lines of other programs that stand for a question, an option, or nothing."""

    WAYS = (
        "?[What is a cache?]\n-[ ] A line\n-[x] A copy\n\n?[What is a queue?](single)\n-[x] A line\n-[ ] A copy\n",
        "?: What is a cache?\n\n( ) A line\n(X) A copy\n\n?: What is a queue?\n\n(X) A line\n( ) A copy\n",
    )

    @pytest.mark.parametrize("way", WAYS)
    def test_a_question_behind_a_question_mark_and_its_boxes(self, way: str) -> None:
        assert right(way) == [("What is a cache?", ["A copy"]), ("What is a queue?", ["A line"])]

    def test_a_rule_may_part_a_question_by_name_from_its_answer(self) -> None:
        assert asked("".join(f"Q: {prompt}\n\n---\n\nA: {answer}\n\n---\n\n" for prompt, answer in TWO)) == TWO

    def test_an_index_of_the_questions_that_leads_elsewhere_asks_none(self) -> None:
        index = "".join(f"* [Q{n}: {q}](https://e.org/blob/main/a.md#q{n})\n" for n, (q, _) in enumerate(TWO, 1))
        text = "".join(f"### Q{n}: {q} ###\nAnswer:\n\n{a}\n\n" for n, (q, a) in enumerate(TWO, 1))
        assert asked(f"# Interview questions\n\n## Questions\n{index}\n## Questions & answers\n{text}") == TWO

    def test_orders_to_show_something_ask_beside_lists_of_questions(self) -> None:
        lists = "".join(f"## Part {n}\n\n* What is {n}?\n* How does {n} work?\n\n" for n in (1, 2, 3))
        demo = "## Demo\n\n* Unpack a file\n* Remove all of it recursively?\n* Search for a word\n* Kill it\n"
        assert len(everything(f"# Interview questions\n\n{lists}{demo}")) == 10

    def test_a_reference_to_a_part_of_a_paper_is_no_question(self) -> None:
        assert everything("# Past papers\n\n- *2010:* Q.1(i) - registers; Q.1(vii) - states.\n") == []


class TestOneQuestion:
    def test_a_note_may_be_a_question_and_its_answer_below_a_title(self) -> None:
        text = "# A card\n\nAbout it.\n\n## Question\nWhat is a cache?\n\n## Answer (hidden)\n- A copy.\n"
        assert asked(text) == [("What is a cache?", "- A copy.")]

    def test_what_follows_the_answer_on_its_level_asks_nothing(self) -> None:
        text = (
            "## Question\nRebase or merge?\n\n## Answer\nIt depends.\n\n### When to use what\n\n| a | b |\n|---|---|\n"
        )
        assert [prompt for prompt, _ in asked(text)] == ["Rebase or merge?"]

    def test_answers_for_several_readers_are_one(self) -> None:
        text = "# Day 1\n\n### Question\nWhat is it?\n\n### Beginner Answer\nOne.\n\n### Advanced Answer\nTwo.\n"
        assert asked(text) == [("What is it?", "One.\n\nTwo.")]

    def test_deeper_headings_go_on_with_the_answer_of_a_question_that_is_all_of_its_section(self) -> None:
        text = "".join(
            f"## {number}. Topic\n\n**Question:** What is it?\n**Correct Answer: B. x**\n\n### Why\n\nSo {number}.\n\n"
            for number in (1, 2)
        )
        assert [answer.endswith(f"So {number}.") for number, (_, answer) in enumerate(asked(text), 1)] == [True, True]
        assert not any(section.teaches for section in parse(text).sections)


NOTHING = {
    "an exam's format": "# Exam guide\n\n## Exam version information\n\n### Which one to take?\n\nThe new one.\n",
    "two parts of a lesson": "# Day 3\n\n## Basics\n\n### What is it?\n\nText.\n\n### Why it?\n\nText.\n\n## More\n",
    "commands of another program": "- {{cards [[Java]] }}\n- plain\n",
    "what a bullet says with a helping verb": "# Questions\n\n- Can rollback\n- Is slow\n",
}


def test_headings_in_a_table_of_contents_ask_nothing() -> None:
    entries = "### 1. Copies\n1.1. [What is a cache?](#11)\n\n### 2. Lines\n2.1. [What is a queue?](#21)\n\n"
    index = f"## Table of contents\n\n{entries}"
    text = (
        "## 1. Copies\n\n### 1.1. What is a cache?\n\nA copy.\n\n## 2. Lines\n\n### 2.1. What is a queue?\n\nA line.\n"
    )
    assert asked(f"# Interview questions\n\n{index}{text}") == TWO


class TestWhole:
    def test_a_bold_line_in_a_folded_question_is_a_part_of_its_answer(self) -> None:
        text = "# Questions\n\n" + "".join(
            f"<details>\n<summary>{n}. {prompt}</summary>\n{answer}\n\n**Why it matters:**\n- So {n}.\n</details>\n\n"
            for n, (prompt, answer) in enumerate(TWO, 1)
        )
        assert [answer for _, answer in asked(text)] == [
            "A copy.\n\n**Why it matters:**\n\n- So 1.",
            "A line.\n\n**Why it matters:**\n\n- So 2.",
        ]
        assert not any(section.teaches for section in parse(text).sections)

    def test_what_only_names_the_questions_below_teaches_nothing(self) -> None:
        lists = "".join(f"{name} questions:\n\n1. **What is {name}?**\n   - It is so.\n\n" for name in ("Git", "SQL"))
        assert not any(section.teaches for section in parse(f"# Interview questions\n\n# Tools\n\n{lists}").sections)

    def test_a_deeper_question_by_name_asks_below_the_answer_of_another(self) -> None:
        text = "# Questions\n\n## Q. What is a cache?\n\nA copy.\n\n#### Q. What is a queue?\n#### Q. What is a lock?\n"
        assert [prompt for prompt, _ in asked(text)] == ["What is a cache?", "What is a queue?", "What is a lock?"]


class TestWhatAsksNothing:
    @pytest.mark.parametrize("what", NOTHING)
    def test_it(self, what: str) -> None:
        assert everything(NOTHING[what]) == []

    def test_a_title_may_promise_a_text_and_questions_of_which_a_heading_says_where_they_are(self) -> None:
        text = (
            "# Layers: overview, and interview questions\n\n## What is the model?\n\nText.\n\n"
            "## The layers\n\nText.\n\n"
            "## Interview questions\n\n### What is a cache?\n\nA copy.\n\n### What is a queue?\n\nA line.\n"
        )
        assert asked(text) == TWO
        assert [section.title for section in parse(text).sections if section.teaches] == [
            "What is the model?",
            "The layers",
        ]

    def test_first_headings_that_are_counted_are_sections(self) -> None:
        assert [one.title for one in parse("# 1 Loops\n\nText.\n\n# 2 Sums\n\nText.\n").sections] == [
            "1 Loops",
            "2 Sums",
        ]
