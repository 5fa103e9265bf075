"""The notes that come with the product: enough of every kind, and each question with what a learner needs of it."""

from collections import Counter
from collections.abc import Iterator

import pytest

from quizapp.catalogue.content_files import LAB_FILE, LABS_FOLDER
from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.catalogue.formats.parsed import ParsedNote, ParsedQuestion
from quizapp.catalogue.lint.note_lint import lint_note
from quizapp.catalogue.snippets import snippets
from tests.workers import ROOT

CONTENT = ROOT / "content"
QUESTIONS_LEAST, EACH_KIND_LEAST, SNIPPETS_LEAST = 240, 15, 20


@pytest.fixture(scope="module")
def notes() -> dict[str, ParsedNote]:
    return {path.stem: parse_note(path.read_bytes()) for path in sorted((CONTENT / "notes").glob("*.md"))}


def asked(notes: dict[str, ParsedNote]) -> Iterator[ParsedQuestion]:
    for note in notes.values():
        yield from note.questions


def kind_of(question: ParsedQuestion) -> str:
    if question.expected is not None:
        return question.expected.kind
    right = sum(choice.right for choice in question.choices)
    return "open" if not question.choices else "single" if right == 1 else "multiple"


def test_there_is_a_week_of_questions_in_every_kind(notes: dict[str, ParsedNote]) -> None:
    found = Counter(map(kind_of, asked(notes)))
    assert found.total() >= QUESTIONS_LEAST
    assert set(found) == {"single", "multiple", "truth", "short", "number", "order", "match", "cloze", "open"}
    assert min(found.values()) >= EACH_KIND_LEAST, found


def test_no_note_is_taken_with_a_warning(notes: dict[str, ParsedNote]) -> None:
    assert {name: note.warnings for name, note in notes.items() if note.warnings} == {}


def test_each_question_and_card_has_an_answer_a_source_and_a_date(notes: dict[str, ParsedNote]) -> None:
    every = [one for note in notes.values() for one in note.everything_asked]
    assert [one.prompt for one in every if not (one.answered and one.source_url and one.as_of)] == []


def test_each_option_says_why_and_each_open_question_has_a_guide(notes: dict[str, ParsedNote]) -> None:
    silent = [choice.text for one in asked(notes) for choice in one.choices if not choice.why]
    assert silent == []
    assert [one.prompt for one in asked(notes) if kind_of(one) == "open" and not (one.must and one.red_flags)] == []


def test_each_question_stands_in_a_section_that_teaches_or_asks_for_interviews(notes: dict[str, ParsedNote]) -> None:
    alone = {
        section.title
        for note in notes.values()
        for section in note.sections
        if section.questions and not section.concepts
    }
    assert alone == {"Interview questions", "Interview Questions"}


def test_the_labs_that_questions_lead_to_are_there(notes: dict[str, ParsedNote]) -> None:
    named = {one.lab for one in asked(notes) if one.lab is not None}
    assert [lab for lab in named if not (CONTENT / LABS_FOLDER / lab / LAB_FILE).is_file()] == []


def test_the_linter_finds_nothing(notes: dict[str, ParsedNote]) -> None:
    found = [(name, one.line, one.rule) for name, note in notes.items() for one in lint_note(note)]
    assert found == []


def test_what_the_notes_show_is_marked_to_be_proved() -> None:
    marked = [one for path in (CONTENT / "notes").glob("*.md") for one in snippets(path.read_text(encoding="utf-8"))]
    assert len(marked) >= SNIPPETS_LEAST
