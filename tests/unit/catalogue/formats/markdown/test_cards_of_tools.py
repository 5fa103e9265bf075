"""Cards as other tools take them from small notes, beyond the table that was made by running these: by their rules.

Each row names the tool, and says what is asked. hashcards 0.4.0, inka2 3.2.2, Obsidian's Spaced Repetition 1.15.4,
Obsidian_to_Anki 3.6.0, ankdown 0.7.1, ankiops 0.6.6, Logseq.
"""

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note

Pairs = list[tuple[str, str]]
# What stands behind a `C:` goes on to the next card, rule or heading.
HASHCARDS = [
    ("C: First.\n\nThen a [gap].\n\nQ: x\nA: y\n", [("First.\n\nThen a […].", "gap"), ("x", "y")]),
    (
        "C: - a [list]\n- of [two]\n\n## Next\n\ntext\n",
        [("- a […]\n- of two", "list"), ("- a list\n- of […]", "two")],
    ),
    ("C: Run\n\n```sh\na [b]\n```\n\nfor [it].\n", [("Run\n\n```sh\na [b]\n```\n\nfor […].", "it")]),
    ("C:\n\n| a | b |\n|---|---|\n| [1] | 2 |\n", [("| a | b |\n|---|---|\n| […] | 2 |", "1")]),
    ("C: [x] y\n---\nC: z [w]\n---\n", [("[…] y", "x"), ("z […]", "w")]),
    ("Q: a\nA: b\nC: [e] f\nC: g [h]\nQ: i\nA: j\n", [("a", "b"), ("[…] f", "e"), ("g […]", "h"), ("i", "j")]),
    ("Q: a\nA: b\nC: no gap\n", [("a", "b\nC: no gap")]),
    ("C: see [[a page]] for a [gap]\n\nmore text\n", [("see [[a page]] for a […]", "gap")]),
    ("C: a [gap]\n\n- [x] a box\n- [ ] another\n", [("a […]", "gap")]),
]
# An item below `Deck:` is a card whatever its words are: with quoted lines behind it, or with gaps in braces.
INKA = [
    ("Deck: A\n\n1. The veth\n\n> A cable.\n\n2. Q2\n> A2\n---\n", [("The veth", "A cable."), ("Q2", "A2")]),
    ("Deck: A\n\n1. Two\nlines\n\n    code\n\n> a\n> - b\n", [("Two\nlines\n\ncode", "a\n- b")]),
    (
        "Deck: A\n\n1. {Paris} is in {France}.\n\n2. Of `${HOME}` and $\\frac{1}{2}$ a {half}\n",
        [
            ("[…] is in France.", "Paris"),
            ("Paris is in […].", "France"),
            ("Of `${HOME}` and $\\frac{1}{2}$ a […]", "half"),
        ],
    ),
    ("Deck: A\n\n1. {c1::a} and {1::b}, {c2::c}\n", [("[…] and […], c", "a, b"), ("a and b, […]", "c")]),
    ("Deck: A\n\n1. Q?\n\n> a\n\n2. A {gap}\n\n---\n\n1. no {card}\n", [("Q?", "a"), ("A […]", "gap")]),
]
OBSIDIAN = [
    ("#flashcards\n\nOn ==1;;80== or ==1;;8080==.\n", [("On […] or […].", "80, 8080")]),
    ("#flashcards\n\nA ==bridge;;a switch== is one.\n", [("A [a switch] is one.", "bridge")]),
    ("---\ntags: flashcards\n---\nveth::: a cable\n", [("veth", "a cable"), ("a cable", "veth")]),
    (
        "#flashcards\n\n| ==a== | b |\n|---|---|\n| c | ==d== |\n",
        [("| […] | b |\n|---|---|\n| c | d |", "a"), ("| a | b |\n|---|---|\n| c | […] |", "d")],
    ),
    ("veth :: a cable\n---\nbridge :: a switch\n---\n", [("veth", "a cable"), ("bridge", "a switch")]),
]
OTHERS = [
    ("STARTI [Basic] Q Back: A Tags: a b <!--ID: 1566052191670--> ENDI\n", [("Q", "A")]),
    ("STARTI [Cloze] A {bridge} is it. ENDI\n", [("A […] is it.", "bridge")]),
    (
        "START\nCloze\nThis {{c1::is}} a {2:test} of {3|it}.\nEND\n",
        [("This […] a test of it.", "is"), ("This is a […] of it.", "test"), ("This is a test of […].", "it")],
    ),
    ("What?\n%\nSo.\n---\nWhy?\n%\nThus.\nAnd more.\n", [("What?", "So."), ("Why?", "Thus.\nAnd more.")]),
    ("T: A {{c1::gap}} here\nE: an extra\nM: more\n", [("A […] here", "gap\n\nan extra\n\nmore")]),
    ("- It is {{cloze 127.0.0.1\\\\an address}}. #card\n", [("It is [an address].", "127.0.0.1")]),
]


# Its note types of version 0.6.6: reversed, typed, with what is said beside, and two notes between a rule.
ANKIOPS = [
    ("F: front\nB: back\n", [("front", "back"), ("back", "front")]),
    (
        "<!-- note_id: 1 -->\nF: one\nB: eins\nE: A number.\n\n---\n\nF: two\nB: zwei\n",
        [("one", "eins\n\nA number."), ("eins", "one\n\nA number."), ("two", "zwei"), ("zwei", "two")],
    ),
    (
        "F: front\nB: this:\n\n```\nB: x\nF: y\n```\n",
        [("front", "this:\n\n```\nB: x\nF: y\n```"), ("this:\n\n```\nB: x\nF: y\n```", "front")],
    ),
    ("Q: Which lists?\nI: docker ps\nE: Or ls.\nM: More.\n", [("Which lists?", "docker ps\n\nOr ls.\n\nMore.")]),
    ("Q: Which?\nI: ps\n\n---\n\nQ: Why?\nA: So.\n", [("Which?", "ps"), ("Why?", "So.")]),
    ("Vitamins:\nA: retinol\nB: thiamine\n", []),
    ("F: one\nB: eins\nF: two\nB: zwei\n", []),
]


@pytest.mark.parametrize(("text", "asked"), [*HASHCARDS, *INKA, *OBSIDIAN, *OTHERS, *ANKIOPS])
def test_a_note_asks_what_its_tool_asks(text: str, asked: Pairs) -> None:
    assert [(one.prompt, one.answer) for one in parse_note(text.encode()).everything_asked] == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Q: a?\n\nA: b\n---\nQ: c?\n\nA: d\n---\n", [("a?", "b"), ("c?", "d")]),
        ("**Q: a?**\n\n**A:** b\n---\nmore\n\n**Q: c?**\n\n**A:** d\n", [("a?", "b"), ("c?", "d")]),
        ("The {{c1::bridge}} is it\n---\nmore\n", [("The […] is it", "bridge")]),
    ],
)
def test_a_rule_right_below_a_card_or_an_answer_makes_no_title_of_it(text: str, asked: Pairs) -> None:
    """CommonMark takes a line that is underlined with dashes for a heading, and the answer was nowhere."""
    note = parse_note(text.encode())
    assert [(one.prompt, one.answer) for one in note.everything_asked] == asked
    assert ("more" in note.sections[0].body) is ("more" in text)


@pytest.mark.parametrize("text", ["Answer: a title\n===\n\ntext\n", "A title\n---\ntext\n"])
def test_what_is_underlined_otherwise_is_a_title_and_asks_nothing(text: str) -> None:
    note = parse_note(text.encode())
    assert ([*note.everything_asked], note.sections[-1].body) == ([], "text")


@pytest.mark.parametrize(
    ("text", "line"), [("Why?\n?\n\nSo it is.\n", 2), ("text\n\n??\nSo it is.\n", 3), ("Why?\n??\n", 2)]
)
def test_a_question_mark_alone_that_parts_nothing_is_told(text: str, line: int) -> None:
    (warning,) = parse_note(text.encode()).warnings
    assert (warning.line, "front right above" in warning.message) == (line, True)


def test_tags_of_a_card_on_one_line_are_told() -> None:
    (warning,) = parse_note(b"STARTI [Basic] Q Back: A Tags: a b ENDI\n").warnings
    assert (warning.line, warning.message) == (1, "The tags of this card are not kept.")


def test_tags_of_mdanki_are_tags_as_those_by_name_and_no_part_of_the_answer() -> None:
    text = "# T\n\n## What is a?\n\nA [#x]()\n\n[#net]() [#net/dns]()\n\n## What is b?\n\nB\n"
    assert [one.answer for one in parse_note(text.encode()).everything_asked] == ["A [#x]()", "B"]


def test_what_is_for_a_program_alone_is_told() -> None:
    note = parse_note(b"F: one\nB: eins\nAI: make it shorter\n")
    assert [(one.prompt, one.answer) for one in note.everything_asked] == [("one", "eins"), ("eins", "one")]
    assert [(one.line, one.message) for one in note.warnings] == [
        (3, "What a card says behind AI: is not shown on it, and not kept.")
    ]


@pytest.mark.parametrize(
    ("key", "right", "beside"),
    [("1,3", [1, 3], ""), ("2 and 3\nE: Why.", [2, 3], "E: Why."), ("1", [1], ""), ("1,4", [], "1,4")],
)
def test_several_choices_may_be_right_by_their_numbers(key: str, right: list[int], beside: str) -> None:
    (question,) = parse_note(f"Q: pick\nC1: one\nC2: two\nC3: three\nA: {key}\n".encode()).questions
    assert [place for place, choice in enumerate(question.choices, 1) if choice.right] == right
    assert question.answer == beside


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("# Net #flashcards\n\n## Names\n\nDNS :: names\n", [("DNS", "names")]),
        ("# Net\n\n## Names #flashcards/net\n\n### More\n\nWhat?\n?\nSo.\n", [("What?", "So.")]),
        ("# What is it? #card\n\nThis.\n", [("What is it?", "This.")]),
        ("# Net\n\n## What is it? #flashcards\n\nThis.\n", [("What is it?", "This.")]),
    ],
)
def test_a_heading_that_names_a_deck_of_what_is_below_it_is_no_card(text: str, asked: Pairs) -> None:
    assert [(one.prompt, one.answer) for one in parse_note(text.encode()).everything_asked] == asked
