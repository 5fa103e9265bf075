"""What belongs to a question, what to its answer, and which sections teach: small notes of our own."""

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote

BANK = "# Docker interview questions\n\n"


def parse(text: str) -> ParsedNote:
    return parse_note(text.encode(), name="a-file")


def asked(text: str) -> list[tuple[str, str]]:
    return [(one.prompt, one.answer) for one in parse(text).questions]


def teaching(text: str) -> list[str]:
    return [section.title for section in parse(text).sections if section.teaches]


def test_exercises_in_a_text_with_guidance_for_their_answer_are_questions() -> None:
    text = "# Modes\n\n## Bits\n\nThree of them.\n\n## Practice 1: A folder\n\nA team shares it. What do you set?\n\n"
    text += "### Answer guidance\n\nThe setgid bit.\n\n- `chmod g+s`\n\n## Practice: A file\n\nIt stays. Why?\n\n"
    text += "### Answer guidance\n\nThe sticky bit.\n"
    assert asked(text) == [
        ("A folder\n\nA team shares it. What do you set?", "The setgid bit.\n\n- `chmod g+s`"),
        ("Practice: A file\n\nIt stays. Why?", "The sticky bit."),
    ]
    assert teaching(text) == ["Bits"]


def test_what_one_says_in_an_interview_goes_on_with_the_answer() -> None:
    one = "## Q{0}. What is {1}?\n\n### Concept\n\nIt is {2}.\n\n## Interview-Ready Answer\n\nSay {2}.\n\n---\n\n"
    text = BANK + one.format(1, "a cache", "a copy") + one.format(2, "a queue", "a line") + "## Conclusion\n\n"
    text += "Practise.\n"
    assert [answer for _, answer in asked(text)] == [
        f"### Concept\n\nIt is {it}.\n\n## Interview-Ready Answer\n\nSay {it}." for it in ("a copy", "a line")
    ]
    assert teaching(text) == []


@pytest.mark.parametrize("title", ["Conclusion", "Final thoughts", "Wrap-up", "Interview-ready answer"])
def test_a_section_that_says_it_once_more_teaches_nothing(title: str) -> None:
    assert teaching(f"# Caches\n\n## Kinds\n\nTwo.\n\n## {title}\n\nThere are two.\n") == ["Kinds"]


@pytest.mark.parametrize("title", ["Learning objectives", "Prerequisites", "Next steps"])
def test_what_stands_round_a_bank_teaches_nothing(title: str) -> None:
    assert teaching(f"{BANK}## {title}\n\n- One\n- Two\n\n## Caches\n\n### Q1. What is a cache?\n\nA copy.\n") == []


def test_a_closing_line_makes_no_section_of_questions_one_that_teaches() -> None:
    text = f"{BANK}### Caches\n\n1. **What is a cache?**\n\n   * **Answer**: A copy.\n\n**Conclusion**\n\n"
    text += "Thanks for reading!\n"
    assert asked(text) == [("What is a cache?", "A copy.")]
    assert teaching(text) == []


def test_what_a_chat_says_in_parting_is_no_answer() -> None:
    text = f"{BANK}### 1. What is a cache?\n\nA copy.\n\n### 2. What is a queue?\n\nA line.\n\n---\n\nWell done!\n\n"
    read = parse(text + "Would you like ten more of these?\n")
    assert [one.answer for one in read.questions] == ["A copy.", "A line."]
    assert "ten more" in read.sections[-1].body


CODE = "```dockerfile\nFROM a\n```"


@pytest.mark.parametrize(
    ("question", "below", "read"),
    [
        ("What does the following Dockerfile do?", f"{CODE}\n\nIt builds.", (CODE, "It builds.")),
        ("What will this script print?", CODE, (CODE, "")),
        ("Describe what each of the following does:", "- tee\n- awk", ("- tee\n- awk", "")),
        ("Explain the following terms:", "- tee: a pipe\n- awk: a language", ("", "- tee: a pipe\n- awk: a language")),
        ("Write a file that builds the following image.", CODE, ("", CODE)),
        ("How do you begin a Dockerfile?", CODE, ("", CODE)),
    ],
)
def test_what_a_question_asks_about_belongs_to_it(question: str, below: str, read: tuple[str, str]) -> None:
    stem, answer = read
    prompt = f"{question}\n\n{stem}" if stem else question
    assert asked(f"{BANK}### 1. {question}\n\n{below}\n\n### 2. What is a layer?\n\nA part.\n")[0] == (prompt, answer)


def test_the_numbered_title_of_the_next_question_is_no_answer() -> None:
    text = "1. Design\nQ: How do you part a network?\n\nA:\n\nBy subnets.\n\nTwo of them.\n\n2. Access\n"
    text += "Q: Who comes in?\n\nA:\n\nNobody.\n"
    assert [answer for _, answer in asked(text)] == ["By subnets.\n\nTwo of them.", "Nobody."]


def test_a_follow_up_has_words_before_its_name() -> None:
    text = f'{BANK}### Q1: What is an image?\n\n**Answer:** A file.\n\n**Deep dive follow-up**: "And a layer?"\n'
    text += "\n**Answer**: A part.\n"
    assert asked(text) == [("What is an image?", "A file."), ('"And a layer?"', "A part.")]


def test_interview_questions_by_name_stand_in_items_below_their_scenario() -> None:
    one = "#### {0}. **{1}**\n   - **Scenario**: It grows.\n     - **Interview Question**: How do you {2}?\n"
    one += "     - **Answer**: By {2}.\n\n"
    text = "# Pods\n\n" + one.format(1, "Growth", "scale") + one.format(2, "Change", "roll")
    assert asked(text) == [("How do you scale?", "By scale."), ("How do you roll?", "By roll.")]


def test_numbered_headings_that_break_off_ask_beside_others() -> None:
    asks = ("What is a page?", "A frame is located in:", "How long is a cycle?", "Which of them is fast?")
    text = "".join(f"### {number}. {one}\n" for number, one in enumerate(asks, start=1))
    assert [prompt for prompt, _ in asked(text)] == list(asks)
    steps = ("Create the file with:", "Start the service with:", "Look at its log with:")
    assert asked("".join(f"### {number}. {one}\n\n    x\n\n" for number, one in enumerate(steps, start=1))) == []


def test_a_note_that_is_nothing_but_lists_that_ask() -> None:
    text = "# General\n- What tools do you use?\n- How do you learn?\n# Linux\n- What is a shell?\n   - A program\n"
    text += "- What is a pipe?\n- Explain how a fork works.\n"
    assert len(asked(text)) == 5
    assert asked("# Links\n" + "".join(f"- [What is {it}?](https://x.y/{it})\n" for it in "abcdef")) == []


def test_the_approach_before_an_answer_by_name_is_no_part_of_the_question() -> None:
    text = f"{BANK}## Scenario 1: A full disk\n\n**Question:** What fills it?\n\n**Approach:**\n\n1. `df`\n\n"
    text += "**Sample answer:** Look with df.\n\n## Scenario 2: Pending\n\n**Question:** Why do they wait?\n\n"
    text += "They wait long.\n\n**Answer:** No room.\n"
    assert asked(text) == [
        ("What fills it?", "**Approach:**\n\n1. `df`\n\nLook with df."),
        ("Why do they wait?\n\nThey wait long.", "No room."),
    ]


def test_the_summary_below_a_plain_list_is_no_answer() -> None:
    text = "Docker interview questions\n\n1. What is a cache?\n\nA copy.\n\n2. What is a queue?\n\nA line.\n\n"
    assert asked(text + "\U0001f3c1 Summary\n\nWell done.\n")[1] == ("What is a queue?", "A line.")


def test_letters_below_topics_ask() -> None:
    text = "# Interview questions\n\n1. Disks\n   a. What is LVM?\n   b. Explain a mount.\n2. Pods\n"
    text += "   a. PV vs PVC?\n"
    assert [prompt for prompt, _ in asked(text)] == ["What is LVM?", "Explain a mount.", "PV vs PVC?"]


def test_a_note_of_lists_asks_without_question_marks_if_all_of_it_does() -> None:
    asks = ("What are the parts of it", "Explain why it is so", "Describe how you did it", "How do you test it", "Why")
    assert len(asked("## Core\n" + "".join(f"- {one}\n" for one in asks))) == 5
    topics = ("What is Docker", "Why Docker", "How to install it", "How to run it", "What is next")
    assert asked("## Topics\n" + "".join(f"- {one}\n" for one in topics)) == []


def test_a_paragraph_above_the_only_question_of_a_section_teaches() -> None:
    text = "# Notes\n\n## 1. Layers\n\nThere are seven.\n\n**Interview question:** Why?\n"
    text += "**Answer:** To part them.\n\n"
    text += "## Scenario 2\n\nIt is slow.\n\n**Interview Q:**\n*Where do you look?*\n\n**Answer:**\nHere.\n"
    assert teaching(text) == ["Layers"]
    assert asked(text) == [("Why?", "To part them."), ("Where do you look?", "Here.")]
    assert not parse(text).warnings


def test_bold_that_tells_the_right_option_goes() -> None:
    one = "#### Q{0}. What is {1}?\n- A wish\n- **A way**\n\n> **Correct Answer : <br> A way**\n\n<br>\n\n"
    read = parse("# Quiz\n\n" + one.format(1, "it") + one.format(2, "that"))
    assert [([option.text for option in each.choices], each.answer) for each in read.questions] == [
        (["A wish", "A way"], ""),
        (["A wish", "A way"], ""),
    ]


def test_a_quotation_among_those_with_an_arrow_asks_too() -> None:
    text = "# Recall\n\n> **What is a chart?**\n> \u2192 A folder.\n\n> **What is a release?**\n> \u2192 A copy.\n\n"
    assert asked(text + "> **Install or upgrade**\n> \u2192 `helm upgrade -i`\n")[2] == (
        "Install or upgrade",
        "\u2192 `helm upgrade -i`",
    )


def test_points_that_ask_more_belong_to_the_question() -> None:
    text = "# Interview questions\n\n1. How do you copy a file?\n\u2022 How do you see that it came?\n"
    text += "\u2022 Is it whole?\n\n"
    assert [answer for _, answer in asked(text + "2. What is a link?\n\n3. What is a pipe?\n")] == ["", "", ""]


def listed(*items: str) -> list[tuple[str, str]]:
    """What is asked by a note for interviews with these items in one list, each of several lines."""
    numbered = (f"{number}. " + item.replace("\n", "\n   ") for number, item in enumerate(items, start=1))
    return asked("# Interview\n\n" + "\n".join(numbered) + "\n")


def test_the_line_below_a_task_of_a_list_is_its_answer() -> None:
    found = listed(
        "What is a cache?\nA near copy.", "Explain queues.\nLines.\nOf two ends.", "Describe `heap`\nA tree."
    )
    assert found == [
        ("What is a cache?", "A near copy."),
        ("Explain queues.", "Lines.\nOf two ends."),
        ("Describe `heap`", "A tree."),
    ]


def test_a_name_among_questions_with_answers_below_them_has_its_answer_there_too() -> None:
    found = listed("What is a cache?\nA near copy.", "Queue\nA line.", "What is a heap?\nA tree.")
    assert found[1] == ("Queue", "A line.")


@pytest.mark.parametrize(
    "task",
    [
        "Explain queues\nand stacks.",
        "Explain queues.\nGive an example.",
        "Explain queues.\nInclude a picture.",
        "Explain queues.\nWhy do they grow?",
        "Explain the difference of:\nA queue, a stack.",
        "Describe what a queue of messages is for, and how you size\nKafka's.",
    ],
)
def test_a_task_goes_on_in_the_line_below_it(task: str) -> None:
    assert listed("What is a cache?\nA near copy.", task)[1] == (task, "")
