"""How much of a note a learner wants to remember, where it is not as much as of the others.

It goes over the learner's own desired retention wherever intervals are computed: ratings, what the buttons say, a card
that is computed anew, the plan for an interview.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import RETENTION_MAX, RETENTION_MIN, User
from quizapp.catalogue.models import Question
from quizapp.errors import Invalid
from quizapp.review.models import Card, NoteRetention


def set_for_note(db: Session, *, user: User, note_id: int, retention: float | None) -> None:
    """Set it for a note; None: as for the others. It counts for the next ratings. Raises Invalid out of the range."""
    if retention is not None and not RETENTION_MIN <= retention <= RETENTION_MAX:
        raise Invalid(f"Choose a number from {100 * RETENTION_MIN:.0f} to {100 * RETENTION_MAX:.0f}.")
    db.execute(delete(NoteRetention).where(NoteRetention.user_id == user.id, NoteRetention.note_id == note_id))
    if retention is not None:
        db.add(NoteRetention(user_id=user.id, note_id=note_id, desired_retention=retention))
    db.flush()


def of_note(db: Session, *, user: User, note_id: int) -> float | None:
    """That of a note; None if it has none of its own."""
    row = db.get(NoteRetention, (user.id, note_id))
    return None if row is None else row.desired_retention


def of_cards(db: Session, *, user: User, card_ids: Collection[UUID]) -> Mapping[UUID, float]:
    """That of each of the cards whose note has one of its own, by the card's id."""
    found = select(Card.id, NoteRetention.desired_retention).join(Card.question).join(NoteRetention, _of_question(user))
    return dict(db.execute(found.where(Card.id.in_(card_ids))).all())


def of_notes(db: Session, *, user: User) -> Mapping[int, float]:
    """That of all notes that have one of their own, by the note's id."""
    found = select(NoteRetention.note_id, NoteRetention.desired_retention).where(NoteRetention.user_id == user.id)
    return dict(db.execute(found).all())


def _of_question(user: User) -> ColumnElement[bool]:
    return and_(NoteRetention.note_id == Question.note_id, NoteRetention.user_id == user.id)
