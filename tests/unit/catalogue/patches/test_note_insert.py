"""A question that was made in the browser is written into a note as the note writes its own, without their marks."""

from dataclasses import replace

import pytest

from quizapp.catalogue.formats.parsed import ParsedChoice, ParsedQuestion
from quizapp.catalogue.patches.note_insert import NewQuestion, with_questions

OPEN = ParsedQuestion(key="q-new", line=1, prompt="Which net?", answer="A bridge.")
CHOICES = tuple(ParsedChoice(text=text, right=text == "bridge", why="") for text in ("bridge", "host"))
BOXES = ParsedQuestion(key="q-new", line=1, prompt="Which net?", choices=CHOICES)
HEADINGS = "# Nets\n\n### What is it?\n\n- [x] A\n- [ ] B\n\n### And this?\n\n- [x] A\n- [ ] B\n"
DOTS = "# Nets\n\n### 🟢 What is it?\n\nA net.\n\n### 🔴 And this?\n\nOne too.\n"
HEAD = "### Which net? <!-- id: q-new -->"


@pytest.mark.parametrize(
    ("note", "question", "lines"),
    [
        (DOTS, OPEN, (HEAD, "", "A bridge.")),
        (DOTS, BOXES, (HEAD, "", "- [x] bridge", "- [ ] host")),
        (HEADINGS, OPEN, (HEAD, "", "A bridge.")),
        (
            HEADINGS,
            replace(BOXES, answer="It joins them.", hints=("Look.",), level=3),
            (
                HEAD,
                "",
                "- [x] bridge",
                "- [ ] host",
                "",
                "*   *A:* It joins them.",
                "*   *Hint:* Look.",
                "*   *Level:* 3",
            ),
        ),
    ],
)
def test_in_a_note_of_headings_it_is_a_heading_and_has_no_mark_of_another_one(
    note: str, question: ParsedQuestion, lines: tuple[str, ...]
) -> None:
    made = with_questions(note, [NewQuestion(question=question, section=0, concept=None)], name="nets")
    assert made.refused == []
    assert made.text.startswith(note)
    assert made.text.removeprefix(note).strip("\n").split("\n") == list(lines)


def test_what_another_program_has_noted_of_a_card_is_not_copied() -> None:
    note = "# Nets\n\n**Q: What is it?** <!--SR:!2026-01-01,3,250-->\n**A:** A net.\n"
    made = with_questions(note, [NewQuestion(question=OPEN, section=0, concept=None)], name="nets")
    assert (made.refused, made.text.count("SR:")) == ([], 1)
