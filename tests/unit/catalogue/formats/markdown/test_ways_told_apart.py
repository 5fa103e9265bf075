"""Ways of writing questions that look like a manual, a rule or a list of links: small notes of our own."""

import pytest

from tests.unit.catalogue.formats.markdown.notes_read import asked, everything, parse, right

TWO = [("What is a cache?", "A copy."), ("What is a queue?", "A line.")]


def fields(*names: str, sign: str) -> str:
    """A note of two questions in fields, whose names stand between `sign` and its mirror."""
    texts = ("What is a cache?", "A copy.", "What is a queue?", "A line.")
    rows = zip((*names, *names), texts, strict=True)
    return "\n\n".join(f"{sign.replace('…', name)}\n\n{text}" for name, text in rows)


WAYS = {
    "fields that are headings": fields("Question", "Answer", sign="## …"),
    "fields that are bold": fields("Front", "Back", sign="**…**"),
    "fields that are bare lines": fields("Question", "Answer", sign="…"),
    "fields below titles": "# Bank\n\n" + fields("Question", "Answer", sign="### 📝 …"),
    "names between angles": ">>Q1<< What is a cache?\nA copy.\n\n>>Q2<< What is a queue?\n\nA line.\n",
    "cards in callouts": "> [!flashcard] What is a cache?\n> A copy.\n\n> [!flashcard] What is a queue?\n> A line.\n",
    "a mark behind the last line of a front": "What is\na cache? #flashcard\n\nA copy.\n\n---\n\n"
    "What is a queue? #flashcard\n\nA line.\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_write_questions_with_answers(way: str) -> None:
    assert [(" ".join(prompt.split()), answer) for prompt, answer in asked(WAYS[way])] == TWO


def test_a_file_may_be_one_question_in_fields() -> None:
    parts = ("# prompt", "Which is a copy?", "# options", "- a cache\n- a queue", "# answer", "a cache")
    text = "\n\n".join((*parts, "# explanation", "Near.\n"))
    assert right(text) == [("Which is a copy?", ["a cache"])]
    assert everything(text)[0].answer == "Near."


def test_a_manual_with_a_chapter_called_options_asks_nothing() -> None:
    text = "# The tool\n\n## Prompt\n\nWhat it says.\n\n## Options\n\n- fast\n- slow\n"
    assert everything(text) == []
    assert [section.title for section in parse(text).sections if section.teaches] == ["Prompt", "Options"]


def test_the_title_of_a_question_above_its_field_ends_the_one_before() -> None:
    one = "{}. {}\nQuestion\n\nWhat is a {}?\n\nAnswer\n\nA {}.\n\n"
    text = one.format(1, "Caches", "cache", "copy") + one.format(2, "Queues", "queue", "line")
    assert asked(text) == TWO


def test_drawn_titles_and_rules_are_none_of_an_answer() -> None:
    text = (
        "# Interview questions\n\n---------- Basic: -----------\n\n1. What is a cache?\n2. What is a queue?\n\n"
        "\t\t---------- Hard: -----------\n\n1. What is a heap?\n\n⸻\n\n2. What is a stack?\n"
    )
    assert asked(text) == [(f"What is a {name}?", "") for name in ("cache", "queue", "heap", "stack")]


def test_a_line_between_two_lists_of_bare_questions_is_the_title_of_the_second() -> None:
    text = (
        "# Interview questions\n\n1. What is a cache?\n2. What is a queue?\n\nTrees: [more](a.md)\n1. What is a heap?\n"
    )
    assert [answer for _, answer in asked(text)] == ["", "", ""]


def test_dashes_right_below_a_sentence_are_a_rule() -> None:
    assert asked("Q: What is a cache?\n\nA copy.\n---\nQ: What is a queue?\n\nA line.\n---\n") == TWO


BANK = "# Interview questions\n\n### What is a cache?\n\nA.\n\n### Caches vs. queues\n\nB.\n\n### How?\n\nC.\n\n"


def test_a_comparison_or_a_task_among_headings_that_ask_asks_too() -> None:
    assert len(everything(f"{BANK}### Write a cache\n\nD.\n")) == 4
    assert everything("# Notes\n\n### What is a cache?\n\nA.\n\n### Caches vs. queues\n\nB.\n\n### Lists\n\nC.\n") == []


def test_a_follow_up_with_an_answer_by_name_is_a_question_of_its_own() -> None:
    text = "## Q1: What is a cache?\n\n**A:** A copy.\n\n**Follow-up:** Of what?\n\n**A:** Of a text.\n"
    assert asked(text) == [TWO[0], ("Of what?", "Of a text.")]
    assert len(asked(text.replace("**A:** Of a text.", "Think of it."))) == 1


def test_options_that_are_named_and_counted() -> None:
    text = (
        "Q1: Which is a copy?\nC1: a queue\nC2: a cache\nA: C2\n\nQ2: Which is a line?\nC1: a queue\nC2: a tree\nA: 1\n"
    )
    assert right(text) == [("Which is a copy?", ["a cache"]), ("Which is a line?", ["a queue"])]


def test_a_key_between_fences() -> None:
    first = "1. Which is a copy?\n   - A. a cache\n   - B. a queue\n"
    second = "2. Which is a line?\n   - A. a tree\n   - B. a queue\n"
    assert right(f"# Quiz\n\n{first}{second}\n## Answers\n\n```\n1. A\n2. B\n```\n") == [
        ("Which is a copy?", ["a cache"]),
        ("Which is a line?", ["a queue"]),
    ]


def test_round_boxes_and_what_is_marked_as_correct() -> None:
    text = "Which is a copy?\n\n- (x) a cache\n- ( ) a queue\n\nWhich is a line?\n\n- ( ) a tree\n- (x) a queue\n"
    assert right(text) == [("Which is a copy?", ["a cache"]), ("Which is a line?", ["a queue"])]
    options = "        - a cache { data-correct }\n        - a queue\n"
    text = f'# Quiz\n\n!!! quiz "Check"\n\n    1. Which is a copy?\n\n{options}'
    assert right(text) == [("Which is a copy?", ["a cache"])]


def test_a_paragraph_that_asks_above_tasks_needs_another_one_or_a_quiz() -> None:
    tasks = "What is left?\n\n- [x] Buy paper\n- [ ] Call home\n"
    assert everything(f"# Today\n\n{tasks}") == []
    assert right(f"# Quiz\n\n{tasks}") == [("What is left?", ["Buy paper"])]


def test_numbered_items_one_by_one_with_their_answers_as_bullets() -> None:
    one = "{}. what is a {}?\n\n- a {}.\n\n"
    text = "# Basics\n\n" + "".join(one.format(at, name, name) for at, name in enumerate(("cache", "heap", "tree"), 1))
    assert asked(text) == [(f"what is a {name}?", f"- a {name}.") for name in ("cache", "heap", "tree")]
    assert everything(text.replace("?", "")) == []


def test_links_to_read_below_a_question_are_none() -> None:
    links = "#### Resources\n\n- [What is a cache? A summary](a.md)\n- [Why caches?](b.md)\n\n"
    note = parse(
        f"# Questions\n\n## Caches\n\n- What is a cache?\n- Why is it near?\n\n{links}## Queues\n\n- How?\n- Why?\n"
    )
    assert len(list(note.everything_asked)) == 4
    assert not any(section.teaches for section in note.sections)


def test_a_keyword_in_capitals_and_a_folded_table_of_contents_ask_nothing() -> None:
    text = "# Questions\n\n### Beginner questions\n\n- SQL basics\n- WHERE clause filtering\n- Simple SELECT\n"
    assert everything(text) == []
    folded = "<details>\n<summary>List of contents</summary>\n\n- [A](#a)\n\n</details>"
    text = f"# Questions\n\n{folded}\n\n- What is a cache?\n"
    assert [prompt for prompt, _ in asked(text)] == ["What is a cache?"]


def test_what_is_on_the_level_of_a_numbered_question_and_names_its_part_belongs_to_it() -> None:
    folded = "<details><summary>show me the solution</summary>\n\n{}\n\n</details>\n\n"
    one = f"### Practice question #{{}}\n\n### Task\n\nMake a {{}}.\n\n{folded}"
    text = f"# Practice\n\n{one.format(1, 'cache', 'A copy.')}{one.format(2, 'queue', 'A line.')}"
    assert [("Make a" in prompt, answer) for prompt, answer in asked(text)] == [(True, "A copy."), (True, "A line.")]


def test_with_a_title_in_the_front_matter_headings_of_the_first_level_are_sections() -> None:
    text = "---\ntitle: Caches\n---\n\n# Near\n\nA copy.\n\n# Far\n\nAnother.\n"
    note = parse(text)
    assert (note.title, [section.title for section in note.sections]) == ("Caches", ["Near", "Far"])


def test_a_sentence_that_announces_bullets_asks_nothing_with_them() -> None:
    bullets = "- Who will come?\n- How many are they?\n- Why just now?\n"
    text = f"# Designs\n\n## Begin\n\nFirst of all, ask yourself:\n\n{bullets}"
    assert everything(text) == []
    assert len(everything(text.replace("First of all, ask yourself:", "Questions:"))) == 3


def test_a_bold_line_below_a_numbered_heading_is_the_whole_question() -> None:
    one = "### Q{}\n\n**What is a {}?**\n\nA {}.\n\n"
    assert asked(one.format(1, "cache", "copy") + one.format(2, "queue", "line")) == TWO


def test_a_heading_with_its_own_answer_stays_a_question_where_others_follow_it_up() -> None:
    first = "## 1. What is a cache?\n\n**Answer:** A copy.\n\n"
    text = f"# Interview questions\n\n{first}**Q: What is a queue?**\n\nA line.\n"
    assert asked(text) == TWO


def test_an_exam_guide_tells_how_to_do_things_and_asks_nothing() -> None:
    text = "# Exam study guide\n\n## Caches\n\n* How to make a cache\n* How to fill it\n* Where it is\n"
    assert everything(text) == []


def test_what_stands_in_a_folded_text_of_its_own_is_no_answer_to_the_list_before() -> None:
    folded = "<details>\n<summary>{}</summary>\n\n{}\n\n</details>\n"
    lists = folded.format("Caches", "1. What is a cache?\n2. What is a queue?\n3. Name a heap.")
    text = f"# Interview questions\n\n{lists}{folded.format('More', '[A list](a.md)')}"
    assert [answer for _, answer in asked(text)] == ["", "", ""]


def test_figures_about_the_questions_are_no_section_that_teaches() -> None:
    figures = "## Question distribution\n\n| Topic | Number |\n|---|---|\n| Caches | 1 |\n\n"
    text = f"# Bank\n\n{figures}**Q1: What is a cache?**\nA copy.\n"
    assert not any(section.teaches for section in parse(text).sections)


def test_indented_lines_that_ask_are_questions_and_no_code() -> None:
    hard = "Hard level:\n\n    What is a heap?\n    How is it kept?\n"
    assert len(everything(f"Basic level:\n\n    What is a cache?\n    What is a queue?\n\n{hard}")) == 4
    assert everything("Basic level:\n\n    cache = 1\n    ok?\n    heap = 2\n    tree = 3\n") == []


def test_a_bold_line_of_an_item_is_the_whole_question_whatever_it_says() -> None:
    text = "# Interview questions\n\n1. **What is a cache?**\n   A copy.\n2. **Queues and lines.**\n   The same.\n"
    assert asked(text) == [TWO[0], ("Queues and lines.", "The same.")]


def test_a_bold_task_asks_among_bold_questions_where_the_note_asks() -> None:
    first = "**What is a cache?**\nA copy.\n\n**Why is it near?**\nYes.\n\n"
    text = f"# Interview questions\n\n{first}**Write a cache.**\nHere.\n"
    assert len(everything(text)) == 3
    assert len(everything(text.replace("Interview questions", "Caches"))) < 3


def test_a_range_of_numbers_is_no_name_of_a_question() -> None:
    two = "## Question 1: What is a cache?\n\nA copy.\n\n## Question 2: What is a queue?\n\nA line.\n"
    text = f"# Bank\n\nQuestions 1\u20132 of 20.\n\n{two}"
    assert asked(text) == TWO
