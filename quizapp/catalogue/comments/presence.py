"""Who has a question, a lab or a note open in an editor just now: told to the others there, and never in anybody's way.

An editor's page says now and then that it is open. What it said holds for PRESENT_FOR, so that nobody is there for long
whose browser has gone without a word. The caller commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from quizapp.catalogue.comments.models import Presence
from quizapp.catalogue.models import Note, Question
from quizapp.clock import SET_BACK
from quizapp.dialects import insert_of

# A page says it every 30 s, and every minute while nobody sees it, which is what browsers leave to pages in the
# background; see assets/js/parts/present.js. One word that is lost on its way is no leaving.
PRESENT_FOR = timedelta(seconds=150)
WRITTEN_EVERY = timedelta(seconds=20)  # two windows of one editor write no more often than one
OTHERS_MAX = 20  # more than are ever named


@dataclass(frozen=True, kw_only=True)
class Present:
    """What is stored of who has something open."""

    others: Sequence[UUID]
    """The ids of the others, who came first first."""
    is_due: bool
    """Whether it is time to store again that this editor has it open."""


def who_is_present(db: Session, about: Question | Note, *, user_id: UUID, now: datetime) -> Present:
    """Who else has this open, and whether this editor's own word is to be renewed. Only reads."""
    lately = Presence.seen_at > now - PRESENT_FOR, Presence.seen_at <= now + SET_BACK
    rows = select(Presence.user_id, Presence.seen_at).where(_of(about), *lately)
    seen = dict(db.execute(rows.order_by(Presence.id).limit(OTHERS_MAX)).all())
    own = seen.pop(user_id, None)
    return Present(others=list(seen), is_due=own is None or own <= now - WRITTEN_EVERY)


def note_present(db: Session, about: Question | Note, *, user_id: UUID, now: datetime) -> None:
    """Store that this editor has it open, and let go of what no longer holds of anybody."""
    is_over = or_(Presence.seen_at <= now - PRESENT_FOR, Presence.seen_at > now + SET_BACK)  # as the clock was ahead
    db.execute(delete(Presence).where(is_over))
    place = {"question_id" if isinstance(about, Question) else "note_id": about.id}
    row = insert_of(db.get_bind().dialect.name)(Presence).values(user_id=user_id, seen_at=now, **place)
    db.execute(row.on_conflict_do_update(index_elements=[*place, "user_id"], set_={"seen_at": now}))


def note_gone(db: Session, about: Question | Note, *, user_id: UUID) -> None:
    """Store that this editor has left it. Another window of theirs says soon that it is still open there."""
    db.execute(delete(Presence).where(_of(about), Presence.user_id == user_id))


def forget_present(db: Session, *, user_id: UUID) -> None:
    """Let go of whatever somebody has open."""
    db.execute(delete(Presence).where(Presence.user_id == user_id))


def _of(about: Question | Note) -> ColumnElement[bool]:
    column = Presence.question_id if isinstance(about, Question) else Presence.note_id
    return column == about.id
