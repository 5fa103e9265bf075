"""No text of a note is lost: each word of it is in something that is shown or asked, or is a comment, or is told."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import LineUse, ParsedNote, ParsedQuestion, Unreadable
from quizapp.catalogue.html.rendering import render
from tests.examples import examples

# Each WORD becomes another word, so that none can stand in for another.
PIECES = st.sampled_from(
    [
        "# WORD\n",
        "## WORD\n",
        "## 1. What is WORD?\n",
        "### WORD\n",
        "### Q1: Why WORD?\n",
        "#### Answer\n",
        "## Interview Questions WORD\n",
        "\n",
        "\n\n",
        "WORD\n",
        "WORD is\nWORD\n",
        "What is WORD?\n",
        "**What is WORD?**\n",
        "**WORD**\n",
        "Q: WORD?\n",
        "A: WORD\n",
        "**Q1:** WORD?\n**A:** WORD\n",
        "Answer: B\n",
        "A) WORD\nB) WORD\n",
        "- A. WORD\n- B. WORD\n",
        "- [x] WORD *Why:* WORD\n- [ ] WORD\n",
        "- WORD\n",
        "  - WORD\n",
        "    - WORD\n",
        "\t- WORD\n",
        "".join(f"{'  ' * depth}- WORD\n" for depth in range(12)),
        f"{'>' * 24} WORD\n",
        f"{'- ' * 20}WORD\n",
        "1. WORD\n",
        "10) What is WORD?\n",
        "* **WORD:** WORD\n",
        "    * *Card:* WORD \u2192 WORD\n",
        "    * *Card:* WORD\n",
        "  * _Level:_ 2 WORD\n",
        "- _Source:_ https://e.org/WORD\n",
        "1. **Q: WORD?**\n",
        "   * *A:* WORD\n",
        "    * **A:** WORD\n\n        WORD\n",
        "    * *Options:*\n        - [x] WORD\n        - WORD\n",
        "    * *Must:* WORD; WORD\n",
        "    * *Accept:* WORD | WORD\n",
        "*Accept:* WORD\n",
        "    * *Number:* 5 ± 1 WORD\n",
        "    * *Number:* WORD\n",
        "    * *True/False:* WORD\n",
        "    * *Order:*\n        1. WORD\n        2. WORD\n",
        "*Order:*\n",
        "    * *Hint:* WORD\n      WORD\n",
        "*Hint:*\n",
        "    * *Match:* WORD\n        - WORD \u2192 WORD\n        - WORD \u2192 WORD\n",
        "    * *Gaps:* WORD **WORD**\n      WORD\n",
        "    * *Tags:* WORD\n",
        "```sh\nWORD\n\nWORD\n```\n",
        "    ```\n    WORD\n    ```\n",
        "~~~\nWORD\n",
        "| Question | Answer |\n|---|---|\n| WORD | WORD |\n",
        "| a | b |\n|---|---|\n| WORD | WORD |\n",
        "> WORD\n> WORD\n",
        "<details>\n<summary>WORD</summary>\n",
        "<details><summary>What is WORD?</summary>WORD\n",
        "<details><summary>Answer</summary>\n",
        "</details>\n",
        "<div>WORD</div>\n",
        "<!-- WORD -->\n",
        "WORD <!-- WORD\n",
        "WORD -->\n",
        "%%\n",
        "WORD :: WORD\n",
        "WORD\n?\nWORD\n",
        "- WORD #card\n",
        "{{c1::WORD}} is WORD\n",
        "C: [WORD] is WORD\n",
        "START\nBasic\nWORD\nBack: WORD\n",
        "START\nCloze\n{WORD} WORD\nExtra: WORD\n",
        "Extra: WORD\nEND\n",
        "END\n",
        "WORD [^1] WORD\n",
        "[^1]: WORD\n",
        "[^2]: WORD WORD\n  WORD\n",
        "!!! note\n    WORD\n",
        ":::tip WORD\nWORD\n:::\n",
        "**What is WORD?** WORD\n",
        "## Answer key\n\n1. A\n2. B\n",
        "<h3>WORD</h3>\n",
        "##WORD\n",
        "> What is WORD?\n\n**Answer:** WORD\n",
        "WORD\n7. What is WORD?\n",
        "%\n\n",
        "Deck: WORD\n\n",
        "> WORD :: WORD\n> WORD\n",
        "[WORD]: https://e.org/WORD\n",
        "[WORD](https://e.org/)\n",
        "---\n",
        "*Note:* WORD\n",
        "*Why:* WORD\n",
        "    WORD\n",
        "Explanation: WORD\n",
        "# Task 1: WORD\n",
        "# Task 2: WORD\nTask: WORD\n",
        "## Solution\n",
        "> ? WORD\n> WORD\n",
        "> #### What is WORD?\n",
        "?[WORD]\n( ) WORD\n(X) WORD\n",
        "?: WORD\n-[x] WORD\n",
        "* WORD\n* [x] WORD\n",
        "WORD? -> WORD\n<!--SR:!2024-02-22,213,228-->\n",
        "```\nQ1) WORD\nANS: WORD\nQ2) WORD\nANS: WORD\n```\n",
        "## Answers\n\n### WORD\n1. A\n\n### WORD\n2. B\n",
        "## Question\nWORD\n## Answer (hidden)\n",
        "Q: WORD\n\n---\n\nA: WORD\n",
        "1. What is WORD \\\n   WORD\n",
    ]
)
NOTES = st.lists(PIECES, min_size=1, max_size=14).map("".join).filter(str.strip)
TOLD_BY_USE = (LineUse.COMMENT, LineUse.MEMORY, LineUse.FRONT_MATTER)


def with_own_words(text: str) -> str:
    numbers = iter(range(100, 1_000))
    return re.sub("WORD", lambda _: f"word{next(numbers)}", text)


def texts_of_question(question: ParsedQuestion) -> list[str]:
    more = [text for choice in question.choices for text in (choice.text, choice.why)]
    guide = [*question.must, *question.bonus, *question.red_flags, *question.hints]
    expected = question.expected.source if question.expected is not None else ""
    return [question.prompt, question.answer, question.source_url or "", expected, *more, *guide]


def everything_in(note: ParsedNote) -> str:
    """All that a note shows or asks."""
    texts = [note.title]
    for section in note.sections:
        texts += [section.title, section.body]
        texts += [text for concept in section.concepts for text in (concept.term, concept.text)]
    texts += [text for question in note.everything_asked for text in texts_of_question(question)]
    return "\n".join(texts)


def lost(text: str) -> list[str]:
    """The lines with a word that is nowhere and of which nothing is told."""
    note = parse_note(text.encode())
    found = set(re.findall(r"word\d+", everything_in(note)))
    told = {warning.line for warning in note.warnings}
    lines = text.split("\n")
    return [
        f"{number}: {line} ({note.uses[number - 1]})"
        for number, line in enumerate(lines, start=1)
        if not found.issuperset(re.findall(r"word\d+", line))
        if number not in told and note.uses[number - 1] not in TOLD_BY_USE and not is_definition(line)
        if "*Tags:*" not in line and "_Level:_" not in line
    ]


def is_definition(line: str) -> bool:
    """Whether a line defines a link, whose name nobody need use."""
    return re.match(r"\s*\[word\d+\]: ", line) is not None


@examples(400)
@example("?[WORD]\n( ) WORD\n(X) WORD\n## Question\nWORD\n## Answer\n## Answer key\n\n1. A\n2. B\n1. WORD\n")
@example("1. **Q: WORD?**\n   * *A:* WORD\n\n    ```sh\n    WORD\n    ```\n\n    WORD\n")
@example("* **WORD:** WORD\n    * *Card:* WORD \u2192 WORD\n        - WORD\n    * WORD\n")
@example("<details><summary>What is WORD?</summary>WORD\n")
@example("".join(f"{'  ' * depth}- WORD\n" for depth in range(31)) + "\nWORD\n\n## WORD\n\nWORD\n")
@example(f"{'>' * 32} WORD\n\nWORD\n")
@example("# WORD\n# WORD\n<details>\n<summary>WORD</summary>\n%\n\nWORD\n")
@example("WORD\n?\nWORD\n  * _Level:_ 2 WORD\n<details>\n<summary>WORD</summary>\n* **WORD:** WORD\n")
@example("[^1]: WORD\nWORD [^1] WORD\n---\n")
@example("# WORD [^1]\n\n[^1]: WORD\n    WORD\n")
@example("1. **Q: WORD?**\n## Answer key\n\n1. A\n2. B\n:::tip WORD\nWORD\n:::\n")
@example("Q: WORD?\n- WORD\n## Answers\n\n### WORD\n1. A\n\n### WORD\n2. B\n")
@given(NOTES)
def test_no_word_is_lost(text: str) -> None:
    assert lost(with_own_words(text)) == []


@pytest.mark.parametrize("deep", ["".join(f"{'  ' * n}- x\n" for n in range(40)), "> " * 70 + "x\n", "- " * 40 + "x\n"])
def test_what_is_too_deep_is_refused_with_its_line(deep: str) -> None:
    with pytest.raises(Unreadable, match="in one another more than 32 deep") as refused:
        parse_note(f"# T\n\n{deep}\nlast\n".encode())
    assert refused.value.line >= 3


def test_each_list_that_a_line_begins_counts_as_a_block() -> None:
    with pytest.raises(Unreadable, match="more than 20,000 headings"):
        parse_note(("- " * 30 + "a\n").encode() * 700)


def test_a_text_that_is_too_deep_to_be_parsed_is_shown_as_written() -> None:
    # markdown-it-py 4.3.0 (parser_block.py, `tokenize`) leaves out the rest of a text from maxNesting on.
    assert "after" in render(f"{'> ' * 80}deep\n\nafter\n")
    assert "after" in render("".join(f"{'  ' * depth}- deep\n" for depth in range(12)) + "\nafter\n")


@examples(200)
@given(NOTES)
def test_each_line_has_its_use(text: str) -> None:
    note = parse_note(f"x\n{text}".encode())
    lines = f"x\n{text}".split("\n")
    assert [number for number, line in enumerate(lines) if line.strip() and note.uses[number] is None] == []
