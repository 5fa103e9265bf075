"""Deletes drafts that were made in the browser, and makes deleted ones again. Nothing that a learner saw is deleted."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing.authored_rows import lock
from quizapp.catalogue.editing.authoring import NOWHERE, make
from quizapp.catalogue.models import ContentDeed, DeedOf, Note, Question, QuestionEdit, QuestionKind
from quizapp.catalogue.question_shape import QuestionShape, Stage, from_json, shape_of, stage_of, to_json
from quizapp.catalogue.question_wording import EMPTY
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.visibility import Reader
from quizapp.errors import Invalid

UNDO_FOR = timedelta(days=7)  # later the list no longer offers it; the trail keeps it for good
_UNSEEN = (Stage.DRAFT, Stage.REVIEW)
_BLANK = QuestionShape(kind=QuestionKind.OPEN, wording=EMPTY, place=NOWHERE, stage=Stage.DRAFT)


def is_deletable(db: Session, question: Question) -> bool:
    """Whether a question was made in the browser and no learner can ever have seen it."""
    if stage_of(question) not in (Stage.DRAFT, Stage.REVIEW) or not question.made_here:
        return False
    edits = db.scalars(select(QuestionEdit).where(QuestionEdit.question_id == question.id)).all()
    return any(not edit.before for edit in edits) and all(edit.after.get("stage") in _UNSEEN for edit in edits)


def delete_draft(db: Session, *, question: Question, editor: Reader, now: datetime) -> None:
    """Delete a question that was made here and never published. The trail keeps it, so that it can be made again."""
    lock(db, question, editor=editor)
    if not is_deletable(db, question):
        raise Invalid("Only a draft that was made here and never published can be deleted. Retire this one instead.")
    kept = to_json(shape_of(question))
    note_down(db, what=DeedOf.DELETE, words=question.prompt, editor=editor, now=now, key=question.key, kept=kept)
    db.delete(question)
    db.flush()


def last_deleted(db: Session, *, editor: Reader, now: datetime) -> ContentDeed | None:
    """The draft that an editor deleted last, as the trail has it, if it was not made again since."""
    mine = select(ContentDeed).where(ContentDeed.editor_id == editor.id, ContentDeed.at >= now - UNDO_FOR)
    deed = db.scalars(mine.order_by(ContentDeed.id.desc()).limit(1)).first()
    if deed is None or deed.what is not DeedOf.DELETE or deed.kept is None:
        return None
    is_there = db.scalar(select(Question.id).where(Question.key == deed.key)) is not None
    return None if is_there else deed


def make_again(db: Session, *, kept: Mapping[str, object], key: str, editor: Reader, now: datetime) -> Question:
    """A deleted draft as the trail has it, as a draft with its old key; in no note if its note is gone."""
    shape = from_json(kept, like=_BLANK)
    is_there = db.scalar(select(Note.id).where(Note.key == shape.place.note, Note.retired_at.is_(None)))
    place = shape.place if is_there is not None else NOWHERE
    if db.scalar(select(Question.id).where(Question.key == key)) is not None:
        raise Invalid("There is a question with its key again. It may have been made again already.")
    what, stage = DeedOf.UNDO, Stage.DRAFT
    return make(
        db,
        kind=shape.kind,
        wording=shape.wording,
        place=place,
        stage=stage,
        editor=editor,
        now=now,
        what=what,
        key=key,
    )
