"""The notes that learners offer to all. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Note
from quizapp.catalogue.visibility import offered_to


@dataclass(frozen=True, kw_only=True)
class OfferedNote:
    """A note that waits for an editor to publish it."""

    key: str
    title: str
    by: str
    """The name of the learner whose own note it is."""


def offered(db: Session, *, user: User) -> Sequence[OfferedNote]:
    """The notes that learners offer, the oldest offer first; none for a user who is no editor."""
    waiting = (
        select(Note.key, Note.title, User.name)
        .join(User, User.id == Note.owner_id)
        .where(offered_to(user), Note.retired_at.is_(None))
        .order_by(Note.offered_at, Note.id)
    )
    return [OfferedNote(key=key, title=title, by=name) for key, title, name in db.execute(waiting)]
