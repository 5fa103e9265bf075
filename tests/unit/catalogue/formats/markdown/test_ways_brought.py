# ruff: noqa: RUF001  Letters and signs of other alphabets are meant.
"""What people bring from vaults, exams, slides, sites and documents: each row is a small note of our own."""

import pytest

from tests.unit.catalogue.formats.markdown.notes_read import asked, everything, parse, right, teaching

TWO = [("What is a cache?", "A copy."), ("What is a queue?", "A line.")]
WAYS = {
    "the number of a dump of an exam": "QUESTION NO: 1\nWhat is a cache?\nAnswer: A copy.\n\n"
    "QUESTION NO: 2 FILL BLANK\nWhat is a queue?\nAnswer: A line.\n",
    "a kind of answer": "**Question:** What is a cache?\n\n**Senior Answer:**\n\nA copy.\n\n"
    "**Question:** What is a queue?\n\n**Ideal Answer:**\n\nA line.\n",
    "initials in Portuguese": "# Filas\n\nP: What is a cache?\nR: A copy.\n\nP: What is a queue?\nR: A line.\n",
    "initials in French": "Q : What is a cache?\nR : A copy.\n\nQ : What is a queue?\nR : A line.\n",
    "initials in German": "F: What is a cache?\nA: A copy.\n\nF: What is a queue?\nA: A line.\n",
    "an initial of the answer alone": "# Perguntas\n\n**What is a cache?**\n\nR: A copy.\n\n**What is a queue?**\n\n"
    "R: A line.\n",
    "names in items above lists": "### Card 1: Caches\n* **Question**: What is a cache?\n* **Answer**:\n"
    "    A copy.\n---\n"
    "### Card 2: Queues\n* **Question**: What is a queue?\n* **Answer**:\n    A line.\n---\n",
    "fields behind two signs of percent": "%% What is a cache?\n\n%% A copy.\n\n---\n\n%%\n\nWhat is a queue?\n\n"
    "%%\n\nA line.\n",
    "semicolons above the back": "#flashcards\n\nWhat is a cache? ;;\nA copy.\n\nWhat is a queue? ;;\nA line.\n",
    "slides below slides": "## What is a cache?\n\n--\n\nA copy.\n\n---\n\n## What is a queue?\n\n--\n\nA line.\n",
    "tags and drawers of Org": "# Quiz\n\n## What is a cache? :drill:\n:PROPERTIES:\n:ID: 1\n:END:\n\n### Answer\n\n"
    "A copy.\n\n"
    "## What is a queue? :drill:net:\n\n### Answer\n\nA line.\n",
    "pages of a printed text": "# Quiz\n\n1. What is a cache?\n\nA copy.\n\n12 | P a g e\n\n2. What is a queue?\n\n"
    "A line.\n",
    "a component of MDX": '<Quiz\n  title="Net"\n  questions={[\n'
    "    {question: \"What is a cache?\", answer: 'A copy.'},\n"
    '    {question: `What is a queue?`, answer: "A line.",}, // last\n  ]}\n  shuffle\n/>\n',
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_write_questions_with_answers(way: str) -> None:
    assert asked(WAYS[way]) == TWO


CHOSEN = [("What copies?", ["cache"]), ("What lines up?", ["queue"])]
OPTIONS = {
    "a tick in the box of a lettered option": "# Quiz\n\n1. What copies?\n   - a. link\n   - [✓] b. cache\n"
    "   - c. queue\n\n"
    "2. What lines up?\n   - [✓] a. queue\n   - b. link\n   - c. cache\n",
    "letters behind typed points": "Quiz\n\n1. What copies?\n\n• A) link\n• B) cache\n\nAnswer: B\n\n"
    "2. What lines up?\n\n"
    "• A) queue\n• B) link\n\nAnswer: A\n",
    "Cyrillic letters": "# Тест\n\n1. What copies?\n   - а) link\n   - б) cache\n\n   **Ответ:** б\n\n"
    "2. What lines up?\n"
    "   - а) queue\n   - б) link\n\n   **Ответ:** а\n",
    "numbers in circles": "# Quiz\n\n1. What copies?\n① link\n② cache\n정답: ②\n\n2. What lines up?\n① queue\n"
    "② link\n정답: ①\n",
    "Japanese letters": "# 問題集\n\n問1 What copies?\n\nア link\nイ cache\n\n正解：イ\n\n問2 What lines up?\n\n"
    "ア queue\nイ link\n\n"
    "正解：ア\n",
    "wide stops": "# 选择题\n\n1. What copies?\nA、link\nB、cache\n\n答案：B\n\n2. What lines up?\nA、queue\n"
    "B、link\n\n答案：A\n",
    "numbers of which one is bold": "# Quiz\n\n**1. What copies?**\n\n1) link\n**2) cache**\n\n"
    "**2. What lines up?**\n\n"
    "**1) queue**\n2) link\n",
    "a key in other words": "# Quiz\n\n1. What copies?\n   - A. link\n   - B. cache\n\n2. What lines up?\n"
    "   - A. queue\n"
    "   - B. link\n\n# Réponses:\n\n1. **B.** cache\n2. **A.** queue\n",
    "a key below a plain line": "1. What copies?\nA. link\nB. cache\n\n2. What lines up?\nA. queue\nB. link\n\n"
    "Answers\n\n"
    "1. B.\n2. A.\n",
    "a key that repeats the names": "Câu 1: What copies?\nA. link\nB. cache\n\nCâu 2: What lines up?\nA. queue\n"
    "B. link\n\n"
    "ĐÁP ÁN\n\nCâu 1: B\nCâu 2: A\n",
    "a key called correct, in bold": "**Q1. What copies?**\n\n- A. link\n- B. cache\n\n"
    "<details><summary>Show Answer</summary>\n\n"
    "**Correct: B**\n</details>\n\n**Q2. What lines up?**\n\n- A. queue\n- B. link\n\n"
    "<details><summary>Show Answer</summary>\n\n**Correct: A**\n</details>\n",
    "the older form of a plugin of MkDocs": "<?quiz?>\nquestion: What copies?\nanswer: link\nanswer-correct: cache\n"
    "content:\n"
    "<?/quiz?>\n\n<?quiz?>\nquestion: What lines up?\nanswer-correct: queue\nanswer: link\ncontent:\n<?/quiz?>\n",
    "a component with options": "<Quiz questions={[\n"
    "  {question: 'What copies?', options: ['link', 'cache'], correctOption: 1},\n"
    "  {question: 'What lines up?', options: ['queue', 'link'], correctOption: 0},\n]} />\n",
    "lists in HTML with letters by style": "<style>\nol.a {\n  list-style-type: lower-alpha;\n}\n</style>\n\n"
    "# Quiz\n\n<ol>\n"
    "<li><span class='n'>What copies?\n<ol class='a'>\n<li><span class='n'>link\n<li><span class='n'>cache\n</ol>\n"
    "<details>\n<summary>Answer</summary>\n<p>B.\n</details>\n<li><span class='n'>What lines up?\n<ol class='a'>\n"
    "<li><span class='n'>queue\n<li><span class='n'>link\n</ol>\n<details>\n<summary>Answer</summary>\n<p>A.\n"
    "</details>\n</ol>\n",
    "a letter below the points of an exam": "# Practice test\n\n1. **[Choice]**  \n   What copies?  \n   A. link  \n"
    "   B. cache  \n"
    "   *(2 Marks)*  \nB\n\n2. **[Choice]**  \n   What lines up?  \n   A. queue  \n   B. link  \n   *(2 Marks)*  \nA\n",
}


@pytest.mark.parametrize("way", OPTIONS)
def test_a_way_to_write_options(way: str) -> None:
    found = right(OPTIONS[way])
    assert [(prompt.split("\n")[-1].strip(), options) for prompt, options in found] == CHOSEN


def test_letters_that_the_text_of_boxes_repeats_are_left_out() -> None:
    text = "# Question 1\nWhat copies?\n\n- [ ] A. link\n- [ ] B. cache\n\nAnswer: B\n"
    (question,) = everything(text)
    assert [(one.text, one.right) for one in question.choices] == [("link", False), ("cache", True)]


def test_two_letters_may_be_joined_by_a_word_that_is_a_letter_too() -> None:
    text = "**Questão 1:** Which?\n\na) one\nb) two\nc) three\n\n**Resposta correta:** a) e c)\n"
    assert right(text) == [("Which?", ["one", "three"])]


def test_the_bold_item_of_plain_lists_is_the_right_one_where_three_questions_have_one() -> None:
    one = "{}. What is number {}?\n\n   - link\n   - **cache**\n   - queue\n\n   It copies.\n\n"
    assert right("# Quiz\n\n" + "".join(one.format(n, n) for n in (1, 2, 3))) == [
        (f"What is number {n}?", ["cache"]) for n in (1, 2, 3)
    ]
    assert right("# Quiz\n\n" + "".join(one.format(n, n) for n in (1, 2)))[0] == ("What is number 1?", [])


def test_the_letters_in_brackets_behind_a_question_are_its_key_and_not_shown() -> None:
    text = (
        "# 选择题\n\n1. 哪一个？（ B ）\nA. link\nB. cache\n\n2. 端口是（ A C ）\nA. 1\nB. 2\n\n"
        "3. 哪些？（ AC ）\nA. 1\nB. 2\nC. 3\n"
    )
    assert right(text) == [("哪一个？（ ）", ["cache"]), ("端口是（ A C ）", []), ("哪些？（ ）", ["1", "3"])]


def test_options_begin_in_the_lines_of_an_item_behind_a_question_that_is_broken_into_lines() -> None:
    text = "1. Which of these copies what is far\naway?\nA. link\nB. cache\n\n2. Ports are\nA. numbers\nB. names\n"
    assert [(one.prompt, len(one.choices)) for one in everything(text)] == [
        ("Which of these copies what is far\naway?", 2),
        ("Ports are", 2),
    ]


def test_boxes_of_a_form_are_options() -> None:
    box = '  <label><input type="checkbox" name="q{}"> {}</label><br>\n'
    form = "### Question {}\n<form>\n  <p>Which copy?</p>\n" + box + box + "</form>\n\n"
    text = "# Exam\n\n" + "".join(form.format(n, n, "link", n, "cache") for n in (1, 2))
    found = everything(text.replace("<input", "<input checked", 1))
    assert [(one.prompt, [(choice.text, choice.right) for choice in one.choices]) for one in found] == [
        ("Which copy?", [("link", True), ("cache", False)]),
        ("Which copy?", [("link", False), ("cache", False)]),
    ]


def test_headings_with_nothing_below_them_ask_if_some_do() -> None:
    text = "# Containers\n\n## Basics\n\n### What is a cache?\n\n### How is it filled?\n\n### Queues and caches\n\n"
    assert len(asked(text + "### Layers\n\n### Sizes\n")) == 5
    assert asked(text + "### Layers\n\nText.\n\n### Sizes\n\nText.\n") == []


def test_numbered_headings_ask_beside_those_that_do_whatever_others_are_called() -> None:
    text = "# Questions\n\n## Parts\n\n### Roles\nText.\n\n## Asked\n\n### 1. What is a cache?\nA copy.\n\n"
    text += "### 2. What is a queue?\nA line.\n\n### 3. The way of a packet\nLong.\n"
    assert [prompt for prompt, _ in asked(text)] == ["What is a cache?", "What is a queue?", "The way of a packet"]


def test_a_table_of_two_columns_asks_if_each_row_does() -> None:
    text = "# Lecture\n\n| Cues | Notes |\n|---|---|\n| What is a cache? | A copy. |\n| What is a queue? | A line. |\n"
    assert asked(text + "| Why both? | Speed. |\n") == [*TWO, ("Why both?", "Speed.")]
    assert asked(text + "| Both | Speed. |\n") == []


def test_a_lone_question_mark_parts_cards_that_rules_part() -> None:
    card = "___\n\nFront {}\n\n?\n\nBack {}.\n\n"
    assert len(asked("# Cards\n\n" + "".join(card.format(n, n) for n in (1, 2, 3)))) == 3
    assert asked("# Text\n\nOne\n\n?\n\nTwo\n") == []


QUIET = {
    "drives": "# Paths\n\nC: is the system.\nD: holds data.\nR: is a disk in memory.\nC: is often full.\n",
    "an address behind its word": "# Servers\n\n- listen on :: for all\n- bind to :: too\n",
    "two short titles": "# Watching\n\n## Why?\n\nThings fail.\n\n## How?\n\nBy numbers.\n",
    "what a meeting leaves open": "# Meeting\n\n## Open questions\n\n- Who owns the rack?\n- When is it moved?\n\n"
    "## Actions\n\n1. Write the plan.\n2. Tell the teams.\n\n## Decisions\n\n- In May.\n",
    "what a plan leaves open": "# Plan\n\n## Open questions\n\n- Who owns it?\n- When is it done?\n\n## Risks\n\n"
    "Few.\n",
    "steps of which one is bold": "# Steps\n\n## First\n\n1) Open it\n**2) Read it**\n3) Close it\n\n## Else\n\n"
    "1) Ask\n2) Wait\n",
    "a component that asks nothing": "# Page\n\n<Chart\n  data={[{name: 'a', value: 1}]}\n  draw={() => 1}\n/>\n\n"
    "Text.\n",
    "a style sheet": "<style>\nh1 {\n  color: red;\n}\n</style>\n\n# Page\n\nText.\n",
}


@pytest.mark.parametrize("note", QUIET)
def test_what_asks_nothing(note: str) -> None:
    assert asked(QUIET[note]) == []


def test_what_only_counts_or_names_answers_and_aims_in_other_languages_teaches_nothing() -> None:
    text = "# Quiz\n\n## Mục tiêu\n\nHiểu.\n\n## Q1. What is a cache?\n\nA copy.\n\n## Scoring Guide\n\nTen.\n\n"
    assert teaching(text + "## Final tips\n\nSleep.\n\n## Answer key summary\n\n1. copy\n") == []


def test_tags_alone_are_no_answer_and_a_style_sheet_is_not_shown() -> None:
    text = "<style>\nb {}\n</style>\n\n# Quiz\n\n## Q1. Which?\n\n- [x] one\n- [ ] two\n\n</small>\n"
    (question,) = everything(text)
    assert question.answer == ""
    assert not parse(text).warnings


def test_a_summary_that_only_says_answer_is_not_told_as_left_out() -> None:
    text = "# Quiz\n\n1. What is a cache?\n   <details><summary>Answer</summary><code>copy</code></details>\n"
    assert [(one.prompt, one.answer) for one in everything(text)] == [("What is a cache?", "<code>copy</code>")]
    assert parse(text).warnings == ()


def test_a_component_that_cannot_be_read_stays_a_text_and_others_are_read() -> None:
    text = '# Page\n\n<Quiz question="What?\n\n## More\n\n<Quiz question={asked()} answer="x" />\n\n'
    text += '<Quiz question="Which?" options={["one", "two"]} answer="two" explain="It is." />\n'
    assert right(text) == [("Which?", ["two"])]
    assert "asked()" in "".join(section.body for section in parse(text).sections)
