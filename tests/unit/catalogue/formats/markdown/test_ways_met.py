"""Ways of writing questions that public notes have beside the common ones: each row is a small note."""

import pytest

from tests.unit.catalogue.formats.markdown.notes_read import asked, everything, parse, teaching

TWO = [("What is a cache?", "A copy."), ("What is a queue?", "A line.")]
WAYS = {
    "a name in bold with the answer on its line": "**Q1. What is a cache?** A copy.\n\n"
    "**Q2. What is a queue?** A line.\n",
    "numbers before the name": "1Q. What is a cache?\n\nA. A copy.\n\n2Q .What is a queue?\nA. A line.\n",
    "a name with a full stop": "Q. What is a cache?\nA. A copy.\n\nQ. What is a queue?\n\nA. A line.\n",
    "a line that only says Answer": "### Q1\n\nWhat is a cache?\n\nExpected Answer\nA copy.\n\n### Q2\n\n"
    "What is a queue?\n\n"
    "**Answer**\nA line.\n",
    "numbers in bold": "**1.** What is a cache?\n\n<details>\n<summary>Show answer</summary>\n\nA copy.\n\n"
    "</details>\n\n"
    "**2.** What is a queue?\n\n<details>\n<summary>Show answer</summary>\n\nA line.\n\n</details>\n",
    "callouts": "# Caches\n\n> [!question]- What is a cache?\n> A copy.\n\n> [!faq] What is a queue?\n> A line.\n",
    "answers in callouts": "# Quiz\n\n## What is a cache?\n\n> [!success]- Answer\n> A copy.\n\n## What is a queue?\n\n"
    "> [!answer]-\n> A line.\n",
    "quotations": "> **Q: What is a cache?**\n>\n> A: A copy.\n\n> **Q: What is a queue?**\n> **A:** A line.\n",
    "answers folded by MkDocs": '# Quiz\n\n**1. What is a cache?**\n\n??? success "Reveal answer"\n    A copy.\n\n'
    '**2. What is a queue?**\n\n???+ tip "Answer"\n\n    A line.\n',
    "bold in HTML": "# Quiz\n\n<b>1. What is a cache?</b>\n\nA copy.\n\n"
    "<strong>2. What is a queue?</strong>\nA line.\n",
    "anchors above": '# Quiz\n\n<a id="one"></a>\n**Q: What is a cache?**\nA copy.\n\n<a name="two"></a>\n'
    "**Q: What is a queue?**\nA line.\n",
    "an answer beside its heading": "# Quiz\n\n## 1. What is a cache?\n\n## Answer\n\nA copy.\n\n"
    "## 2. What is a queue?\n\n"
    "## Answer\n\nA line.\n",
    "a column with another name": "# Interview questions\n\n| # | Question | Description |\n|---|---|---|\n"
    "| 1 | What is a cache? | A copy. |\n| 2 | What is a queue? | A line. |\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_write_questions_with_answers(way: str) -> None:
    assert asked(WAYS[way]) == TWO


CARDS = {
    "a line": "What is a cache? #card\nA copy.\n\nWhat is a queue? #card\n\nA line.\n\nNo card.\n",
    "a heading": "# Deck\n\n## What is a cache? #card\nA copy.\n\n## What is a queue? #card #net\n\nA line.\n",
    "a page of that name": "- What is a cache? [[card]]\n\t- A copy.\n- What is a queue? #[[Card]]\n\t- A line.\n",
    "a heading in a list": "- ## What is a cache? #card\n  id:: 66c2\n\t- A copy.\n"
    "- ## What is a queue? #card\n\t- A line.\n",
    "semicolons": "#flashcards\n\n- What is a cache?;;A copy.\n- What is a queue? ;; A line.\n",
    "a question mark between blank lines": "#flashcards\n\nWhat is a cache?\n\n?\n\nA copy.\n\n"
    "What is a queue?\n\n?\n\nA line.\n",
}


@pytest.mark.parametrize("way", CARDS)
def test_a_way_to_write_cards(way: str) -> None:
    assert [(front, back.removeprefix("- ")) for front, back in asked(CARDS[way])] == TWO


def test_words_in_two_braces_are_a_gap_in_a_deck_and_no_command_or_template_is() -> None:
    text = "---\ntags: [flashcards]\n---\n\nA bridge is a {{switch}}. {{embed ((1))}} {{ .Names }}\n"
    assert [back for _, back in asked(text)] == ["switch"]
    assert asked(text.replace("flashcards", "net")) == []


DRAFTS = {
    "a list of tasks among lists of questions": (
        "# Interview questions\n\n## A\n\n- What is a?\n- What is b?\n\n## B\n\n- What is c?\n- What is d?\n\n"
        "## C\n\n- What is e?\n- What is f?\n\n## D\n\n- Unpack a file.\n- What is g?\n- Find all files.\n",
        9,
    ),
    "lines after a list": (
        "# Questions\n\n- What is a?\n- What is b?\n\nMore\n\nWhat is c?\n\nWhat is d?\n\nWhat is e?\n",
        5,
    ),
    "numbered topics and nothing else": (
        "# Interview questions\n\n" + "".join(f"{n}. Lists and trees {n}\n" for n in range(1, 11)),
        10,
    ),
    "a list below a check": (
        "# Net\n\n## Idea\n\n- a\n- b\n- c\n\n## Check your understanding\n\n1. Why a?\n2. Say b.\n",
        2,
    ),
    "who asked it": (
        "# Questions\n\n1. **What is a?**\n   _Company: Acme_\n2. **What is b?**\n   *Difficulty: easy*\n",
        2,
    ),
}


@pytest.mark.parametrize("kind", DRAFTS)
def test_what_has_no_answer_is_a_draft(kind: str) -> None:
    text, count = DRAFTS[kind]
    assert [answer for _, answer in asked(text)] == [""] * count


NONE = {
    "what a text is for": "# Git interview questions\n\n## Learning objectives\n\n- Explain what a tag is.\n"
    "- Name a branch.\n",
    "titles of commands": "# Commands\n\n## List pods\n\n`a`\n\n## Describe a pod\n\n`b`\n\n## Name it\n\n`c`\n",
    "bold titles of commands": "# Commands\n\n**List pods**\n\n`a`\n\n**Describe a pod**\n\n`b`\n\n"
    "**Name it**\n\n`c`\n",
    "single words": "# Latency\n\nFirst find out:\n\n1. Network?\n2. Disk?\n3. Database?\n",
    "a table that compares": "# Git interview questions\n\n| Question | reset | revert |\n|---|---|---|\n"
    "| Safe? | No | Yes |\n",
    "one question in a quotation": "# Tool\n\n## Example\n\n> **Q:** What is a?\n\n> **A:** One.\n",
    "one callout": "# Callouts\n\n> [!question]+ Can they be nested?\n>\n> > [!todo]- Yes.\n",
    "details below a number": "# Net\n\n### 1. Layers\n\n#### Details\n\nText.\n\n### 2. Ports\n\n"
    "#### Details\n\nText.\n",
}


@pytest.mark.parametrize("kind", NONE)
def test_what_only_looks_like_questions_asks_nothing(kind: str) -> None:
    assert asked(NONE[kind]) == []


def test_headings_numbered_one_after_the_other_all_ask_where_a_quarter_does() -> None:
    titles = ["What is git?", "Five tools", "What is a tag?", "Hooks", "Create a branch", "What is SSH?", *("abcd")]
    text = "# Git questions\n\n" + "".join(f"## {n}. {title}\n\nText.\n\n" for n, title in enumerate(titles, start=1))
    assert [prompt for prompt, _ in asked(text)] == titles
    assert asked(text.replace("?", "").replace("What is ", "The ").replace("Create", "New")) == []


def test_options_in_paragraphs_of_their_own_and_signs_at_their_end_are_options() -> None:
    for text in (
        "## Question 1\n\nWhich one?\n\nA. tar\n\nB. gzip\n\n**Answer:** B\n",
        "## Question 1\n\nWhich one?\n- tar\n- gzip \u2713\n",
        "## Question 1\n\nWhich one?\n- tar\n- gzip (correct)\n",
    ):
        (question,) = everything(f"# Quiz\n\n{text}")
        assert [(one.text, one.right) for one in question.choices] == [("tar", False), ("gzip", True)]


def test_a_heading_in_a_folded_answer_is_a_part_of_it_whatever_its_level() -> None:
    folded = "<details><summary>Answer</summary>\n\n#### Output\n\nOne.\n\n#### Why?\n\nTwo.\n\n</details>\n\n"
    found = asked(f"# Questions\n\n###### 1. What prints a?\n\n{folded}###### 2. What prints b?\n\n{folded}")
    assert [prompt for prompt, _ in found] == ["What prints a?", "What prints b?"]
    assert all("Output" in answer and "Two." in answer for _, answer in found)


def test_a_numbered_exercise_with_a_folded_solution_asks() -> None:
    text = (
        "# Tests\n\n## Exercises\n\n### Exercise 1\n\nShow it.\n\n<details><summary>Solution</summary>\n"
        "\nSo.\n</details>\n"
    )
    assert asked(text) == [("Exercise 1\n\nShow it.", "So.")]


def test_a_heading_right_below_the_only_question_without_an_answer_is_its_answer() -> None:
    text = (
        "# Docker questions\n\n1. What is a?\n   Text.\n\n2. Explain b.\n\n### The states of b\n\n- one\n"
        "\n## End\n\nText.\n"
    )
    assert asked(text) == [("What is a?", "Text."), ("Explain b.", "### The states of b\n\n- one")]
    without = text.replace("   Text.\n", "")
    assert [answer for _, answer in asked(without)] == ["", ""]


def test_a_question_in_bold_may_go_over_two_lines_of_an_item() -> None:
    text = "## Quiz\n\n1. **What is a, and\n   what is b?**\n   *Answer:* Both.\n2. **Why?**\n   *Answer:* So.\n"
    assert asked(text) == [("What is a, and\nwhat is b?", "Both."), ("Why?", "So.")]


def test_text_above_a_heading_that_says_that_questions_follow_teaches() -> None:
    assert teaching(
        "# Net\n\n## Pods\n\nA pod is a unit.\n\n### Interview questions\n\n**Q1. What is a pod?**\n\nA unit.\n"
    ) == ["Pods"]


def test_headings_of_the_first_level_below_a_sentence_are_sections() -> None:
    text = "Let us look at the file system.\n\n# /bin\n\nPrograms.\n\n# /boot\n\nThe kernel.\n\n# /dev\n\nDevices.\n"
    assert teaching(text) == ["/bin", "/boot", "/dev"]
    assert parse(text).title == "a-file"


def test_a_section_whose_table_asks_teaches_nothing() -> None:
    assert teaching("# Net\n\n## Ports\n\n| Question | Answer |\n|---|---|\n| Which is DNS? | 53 |\n") == []


TROUBLES = {
    "headings": "# Setup\n\n### 1. Rights\n\n**Cause:** none.\n\n**Solution:** new ones.\n\n### 2. Ports\n\n"
    "**Solution:** x.\n",
    "lists": "# Setup\n\n## Bug 1\n\n- Too long\n\n**Solution:** shorter.\n\n## Bug 2\n\n- Too slow\n\n"
    "**Solution:** x.\n",
    "folded text without a name": "# Setup\n\n### 1. Rights\n\nIt does this:\n\n<details>\n\na\n\n"
    "</details>\n\n### 2. Ports\n",
}


@pytest.mark.parametrize("kind", TROUBLES)
def test_a_solution_of_a_trouble_answers_no_question(kind: str) -> None:
    assert asked(TROUBLES[kind]) == []
    assert parse(TROUBLES[kind]).convention == "note"


def test_a_solution_answers_in_a_note_that_says_that_it_asks() -> None:
    assert asked("# Interview questions\n\n### 1. Rights\n\n**Solution:** new ones.\n") == [("Rights", "new ones.")]


def test_a_name_may_have_its_colon_behind_the_bold() -> None:
    assert asked("**Question**: What is a?\n\n**Answer**: A.\n\n**Question**: What is b?\n\n**Answer**: B.\n") == [
        ("What is a?", "A."),
        ("What is b?", "B."),
    ]


def test_a_named_heading_with_one_question_by_name_below_is_one_question() -> None:
    one = (
        "### Question {n}: Regions\n\nA firm has two.\n\n**Question**: Which one?\n\nA) tar\n"
        "B) gzip\n\n**Answer**: B) gzip\n\n"
    )
    found = everything("# Quiz\n\n" + one.format(n=1) + one.format(n=2))
    assert [question.prompt.split("\n")[0] for question in found] == ["Regions", "Regions"]
    assert [[choice.right for choice in question.choices] for question in found] == [[False, True]] * 2


def test_a_bold_line_below_a_heading_that_is_only_a_number_is_the_question() -> None:
    text = "# Quiz\n\n## **Question 1**\n\n**Which one?**\n\nA) tar\nB) gzip\n\n**Answer**: B\n"
    (question,) = everything(text)
    assert (question.prompt, question.answered) == ("Which one?", True)
    assert teaching(text) == []


def test_a_number_of_a_name_may_have_two_parts() -> None:
    assert [prompt for prompt, _ in asked("#### Q2.10 \u2014 What is a?\n\nText.\n")] == ["What is a?"]


def right(text: str) -> list[tuple[str, list[str], str]]:
    """Each question with its right options and its answer."""
    return [
        (one.prompt, [choice.text for choice in one.choices if choice.right], one.answer) for one in everything(text)
    ]


LAST_OPTIONS = {
    "below bullets": "## Quiz\n\n1. **Which?**\n   - A. tar\n   - B. gzip\n   **Answer:** B. gzip\n",
    "below the bullets of a paragraph": "## Quiz\n\n**Q1. Which?**\n- A. tar\n- B. gzip\n**Answer:** B\n",
    "bold among others": "## Quiz\n\n1. Which?\n\na) tar\n\n**b) gzip**\n",
    "a key with reasons": "# Quiz\n\n## Question 1\nWhich?\n- A) tar\n- B) gzip\n\n## Answers\n1. B\n",
}


@pytest.mark.parametrize("kind", LAST_OPTIONS)
def test_an_answer_right_below_options_is_none_of_them(kind: str) -> None:
    text = LAST_OPTIONS[kind]
    text += "2. A\n" if "## Answers" in text else ""
    text = text.replace("## Answers", "## Question 2\nWho?\n- A) I\n- B) you\n\n## Answers")
    assert right(text)[0] == ("Which?", ["gzip"], "")


def test_several_options_may_be_named_with_their_words() -> None:
    text = "## Quiz\n\n1. **Which?**\n   - A. tar\n   - B. gzip\n   - C. zip\n   **Correct Answers:** A. tar; C. zip\n"
    assert right(text) == [("Which?", ["tar", "zip"], "")]


def test_a_key_may_say_why() -> None:
    asks = "## Question {}\nWhich?\n- A) tar\n- B) gzip\n\n"
    text = f"# Quiz\n\n{asks.format(1)}{asks.format(2)}## Answers\n1. B \u2014 it is smaller\n2. A: it is older\n"
    assert right(text) == [("Which?", ["gzip"], "it is smaller"), ("Which?", ["tar"], "it is older")]


def test_a_list_of_answers_below_all_questions_answers_them() -> None:
    text = "# Quiz\n\n## Questions\n\n1. What is a?\n2. What is b?\n\n## Answers\n\n1. One.\n2. Two\n   lines.\n"
    assert asked(text) == [("What is a?", "One."), ("What is b?", "Two\nlines.")]
    assert asked(text.replace("2. Two", "3. Two"))[0] == ("What is a?", "")


def test_a_numbered_list_right_below_a_heading_of_questions_asks_whatever_its_words() -> None:
    text = "# Heaps\n\n## Interview questions\n\n1. Merge lists\n2. Sort them\n3. Find one\n\n## Uses\n\n1. x\n2. y\n"
    assert [prompt for prompt, _ in asked(text)] == ["Merge lists", "Sort them", "Find one"]


def test_an_arrow_behind_a_quoted_question_begins_the_answer() -> None:
    assert asked('## Questions\n\n- "Why a?" -> So.\n- "Why b?" -> It is.\n') == [
        ('"Why a?"', "So."),
        ('"Why b?"', "It is."),
    ]


MORE_CARDS = {
    "a front that is a name": ("Q1\n?\nA1\n", [("Q1", "A1")]),
    "a question mark in an item": ("- veth\n  ?\n  A cable\n  - of two ends\n", [("veth", "A cable\n\n- of two ends")]),
    "a single word in a deck": ("#flashcards\n\nps::It lists\n", [("ps", "It lists")]),
    "an address in a deck": ("#flashcards\n\nfd00::2 is local\n", []),
    "a name of code in a deck": ("#flashcards\n\nIt uses std::env here\n", []),
    "a question with colons behind a word in a deck": (
        "#flashcards\n\nWhat does a ReplicaSet do::keeps pods running\n\nExplain `std::env`::reads the environment\n",
        [("What does a ReplicaSet do", "keeps pods running"), ("Explain `std::env`", "reads the environment")],
    ),
    "a name of code in a question of a deck": (
        "#flashcards\n\nWhat is std::env\n\nHow do a::b and c::d differ\n",
        [],
    ),
    "a place behind the back": ("veth :: a cable ^blk1\n", [("veth", "a cable")]),
    "one line for each gap text": ("C: A [veth].\nC: A [bridge].\n", [("A […].", "veth"), ("A […].", "bridge")]),
    "a card on a line": ("STARTI [Basic] veth? Back: A cable. ENDI\n", [("veth?", "A cable.")]),
    "a gap in an answer": ("- veth #card\n\t- a {{cloze cable}}\n", [("veth", "- a cable")]),
}


@pytest.mark.parametrize("kind", MORE_CARDS)
def test_a_card_of_a_note_program(kind: str) -> None:
    text, cards = MORE_CARDS[kind]
    assert asked(text) == cards


def test_what_is_right_above_options_is_told_and_stays_a_text() -> None:
    text = "## 1. What is a?\n*Accept:* one\nA) one\nB) two\n"
    note, (question,) = parse(text), everything(text)
    assert "*Accept:* one" in f"{question.prompt}\n{question.answer}"
    assert [one.line for one in note.warnings if "read as text: Accept" in one.message] == [2]


def test_a_question_goes_on_where_its_line_ends_within_a_sentence_that_asks() -> None:
    text = (
        "## Questions\n\n1. What is a? What ends the\n   line?\n2. What is b? Explain the\n   states.\n"
        "3. What is c?\n   A letter.\n"
    )
    assert asked(text) == [
        ("What is a? What ends the\nline?", ""),
        ("What is b? Explain the\nstates.", ""),
        ("What is c?", "A letter."),
    ]


def test_headings_with_folded_answers_ask_whatever_their_words() -> None:
    one = "### Create {0}\n\n<details><summary>show</summary>\n\nrun {0}\n\n</details>\n\n"
    text = f"# Pods\n\n{one.format('a')}{one.format('b')}{one.format('c')}"
    assert asked(text) == [(f"Create {name}", f"run {name}") for name in "abc"]
    assert asked(text.replace("show", "the pod")) == []


@pytest.mark.parametrize("row", ["| 1 | What is a? | Easy |", "| 1 | [What is a?](#what-is-a) | Text |"])
def test_a_table_that_only_lists_questions_answers_none(row: str) -> None:
    head = "Difficulty" if "Easy" in row else "Notes"
    text = f"# Questions\n\n| # | Question | {head} |\n|---|---|---|\n{row}\n\n## What is a?\n\nA letter.\n"
    assert asked(text) == [("What is a?", "A letter.")]


@pytest.mark.parametrize(
    "fold",
    [
        "<details>\n<summary>Answer & Explanation</summary>\n\n**Correct Answer: B**\n\nSmaller.\n</details>\n",
        "> [!success]- \u2705 Reveal answer and explanation\n> **Correct Answer: B**\n>\n> Smaller.\n",
        "**Correct Answer: B**\n\nSmaller.\n",
    ],
)
def test_a_key_in_bold_that_is_folded_with_its_reason_is_one(fold: str) -> None:
    assert right(f"# Exam\n\n### Q1. Which?\n\n- A. tar\n- B. gzip\n\n{fold}") == [("Which?", ["gzip"], "Smaller.")]
