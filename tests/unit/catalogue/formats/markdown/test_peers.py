"""What other card tools make of small notes, what is made of them here, and why that differs.

Seen by running the tools: obsidian-spaced-repetition 1.15.4, hashcards 0.4.0 (its parser), ankiops 0.6.6,
Obsidian_to_Anki 3.6.0 with a pattern for `Q:`/`A:`, mldoc 1.6.0 of Logseq. The notes are ours.
"""

import pytest

from quizapp.catalogue.formats.markdown.parser import parse_note

CABLE = ("veth", "a cable")
SAME = "as there"
ROWS: list[tuple[str, str, str, list[tuple[str, str]]]] = [
    ("obsidian", SAME, "Go writes `a::b` for it.\n", []),
    ("obsidian", SAME, "veth :: a cable\n", [CABLE]),
    ("obsidian", SAME, "veth ::: a cable\n", [CABLE, CABLE[::-1]]),
    ("obsidian", SAME, "veth :: a cable :: a long one\n", [("veth", "a cable :: a long one")]),
    ("obsidian", SAME, "veth :: a cable <!--SR:!2026-12-01,3,250-->\n", [CABLE]),
    ("obsidian", SAME, "Why?\n?\nSo:\n```sh\na\n\nb\n```\n\nlater\n", [("Why?", "So:\n```sh\na\n\nb\n```")]),
    ("obsidian", SAME, "#flashcards/net Why?\n?\nSo.\n^block\n", [("Why?", "So.")]),
    ("obsidian", "a name is no part of a question", "**Q:** Why?\n?\nSo.\n", [("Why?", "So.")]),
    ("obsidian", "a heading is the card's section", "# Net\nWhy?\n?\nSo.\n", [("Why?", "So.")]),
    ("obsidian", "a table answers whole", "Why?\n?\n| a | b |\n|---|---|\n| x::y | z |\n",
     [("Why?", "| a | b |\n|---|---|\n| x::y | z |")]),
    ("obsidian", "addresses are no cards", "The loopback is ::1, any is ::, tcp6 :::80 and [::]:443.\n", []),
    ("obsidian", "nor is code, however it stands", "- item\n\n    ```rust\n    use std::env;\n    ```\n", []),
    ("obsidian", "nor an indented line", "    a :: b\n", []),
    ("obsidian", "nor maths, links and tables", "$a :: b$ and [x](http://e/a::b)\n\n| a |\n|---|\n| x :: y |\n", []),
    ("obsidian", "nor a test of the shell", 'if [ "$a" == "b" ] || [ "$c" == "d" ]; then\n', []),
    ("obsidian", "a comment hides itself alone", "<!-- mine\nover lines -->\nveth :: a cable\n", [CABLE]),
    ("obsidian", "a number of a gap is no front", "{{c1::veth}} is a cable\n", [("[\u2026] is a cable", "veth")]),
    ("hashcards", SAME, "Q: a | b?\nA: | x |\n|---|\n| 1 |\n", [("a | b?", "| x |\n|---|\n| 1 |")]),
    ("hashcards", SAME, "C: a [b [c] d]\n", [("a [b [\u2026] d]", "c")]),
    ("hashcards", "fences are whole", "Q: What?\nA: This:\n\n```\nQ: inside\n---\nA: x\n```\n\nend\n",
     [("What?", "This:\n\n```\nQ: inside\n---\nA: x\n```\n\nend")]),
    ("hashcards", "links are no gaps", "C: See [the page](p.html) for [ports].\n",
     [("See [the page](p.html) for [\u2026].", "ports")]),
    ("hashcards", "a heading ends an answer", "Q: one\nA: two\n\n## Next\n\ntext\n", [("one", "two")]),
    ("hashcards", "bold is no error", "**Q:** one\n**A:** two\n", [("one", "two")]),
    ("hashcards", "a list is no error", "- Q: one\n- A: two\n", [("one", "two")]),
    ("hashcards", "an answer alone is text", "A: first\n", []),
    ("hashcards", "a question alone is a draft", "Q: only\n", [("only", "")]),
    ("hashcards", "the same twice is told and kept", "Q: one\nA: two\n---\nQ: one\nA: two\n", [("one", "two")] * 2),
    ("ankiops", SAME, "Q: What?\nA: list\n\n- item\n\n    ```yaml\n    a: 1\n    ```\n",
     [("What?", "list\n\n- item\n\n    ```yaml\n    a: 1\n    ```")]),
    ("ankiops", "pairs need no rule between them", "Q: one\nA: two\nQ: three\nA: four\n"
    "", [("one", "two"), ("three", "four")]),
    ("ankiops", "front matter is no error", "---\ntitle: x\n---\n\nQ: one\nA: two\n", [("one", "two")]),
    ("Obsidian_to_Anki", "a fence in an answer is whole", "Q: What?\nA: this:\n```\na\n\nb\n```\n",
     [("What?", "this:\n\n```\na\n\nb\n```")]),
    ("Obsidian_to_Anki", SAME, "```\nQ: inside\nA: fence\n```\n", []),
    ("mldoc", "indentation of the block is taken off", "- What? #card\n  card-repeats:: 2\n\t- ```sh\n\t  ls\n"
    "\t  ```\n",
     [("What?", "- ```sh\n  ls\n  ```")]),
    ("mldoc", "braces in a gap are its text", "- Use {{cloze {{.Names}}}} here #card\n"
    "", [("Use [\u2026] here", "{{.Names}}")]),
    ("mldoc", SAME, "type:: note\n\n- std::env and fd00::2\n", []),
]  # fmt: skip


@pytest.mark.parametrize(("tool", "why", "text", "cards"), ROWS)
def test_a_note_of_another_tool(tool: str, why: str, text: str, cards: list[tuple[str, str]]) -> None:
    asked = [(one.prompt, one.answer) for one in parse_note(text.encode()).everything_asked]
    assert asked == cards, f"{tool}: {why}"
