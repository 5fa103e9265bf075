"""Cards as vaults and decks keep them without a tag: below a heading, in an outline, as definitions, a card a file."""

import pytest

from tests.unit.catalogue.formats.markdown.notes_read import asked, parse, teaching

BELOW = "# Rivers\n\nThe Rhine is long.\n\n## Flashcards\n\n"


@pytest.mark.parametrize(
    ("cards", "expected"),
    [
        ("Rhine::a river\n", [("Rhine", "a river")]),
        ("Name two rivers ;;\n- Rhine\n- Elbe\n", [("Name two rivers", "- Rhine\n- Elbe")]),
        ("The ==Rhine== is long.\n", [("The [\u2026] is long.", "Rhine")]),
        ("What is a delta?\n\n?\n\nA mouth.\n", [("What is a delta?", "A mouth.")]),
        (
            "Delta\n: A mouth.\n\nSpring\n: A source\nof water.\n",
            [("Delta", "A mouth."), ("Spring", "A source\nof water.")],
        ),
        ("Delta\n\n: A mouth.\n: A fan.\n", [("Delta", "A mouth.\nA fan.")]),
    ],
)
def test_below_a_heading_that_is_called_flashcards_a_note_is_a_deck(
    cards: str, expected: list[tuple[str, str]]
) -> None:
    assert asked(BELOW + cards) == expected


def test_elsewhere_in_the_note_the_same_signs_are_text() -> None:
    note = "# Rivers\n\nThe ==Rhine== is long.\n\nDelta\n: A mouth.\n\n"
    note += "## Flashcards\n\nRhine :: a river\n\n## Notes\n\n==Elbe==\n"
    assert asked(note) == [("Rhine", "a river")]


@pytest.mark.parametrize("title", ["River flashcards", "Flashcards: rivers", "Karteikarten Flussnamen"])
def test_each_heading_with_a_text_is_a_card_in_a_note_that_is_called_flashcards(title: str) -> None:
    note = f"# {title}\n\n## Delta\n\nA mouth.\n\n## Source of the Rhine\n\nLake Toma\n"
    assert asked(note) == [("Delta", "A mouth."), ("Source of the Rhine", "Lake Toma")]


def test_headings_above_cards_are_none() -> None:
    note = "# River flashcards\n\n## North\n\nElbe :: a river\n\n## South\n\nPo :: a river\n"
    assert asked(note) == [("Elbe", "a river"), ("Po", "a river")]


@pytest.mark.parametrize("title", ["Creating flashcards", "How to write flashcards", "Flashcards plugin"])
def test_a_manual_of_flashcards_is_no_deck(title: str) -> None:
    assert asked(f"# {title}\n\n## Install\n\nRun it.\n\n## Use\n\nWrite ==marks==.\n") == []


def test_an_outline_whose_items_have_fronts_and_backs_is_a_deck_of_remnote() -> None:
    note = (
        "# Rivers\n\n- Waters\n    - **Rhine** :: A river\n        - mouth ;; North Sea\n"
        "    - Where does the Po end? >> In the Adriatic\n    - Name two seas. >>>\n        - North\n        - Black\n"
    )
    assert asked(note) == [
        ("Rhine", "A river"),
        ("mouth", "North Sea"),
        ("Where does the Po end?", "In the Adriatic"),
        ("Name two seas.", "- North\n- Black"),
    ]


def test_one_sign_alone_in_lists_makes_no_outline_of_cards() -> None:
    assert asked("# Shell\n\n- echo a >> file\n- echo b >> file\n- echo c >> file\n") == []


def test_a_front_and_its_back_may_stand_on_a_line_with_the_mark() -> None:
    note = "# Rivers\n\nRhine : a river #flashcard #geo\n\n"
    note += "How long is the Elbe? : 1,094 km \u26a1\ufe0f\n\nRatio 1 : 2 is text.\n"
    assert asked(note) == [("Rhine", "a river"), ("How long is the Elbe?", "1,094 km")]


def test_the_mark_may_stand_on_a_line_within_the_paragraph() -> None:
    assert asked("# Rivers\n\nOn maps:\nWhat is blue? #flashcard #geo\nWater is.\n") == [
        ("On maps:\nWhat is blue?", "Water is.")
    ]


def test_braces_of_a_formula_are_no_gap() -> None:
    note = "---\ntags: flashcards\n---\n\nThe radius\n\n$$a = \\frac{{ \\hbar ^2}}{{m_e k}}$$\n\nis {{short}}.\n"
    assert asked(note) == [("is [\u2026].", "short")]


def test_a_note_of_a_line_that_asks_a_rule_and_a_text_is_one_card() -> None:
    assert asked("What is a delta?\n\n---\n\nA mouth.\n\n- It branches.\n") == [
        ("What is a delta?", "A mouth.\n\n- It branches.")
    ]


@pytest.mark.parametrize(
    "note",
    [
        "Deltas of rivers\n\n---\n\nA mouth.\n",
        "What is a delta?\n\n---\n\n## Answer\n\nA mouth.\n\n## More\n\nx\n",
        "What is a delta?\n\n---\n\nA mouth.\n\n---\n\nMore.\n",
    ],
)
def test_other_notes_with_rules_are_texts(note: str) -> None:
    assert asked(note) == []


def test_a_list_in_a_fold_is_not_the_one_behind_it() -> None:
    note = "# T\n\n<details>\n<summary>What is a delta?</summary>\n\n- A mouth\n\n</details>\n\n- Elsewhere\n"
    note += "\n<details>\n<summary>What is a spring?</summary>\n\n- A source\n\n</details>\n"
    assert asked(note) == [("What is a delta?", "- A mouth"), ("What is a spring?", "- A source")]


def test_a_link_to_where_the_answer_is_is_none() -> None:
    table = "| # | Question | Answer |\n|--|--|--|\n| 1 | What is a delta? | [\U0001f517](a b.md) |\n"
    assert asked(f"# River questions\n\n{table}| 2 | What is a spring? | [Answer](s.md) |\n") == [
        ("What is a delta?", ""),
        ("What is a spring?", ""),
    ]


@pytest.mark.parametrize(
    ("title", "teaches"),
    [
        ("Final tips for interviews", False),
        ("How to prepare", False),
        ("\uacb0\ub860", False),
        ("Score yourself", False),
        ("Rafting tips", True),
        ("Deltas", True),
    ],
)
def test_what_is_said_to_candidates_teaches_nothing(title: str, teaches: bool) -> None:
    note = f"# River interview questions\n\n## Q1: What is a delta?\n\nA mouth.\n\n## {title}\n\n| a |\n|--|\n| c |\n"
    assert teaching(note) == ([title] if teaches else [])


def test_a_table_of_contents_in_any_language_asks_and_teaches_nothing() -> None:
    contents = "## Mundarija\n\n<br/>\n\n| No | Savollar |\n|--|--|\n| 1 | [Delta?](#a) |\n| 2 | [Quelle?](#b) |\n\n"
    note = (
        f"# Rivers FAQ\n\n{contents}## Delta?\n\nA mouth.\n\n## Quelle?\n\nA source.\n\n## Long rivers?\n\nThe Rhine.\n"
    )
    assert [prompt for prompt, _ in asked(note)] == ["Delta?", "Quelle?", "Long rivers?"]
    assert teaching(note) == []


def test_breaks_between_folded_questions_teach_nothing() -> None:
    fold = "<details>\n<summary>&nbsp; What is a {}?</summary>\n\nWater.\n\n</details>\n\n<br>\n\n"
    note = f"# Rivers\n\n### North\n\n{fold.format('delta')}<br>\n\n{fold.format('spring')}"
    assert [prompt for prompt, _ in asked(note)] == ["What is a delta?", "What is a spring?"]
    assert teaching(note) == []


def test_advertisements_between_questions_are_left_out_and_told() -> None:
    note = (
        "**Q1. What is a delta?**\n\nA mouth.\n\n[Advertisement]\n\n**Q2. What is a spring?**\n\nA source.\n\n"
        "Also Read: [Top 50 rivers](https://example.org)\n\n**Q3. What is a lake?**\n\nAlso read about seas.\n"
    )
    assert [answer for _, answer in asked(note)] == ["A mouth.", "A source.", "Also read about seas."]
    (told,) = [one for one in parse(note).warnings if "left out" in one.message]
    assert (told.line, "line 5, 11." in told.message) == (5, True)


def test_a_way_back_in_html_is_no_part_of_an_answer() -> None:
    back = '<div align="right">\n  <b><a href="#top">\u2191 Top</a></b>\n</div>\n\n'
    note = f"# River questions\n\n## What is a delta?\n\nA mouth.\n\n{back}## What is a spring?\n\nA source.\n\n{back}"
    assert [answer for _, answer in asked(note)] == ["A mouth.", "A source."]


def test_a_list_in_html_that_is_never_closed_ends_with_its_section() -> None:
    note = (
        "# Quiz\n\n### Question 1\n\nWhat is a delta?\n\n<ol>\n<li>A mouth</li>\n\n### Question 2\n\nWhat is a lake?\n"
    )
    assert [prompt for prompt, _ in asked(note)] == ["What is a delta?", "What is a lake?"]


def test_the_steps_of_a_plan_of_an_exam_ask_nothing() -> None:
    task = "### Task {}: `run` of it\n\n**Files:**\n\n- Create: `a.py`\n\nWhy.\n\n"
    task += "- [ ] **Step 1: Write it**\n\nExpected: all pass.\n\n"
    assert (
        asked("# Exam builder implementation plan\n\n" + "".join(task.format(number) for number in range(1, 5))) == []
    )
