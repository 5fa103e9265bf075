"""Layouts of whole files as they are found: lists, chapters with answers, scenarios, follow-ups. Notes of our own."""

from tests.unit.catalogue.formats.markdown.notes_read import asked, everything, right, teaching

SIGNED = """**Easy tea questions**

✔ What is green tea?
✔ Leaf or bag
✔ How is a pot warmed?

**Mistakes**

✘ Boiling the leaves
✘ Cold pots
✘ Old water
"""


def test_lines_behind_a_printed_sign_are_a_list_where_half_of_them_ask() -> None:
    assert asked(SIGNED) == [("What is green tea?", ""), ("Leaf or bag", ""), ("How is a pot warmed?", "")]
    assert asked(SIGNED.replace("Easy tea questions", "Before you brew")) == []


FOLDED = """### Leaves
1.\tDescribe the leaf.
<details>
  <summary>See answer</summary>
  It is green.
</details>

2.\tDescribe the bag.
3.\tWhat is the smell of it?
4.\tHow long does it keep fresh?

### Pots
1.\tWhat is it made of, and why?
"""


def test_a_folded_answer_below_one_item_shows_that_the_lists_ask() -> None:
    assert asked(FOLDED) == [
        ("Describe the leaf.", "It is green."),
        ("Describe the bag.", ""),
        ("What is the smell of it?", ""),
        ("How long does it keep fresh?", ""),
        ("What is it made of, and why?", ""),
    ]


CHAPTERS = """# Tea interview questions

## 1. Leaves

### Questions:
1. What is green tea?
2. What is black tea?

### Answers:
1. **What is green tea?**
   It is dried.

2. **What is black tea?**
   It is fermented.

## 2. Pots

### Questions:
1. Which pot is best?
2. How is it warmed?

### Answers:
1. **Which pot is best?**
   Iron.

2. **How is it warmed?**
   With water.
"""


def test_questions_and_answers_of_each_chapter() -> None:
    assert asked(CHAPTERS) == [
        ("What is green tea?", "It is dried."),
        ("What is black tea?", "It is fermented."),
        ("Which pot is best?", "Iron."),
        ("How is it warmed?", "With water."),
    ]


def test_a_list_announces_the_questions_further_down_in_more_words() -> None:
    note = "### Interview questions\n\n1. How do you warm a pot for eight guests and their children?\n"
    note += "2. What is green tea?\n\n### Sample answers\n\n**1. How do you warm a pot for eight guests?**\n"
    note += "**Answer:** With hot water.\n\n**2. What is green tea?**\n**Answer:** It is dried.\n"
    assert asked(note) == [
        ("How do you warm a pot for eight guests?", "With hot water."),
        ("What is green tea?", "It is dried."),
    ]


HEADED_KEY = """# Practice test

## Questions

### Question 1
Which leaf is not fermented?

**A)** Black
**B)** Green

### Question 2
Which pot keeps warm longest?

**A)** Iron
**B)** Glass

## Answer Key

### Question 1
**Correct Answer: B**

**Explanation**: It is only dried.

---

### Question 2
**Correct Answer: A**

**Explanation**: It is heavy.

## Score Yourself

- 2: well done
"""


def test_a_key_of_headings_with_the_answer_by_its_name() -> None:
    assert right(HEADED_KEY) == [
        ("Which leaf is not fermented?", ["Green"]),
        ("Which pot keeps warm longest?", ["Iron"]),
    ]
    assert [one.answer for one in everything(HEADED_KEY)] == ["It is only dried.", "It is heavy."]
    assert teaching(HEADED_KEY) == []


OPEN_ITEMS = """# A day with tea

### Leaves

1. On the shelf there are these:

- Assam
- Mocha
- Darjeeling

Which of them are teas? Check all that apply.
- [x] Assam
- [ ] Mocha
- [x] Darjeeling

2. Which is not fermented?
- [ ] Black
- [x] Green

### Pots

1. Which keeps warm longest?
- [x] Iron
- [ ] Glass
"""


def test_an_item_that_a_colon_breaks_off_goes_on_below_its_list_up_to_the_options() -> None:
    assert right(OPEN_ITEMS) == [
        (
            "On the shelf there are these:\n\n- Assam\n- Mocha\n- Darjeeling\n\n"
            "Which of them are teas? Check all that apply.",
            ["Assam", "Darjeeling"],
        ),
        ("Which is not fermented?", ["Green"]),
        ("Which keeps warm longest?", ["Iron"]),
    ]


def test_things_to_tick_below_a_step_are_no_options() -> None:
    assert (
        asked("# Set up\n\n1. Copy these:\n\n- a\n- b\n\n2. Tick what you need:\n\n- [ ] pots\n- [ ] cups\n\n3. Go.\n")
        == []
    )


def test_scenarios_with_a_question_and_an_answer_by_the_star_method() -> None:
    note = "# Stories\n\n"
    for number, told in enumerate(("Tell me about a cold pot.", "Tell me about a thin tea."), start=1):
        note += f"# Scenario {number}: A guest\n\n## Interview Question\n\n{told}\n\n## STAR Answer\n\n"
        note += "### Situation\n\nIt was cold.\n\n### Result\n\nIt was warm.\n\n"
    told = "### Situation\n\nIt was cold.\n\n### Result\n\nIt was warm."
    assert asked(note) == [("Tell me about a cold pot.", told), ("Tell me about a thin tea.", told)]


def test_steps_to_contribute_ask_nothing_in_a_bank_of_tasks() -> None:
    tasks = "".join(f"{number}. Brew the pot of kind {number}\n" for number in range(1, 11))
    note = f"# Tea interview questions\n\n## Tasks\n\n{tasks}\n## Contributing\n\n1. Fork it\n2. Make a branch\n"
    assert len(asked(note)) == 10


def test_a_first_line_that_promises_a_text_and_then_questions() -> None:
    note = "Here is an explanation of tea, followed by **interview questions**.\n\n## Kinds of tea\n\n### 1. Green\n\n"
    note += "It is dried.\n\n### 2. Black\n\nIt is fermented.\n\n## Interview questions\n\n"
    note += "### 1. What is a pot?\n\nIron.\n\n### 2. How is it warmed?\n\nWith water.\n"
    assert asked(note) == [("What is a pot?", "Iron."), ("How is it warmed?", "With water.")]
    assert teaching(note) == ["Kinds of tea"]


ESCAPED = r"""Here are **interview questions** on tea:

## Leaves

**Easy**

1. What is green tea?
2. What is black tea?

**Hard**
3\. Compare both.
4\. How is it dried?

**Hardest**
5\. Name a pest of it.
"""


def test_escaped_numbers_go_on_below_bold_titles() -> None:
    assert [prompt for prompt, _ in asked(ESCAPED)] == [
        "What is green tea?",
        "What is black tea?",
        "Compare both.",
        "How is it dried?",
        "Name a pest of it.",
    ]
    assert all(answer == "" for _, answer in asked(ESCAPED))


def test_escaped_numbers_in_headings() -> None:
    note = "# Tea interview questions\n\n#### **1\\. What is it?**\n\nA leaf.\n\n#### **2\\. Kinds of tea**\n\nTwo.\n"
    assert asked(note) == [("What is it?", "A leaf."), ("Kinds of tea", "Two.")]


def test_a_text_behind_a_list_of_bare_questions_answers_none_of_them() -> None:
    note = "# Tea interview questions\n\n1. What is it?\n2. Where does it grow?\n3. Who drinks it?\n\n"
    note += "These should keep you busy for a day.\n"
    assert [answer for _, answer in asked(note)] == ["", "", ""]
    assert asked(note.replace("1. What is it?\n2. Where does it grow?\n3.", "1."))[0][1] != ""


def test_a_level_behind_a_name_is_no_question() -> None:
    note = "# Practice exam\n\n## Practice questions\n\n"
    for number, level in ((1, "Easy"), (2, "Hard")):
        note += f"**Question {number}** (Difficulty: {level})\n\nWhich pot is number {number}?\n\nA) Iron\nB) Glass\n\n"
        note += "<details>\n<summary>Answer</summary>\n\n**B) Glass**\n</details>\n\n"
    assert right(note) == [("Which pot is number 1?", ["Glass"]), ("Which pot is number 2?", ["Glass"])]


def test_lists_in_items_are_answers_where_most_of_them_are() -> None:
    note = "# Tea interview questions\n\n1. **What is a pot?**\n   - Name its parts.\n\n"
    note += "2. **What is tea?**\n   - A leaf.\n"
    assert asked(note) == [("What is a pot?", "- Name its parts."), ("What is tea?", "- A leaf.")]


def test_a_follow_up_in_an_item_is_a_part_of_the_answer() -> None:
    note = "# Tea interview questions\n\n1. **What is a pot?**\n   - A vessel.\n   - _Follow-up:_ What is a cup?\n"
    note += "     - when small, it is a cup\n\n2. **What is tea?**\n   - A leaf.\n"
    assert [prompt for prompt, _ in asked(note)] == ["What is a pot?", "What is tea?"]
    assert "What is a cup?" in asked(note)[0][1]


WRAPPED = "".join(
    f"{number}. You have a large pot of tea for the guests, and one after the other\n"
    f"of them comes late and wants it as hot as it was. How do you serve guest {number}?\n\n"
    for number in range(1, 7)
)


def test_items_that_an_editor_has_broken_into_lines_ask_with_their_last_one() -> None:
    assert len(asked(WRAPPED)) == 6
    assert asked(WRAPPED)[0][0].endswith("How do you serve guest 1?")


def test_short_numbered_lines_are_questions_where_half_of_a_note_of_such_lists_asks() -> None:
    note = "# Leaves\n1. What is green tea?\n2. Kinds of it\n3. How is it dried?\n4. Pests\n5. What is a bush?\n\n"
    note += "# Pots\n1. What is iron?\n2. Glass\n3. Clay\n4. How is it warmed?\n5. Lids\n"
    assert len(asked(note)) == 10
    assert asked(note.replace("What is ", "").replace("?", "")) == []
