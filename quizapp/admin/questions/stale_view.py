"""What changed below a question since somebody looked at it, as its editor shows it. Reads only."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from quizapp.admin.diff import shortened, word_diff
from quizapp.admin.questions.history import FieldDiff
from quizapp.catalogue.editing.still_right import changed_below, is_old
from quizapp.catalogue.models import Question


@dataclass(frozen=True, kw_only=True)
class Staleness:
    """Why a question should be looked at again."""

    section: FieldDiff | None
    """How its section has changed; None if it has not."""
    changed_at: datetime | None
    mark: str
    """That of the section's text that is shown; empty without one."""
    old_source: str | None
    """When its source was last checked, if that is over a year ago; None else."""


def staleness_of(db: Session, *, question: Question, today: date) -> Staleness | None:
    """None for a question that waits for no look."""
    changed, old = changed_below(db, question=question), is_old(question, today=today)
    if changed is None and not old:
        return None
    section = None
    if changed is not None:
        pieces = shortened(word_diff(changed.before, changed.after))
        section = FieldDiff(label=changed.section, pieces=pieces)
    return Staleness(
        section=section,
        changed_at=changed.changed_at if changed is not None else None,
        mark=changed.mark if changed is not None else "",
        old_source=question.as_of if old else None,
    )
