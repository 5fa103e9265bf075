"""Ways of writing questions, options and answers that a further batch of public notes has: small notes of our own."""

import pytest

from tests.unit.catalogue.formats.markdown.notes_read import asked, everything, parse, right

TWO = [("What is a cache?", "A copy."), ("What is a queue?", "A line.")]
WAYS = {
    "bold questions with an answer by name, in a note that teaches beside": "# Caches guide\n\n**First:**\n\nText.\n\n"
    "**Second:**\n\nText.\n\n**Third:**\n\nText.\n\n## More\n\n**What is a cache?**  \n*Answer:* A copy.\n\n"
    "**What is a queue?**\n\n**Answer:** A line.\n",
    "pictures of keys before bold questions": "# Caches\n\n**Setting up**\n\nText.\n\n**Tearing down**\n\nText.\n\n"
    "**In between**\n\nText.\n\n## Interview questions\n\n1️⃣ **What is a cache?**\n\n**Answer:** A copy.\n\n"
    "2️⃣ **What is a queue?**\n\n**Answer:** A line.\n",
    "the answer within the bold of its name": "**Question:** What is a cache?\n**Correct Answer: A copy.**\n\n"
    "**Question:** What is a queue?\n**Correct Answer: A line.**\n",
    "a card below its heading": "#flashcards\n\n### What is a cache?\n?\nA copy.\n\n### What is a queue?\n?\nA line.\n",
    "two colons right behind the question mark": "What is a cache?:: A copy.\n\nWhat is a queue?::A line.\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_write_questions_with_answers(way: str) -> None:
    assert asked(WAYS[way]) == TWO


def test_numbered_lines_ask_if_an_answer_by_name_follows_whatever_their_words_are() -> None:
    text = "1️⃣ What is a cache?\n\n💡 Answer: A copy.\n\n2️⃣ Caches and queues\n\n💡 Answer: Other things.\n"
    assert asked(text) == [("What is a cache?", "A copy."), ("Caches and queues", "Other things.")]


def test_a_bold_line_with_a_colon_below_a_bold_question_by_name_is_a_part_of_its_answer() -> None:
    text = "**Q1: Cache or queue?**\n\n✅ **Cache:**\n\n- A copy.\n\n✅ **Queue:**\n\n- A line.\n"
    assert [answer.replace("\n\n", " ") for _, answer in asked(text)] == [
        "✅ **Cache:** - A copy. ✅ **Queue:** - A line."
    ]


def test_a_remark_may_stand_between_the_number_of_a_question_and_its_text() -> None:
    below = "Say which one it is.\n\n- A) A cache\n- B) A queue\n\n**Correct answer: A**\n"
    text = f"**Question 1 (easy) — Copies**\n\n{below}"
    assert [(one.choices[0].right, "Say which" in one.prompt) for one in everything(text)] == [(True, True)]


def test_the_key_of_a_quiz_may_say_answer_on_each_of_its_lines() -> None:
    options = "   A. A copy\n   B. A line of\n      waiting people\n   C. A tree\n"
    quiz = f"# Quiz\n\n1. What is a cache?\n{options}2. What is a queue?\n{options}"
    text = f"{quiz}\n## Answers\n\n1. Answer: A. A copy\n2. Answer: C\n"
    assert [answers for _, answers in right(text)] == [["A copy"], ["A tree"]]
    assert everything(text)[0].choices[1].text == "A line of\nwaiting people"


def test_options_may_be_code_from_their_letter_on_below_a_statement_that_is_folded() -> None:
    options = "- `A. True`\n- `B. False`\n\n**Correct Answer:** `{}`"
    one = f"<details>\n<summary>A cache is a {{}}.</summary>\n\n{options}\n\n</details>\n"
    text = f"{one.format('copy', 'A. True')}\n{one.format('queue', 'B. False')}"
    assert right(text) == [("A cache is a copy.", ["`True`"]), ("A cache is a queue.", ["`False`"])]


def test_quotations_ask_above_options() -> None:
    text = "> 1. What is a cache?\n- [x] A copy\n- [ ] A line\n\n> 2. What is a queue?\n- [ ] A copy\n- [ ] A line\n"
    assert right(text) == [("What is a cache?", ["A copy"]), ("What is a queue?", [])]


def test_a_quotation_above_tasks_none_of_which_is_done_asks_nothing() -> None:
    assert everything("> What is left?\n- [ ] Buy paper\n- [ ] Call home\n") == []


def test_a_card_takes_the_text_and_the_options_above_its_question_mark() -> None:
    text = "Is this right?\n```\nls\n```\n- [ ] Yes\n- [ ] No\n?\nYes.\n```\nls -l\n```\n"
    assert asked(text) == [("Is this right?\n```\nls\n```\n- [ ] Yes\n- [ ] No", "Yes.\n```\nls -l\n```")]


def test_a_line_that_only_says_ans_is_no_answer_to_what_has_a_list_below_it() -> None:
    last = "2. What is a queue?<br>\nAns:\n* A line.\n* No copy.\n"
    text = f"# Interview questions\n\n1. What is a cache?<br>\nAns: A copy.\n\n{last}"
    assert asked(text) == [("What is a cache?", "A copy."), ("What is a queue?", "* A line.\n* No copy.")]


def test_a_single_word_tells_nobody_to_do_anything() -> None:
    text = "# Interview questions\n\n1. Which of these are ordered?\n    1. list\n    2. tuple\n2. What is a queue?\n"
    assert [prompt for prompt, _ in asked(text)] == ["Which of these are ordered?", "What is a queue?"]


def test_titles_about_the_bank_itself_ask_nothing() -> None:
    about = "## Who this is for\n\nYou.\n\n## What you will get\n\nMuch.\n\n"
    text = f"# Interview questions\n\n{about}## Questions\n\n- What is a cache?\n"
    assert [prompt for prompt, _ in asked(text)] == ["What is a cache?"]


def test_bullets_below_a_heading_called_questions_ask_if_a_third_of_them_does() -> None:
    text = (
        "# Caches\n\n## Scenario questions\n\n- The cache is cold: what now?\n- The queue is full\n- The line is long\n"
    )
    assert len(everything(text)) == 3
    assert everything(text.replace("?", "")) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("```\n1. What is a cache?\n2. What is a queue?\n3. What is a line?\n```\n", "code block"),
        ("# Options\n\n- [ ] A cache\n- [x] A queue\n", "options stand below none"),
        ("> Q1: Name a cache\n\nText.\n\nMore text.\n", "1 line asks"),
    ],
)
def test_a_note_that_asks_in_a_way_that_is_not_read_is_told(text: str, told: str) -> None:
    note = parse(text)
    assert not list(note.everything_asked)
    assert any(told in warning.message for warning in note.warnings)


def test_a_number_before_a_folded_question_is_not_missed() -> None:
    assert not parse("<details>\n<summary>1. What is a cache?</summary>\n\nA copy.\n\n</details>\n").warnings


def test_what_is_right_and_what_is_wrong_may_be_lists_below_headings() -> None:
    below = "### Incorrect answers\n\n* A tree\n* A stone\n\n### Topics\n\n* shapes\n"
    one = f"## Question {{}}\n\n{{}}\n\n### Correct answers\n\n* {{}}\n\n{below}"
    text = f"{one.format(1, 'What is a cache?', 'A copy')}\n{one.format(2, 'What is a queue?', 'A line')}"
    assert right(text) == [("What is a cache?", ["A copy"]), ("What is a queue?", ["A line"])]
    assert [len(question.choices) for question in everything(text)] == [3, 3]


def test_quotations_with_a_bold_question_hold_its_answer() -> None:
    assert asked("> **What is a cache?**\n> A copy.\n\n> **What is a queue?**\n> A line.\n") == TWO
    assert asked("> **What is a cache?**\n> A copy, says the book.\n") == []


def test_options_may_be_indented_like_code() -> None:
    text = "# Quiz\n\n1. What is a cache?\n\n        a. A copy\n\n        b. A line\n\n    Answer: a\n"
    assert right(text) == [("What is a cache?", ["A copy"])]


def test_a_box_that_ends_elsewhere_is_no_part_of_an_option_or_an_answer() -> None:
    text = '#### 1. What is a cache?\n\n<div class="x" markdown>\n1. A line\n2. A copy\n</div>\n\n**Answer:** B\n'
    assert right(text) == [("What is a cache?", ["A copy"])]
    assert asked("Q: What is a cache?\nA: A copy.\n\n</div>\n") == [("What is a cache?", "A copy.")]
    assert asked("Q: What is it?\nA: Code:\n<div>x</div>\n") == [("What is it?", "Code:\n<div>x</div>")]


def test_a_note_between_fences_may_have_its_title_above_them() -> None:
    text = "# Interview questions\n\n```markdown\n1. What is a cache?\n2. What is a queue?\n```\n"
    assert [prompt for prompt, _ in asked(text)] == ["What is a cache?", "What is a queue?"]


def test_a_card_below_a_question_keeps_its_id_when_another_question_follows() -> None:
    """Where the editor of a note writes a card behind a question: it was read as that question's answer, id and all."""
    card = "*   *Card:* A lime → green <!-- id: q-lime -->\n"
    text = f"# Fruit\n\n1. **Q: What is a cache?**\n   - [x] A copy\n   - [ ] A line\n{card}"
    more = text + "\n2. **Q: What is a queue?**\n   *A:* A line.\n"
    keys = {one.prompt: one.key for one in everything(more)}
    assert keys == {"What is a cache?": None, "A lime": "q-lime", "What is a queue?": None}
    assert right(more)[0] == ("What is a cache?", ["A copy"])
