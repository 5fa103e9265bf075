"""Takes a change of a question back, as far as nobody has changed the same part since."""

from contextlib import nullcontext
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing.authored_rows import (
    By,
    lock,
    mark_edited,
    record,
    spot_of,
    write_kind,
    write_place,
    write_stage,
    write_wording,
)
from quizapp.catalogue.models import DeedOf, Question, QuestionEdit, Unsettled
from quizapp.catalogue.question_shape import QuestionShape, Stage, from_json, shape_of, wording_of
from quizapp.catalogue.question_wording import Wording, tidy_tags, unaskable
from quizapp.catalogue.question_wording import from_json as wording_from
from quizapp.catalogue.remits import OutsideRemit
from quizapp.catalogue.store.question_store import content_from, served
from quizapp.catalogue.store.revisions import IMPORTED
from quizapp.catalogue.visibility import Reader
from quizapp.errors import Invalid


def take_back(db: Session, *, edit_id: int, editor: Reader, now: datetime, step_id: int | None = None) -> bool:
    """Give a question back what an edit changed of it, by another edit; returns whether it has all of it again.

    A part that was changed again since stays as it is; so does the whole question if it would break a rule, or if it
    is none that the editor may change any more. Of tags
    those come back that were taken, and those go that were added. A question that is as in its file again counts as
    not edited. An edit that made the question cannot be taken back: delete the draft.
    """
    edit = db.get(QuestionEdit, edit_id)
    if edit is None or not edit.before:
        return False
    try:
        with db.begin_nested() if editor.is_limited else nullcontext():  # what it was before may be out of the remit
            return _taken_back(db, edit, By(editor=editor, now=now, step_id=step_id))
    except OutsideRemit:
        return False


def _taken_back(db: Session, edit: QuestionEdit, by: By) -> bool:
    question, now = db.get_one(Question, edit.question_id), by.now
    lock(db, question, editor=by.editor)
    now_there = shape_of(question)
    before, after = from_json(edit.before, like=now_there), from_json(edit.after, like=now_there)
    wording, has_texts = _texts_again(before.wording, after.wording, now_there.wording)
    kind = before.kind if now_there.kind is after.kind else now_there.kind
    if wording != now_there.wording and unaskable(wording, kind, draft=question.draft, unfinished=question.hidden):
        return False
    if (kind, wording) != (now_there.kind, now_there.wording):
        mark_edited(question)
        write_kind(question, kind)
        write_wording(db, question, wording)
    has_place = _place_again(db, question, before, after, now_there)
    has_stage = _stage_again(db, question, before, after, now_there, now=now)
    record(db, question, now_there, what=DeedOf.UNDO, by=by)
    if _is_as_in_file(db, question):
        question.edited, question.base = False, None
    return has_texts and has_place and has_stage and kind is before.kind


def _texts_again(before: Wording, after: Wording, now_there: Wording) -> tuple[Wording, bool]:
    """The texts with what an edit had changed as it was before, and whether that is all it had changed."""
    tags = {*now_there.tags} - ({*after.tags} - {*before.tags}) | ({*before.tags} - {*after.tags})
    changed = [part.name for part in fields(Wording) if getattr(before, part.name) != getattr(after, part.name)]
    same = [name for name in changed if getattr(now_there, name) == getattr(after, name)]
    back = {name: getattr(before, name) for name in same}
    wanted = replace(now_there, **{**back, "tags": tidy_tags(iter(tags))}).without_lost_choices(now_there)
    return wanted, all(name in same or name == "tags" for name in changed)


def _place_again(
    db: Session, question: Question, before: QuestionShape, after: QuestionShape, now_there: QuestionShape
) -> bool:
    if before.place == after.place:
        return True
    if now_there.place != after.place:
        return False
    try:
        spot = spot_of(db, before.place)
    except Invalid:
        return False
    write_place(question, spot, is_chosen=before.place.is_chosen)
    db.flush()
    db.expire(question, ["note", "section", "concept"])
    return True


def _stage_again(
    db: Session,
    question: Question,
    before: QuestionShape,
    after: QuestionShape,
    now_there: QuestionShape,
    *,
    now: datetime,
) -> bool:
    """Give back the stage that an edit changed itself; one that followed from the texts has followed again."""
    if before.stage is after.stage or now_there.stage is before.stage:
        return True
    if now_there.stage is not after.stage:
        return False
    is_open = question.note is None or question.note.retired_at is None
    if not is_open and before.stage is not Stage.RETIRED:
        return False
    if before.stage is Stage.PUBLISHED and unaskable(wording_of(question), question.kind, draft=False):
        return False
    write_stage(db, question, before.stage, now=now)
    return True


def _is_as_in_file(db: Session, question: Question) -> bool:
    """Whether an edited question has the content again that its file last had, and the tags from before its edits.

    False where that is unknown, or where an editor is still to choose between the file and the question.
    """
    base = question.base
    if base is None or content_from(base) != served(question) or db.get(Unsettled, question.id) is not None:
        return False
    now_there = first = wording_of(question).tags
    edits = select(QuestionEdit).where(QuestionEdit.question_id == question.id).order_by(QuestionEdit.id.desc())
    for edit in db.scalars(edits):
        if not edit.before or edit.after.get(IMPORTED) or wording_from(edit.after).tags != first:
            break  # it was made here, or an import has set them between this edit and the next one
        first = wording_from(edit.before).tags
    return first == now_there
