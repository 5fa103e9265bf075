"""Computes a card anew from its reviews in the log and from what was done with it between them."""

from collections.abc import Container, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from quizapp.review import scheduler
from quizapp.review.memory import Memory, Phase
from quizapp.review.models import Card, CardDeed, DeedKind, Outcome, ReviewLog
from quizapp.review.scheduler import Reviewed
from quizapp.review.study_day import StudyDay

TURNS = (DeedKind.RESCHEDULE, DeedKind.RESET)  # the deeds that change what reviews come to
STEPS = (Phase.LEARNING, Phase.RELEARNING)


def rebuild(db: Session, card: Card, *, anew: Container[UUID] = ()) -> None:
    """Compute a card's memory state, and when it is due, anew from its applied reviews and its TURNS.

    The reviews with an id in `anew` also get the states before and after them.
    """
    db.flush()
    set_state(card, state_of(Memory(), None, None, None))
    for event in _events(db, card):
        if isinstance(event, CardDeed):
            turn(card, event)
            continue
        reviewed = scheduler.USUAL.review(card.memory, event.rating, day=event.day)
        if event.id in anew:
            _note_before(event, card, reviewed)
            _note_after(event, reviewed)
        set_state(card, state_of(reviewed.memory, reviewed.due_day, _due_at(reviewed, event), event.reviewed_at))
    db.flush()


def turn(card: Card, deed: CardDeed) -> None:
    """Let a deed of TURNS change the card, as it is done and whenever the card is computed anew."""
    if deed.kind is DeedKind.RESET:
        set_state(card, state_of(Memory(), None, None, None))
        return
    card.due_day, card.due_at = deed.after, None
    if card.phase in STEPS:
        card.phase = Phase.REVIEW


def set_state(card: Card, state: dict[str, Any]) -> None:
    """Set columns of a card."""
    for name, value in state.items():
        setattr(card, name, value)


def state_of(
    memory: Memory, due_day: StudyDay | None, due_at: datetime | None, reviewed_at: datetime | None
) -> dict[str, Any]:
    """A card's columns after a review, or before the first one."""
    return {**vars(memory), "due_day": due_day, "due_at": due_at, "last_review_at": reviewed_at}


def _events(db: Session, card: Card) -> Iterator[ReviewLog | CardDeed]:
    """The card's applied reviews, and the deeds of TURNS that were not undone, in the order in which they were done."""
    log = select(ReviewLog).where(ReviewLog.card_id == card.id, ReviewLog.outcome == Outcome.APPLIED)
    deeds = select(CardDeed).where(CardDeed.card_id == card.id, CardDeed.kind.in_(TURNS), CardDeed.undone == false())
    turns = list(db.scalars(deeds.order_by(CardDeed.id)))
    for entry in db.scalars(log.order_by(ReviewLog.sequence)):
        while turns and turns[0].after_sequence < entry.sequence:
            yield turns.pop(0)
        yield entry
    yield from turns


def _note_before(entry: ReviewLog, card: Card, reviewed: Reviewed) -> None:
    entry.phase_before = card.phase
    entry.stability_before = card.stability
    entry.difficulty_before = card.difficulty
    entry.retrievability_before = reviewed.retrievability


def _note_after(entry: ReviewLog, reviewed: Reviewed) -> None:
    entry.stability_after, entry.difficulty_after = reviewed.memory.stability, reviewed.memory.difficulty
    entry.due_day_after, entry.due_at_after = reviewed.due_day, _due_at(reviewed, entry)


def _due_at(reviewed: Reviewed, entry: ReviewLog) -> datetime | None:
    return None if reviewed.comes_back_in is None else entry.reviewed_at + reviewed.comes_back_in
