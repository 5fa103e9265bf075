"""The list with its findings, and the history."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.admin.diff import Piece, PieceKind
from quizapp.admin.questions import editor_priorities, queries
from quizapp.admin.questions.history import EDITS_PER_PAGE, edits_of, last_editor
from quizapp.admin.questions.queries import NEEDS_WORK, ROWS_PER_PAGE, Filters, content_list, editor_page
from quizapp.admin.trail import SOMEBODY
from quizapp.catalogue.editing.authoring import save, wording_of
from quizapp.catalogue.item_figures import Flag
from quizapp.catalogue.models import Note, Question, QuestionEdit, QuestionKind
from quizapp.catalogue.reports.models import ProblemKind, ProblemReport, ReportedFrom
from tests.builders import EDITOR, a_note, a_question
from tests.lab_builders import add_lab

Make = Callable[..., Question]
TODAY = date(2026, 11, 29)


def keys(db: Session, **filters: str) -> list[str]:
    return [row.key for row in content_list(db, filters=Filters(**filters), page=1, today=TODAY, editor=EDITOR).rows]


@pytest.mark.parametrize(
    ("kind", "fields", "word"),
    [
        (QuestionKind.OPEN, {"draft": True, "answer": ""}, "draft, no answer"),
        (QuestionKind.SINGLE, {"choices": []}, "no right option"),
        (QuestionKind.OPEN, {"source_url": None}, "no source or date"),
        (QuestionKind.OPEN, {"as_of": ""}, "no source or date"),
    ],
)
def test_what_is_the_matter_is_said(
    db: Session, make_question: Make, kind: QuestionKind, fields: dict[str, object], word: str
) -> None:
    make_question(kind, **fields)
    make_question(QuestionKind.FLASHCARD, key="fine", tags=[])
    rows = {row.key: row for row in content_list(db, filters=Filters(), page=1, today=TODAY, editor=EDITOR).rows}
    assert [mark.word for mark in rows[f"q-{kind.value}"].marks] == [word]
    assert [mark.word for mark in rows["fine"].marks] == ["no findings"]
    assert keys(db, health=NEEDS_WORK) == [f"q-{kind.value}"]


def test_a_lab_is_called_by_its_title_and_wants_no_source(db: Session) -> None:
    """Its task begins with what stands there and has names of values; what it says is proved by doing it."""
    lab = add_lab(db)
    (row,) = content_list(db, filters=Filters(), page=1, today=TODAY, editor=EDITOR).rows
    assert (row.excerpt, [mark.word for mark in row.marks]) == (lab.title, ["no findings"])
    page = editor_page(db, question=lab.question, shown=wording_of(lab.question), today=TODAY)
    assert page.lab == lab.slug


def test_an_option_without_its_why_is_found(db: Session, make_question: Make) -> None:
    question = make_question(QuestionKind.MULTIPLE)
    assert keys(db, health="no-why") == []
    question.choices[1].why = ""
    db.flush()
    assert keys(db, health="no-why") == ["q-multiple"]


def test_an_edit_is_a_fact_and_no_fault(db: Session, make_question: Make) -> None:
    make_question(edited=True)
    (row,) = content_list(db, filters=Filters(), page=1, today=TODAY, editor=EDITOR).rows
    assert [(mark.state, mark.word) for mark in row.marks] == [("good", "no findings"), ("off", "edited here")]
    assert keys(db, health="edited") == ["q-open"]
    assert keys(db, health=NEEDS_WORK) == []


def test_retired_questions_are_shown_on_demand(db: Session, make_question: Make) -> None:
    make_question(retired_at=clock.now())
    assert keys(db) == []
    assert keys(db, health="retired") == ["q-open"]


def test_search_takes_every_word_from_any_text_and_no_pattern(db: Session, make_question: Make) -> None:
    make_question(prompt="Where is NAT done?", answer="In the host, 100%.")
    make_question(QuestionKind.SINGLE, prompt="Which bridge?", tags=[])
    assert keys(db, q="nat HOST") == ["q-open"]
    assert keys(db, q="nat elsewhere") == []
    assert keys(db, q="option 3") == ["q-single"]
    assert keys(db, q="100%") == ["q-open"]
    assert keys(db, q="%") == ["q-open"]
    assert keys(db, q="a\x00" + "x" * 5_000) == []


def test_kind_and_note_narrow_the_list(db: Session, make_question: Make) -> None:
    note = Note(key="n-1", path="one.md", title="One", convention="plain", number=1, source="", imported_at=clock.now())
    make_question(note=note)
    make_question(QuestionKind.LAB, tags=[])
    assert keys(db, kind="lab") == ["q-lab"]
    assert keys(db, note="n-1") == ["q-open"]
    assert keys(db, note="n-2") == []
    assert keys(db) == ["q-open", "q-lab"]


@pytest.mark.parametrize(
    ("prompt", "shown"),
    [
        ("What does `-P`\n*publish*?", "What does -P publish?"),
        ("<b>Bold</b> [link](https://docs.example)", "Bold link"),
        ("<script>alert(1)</script> [link](https://docs.example)", "<script>alert(1)</script> link"),
        ("word " * 100, "word " * 31 + "word…"),
    ],
)
def test_the_list_shows_plain_words(db: Session, make_question: Make, prompt: str, shown: str) -> None:
    make_question(prompt=prompt)
    assert content_list(db, filters=Filters(), page=1, today=TODAY, editor=EDITOR).rows[0].excerpt == shown


def test_pages_meet_without_gap_or_overlap(db: Session, make_question: Make) -> None:
    for number in range(ROWS_PER_PAGE + 3):
        make_question(key=f"q-{number:03}", tags=[])
    first = content_list(db, filters=Filters(), page=1, today=TODAY, editor=EDITOR)
    last = content_list(db, filters=Filters(), page=99, today=TODAY, editor=EDITOR)
    assert (first.found, first.pages, last.page) == (ROWS_PER_PAGE + 3, 2, 2)
    assert len({row.key for row in (*first.rows, *last.rows)}) == ROWS_PER_PAGE + 3


@pytest.mark.parametrize("placed", [100, 4])
def test_pages_by_need_meet_without_gap_or_overlap(
    db: Session, make_question: Make, monkeypatch: pytest.MonkeyPatch, placed: int
) -> None:
    for name, fields in {
        "fine": {},
        "too-easy": {},
        "no-source": {"source_url": None},
        "reported": {"source_url": None},
        "misleading": {"source_url": None},
        "draft": {"draft": True},
        "draft-misleading": {"draft": True},
        "fine-too": {},
        "retired-draft": {"draft": True, "retired_at": clock.now()},
    }.items():
        make_question(key=name, tags=[], **fields)
    ids = dict(db.execute(select(Question.key, Question.id)).all())
    of_whom = {"question_id": ids["reported"], "user_id": EDITOR.id, "reported_at": clock.now()}
    said = {"came_from": ReportedFrom.REVIEW, "kind": ProblemKind.WRONG, "words": "", "answer": ""}
    db.add(ProblemReport(**of_whom, **said))
    flags = {"too-easy": Flag.TOO_EASY, "misleading": Flag.NEGATIVE, "draft-misleading": Flag.NEGATIVE}
    monkeypatch.setattr(queries, "ROWS_PER_PAGE", 3)
    monkeypatch.setattr(editor_priorities, "PLACED_MAX", placed)
    by_need = partial(content_list, db, filters=Filters(sort="needs"), today=TODAY, editor=EDITOR)
    pages = [by_need(page=page, flagged=lambda _: {ids[key]: [flags[key]] for key in flags}) for page in (1, 2, 3)]
    first = ["draft-misleading", "draft", "misleading"]
    # With room for four, one of which is retired and in no list, what else is said of a question counts no more.
    then = ["reported", "too-easy", "no-source"] if placed == 100 else ["no-source", "reported", "fine"]
    last = ["fine", "fine-too"] if placed == 100 else ["too-easy", "fine-too"]
    assert [[row.key for row in page.rows] for page in pages] == [first, then, last]


def test_an_empty_catalogue_is_told_from_an_empty_search(db: Session, make_question: Make) -> None:
    assert not content_list(db, filters=Filters(q="x"), page=1, today=TODAY, editor=EDITOR).anything
    make_question()
    assert content_list(db, filters=Filters(q="nowhere"), page=1, today=TODAY, editor=EDITOR).anything


def test_the_editor_shows_what_is_in_the_form(db: Session, make_question: Make) -> None:
    question = make_question(QuestionKind.SINGLE)
    shown = replace(wording_of(question), prompt="**Unsaved** <script>")
    page = editor_page(db, question=question, shown=shown, today=TODAY)
    assert page.view.prompt_html == "<p><strong>Unsaved</strong> &lt;script&gt;</p>\n"
    assert [choice.right for choice in page.view.choices] == [True, False, False]
    assert not db.new
    assert not db.dirty


def test_history_names_who_when_and_the_words(db: Session, make_question: Make, editor: User) -> None:
    question = make_question(prompt="What does it publsh by itself?")
    at = clock.now()
    wording = replace(wording_of(question), prompt="What does it publish by itself?")
    save(db, question=question, wording=wording, rev=1, editor=editor, now=at)
    (edit,) = edits_of(db, question=question, page=1).edits
    (difference,) = edit.differences
    assert (edit.who, edit.at, difference.label) == ("Grace", at, "Question")
    assert difference.pieces == [
        Piece(part=PieceKind.SAME, text="What does it"),
        Piece(part=PieceKind.GONE, text=" publsh"),
        Piece(part=PieceKind.NEW, text=" publish"),
        Piece(part=PieceKind.SAME, text=" by itself?"),
    ]
    assert last_editor(db, question=question) == "Grace"


def test_an_import_after_an_edit_is_not_put_down_to_the_editor(db: Session, make_question: Make, editor: User) -> None:
    question = make_question()
    wording = replace(wording_of(question), answer="Mine.")
    save(db, question=question, wording=wording, rev=1, editor=editor, now=clock.now())
    question.updated_at += timedelta(hours=1)
    assert last_editor(db, question=question) is None


def test_the_history_outlives_its_editors_and_comes_in_pages(db: Session, make_question: Make) -> None:
    question = make_question()
    same = wording_of(question)
    for _ in range(EDITS_PER_PAGE + 1):
        before, after = ({**same.__dict__, "choices": [], "prompt": prompt} for prompt in ("a", "b"))
        db.add(
            QuestionEdit(question_id=question.id, editor_id=uuid4(), edited_at=clock.now(), before=before, after=after)
        )
    db.flush()
    page = edits_of(db, question=question, page=7)
    assert (page.page, page.pages, len(page.edits)) == (2, 2, 1)
    assert page.edits[0].who == SOMEBODY


def test_the_pages_have_every_question_once_in_the_order_of_the_notes(db: Session) -> None:
    """The pages' borders lie within notes, between two of them, and among the questions that have none."""
    notes = [a_note(db) for _ in range(3)]
    for number, note in enumerate((*reversed(notes), None), start=1):
        if note is not None:
            note.number = number
        for _ in range(ROWS_PER_PAGE // 2 * (1 + number % 2) + number % 2):
            a_question(db, QuestionKind.OPEN, note=note)
    expected = [
        question.key
        for note in (*reversed(notes), None)
        for question in db.scalars(select(Question).where(Question.note == note).order_by(Question.position))
    ]
    pages = [
        content_list(db, filters=Filters(), page=page, today=TODAY, editor=EDITOR)
        for page in range(1, 2 + len(expected) // ROWS_PER_PAGE)
    ]
    assert {page.found for page in pages} == {len(expected)}
    assert [row.key for page in pages for row in page.rows] == expected
