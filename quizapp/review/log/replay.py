"""Computes a card anew from its reviews in the log and from what was done with it between them."""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from quizapp.review import note_retentions, schedulers
from quizapp.review.memory import Memory, Phase
from quizapp.review.models import COUNTED, Card, CardDeed, DeedKind, Outcome, ReviewLog
from quizapp.review.scheduler import STEPS, Reviewed, Scheduler, as_found
from quizapp.study_day import StudyDay

TURNS = (DeedKind.RESCHEDULE, DeedKind.RESET)  # the deeds that change what reviews come to

UsedFor = Callable[[int | None], Scheduler]
"""The learner's scheduler with the weights of that number, as `schedulers.used_for`."""


@dataclass(kw_only=True)
class CardState:
    """The columns of a card that its log gives. It changes from review to review."""

    phase: Phase = Phase.NEW
    stability: float | None = None
    difficulty: float | None = None
    last_day: StudyDay | None = None
    reps: int = 0
    lapses: int = 0
    due_day: StudyDay | None = None
    due_at: datetime | None = None
    last_review_at: datetime | None = None

    @property
    def memory(self) -> Memory:
        """What the scheduler takes."""
        return Memory(
            phase=self.phase,
            stability=self.stability,
            difficulty=self.difficulty,
            last_day=self.last_day,
            reps=self.reps,
            lapses=self.lapses,
        )


def rebuild(db: Session, card: Card, *, anew: Container[UUID] = ()) -> None:
    """Compute a card's memory state, and when it is due, anew from its COUNTED rows in the log and its TURNS.

    The reviews with an id in `anew` also get the states before and after them.
    """
    db.flush()
    log = select(ReviewLog).where(ReviewLog.card_id == card.id, ReviewLog.outcome.in_(COUNTED))
    deeds = select(CardDeed).where(CardDeed.card_id == card.id, CardDeed.kind.in_(TURNS), CardDeed.undone == false())
    reviews, turns = db.scalars(log.order_by(ReviewLog.sequence)).all(), db.scalars(deeds.order_by(CardDeed.id)).all()
    connection, user = db.connection(), card.user
    retention = note_retentions.of_cards(db, user=user, card_ids=[card.id]).get(card.id)

    def used_for(number: int | None) -> Scheduler:
        return schedulers.used_for(connection, user, number=number, retention=retention)

    set_state(card, vars(replayed(reviews, turns, used_for=used_for, anew=anew)))
    db.flush()


def replayed(
    reviews: Iterable[Any], turns: Iterable[Any], *, used_for: UsedFor, anew: Container[UUID] = ()
) -> CardState:
    """What a card's COUNTED rows and its TURNS that were not undone come to; each in the order in which it was done.

    A state that was given is taken as it stands.
    They may be rows with the columns of ReviewLog and CardDeed; only a ReviewLog may have an id in `anew`. Each review
    is computed with the weights that were in force, and the card is due when the log says: the desired retention may be
    another one since. Of all but the last, when they leave the card due is not computed: the next one says it anew.
    """
    state = CardState()
    events = _in_order(reviews, turns)
    last = len(events) - 1
    for number, (event, is_turn) in enumerate(events):
        if is_turn:
            turn(state, event)
            continue
        if event.outcome is Outcome.GIVEN:
            set_state(state, given_state(event))
            continue
        scheduler = used_for(event.weights_number)
        memory = as_found(state.memory, on=event.day, at=event.reviewed_at, last_review_at=state.last_review_at)
        if number < last and anew == ():
            vars(state).update(vars(scheduler.remember(memory, event.rating, day=event.day)))
            state.last_review_at = event.reviewed_at
            continue
        reviewed = scheduler.review(memory, event.rating, day=event.day)
        due = reviewed.due_day, _due_at(reviewed, event)
        if anew != () and event.id in anew:
            _note(event, state, reviewed)
        elif _is_as_it_was(event, state):
            due = event.due_day_after, event.due_at_after
        set_state(state, state_of(reviewed.memory, *due, event.reviewed_at))
    return state


def turn(card: Card | CardState, deed: Any) -> None:
    """Let a deed of TURNS change the card, as it is done and whenever the card is computed anew."""
    if deed.kind is DeedKind.RESET:
        set_state(card, vars(CardState()))
        return
    card.due_day, card.due_at = deed.after, None
    if card.phase in STEPS:
        card.phase = Phase.REVIEW


def set_state(card: Card | CardState, state: dict[str, Any]) -> None:
    """Set columns of a card."""
    for name, value in state.items():
        setattr(card, name, value)


def state_of(
    memory: Memory, due_day: StudyDay | None, due_at: datetime | None, reviewed_at: datetime | None
) -> dict[str, Any]:
    """A card's columns after a review, or before the first one."""
    return {**vars(memory), "due_day": due_day, "due_at": due_at, "last_review_at": reviewed_at}


def given_state(entry: Any) -> dict[str, Any]:
    """A card's columns after a row that is GIVEN; the numbers of reviews and lapses are not among them."""
    return {
        "phase": Phase.REVIEW,
        "stability": entry.stability_after,
        "difficulty": entry.difficulty_after,
        "last_day": entry.day,
        "due_day": entry.due_day_after,
        "due_at": None,
        "last_review_at": entry.reviewed_at,
    }


def _in_order(reviews: Iterable[Any], turns: Iterable[Any]) -> Sequence[tuple[Any, bool]]:
    """All of them in the order in which they were done, each with whether it is one of TURNS."""
    waiting, found = list(turns), list[tuple[Any, bool]]()
    for entry in reviews:
        while waiting and waiting[0].after_sequence < entry.sequence:
            found.append((waiting.pop(0), True))
        found.append((entry, False))
    return found + [(deed, True) for deed in waiting]


def _is_as_it_was(entry: Any, state: CardState) -> bool:
    """Whether the review finds the card in the state that it found it in when it was made.

    After an undo of another review, or a mend, it may not.
    """
    before = entry.phase_before, entry.stability_before, entry.difficulty_before
    return before == (state.phase, state.stability, state.difficulty)


def _note(entry: ReviewLog, state: CardState, reviewed: Reviewed) -> None:
    """Keep with a review the states before and after it."""
    is_new = state.due_day is None or state.last_day is None
    entry.interval_before = None if is_new else (state.due_day or 0) - (state.last_day or 0)
    entry.phase_before = state.phase
    entry.stability_before, entry.difficulty_before = state.stability, state.difficulty
    entry.retrievability_before = reviewed.retrievability
    entry.stability_after, entry.difficulty_after = reviewed.memory.stability, reviewed.memory.difficulty
    entry.due_day_after, entry.due_at_after = reviewed.due_day, _due_at(reviewed, entry)


def _due_at(reviewed: Reviewed, entry: Any) -> datetime | None:
    return None if reviewed.comes_back_in is None else entry.reviewed_at + reviewed.comes_back_in
