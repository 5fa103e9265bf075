"""The ways in which people write questions: each row is a small note, and what is asked in it."""

import pytest

from tests.unit.catalogue.formats.markdown.notes_read import parse


def asked(text: str) -> list[tuple[str, str]]:
    return [(question.prompt, question.answer) for question in parse(text).questions]


def right(text: str) -> list[tuple[str, list[str], list[str]]]:
    """The questions with their options, and which of them are right."""
    return [
        (one.prompt, [choice.text for choice in one.choices], [choice.text for choice in one.choices if choice.right])
        for one in parse(text).questions
    ]


TWO = [("What is a cache?", "A copy."), ("What is a queue?", "A line.")]
WAYS = {
    "pairs": "# T\n\nQ: What is a cache?\nA: A copy.\n\nQ: What is a queue?\nA: A line.\n",
    "pairs without a blank line": "Q: What is a cache?\nA: A copy.\nQ: What is a queue?\nA: A line.\n",
    "bold pairs": "**Q:** What is a cache?\n**A:** A copy.\n\n**Q:** What is a queue?\n\n**A:** A line.\n",
    "numbered names": "Q1. What is a cache?\nAns: A copy.\n\nQ2) What is a queue?\nA2) A line.\n",
    "names with full stops": "**Q1.** What is a cache?\n**A.** A copy.\n\n**Q2.** What is a queue?\n**A.** A line.\n",
    "names with full stops in a list": "- **Q1.** What is a cache?\n- **A.** A copy.\n- **Q2.** What is a queue?\n"
    "  - **A2.** A line.\n",
    "words": "Question: What is a cache?\nAnswer: A copy.\n\nQuestion: What is a queue?\nAnswer: A line.\n",
    "words with numbers": "**Question 1:** What is a cache?  \n**Answer:** A copy.\n\n"
    "**Question 2:** What is a queue?  \n**Answer:** A line.\n",
    "shouted": "QUESTION 1 :- What is a cache?\nANSWER :- A copy.\n\nQUESTION 2 :- What is a queue?\n"
    "ANSWER :- A line.\n",
    "bold in a list": "## Interview\n1. **Q: What is a cache?**\n    * *A:* A copy.\n"
    "2. **Q: What is a queue?**\n    * *A:* A line.\n",
    "bold in a list, nested by two": "1. **Q: What is a cache?**\n  * *A:* A copy.\n2. **Q: What is a queue?**\n"
    "  * *A:* A line.\n",
    "bold name in a list": "1. **Q:** What is a cache?\n   **A:** A copy.\n\n2. **Q:** What is a queue?\n"
    "   **A:** A line.\n",
    "named headings": "### Q1: What is a cache?\n\nA copy.\n\n### Q2: What is a queue?\n\n**A:** A line.\n",
    "numbered headings": "# Cache Questions\n\n### 1. What is a cache?\n**Answer:**\nA copy.\n\n---\n\n"
    "### 2. What is a queue?\n**Answer:**\nA line.\n",
    "headings with a name alone": "## Q. ***What is a cache?***\n\nA copy.\n\n## Q. ***What is a queue?***\n\n"
    "A line.\n",
    "headings with signs": "# Interview Questions\n\n## \U0001f539 1. What is a cache?\n\nA copy.\n\n"
    "## \U0001f539 2. What is a queue?\n\nA line.\n",
    "answers under headings": "# Quiz\n\n### What is a cache?\n\n#### Answer\n\nA copy.\n\n### What is a queue?\n\n"
    "#### Answer\n\nA line.\n",
    "headings in a list": "# Interview Questions\n\n1. ### What is a cache?\n\n    A copy.\n\n"
    "2. ### What is a queue?\n\n    A line.\n",
    "bold lines": "## Interview Questions\n\n**What is a cache?**\n\nA copy.\n\n**What is a queue?**\nA line.\n",
    "bold lines with numbers": "## Interview Questions\n\n**1. What is a cache?**\n\nA copy.\n\n"
    "**2. What is a queue?** \U0001f7e2\n\nA line.\n",
    "details": "<details>\n<summary>What is a cache?</summary>\n\nA copy.\n\n</details>\n\n<details>\n"
    "<summary><b>What is a queue?</b></summary><br>\nA line.\n</details>\n",
    "details on one line": "<details><summary>1. What is a cache?</summary>A copy.</details>\n"
    "<details><summary>2. What is a queue?</summary><p>A line.</p></details>\n",
    "details below headings": "# Quiz\n\n### What is a cache?\n\n<details>\n<summary>Show answer</summary>\n\n"
    "A copy.\n\n"
    "</details>\n\n### What is a queue?\n\n<details><summary></summary>\nA line.\n</details>\n",
    "a list with answers": "## Interview Questions\n\n1. What is a cache?\n    - A copy.\n2. What is a queue?\n"
    "    - A line.\n",
    "a list with bold questions": "## Interview Questions\n\n1. **What is a cache?**\n   A copy.\n"
    "2. **What is a queue?**\n   A line.\n",
    "a table": "| # | Question | Answer |\n|---|---|---|\n| 1 | What is a cache? | A copy. |\n"
    "| 2 | What is a queue? | A line. |\n",
    "two colons": "What is a cache? :: A copy.\n\n- What is a queue? :: A line.\n",
    "a question mark between": "What is a cache?\n?\nA copy.\n\nWhat is a queue?\n?\nA line.\n",
    "tagged": "- What is a cache? #card\n\t- A copy.\n- #flashcard What is a queue?\n\t- A line.\n",
    "answers as points": "# Interview Preparation Guide\n## Q&A\n\n---\n\n## Basics\n\n### Beginner\n\n"
    "**Q1: What is a cache?**\n"
    "- **Answer:** A copy.\n\n**Q2: What is a queue?**\n- **Answer:** A line.\n\n### Later\n\n## Interview Tips\n\n"
    "- Explain how you think.\n- Tell a story.\n- Give examples.\n",
    "bold items with answers": "# Top 10 Interview Questions & Answers\n\n## Net\n\n1. **What is a cache?**  \n"
    "   A copy.\n\n"
    "2. **What is a queue?**  \n   A line.\n",
    "words in paragraphs": "Net Interview Questions\nQuestion: What is a cache?\nAnswer: A copy.\n\n"
    "Question: What is a queue?\n"
    "Answer: A line.\n",
    "answers in quotations": "# Net Questions\n\n**Q: What is a cache?**\n\n> A: A copy.\n\n"
    "**Q: What is a queue?**\n\n> A: A line.\n",
    "details without blank lines": "<details>\n<summary>What is a cache?</summary>\nA copy.\n</details>\n\n<details>\n"
    "<summary>What is a queue?</summary>\nA line.\n</details>\n",
    "a section with signs": "# DevOps Guide\n\n## Linux \U0001f427\n\n<details>\n"
    "<summary>\U0001f539 1. What is a cache?"
    "</summary>\n<br>\nA copy.\n</details>\n\n<details>\n<summary>\U0001f539 2. What is a queue?</summary>\n<br>\n"
    "A line.\n</details>\n",
    "bold numbered headings": "# **60 Questions**\n\n## **Basics**\n\n### **1. What is a cache?**\n\n**Answer:**  \n"
    "A copy.\n\n---\n\n### **2. What is a queue?**\n\n**Answer:**  \nA line.\n",
    "no markup": "What is a cache?\n\nA copy.\n\nWhat is a queue?\n\nA line.\n\nIs it fast?\n\nYes.\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_write_questions(way: str) -> None:
    found = [(prompt, answer.removeprefix("- ")) for prompt, answer in asked(WAYS[way])]
    assert found[:2] == TWO
    assert len(found) == 2 or way == "no markup"


OPTIONS = {
    "boxes": "#### Q1. Which one?\n\n- [ ] tar\n- [x] gzip\n",
    "letters and a line": "1. Which one?\n\nA) tar\nB) gzip\n\n**Answer:** B\n",
    "a list of letters": "## Quiz\n\n1. Which one?\n    - A. tar\n    - B. gzip\n\n"
    "    <details><summary>Answer</summary>\n\n"
    "      Correct answer: B\n\n    </details>\n",
    "letters with colons": "###### 1. Which one?\n\n- A: tar\n- B: gzip\n\n"
    "<details><summary><b>Answer</b></summary>\n<p>\n\n"
    "#### Answer: B\n\n</p>\n</details>\n",
    "letters before it": "### Q1. Which one?\n\na) tar\nb) gzip\n\nCorrect Answer: b) gzip\n",
    "the words of the option": "### Q1. Which one?\n\n- tar\n- gzip\n\n**Answer:** gzip\n",
    "options in details": "<details>\n<summary>Q1: Which one?</summary>\n\n- [ ] tar\n- [x] gzip\n\n</details>\n",
    "details right below the options": "1. Which one?\n    - A. tar\n    - B. gzip          \n\n"
    "    <details markdown=1><summary markdown='span'>Answer</summary>\n      Correct answer: B\n    </details>\n",
    "below a heading without words": "## Question 1\n\nWhich one?  \n- [ ] tar  \n- [x] gzip  \n",
    "a bold key in details": "## Question 1\n\nWhich one?\n\n- A) tar\n- B) gzip\n\n<details>\n"
    "<summary>Show Answer</summary>\n\n**Correct Answer: B) gzip**\n\n</details>\n",
    "a tick": "### Q1. Which one?\n\nA. tar\nB. gzip \u2705\n",
    "named question by lines": "**Question 1:** Which one?\nA. tar\nB. gzip\n**Correct answer:** B\n",
}


@pytest.mark.parametrize("way", OPTIONS)
def test_a_way_to_write_options(way: str) -> None:
    assert right(OPTIONS[way]) == [("Which one?", ["tar", "gzip"], ["gzip"])]


def test_several_letters_are_several_right_options() -> None:
    ((_, _, keys),) = right("### Q1. Which?\n\n- A. a\n- B. b\n- C. c\n\nCorrect answer: A, C\n\nBecause.\n")
    assert keys == ["a", "c"]


def test_code_of_the_question_belongs_to_it() -> None:
    text = "### 1. What's the output?\n\n```js\nlet a\n```\n\n- A: `1`\n- B: `2`\n\n#### Answer: A\n\nSo it is.\n"
    (question,) = parse(text).questions
    assert question.prompt == "What's the output?\n\n```js\nlet a\n```"
    assert question.answer == "So it is."
    assert [choice.right for choice in question.choices] == [True, False]


def test_an_answer_goes_on_through_its_subheadings() -> None:
    text = "# Interview Questions\n\n## 1. What is a cache?\n\nA copy.\n\n### How it works\n\nFast.\n\n"
    "## 2. What else?\n\nx\n"
    assert asked(text)[0] == ("What is a cache?", "A copy.\n\n### How it works\n\nFast.")


TEACHING = {
    "one heading that asks": "# Docker\n\n## 1. What is Docker?\n\nText.\n\n## 2. Installing it\n\nText.\n\n"
    "## 3. Using it\n\nMore.\n",
    "a list that wonders": "# Design\n\n## Choosing\n\n- Is it fast?\n- Is it small\n- cheap\n- plain\n",
    "commands": "# Git\n\n## Branches\n\n1. Create a branch.\n2. Write a file.\n3. List the branches.\n",
    "colons in code": "# Net\n\nThe loopback is ::1, `std::env` and std::fs are names, and tcp6 :::80 is a port.\n",
    "a test in the shell": '# Shell\n\nTest with [ "$a" == "b" ] || [ "$c" == "d" ] in bash.\n',
    "a highlight": "# T\n\nThis is ==important== here.\n",
    "a property": "tags:: net, dns\n\n- first\n",
    "questions as titles": "# Linux\n\n## What is Linux?\n\nText.\n\n### Why it matters\n\nText.\n\n"
    "## Working with files"
    "\n\nText.\n\n## Processes\n\nText.\n",
    "links": "# Links\n\n## Where to read\n\n- [What is Docker?](https://e.org/a)\n- [Why?](https://e.org/b)\n"
    "- [How?](https://e.org/c)\n",
    "contents": "# Interview Questions\n\n## Table of Contents\n\n1. [What is a cache?](#what-is-a-cache)\n"
    "2. [Why?](#why)\n",
    "a fence with pairs": "# T\n\n```\nQ: inside\nA: a fence\n```\n",
    "a table of terms": "# T\n\n| Term | Meaning |\n|---|---|\n| cache | copy |\n",
}


@pytest.mark.parametrize("kind", TEACHING)
def test_a_text_that_teaches_asks_nothing(kind: str) -> None:
    assert asked(TEACHING[kind]) == []


DRAFTS = {
    "a list": "# Interview Questions\n\n## Docker\n\n1. What is Docker?\n2. Explain images.\n"
    "3. Describe the Dockerfile.\n",
    "bullets": "# Questions\n\n* What is Docker?\n* How does it work?\n* Difference between TCP and UDP\n",
    "nested bullets": "# Questions\n\n- Can you explain a Dockerfile?\n    - What is FROM?\n    - What is COPY?\n",
    "bold items": "**1. Basics**\n\n1.  **What is a network?**\n2.  **Explain the layers.**\n"
    "3.  **What is a switch?**\n",
    "checklist": "# Questions (by topic)\n\n## L4\n\n- TCP or UDP: when?\n- Why three steps?\n"
    "- Flow control, congestion control\n",
    "placeholders": "### Q1. What is a?\n\nTo be completed.\n\n### Q2. What is b?\n\nTODO\n\n### Q3. What is c?\n",
    "lines": "What is a?\nWhat is b?\nWhat is c?\n",
}


@pytest.mark.parametrize("kind", DRAFTS)
def test_questions_without_answers_are_drafts(kind: str) -> None:
    found = asked(DRAFTS[kind])
    assert len(found) == 3
    assert [answer for _, answer in found] == ["", "", ""]


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("# T\n\nWelcome.\n\n## A\n\nx\n\n## B\n\ny\n", 2),
        ("# T\n\n### A\n\nx\n\n### B\n\ny\n", 2),
        ("### A\n\nx\n\n### B\n\ny\n", 2),
        ("**A**\n\nx\n\n**B**\n\ny\n", 2),
        ("just words\n", 1),
        ("# T\n\n## Contents\n\n- [A](#a)\n\n## A\n\nx\n", 1),
        ("# T\n\n## A\n\nx\n\n## Interview Questions\n\n1. **Q: What?**\n    * *A:* y\n", 1),
        ("Title\n=====\n\nA\n---\n\nx\n\nB\n---\n\ny\n", 2),
    ],
)
def test_sections_that_teach_are_counted_as_a_reader_would(text: str, sections: int) -> None:
    assert sum(section.teaches for section in parse(text).sections) == sections


def test_a_card_both_ways_is_two() -> None:
    assert asked("veth ::: a cable\n") == [("veth", "a cable"), ("a cable", "veth")]


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("{{c1::veth}} is a cable\n", [("[\u2026] is a cable", "veth")]),
        ("---\ntags: flashcards\n---\nA ==veth== is a cable\n", [("A [\u2026] is a cable", "veth")]),
        ("C: See [the manual](man.html) for [ports].\n", [("See [the manual](man.html) for [\u2026].", "ports")]),
        ("- {{cloze etcd}} keeps it #card\n", [("[\u2026] keeps it", "etcd")]),
        (
            "{{c1::a}} and {{c2::b}} and {{c1::c}}\n",
            [("[\u2026] and b and [\u2026]", "a, c"), ("a and [\u2026] and c", "b")],
        ),
        ("Run `docker ps --format '{{.Names}}'` for {{c1::names}}.\n",
         [("Run `docker ps --format '{{.Names}}'` for [\u2026].", "names")]),
    ],
)  # fmt: skip
def test_gaps_become_cards(text: str, cards: list[tuple[str, str]]) -> None:
    assert asked(text) == cards


def test_a_note_without_a_title_is_called_after_its_file() -> None:
    assert parse("just words\n").title == "a-file"


def test_parts_of_a_question_are_no_options() -> None:
    (question,) = parse("### Q1. About memory:\n\na. How much is there?\nb. Who says so?\n").questions
    assert question.choices == ()


def test_code_between_options_belongs_to_the_option_above() -> None:
    text = "#### Q1. Which runs?\n\n- [x] A:\n\n```sh\nls\n```\n\n- [ ] B:\n\n```sh\nrm\n```\n\nBecause.\n"
    (question,) = parse(text).questions
    assert [choice.text for choice in question.choices] == ["A:\n\n```sh\nls\n```", "B:\n\n```sh\nrm\n```"]
    assert question.answer == "Because."


ABOVE_A_QUESTION = {
    "an item": "- ITEM\n  - SUB\n  - LAST\n",
    "tabs": "-\tITEM\n\t-\tLAST\n",
    "a fence": "- ITEM\n  ```\n  code\n  ```\n  LAST\n",
    "a quotation": "> ITEM\n> LAST\n",
    "a paragraph in an item": "- ITEM\n\n  LAST\n",
}


@pytest.mark.parametrize("kind", ABOVE_A_QUESTION)
def test_what_stands_right_above_a_question_stays_in_the_answer_before(kind: str) -> None:
    note = parse(f"Q: c1?\nA: x\n{ABOVE_A_QUESTION[kind]}Q: c2?\nA: y\n- z\nQ: c3?\nA: w\n")
    answers = [(one.prompt, one.answer) for one in note.questions]
    assert [prompt for prompt, _ in answers] == ["c1?", "c2?", "c3?"]
    assert "ITEM" in answers[0][1]
    assert "LAST" in answers[0][1]
    assert answers[1:] == [("c2?", "y\n\n- z"), ("c3?", "w")]
    assert [section.body for section in note.sections if section.body] == []


def test_an_answer_that_is_no_option_is_told_and_not_counted() -> None:
    note = parse("1. Which a?\nA) x\nB) y\n\nAnswer: E\n")
    assert [question.answered for question in note.questions] == [False]
    assert any(one.line == 1 and "None of these options" in one.message for one in note.warnings)


@pytest.mark.parametrize(("text", "lines"), [("---\ntitle: x\n\nQ: a?\nA: b\n", [1]), ("---\nQ: a?\nA: b\n", [])])
def test_a_front_matter_that_is_never_closed_is_told(text: str, lines: list[int]) -> None:
    assert [one.line for one in parse(text).warnings if "front matter is never closed" in one.message] == lines


@pytest.mark.parametrize(("heading", "lines"), [("Names and ports", [5]), ("**Ports**", []), ("Day 3: Ports", [])])
def test_a_title_that_the_front_matter_hides_is_told(heading: str, lines: list[int]) -> None:
    note = parse(f"---\ntitle: Ports of a host\n---\n\n# {heading}\n\nText.\n")
    assert note.title == "Ports of a host"
    assert [one.line for one in note.warnings if "another title" in one.message] == lines


BESIDE_OTHERS = {
    "a bold one among plain ones": "1. Which a?\nA) tar\nB) gzip\nAnswer: B\n\n**2. Which b?**\na. tar\nb. gzip\n\n"
    "**Answer: b**\n\n3. Which c?\nA) tar\nB) gzip\nAnswer: B\n",
    "a numbered one below a pair": "Q: Which a?\nA) tar\nB) gzip\nAnswer: B\n\n1. Which b?\nA) tar\nB) gzip\n"
    "Correct answer: B\n\nQ: Which c?\nA) tar\nB) gzip\nAnswer: B\n",
}


@pytest.mark.parametrize("kind", BESIDE_OTHERS)
def test_a_question_with_options_is_one_though_others_are_written_otherwise(kind: str) -> None:
    assert right(BESIDE_OTHERS[kind]) == [(f"Which {name}?", ["tar", "gzip"], ["gzip"]) for name in "abc"]


ON_ONE_LINE = {
    "paragraphs": "**What is {}?** It is `{}`.\n\n",
    "items": "- **What is {}?** It is `{}`.\n",
    "a dash": "1. What is {}? - It is `{}`.\n",
    "a longer dash": "1. What is {}? \u2014 It is `{}`.\n",
}


@pytest.mark.parametrize("kind", ON_ONE_LINE)
def test_question_and_answer_may_stand_on_one_line(kind: str) -> None:
    text = "".join(ON_ONE_LINE[kind].format(name, name) for name in "abc")
    assert asked(text) == [(f"What is {name}?", f"It is `{name}`.") for name in "abc"]


def test_a_remark_behind_a_question_is_no_answer() -> None:
    assert [answer for _, answer in asked("- **What is a?** (easy)\n- **What is b?**\n- **What is c?** *\n")] == [
        ""
    ] * 3
