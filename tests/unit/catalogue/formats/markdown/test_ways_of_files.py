"""Layouts of whole files as they are found: keys in parts, forms to fill in, tables of topics. Notes of our own."""

from tests.unit.catalogue.formats.markdown.notes_read import asked, everything, right, teaching

PARTS = """# Quiz: Tea

## Choose one

### 1. Which leaf is not fermented?
a) Black
b) Green

### 2. Which pot keeps warm longest?
a) Iron
b) Glass

## In your own words

### 11. Name two kinds of cup.
```
1. ____________________
2. ____________________
```

### 12. Why warm the pot?
```
Answer: ____________________
____________________________
```

## Answer Key

### Answers to choose:
1. b) Green
2. a) Iron

### Sample answers:

**11. Kinds of cup:**
- A mug
- A bowl

**12. Warm pots:**
- The water stays hot.
"""


def test_a_key_in_parts_is_numbered_as_the_questions_are() -> None:
    assert right(PARTS) == [
        ("Which leaf is not fermented?", ["Green"]),
        ("Which pot keeps warm longest?", ["Iron"]),
        ("Name two kinds of cup.\n\n```\n1. ____________________\n2. ____________________\n```", []),
        (
            "Why warm the pot?\n\n```\nAnswer: ____________________\n____________________________\n```",
            [],
        ),
    ]
    assert [one.answer for one in everything(PARTS)][2:] == [
        "**Kinds of cup:**\n\n- A mug\n- A bowl",
        "**Warm pots:**\n\n- The water stays hot.",
    ]


SECTIONS = """# Practice test

## Section 1: Leaves

### Question 1
Which leaf is not fermented?

A) Black
B) Green

### Question 2
**Select all that apply:** Which are teas?

A) Assam
B) Mocha
C) Darjeeling

## Section 2: Pots

### Question 3
Which pot keeps warm longest?

A) Iron
B) Glass

## Answer Key

### Section 1: Leaves (Questions 1-2)

**1. Answer: B** - Green
*Explanation:* It is only dried.

**2. Answer: A, C** - Assam, Darjeeling
*Explanation:* Mocha is coffee.

---

### Section 2: Pots (Question 3)

**3. Answer: A** - Iron
*Explanation:* It is heavy.

## Scoring Guide

- **3 correct:** well done
"""


def test_a_key_of_paragraphs_below_the_titles_of_its_sections() -> None:
    assert right(SECTIONS) == [
        ("Which leaf is not fermented?", ["Green"]),
        ("**Select all that apply:** Which are teas?", ["Assam", "Darjeeling"]),
        ("Which pot keeps warm longest?", ["Iron"]),
    ]
    assert "It is only dried." in everything(SECTIONS)[0].answer


def test_a_key_that_names_other_questions_stays_a_text() -> None:
    note = PARTS.replace("**12. Warm pots:**", "**14. Warm pots:**")
    assert [chosen for _, chosen in right(note)][:2] == [[], []]


SEVERAL = """### Question 1

Which leaf is not fermented?

* Black
* **Green**

### Question 2

What can be brewed? Check all that apply.

* **Leaves**
* **Roots**
* Stones

### Question 3

Which pot keeps warm longest?

* **Iron**
* Glass
"""


def test_several_options_in_bold_are_right_where_the_question_says_so() -> None:
    assert right(SEVERAL)[1] == ("What can be brewed? Check all that apply.", ["Leaves", "Roots"])
    assert right(SEVERAL.replace(" Check all that apply.", ""))[1][1] == []


def test_code_below_what_is_printed_is_asked_about() -> None:
    note = "# Interview questions\n\n1. What is printed?\n   ```python\n   print(2)\n   ```\n2. What is the output?\n"
    note += "   ```python\n   print(3)\n   ```\n   Three.\n"
    assert asked(note) == [
        ("What is printed?\n\n```python\nprint(2)\n```", ""),
        ("What is the output?\n\n```python\nprint(3)\n```", "Three."),
    ]


TOPICS = """# Scenarios

## Easy

| # | Scenario | Question |
|---|---|---|
| 1 | **A cold pot** | The tea is cold. What do you do? |
| 2 | **A thin tea** | The tea is thin. How do you mend it? |

## Hard

| # | Scenario | Question |
|---|---|---|
| 3 | **A guest** | A guest comes early. What do you brew? |
"""


def test_a_column_before_the_questions_has_their_topics_and_no_answers() -> None:
    assert asked(TOPICS)[0] == ("The tea is cold. What do you do?\n\nScenario: **A cold pot**", "")
    assert [answer for _, answer in asked(TOPICS)] == ["", "", ""]


def test_a_table_of_questions_beside_two_others_asks_whatever_its_words() -> None:
    table = "| Number | Question |\n| --- | --- |\n| 1 | {} |\n\n"
    note = "# Tea notes\n\n## Leaves\n\n" + table.format("What is green tea?") + "## Pots\n\n"
    note += table.format("How is a pot warmed?") + "## Guests\n\n" + table.format("A guest comes. Tell the whole way")
    assert [prompt for prompt, _ in asked(note)] == [
        "What is green tea?",
        "How is a pot warmed?",
        "A guest comes. Tell the whole way",
    ]
    assert asked("# Tea notes\n\n## Guests\n\n" + table.format("A guest comes. Tell the whole way")) == []


NAMED = """# Mock interview

## Question 1: What is tea?

**Question:** What is tea, and where does it grow?

[Answer](answers.md#1)

## Question 2: Warm pots

**Question:** Why is a pot warmed?

It keeps the water hot.
"""


def test_a_named_heading_and_the_question_by_name_right_below_are_one() -> None:
    assert asked(NAMED) == [
        (
            "What is tea?\n\n**Question:** What is tea, and where does it grow?\n\n[Answer](answers.md#1)",
            "",
        ),
        ("Warm pots\n\n**Question:** Why is a pot warmed?", "It keeps the water hot."),
    ]
    assert teaching(NAMED) == []


PREPARATION = """# Tea interview preparation

## 1. What is fermented?

Black tea.

### In short

It is brown.

## 2. Difference between leaf and bag

A bag has dust.

## 3. How is a pot warmed?

With hot water.

## 4. Kinds of cup

Mugs.
"""


def test_numbered_headings_ask_in_a_note_on_interviews_if_most_of_them_ask() -> None:
    assert [prompt for prompt, _ in asked(PREPARATION)] == [
        "What is fermented?",
        "Difference between leaf and bag",
        "How is a pot warmed?",
        "Kinds of cup",
    ]
    assert asked(PREPARATION)[0][1] == "Black tea.\n\n### In short\n\nIt is brown."


def test_numbered_headings_teach_without_that_title_or_if_few_ask() -> None:
    assert asked(PREPARATION.replace("interview preparation", "for beginners")) == []
    assert asked(PREPARATION.replace("Difference between leaf", "Leaf").replace("How is a pot", "The pot")) == []


def test_numbers_of_two_parts_need_no_stop() -> None:
    note = "# Interview notes\n\n## Brewing\n\n### 4.1 What is a pot?\n\nIron.\n\n"
    note += "### 4.2 Compare leaf and bag\n\nDust.\n\n### 4.3 How hot is the water?\n\nNearly boiling.\n"
    assert asked(note) == [
        ("What is a pot?", "Iron."),
        ("Compare leaf and bag", "Dust."),
        ("How hot is the water?", "Nearly boiling."),
    ]
    assert asked("# Radio questions\n\n- 2.4 GHz or 5 GHz: which reaches further?\n- What is a channel?\n")[0][0] == (
        "2.4 GHz or 5 GHz: which reaches further?"
    )


def test_a_note_that_says_above_its_first_heading_that_it_asks() -> None:
    note = "# Tea exam guide\n\n{}\n\n## Leaves\n\n- What is fermented?\n- Kinds of green tea\n- Why is it dried?\n"
    assert len(asked(note.format("This guide contains the most commonly asked questions."))) == 3
    assert asked(note.format("It tells how tea is made. Mail us with your questions.")) == []


def test_among_numbered_headings_a_strategy_is_a_question_and_tips_are_none() -> None:
    note = "# Tea interview questions\n\n## 1. How is tea dried?\n\nIn pans.\n\n## 2. Brewing strategy\n\nSlowly.\n\n"
    note += "## 3. What is a pot?\n\nIron.\n\n## 4. Interview tips\n\nSmile.\n"
    assert [prompt for prompt, _ in asked(note)] == ["How is tea dried?", "Brewing strategy", "What is a pot?"]
