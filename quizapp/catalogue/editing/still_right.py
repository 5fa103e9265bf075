"""Says of a question that was made of something which changed since that it is still right. The caller commits."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, update
from sqlalchemy.orm import Session, joinedload

from quizapp.catalogue.editing.authored_rows import lock
from quizapp.catalogue.editing.authoring import NOTHING, Saved, save
from quizapp.catalogue.models import DeedOf, Question, QuestionKind, SectionChange, StaleQuestion
from quizapp.catalogue.question_shape import wording_of
from quizapp.catalogue.store.stale_marks import words_of
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.visibility import Reader
from quizapp.errors import Conflict

OLD_AFTER = timedelta(days=365)  # what a page of documentation says holds for a major version, some of them a year
NOTICED = "Looked at again"


@dataclass(frozen=True, kw_only=True)
class ChangedBelow:
    """What a question was made of, and what stands there now."""

    section: str
    """The section's title."""
    before: str
    after: str
    changed_at: datetime

    @property
    def mark(self) -> str:
        """What tells this text of the section from any other."""
        return hashlib.sha256(self.after.encode()).hexdigest()[:16]


def stale_ids() -> Select[int]:
    """The ids of the questions that were made of a section which says something else by now."""
    return select(StaleQuestion.question_id).where(StaleQuestion.looked_at.is_(None))


def has_old_source(today: date) -> ColumnElement[bool]:
    """The condition that the source of a row of the table `question` was last checked over OLD_AFTER ago.

    A year or a month counts as its last day. What is no date is not older than any.
    """
    said = func.coalesce(Question.as_of, "")
    return and_(said != "", said < func.substr(literal(_least(today)), 1, func.length(said)))


def changed_below(db: Session, *, question: Question) -> ChangedBelow | None:
    """What changed below a question that waits for a look; None if nothing did."""
    found = db.scalar(
        select(StaleQuestion)
        .where(StaleQuestion.question_id == question.id, StaleQuestion.looked_at.is_(None))
        .options(joinedload(StaleQuestion.change).joinedload(SectionChange.section))
    )
    if found is None:
        return None
    change = found.change
    after = words_of(change.section.html)
    return ChangedBelow(section=change.section.title, before=change.before, after=after, changed_at=change.changed_at)


def is_old(question: Question, *, today: date) -> bool:
    """As `has_old_source`, of one question."""
    said = question.as_of or ""
    return bool(said) and said < _least(today)[: len(said)]


def still_right(
    db: Session,
    *,
    question: Question,
    editor: Reader,
    now: datetime,
    seen: str | None = None,
    step_id: int | None = None,
) -> Saved:
    """Say that an editor has looked at a question again, and that it is right.

    An old source counts as checked today. `seen` is the mark of the section's text that the editor looked at; raises
    Conflict if it is another one by now. Writes nothing for a question that waits for no look.
    """
    lock(db, question, editor=editor)
    changed = changed_below(db, question=question)
    if changed is not None and seen is not None and seen != changed.mark:
        raise Conflict("The section has changed once more since this page was opened. Look at it again.")
    saved = NOTHING
    if question.kind is not QuestionKind.LAB and is_old(question, today=now.date()):
        wording = replace(wording_of(question), as_of=now.date().isoformat())
        what, rev = DeedOf.STILL_RIGHT, question.rev
        saved = save(
            db, question=question, wording=wording, rev=rev, editor=editor, now=now, what=what, step_id=step_id
        )
    if changed is None:
        return saved
    mark_looked_at(db, question_ids=[question.id], now=now)
    if saved.edit_id is None:
        what = DeedOf.STILL_RIGHT
        note_down(db, what=what, words=question.prompt, editor=editor, now=now, key=question.key, step_id=step_id)
    return replace(saved, changed=[*saved.changed, NOTICED])


def mark_looked_at(db: Session, *, question_ids: Sequence[int], now: datetime) -> None:
    """Have these questions wait for no look any more: somebody has looked at them."""
    waits = StaleQuestion.question_id.in_(question_ids), StaleQuestion.looked_at.is_(None)
    db.execute(update(StaleQuestion).where(*waits).values(looked_at=now))


def wait_again(db: Session, *, keys: Sequence[str], looked_at: datetime) -> None:
    """Have those of the questions with these keys wait for a look again that were looked at at this moment."""
    of_keys = StaleQuestion.question_id.in_(select(Question.id).where(Question.key.in_(keys)))
    db.execute(update(StaleQuestion).where(of_keys, StaleQuestion.looked_at == looked_at).values(looked_at=None))


def _least(today: date) -> str:
    """The day before which a source is old."""
    return (today - OLD_AFTER).isoformat()
