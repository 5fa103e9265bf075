"""With an account goes all that names its person, in whatever table; edits of questions stay, without a name."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from quizapp.accounts import service
from quizapp.accounts.models import Role, User
from quizapp.catalogue.comments.models import Presence
from quizapp.catalogue.labs.models import LabTypedDraft
from quizapp.catalogue.models import (
    Concept,
    EditorNote,
    EditorTag,
    Lab,
    Note,
    NoteDraft,
    NotePicture,
    Question,
    SentPicture,
    Tag,
)
from quizapp.catalogue.reports.models import ProblemReport
from quizapp.db import create_engine_for
from quizapp.errors import Conflict
from quizapp.quiz.models import Attempt, QuestionDifficulty, QuizSession
from quizapp.review.models import Card, CardDeed
from quizapp.search import index, queries
from quizapp.search.models import SearchDocument
from quizapp.study.account_deletion import delete_account
from tests.belonging import WITHOUT_KEY, rows_of_a_person, tables_in, tables_of_a_person
from tests.builders import NOW, a_note, a_question
from tests.filled import filled_copy

STAYS = {
    "question_edit.editor_id",
    "content_deed.editor_id",
    "note_edit.editor_id",
    "lab_draft.editor_id",
    "lab_revision.editor_id",
    "lab_verification.editor_id",
    "editor_comment.editor_id",
}  # an edit belongs to its question, for good; nobody has that id any more
CONCEPT = {"key": "c-own", "position": 1, "term": "Bridge", "text": "", "fingerprint": "f" * 64}
# Of own notes there are none: labs are files of the content folder, what was edited or is stale waits for editors, and
# only files are known by what an import left, and classes are assigned what is for all.
OF_NO_OWN_NOTE = {
    *("assignment", "lab", "lab_source", "conflict", "note_here", "note_import", "section_change", "stale_question"),
}
OF_LABS = {"lab_draft", "lab_revision", "lab_verification"}
STAYING_ROWS = {"question_edit", "content_deed", "note_edit", "editor_comment", *OF_LABS}  # those of questions for all


def naming(connection: Connection, user_id: UUID) -> set[str]:
    """Every table and column that has the id somewhere."""
    return {
        f"{table.name}.{column.name}"
        for table in tables_in(connection).tables.values()
        for column in table.columns
        if user_id.bytes in connection.execute(select(column)).scalars().all()
    }


def _all_rows(connection: Connection, names: set[str]) -> set[tuple[str, tuple[Any, ...]]]:
    keys = ((name, tables_in(connection).tables[name].primary_key) for name in names)
    return {(name, tuple(row)) for name, key in keys for row in connection.execute(select(*key))}


def _keep_apart(db: Session, user: User) -> None:
    """Nobody else has cards or answers of a note of one's own, and there is no lab in it."""
    db.execute(update(Note).where(Note.id.in_(select(Question.note_id).join(Lab))).values(owner_id=None))
    others = select(Question.note_id).join(Card, Card.question_id == Question.id).where(Card.user_id != user.id)
    asked = select(Question.note_id).join(Attempt).join(QuizSession).where(QuizSession.user_id != user.id)
    db.execute(update(CardDeed).where(CardDeed.user_id != user.id).values(edit_id=None))  # a deed is of an own edit
    for used in (others, asked):
        db.execute(update(Note).where(Note.id.in_(used)).values(owner_id=None))


def test_no_table_names_a_deleted_person(migrated_sqlite: Path, tmp_path: Path) -> None:
    engine = create_engine_for(f"sqlite:///{filled_copy(migrated_sqlite, tmp_path / 'filled.sqlite3')}")
    with Session(engine) as db:
        user = db.scalars(select(User).order_by(User.name)).first()
        assert user is not None
        user.role, user_id = Role.LEARNER, user.id
        db.flush()
        for table in tables_in(db.connection()).tables.values():
            for name in set(WITHOUT_KEY) & set(table.columns.keys()):
                db.execute(update(table).values({name: user_id.bytes}))
        _keep_apart(db, user)
        own = a_note(db)  # whatever the filled tables have left of the others
        own.owner_id, own.sections[0].concepts = user_id, [Concept(**CONCEPT)]
        asked = a_question(db, note=own)
        asked.tags = list(db.scalars(select(Tag)))
        db.add(QuestionDifficulty(question_id=asked.id, value=0.5, answers=1))
        db.add(SentPicture(user_id=user_id, name="a.png", size=1, sent_at=NOW))
        db.add(NoteDraft(user_id=user_id, note_id=own.id, device="a", text="", opened="", kept_at=NOW))
        db.execute(update(LabTypedDraft).values(user_id=user_id))
        db.execute(update(ProblemReport).values(user_id=user_id))
        db.add(EditorNote(user_id=user_id, note_id=own.id))
        db.add(EditorTag(user_id=user_id, tag_id=asked.tags[0].id))
        db.add(Presence(user_id=user_id, note_id=own.id, seen_at=NOW))
        db.add(NotePicture(note_id=own.id, name="a.png", address="a.png", size=1))
        index.rebuild(db)  # the filled documents are none that the index has
        db.flush()
        before = naming(db.connection(), user_id)
        rows = rows_of_a_person(db.connection(), tables_in(db.connection()), user_id)
        delete_account(db, user=user)
        db.commit()
        assert {
            "card.user_id",
            "review_log.user_id",
            "quiz_session.user_id",
            "lab_run.user_id",
            "note.owner_id",
            *STAYS,
        } <= before
        assert naming(db.connection(), user_id) == STAYS
        left = _all_rows(db.connection(), {name for name, _ in rows}) & rows
        assert {name for name, _ in left} <= STAYING_ROWS
        assert {name for name, _ in rows} == tables_of_a_person(tables_in(db.connection())) - OF_NO_OWN_NOTE
    engine.dispose()


def test_the_only_owner_stays(db: Session) -> None:
    owner = service.add_user(db, name="Olga", role=Role.OWNER, now=NOW)
    with pytest.raises(Conflict, match="only owner"):
        service.delete_user(db, user=owner)
    service.add_user(db, name="Otto", role=Role.OWNER, now=NOW)
    service.delete_user(db, user=owner)
    assert [user.name for user in service.users(db)] == ["Otto"]


def test_nothing_of_a_deleted_persons_notes_is_found(db: Session, learner: User) -> None:
    stranger = service.add_user(db, name="Bob", role=Role.LEARNER, now=NOW)
    note = a_note(db, title="Quokka")
    note.owner_id = learner.id
    index.settle(db)
    assert queries.search(db, user=learner, query="quokka", now=NOW).total == 1
    delete_account(db, user=learner)
    index.settle(db)
    assert queries.search(db, user=stranger, query="quokka", now=NOW).total == 0
    assert db.scalars(select(SearchDocument.head)).all() == []
