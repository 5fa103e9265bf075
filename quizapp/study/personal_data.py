"""Everything that is stored of one learner, as one text in JSON. Reads only.

A test walks the tables from an account along their foreign keys: each is in a list here, or in its own with the reason.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import DeclarativeBase, Session, undefer

from quizapp.accounts.models import ProviderIdentity, SignIn, User
from quizapp.catalogue.comments.models import EditorComment, Presence
from quizapp.catalogue.kinds.expected import Expected
from quizapp.catalogue.kinds.expected import to_json as expected_to_json
from quizapp.catalogue.labs.models import LabDraft, LabRevision, LabTypedDraft
from quizapp.catalogue.models import (
    Choice,
    ContentDeed,
    EditorNote,
    EditorTag,
    Lab,
    Note,
    NoteDraft,
    NotePicture,
    Question,
    QuestionEdit,
    SentPicture,
    Tag,
)
from quizapp.catalogue.reports.models import ProblemReport, SuggestedTexts, suggested_to_json
from quizapp.classes.models import ClassMember, Onlooking, OnlookingAllowed, StudyClass
from quizapp.db import Base
from quizapp.labs.runs.models import LabCommand, LabEvent, LabRun
from quizapp.quiz.asked_question import Asked, to_json
from quizapp.quiz.draw.wish import Wish, to_text
from quizapp.quiz.models import Attempt, LearnerAbility, QuizSession
from quizapp.review.log.log_export import ROWS_AT_ONCE
from quizapp.review.models import (
    AskedForm,
    Card,
    CardDeed,
    DayLimit,
    DayTally,
    FittedWeights,
    NoteRetention,
    ReviewLog,
    StoodFor,
    StudiedNote,
)

SECRET = {"password_hash", "token_hash"}  # what signs in
WHOSE = {"user_id", "owner_id"}  # the learner's own id on each line


@dataclass(frozen=True, kw_only=True)
class OwnList:
    """A list of the export."""

    name: str
    rows: Callable[[UUID], Select[*tuple[Any, ...]]]
    """Selects a learner's rows: models, of which all columns are given, and further columns by their labels."""
    tables: Sequence[str]
    """The tables of which it gives all that is the learner's."""


def everything(db: Session, *, user: User) -> Iterator[str]:
    """The text, piece by piece: read while it is taken, so the session must stay open until its end."""
    yield f'{{"learner": {json.dumps(_columns(user), default=_plain)}'
    for one in LISTS:
        yield from _list(one.name, (_as_json(row) for row in _rows(db, one.rows(user.id))))
    yield "}\n"


def _rows(db: Session, statement: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    for some in db.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE}).partitions():
        yield from some


def _list(name: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield f',\n"{name}": ['
    for place, row in enumerate(rows):
        yield f"{',' if place else ''}\n{json.dumps(row, default=_plain, ensure_ascii=False)}"
    yield "]"


def _as_json(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for label, value in row._mapping.items():
        said |= _columns(value) if isinstance(value, Base) else {str(label): value}
    return said


def _columns(row: DeclarativeBase) -> dict[str, Any]:
    """All columns of a row but whose it is, and what signs in."""
    mapped = row.__mapper__.column_attrs
    return {one.key: getattr(row, one.key) for one in mapped if one.key not in SECRET | WHOSE}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Asked):
        return to_json(value)
    if isinstance(value, Wish):
        return json.loads(to_text(value))
    if isinstance(value, Expected):
        return expected_to_json(value)
    if isinstance(value, SuggestedTexts):
        return suggested_to_json(value)
    return value.value if isinstance(value, Enum) else str(value)


_QUESTION = Question.key.label("question")


def _of(model: type[Any]) -> Callable[[UUID], Select[*tuple[Any, ...]]]:
    """The rows of a table with a `user_id`."""
    return lambda user_id: select(model).where(model.user_id == user_id).order_by(*model.__table__.primary_key)


def _cards(user_id: UUID) -> Select[*tuple[Any, ...]]:
    return select(Card, _QUESTION).join(Card.question).where(Card.user_id == user_id).order_by(Card.id)


def _reviews(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(ReviewLog, _QUESTION).join(Card, Card.id == ReviewLog.card_id).join(Card.question)
    by_time = (ReviewLog.reviewed_at, ReviewLog.card_id, ReviewLog.sequence)
    return found.where(ReviewLog.user_id == user_id).order_by(*by_time)


def _asked_forms(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(AskedForm, _QUESTION).join(ReviewLog, ReviewLog.id == AskedForm.review_id)
    found = found.outerjoin(Question, Question.id == AskedForm.question_id)
    return found.where(ReviewLog.user_id == user_id).order_by(AskedForm.review_id)


def _stood_for(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(StoodFor).join(Card, Card.id == StoodFor.card_id)
    return found.where(Card.user_id == user_id).order_by(StoodFor.card_id)


def _studied(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(StudiedNote, Note.key.label("note")).join(Note, Note.id == StudiedNote.note_id)
    return found.where(StudiedNote.user_id == user_id).order_by(StudiedNote.note_id)


def _retentions(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(NoteRetention, Note.key.label("note")).join(Note, Note.id == NoteRetention.note_id)
    return found.where(NoteRetention.user_id == user_id).order_by(NoteRetention.note_id)


def _quizzes(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(QuizSession, Note.key.label("note")).outerjoin(QuizSession.note)
    return found.where(QuizSession.user_id == user_id).order_by(QuizSession.started_at, QuizSession.id)


def _answers(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(Attempt, _QUESTION).join(Attempt.question).join(Attempt.quiz_session)
    in_order = (QuizSession.started_at, QuizSession.id, Attempt.position)
    return found.where(QuizSession.user_id == user_id).order_by(*in_order)


def _runs(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(LabRun, Lab.slug.label("lab")).join(LabRun.lab)
    return found.where(LabRun.user_id == user_id).order_by(LabRun.started_at, LabRun.id)


def _of_runs(model: type[LabEvent] | type[LabCommand]) -> Callable[[UUID], Select[*tuple[Any, ...]]]:
    def rows(user_id: UUID) -> Select[*tuple[Any, ...]]:
        found = select(model).join(LabRun, LabRun.id == model.lab_run_id)
        return found.where(LabRun.user_id == user_id).order_by(model.id)

    return rows


def _notes(user_id: UUID) -> Select[*tuple[Any, ...]]:
    return select(Note).options(undefer(Note.exact)).where(Note.owner_id == user_id).order_by(Note.path)


def _note_questions(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(Question, Note.key.label("note")).join(Question.note)
    return found.where(Note.owner_id == user_id).order_by(Note.path, Question.position, Question.id)


def _note_options(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(Choice, _QUESTION).join(Choice.question).join(Question.note)
    return found.where(Note.owner_id == user_id).order_by(Question.id, Choice.position)


def _note_tags(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(_QUESTION, Tag.name.label("tag")).join(Question.tags).join(Question.note)
    return found.where(Note.owner_id == user_id).order_by(Question.id, Tag.name)


def _note_pictures(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(NotePicture, Note.key.label("note")).join(Note, Note.id == NotePicture.note_id)
    return found.where(Note.owner_id == user_id).order_by(NotePicture.note_id, NotePicture.address)


def _edits(user_id: UUID) -> Select[*tuple[Any, ...]]:
    """The learner's edits, and those of the questions of the learner's own notes."""
    found = select(QuestionEdit, _QUESTION).join(Question, Question.id == QuestionEdit.question_id)
    found = found.outerjoin(Question.note)
    return found.where(or_(QuestionEdit.editor_id == user_id, Note.owner_id == user_id)).order_by(QuestionEdit.id)


def _content_deeds(user_id: UUID) -> Select[*tuple[Any, ...]]:
    """What somebody did to the questions for all."""
    return select(ContentDeed).where(ContentDeed.editor_id == user_id).order_by(ContentDeed.id)


def _comments(user_id: UUID) -> Select[*tuple[Any, ...]]:
    """What somebody said to other editors."""
    return select(EditorComment).where(EditorComment.editor_id == user_id).order_by(EditorComment.id)


def _edited_notes(user_id: UUID) -> Select[*tuple[Any, ...]]:
    """The notes that are named for a limited editor."""
    found = select(Note.key.label("note")).join(EditorNote, EditorNote.note_id == Note.id)
    return found.where(EditorNote.user_id == user_id).order_by(Note.id)


def _edited_tags(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(Tag.name.label("tag")).join(EditorTag, EditorTag.tag_id == Tag.id)
    return found.where(EditorTag.user_id == user_id).order_by(Tag.id)


def _note_drafts(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(NoteDraft, Note.key.label("note")).join(Note, Note.id == NoteDraft.note_id)
    return found.where(NoteDraft.user_id == user_id).order_by(NoteDraft.kept_at)


def _typed_labs(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(LabTypedDraft, Lab.slug.label("lab")).join(Lab, Lab.id == LabTypedDraft.lab_id)
    return found.where(LabTypedDraft.user_id == user_id).order_by(LabTypedDraft.kept_at)


def _of_labs(model: type[LabDraft] | type[LabRevision]) -> Callable[[UUID], Select[*tuple[Any, ...]]]:
    """What somebody wrote of labs in the browser."""

    def rows(user_id: UUID) -> Select[*tuple[Any, ...]]:
        found = select(model, Lab.slug.label("lab")).join(Lab, Lab.id == model.lab_id)
        return found.where(model.editor_id == user_id).order_by(*model.__table__.primary_key)

    return rows


def _problem_reports(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(ProblemReport, _QUESTION).join(ProblemReport.question)
    return found.where(ProblemReport.user_id == user_id).order_by(ProblemReport.id)


def _classes(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(ClassMember, StudyClass.name.label("class_name")).join(StudyClass)
    return found.where(ClassMember.user_id == user_id).order_by(ClassMember.class_id)


def _onlooking(user_id: UUID) -> Select[*tuple[Any, ...]]:
    """Who looked on at the learner's terminals, and at whose they did."""
    found = select(Onlooking, User.name.label("teacher")).join(LabRun, LabRun.id == Onlooking.run_id)
    found = found.join(User, User.id == Onlooking.user_id)
    return found.where(or_(LabRun.user_id == user_id, Onlooking.user_id == user_id)).order_by(Onlooking.id)


def _onlooking_allowed(user_id: UUID) -> Select[*tuple[Any, ...]]:
    found = select(OnlookingAllowed).join(LabRun, LabRun.id == OnlookingAllowed.run_id)
    return found.where(LabRun.user_id == user_id).order_by(OnlookingAllowed.run_id)


LISTS = (
    OwnList(name="cards", rows=_cards, tables=("card",)),
    OwnList(name="reviews", rows=_reviews, tables=("review_log",)),
    OwnList(name="asked_forms", rows=_asked_forms, tables=("asked_form",)),
    OwnList(name="stood_for", rows=_stood_for, tables=("stood_for",)),
    OwnList(name="deeds", rows=_of(CardDeed), tables=("card_deed",)),
    OwnList(name="study_days", rows=_of(DayTally), tables=("day_tally",)),
    OwnList(name="day_limits", rows=_of(DayLimit), tables=("day_limit",)),
    OwnList(name="weights", rows=_of(FittedWeights), tables=("fitted_weights",)),
    OwnList(name="studied_notes", rows=_studied, tables=("studied_note",)),
    OwnList(name="note_retentions", rows=_retentions, tables=("note_retention",)),
    OwnList(name="quizzes", rows=_quizzes, tables=("quiz_session",)),
    OwnList(name="quiz_answers", rows=_answers, tables=("attempt",)),
    OwnList(name="ability", rows=_of(LearnerAbility), tables=("learner_ability",)),
    OwnList(name="lab_runs", rows=_runs, tables=("lab_run",)),
    OwnList(name="lab_events", rows=_of_runs(LabEvent), tables=("lab_event",)),
    OwnList(name="lab_commands", rows=_of_runs(LabCommand), tables=("lab_command",)),
    OwnList(name="notes", rows=_notes, tables=("note",)),
    OwnList(name="note_questions", rows=_note_questions, tables=("question",)),
    OwnList(name="note_options", rows=_note_options, tables=("choice",)),
    OwnList(name="note_tags", rows=_note_tags, tables=("question_tag",)),
    OwnList(name="note_pictures", rows=_note_pictures, tables=("note_picture",)),
    OwnList(name="sent_pictures", rows=_of(SentPicture), tables=("sent_picture",)),
    OwnList(name="comments", rows=_comments, tables=("editor_comment",)),
    OwnList(name="editors_open", rows=_of(Presence), tables=("presence",)),
    OwnList(name="edited_notes", rows=_edited_notes, tables=("editor_note",)),
    OwnList(name="edited_tags", rows=_edited_tags, tables=("editor_tag",)),
    OwnList(name="note_drafts", rows=_note_drafts, tables=("note_draft",)),
    OwnList(name="typed_labs", rows=_typed_labs, tables=("lab_typed_draft",)),
    OwnList(name="problem_reports", rows=_problem_reports, tables=("problem_report",)),
    OwnList(name="edits", rows=_edits, tables=("question_edit",)),
    OwnList(name="content_deeds", rows=_content_deeds, tables=("content_deed",)),
    OwnList(name="lab_drafts", rows=_of_labs(LabDraft), tables=("lab_draft",)),
    OwnList(name="lab_revisions", rows=_of_labs(LabRevision), tables=("lab_revision",)),
    OwnList(name="classes", rows=_classes, tables=("class_member",)),
    OwnList(name="onlooking", rows=_onlooking, tables=("onlooking",)),
    OwnList(name="onlooking_allowed", rows=_onlooking_allowed, tables=("onlooking_allowed",)),
    OwnList(name="sign_ins", rows=_of(SignIn), tables=("sign_in",)),
    OwnList(name="identities_at_providers", rows=_of(ProviderIdentity), tables=("provider_identity",)),
)
