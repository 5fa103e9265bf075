"""One thing done with many questions at once, and taken back as one, also days later."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing import authoring
from quizapp.catalogue.editing.still_right import still_right, wait_again
from quizapp.catalogue.editing.taking_back import take_back
from quizapp.catalogue.html.rendering import in_plain_text
from quizapp.catalogue.models import ContentDeed, DeedOf, Question
from quizapp.catalogue.question_shape import QuestionPlace, Stage, stage_of, wording_of
from quizapp.catalogue.question_wording import tidy_tags
from quizapp.catalogue.remits import OutsideRemit
from quizapp.catalogue.trail import note_down, shortened
from quizapp.catalogue.visibility import Reader, is_for_all
from quizapp.errors import Invalid, NotFound

AT_ONCE_MAX = 400  # questions, at 6 to 9 ms of the processor each: under 4 s
PART = 50  # questions, half a second: SQLite lets nobody else write meanwhile, and others wait for 5 s at most
UNDO_FOR = timedelta(days=7)  # after a week others have built on it; then each question's history is the way back


class BulkAction(StrEnum):
    """What is done."""

    TAG = "tag"
    UNTAG = "untag"
    PUBLISH = "publish"
    RETIRE = "retire"
    RESTORE = "restore"
    MOVE = "move"
    STILL_RIGHT = "still-right"


_DEEDS = {
    BulkAction.TAG: DeedOf.TAG,
    BulkAction.UNTAG: DeedOf.UNTAG,
    BulkAction.PUBLISH: DeedOf.PUBLISH,
    BulkAction.RETIRE: DeedOf.RETIRE,
    BulkAction.RESTORE: DeedOf.RESTORE,
    BulkAction.MOVE: DeedOf.MOVE,
    BulkAction.STILL_RIGHT: DeedOf.STILL_RIGHT,
}


_UNDOABLE = (*_DEEDS.values(),)
# The deeds on several questions at once: an import is none, though it has parts too.
_ON_SEVERAL = (ContentDeed.key.is_(None), ContentDeed.step_id.is_(None), ContentDeed.what.in_(_UNDOABLE))


@dataclass(kw_only=True)
class BulkDone:
    """What became of the questions."""

    changed: int = 0
    refused: list[str] = field(default_factory=list)
    """A sentence for each question that a rule forbade to change."""


@dataclass(frozen=True, kw_only=True)
class BulkUndone:
    """What came of taking a deed back."""

    back: int
    """How many questions are again as they were."""
    stays: int
    """How many were changed since in the same part, which stays."""


def act(
    db: Session,
    *,
    action: BulkAction,
    keys: Sequence[str],
    tag: str = "",
    place: QuestionPlace | None = None,
    editor: Reader,
    now: datetime,
    commit: Callable[[], None] | None = None,
) -> BulkDone:
    """Do one thing with questions for all, each by `authoring`. What a rule forbids for one is left out and told.

    So is what the editor may not change.

    After each PART `commit` is called, so that others can write in between.

    Raises Invalid for too many, for none, and without the tag or place that the action needs.
    """
    if not keys:
        raise Invalid("Choose questions first: tick them, or press x on a row.")
    if len(keys) > AT_ONCE_MAX:
        raise Invalid(f"At most {AT_ONCE_MAX} questions can be changed at once.")
    names = {*tidy_tags(iter(tag.split(",")))}
    if action in (BulkAction.TAG, BulkAction.UNTAG) and not names:
        raise Invalid("Enter the tag.")
    if action is BulkAction.MOVE and place is None:
        raise Invalid("Choose the note to move them to.")
    rows = db.scalars(select(Question).where(Question.key.in_(keys), is_for_all()).order_by(Question.id)).all()
    step = note_down(db, what=_DEEDS[action], words=action, editor=editor, now=now)
    done = BulkDone()
    for number, question in enumerate(rows):
        if commit is not None and number and number % PART == 0:
            commit()
        try:
            with db.begin_nested() if editor.is_limited else nullcontext():  # a change may lead out of the remit
                saved = _one(db, question, action, names, place, editor=editor, now=now, step_id=step.id)
            done.changed += bool(saved.changed)
        except (Invalid, OutsideRemit, authoring.ChangedMeanwhile) as error:
            # What an editor may not change is not shown to them either.
            is_theirs = not isinstance(error, OutsideRemit)
            name = f"“{in_plain_text(shortened(question.prompt))}”" if is_theirs else question.key
            done.refused.append(f"{name}: {error}")
    of = f" {', '.join(sorted(names))}" if action in (BulkAction.TAG, BulkAction.UNTAG) else ""
    step.words = f"{action}{of}: {done.changed} questions"[:160]
    if not done.changed:
        db.delete(step)
    db.flush()
    return done


def _one(
    db: Session,
    question: Question,
    action: BulkAction,
    names: set[str],
    place: QuestionPlace | None,
    *,
    editor: Reader,
    now: datetime,
    step_id: int,
) -> authoring.Saved:
    match action:
        case BulkAction.TAG | BulkAction.UNTAG:
            before = wording_of(question)
            tags = {*before.tags} | names if action is BulkAction.TAG else {*before.tags} - names
            wording, what = replace(before, tags=tidy_tags(iter(tags))), _DEEDS[action]
            rev = question.rev
            return authoring.save(
                db, question=question, wording=wording, rev=rev, editor=editor, now=now, what=what, step_id=step_id
            )
        case BulkAction.MOVE:
            assert place is not None  # `act` has looked
            return authoring.move(db, question=question, place=place, editor=editor, now=now, step_id=step_id)
        case BulkAction.STILL_RIGHT:
            return still_right(db, question=question, editor=editor, now=now, step_id=step_id)
        case BulkAction.PUBLISH | BulkAction.RETIRE | BulkAction.RESTORE:
            stage = _stage_for(action, question)
            return authoring.set_stage(db, question=question, stage=stage, editor=editor, now=now, step_id=step_id)
        case _:
            assert_never(action)


def _stage_for(action: BulkAction, question: Question) -> Stage:
    if action is BulkAction.PUBLISH:
        return Stage.PUBLISHED
    if action is BulkAction.RETIRE:
        return Stage.RETIRED
    return authoring.stage_if_restored(question) if stage_of(question) is Stage.RETIRED else stage_of(question)


def last_step(db: Session, *, editor: Reader, now: datetime) -> ContentDeed | None:
    """The editor's last deed on several questions, if it can be taken back and was not."""
    mine = select(ContentDeed).where(ContentDeed.editor_id == editor.id, *_ON_SEVERAL)
    step = db.scalars(mine.order_by(ContentDeed.id.desc()).limit(1)).first()
    return step if step is not None and step.undone_at is None and now - step.at <= UNDO_FOR else None


def undo(
    db: Session, *, step_id: int, editor: Reader, now: datetime, commit: Callable[[], None] | None = None
) -> BulkUndone:
    """Take a deed on several questions back, with `commit` as for `act`.

    Nothing the second time. Raises NotFound for one of somebody else.
    """
    step = db.get(ContentDeed, step_id, with_for_update=True)
    if step is None or step.what not in _UNDOABLE or step.key is not None or step.editor_id != editor.id:
        raise NotFound("There is no such change of yours. The history of each question has its versions.")
    if step.undone_at is not None:
        return BulkUndone(back=0, stays=0)
    step.undone_at = now
    parts = select(ContentDeed.edit_id).where(ContentDeed.step_id == step.id, ContentDeed.edit_id.is_not(None))
    edits = db.scalars(parts.order_by(ContentDeed.id.desc())).all()
    if step.what is DeedOf.STILL_RIGHT:
        keys = db.scalars(select(ContentDeed.key).where(ContentDeed.step_id == step.id))
        keys_of_parts = [key for key in keys if key is not None]
        wait_again(db, keys=keys_of_parts, looked_at=step.at)
    back: list[bool] = []
    for number, edit in enumerate(edit for edit in edits if edit is not None):
        if commit is not None and number and number % PART == 0:
            commit()
        back.append(take_back(db, edit_id=edit, editor=editor, now=now))
    db.flush()
    return BulkUndone(back=back.count(True), stays=back.count(False))
