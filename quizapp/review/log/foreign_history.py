"""Takes up what a learner has learnt in another program: its reviews go into the log, and cards are computed from them.

So the log stays the truth about a card: `replay` gives the same state at any time. Where there are no reviews, but the
schedule that they led to, a row of the log says with which state the card begins.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Protocol, assert_never
from uuid import UUID, uuid5

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.accounts.service import user_by_name
from quizapp.catalogue.formats.learnt import FsrsMemory, Sm2Memory, StateElsewhere
from quizapp.review import deeds
from quizapp.review.log import replay, study_day_figures
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, CardDeed, DeedKind, Outcome, ReviewLog, ReviewSource
from quizapp.review.rating import TAKEN_MAX_MS
from quizapp.review.scheduler import USUAL
from quizapp.review.service import add_cards
from quizapp.study_day import day_of, start_of, study_day

CARDS_AT_ONCE = 100  # taken up in one transaction: half a second, for which nobody else can write on SQLite
RECALLED = 0.9  # the chance at which a card of SM-2 is due: what its first intervals were made for, and FSRS's own
HALF_A_DAY = timedelta(hours=12)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MadeElsewhere(Protocol):
    """A review that was made in another program."""

    @property
    def at_ms(self) -> int: ...

    @property
    def rating(self) -> int: ...

    @property
    def taken_ms(self) -> int: ...


class Learnt(Protocol):
    """What was learnt of a question in another program."""

    @property
    def reviews(self) -> Sequence[MadeElsewhere]: ...

    @property
    def suspended(self) -> bool: ...

    @property
    def state(self) -> StateElsewhere | None: ...

    @property
    def due(self) -> date | None: ...

    @property
    def flag(self) -> int: ...


@dataclass(frozen=True, kw_only=True)
class TakenUp:
    """What came of it."""

    cards: int
    """Cards with reviews that were taken up now."""
    reviews: int
    states: int = 0
    """Cards that begin with the schedule that they had."""


def take_up(
    db: Session, *, user: User, learnt: Mapping[int, Learnt], now: datetime, settle: Callable[[], None]
) -> TakenUp:
    """Make a card of each question, given by its id, and add the reviews that are later than any that the card has.

    A card without reviews begins with the state that it had, if that is later than one that it was given before.
    So a second time adds nothing, and what was reviewed or reset here stays so. Cards that were put away there are
    suspended, and those with a flag get it, if they were not seen here; a due day set by hand comes with the reviews
    before it. Calls `settle`, which may commit, after each CARDS_AT_ONCE cards.
    """
    add_cards(db, user=user, question_ids=learnt, now=now)
    settle()
    cards = reviews = states = 0
    ordered = sorted(learnt)
    for ids in (ordered[start : start + CARDS_AT_ONCE] for start in range(0, len(ordered), CARDS_AT_ONCE)):
        put, known = dict[UUID, deeds.PutElsewhere](), _known(db, ids, user=user)
        mine = select(Card).where(Card.user_id == user.id, Card.question_id.in_(ids)).order_by(Card.id)
        for card in db.scalars(mine.with_for_update()).all():
            of_card = learnt[card.question_id]
            is_unseen = not card.logged
            added = _add(db, card, of_card, known, user=user, now=now)
            put |= _put(card, of_card, is_unseen=is_unseen, is_later=added > 0, user=user, now=now)
            cards, reviews = cards + (added > 0), reviews + added
            states += _begin(db, card, of_card.state, known, user=user, now=now)
        deeds.put_as_elsewhere(db, user=user, put=put, now=now)
        settle()
    study_day_figures.recount(db, user_id=user.id)
    settle()
    return TakenUp(cards=cards, reviews=reviews, states=states)


def take_up_of(db: Session, *, name: str) -> "partial[TakenUp]":
    """`take_up` for the account called `name`. Raises NotFound."""
    return partial(take_up, db, user=user_by_name(db, name=name))


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What the log has of some questions' cards."""

    ids: frozenset[UUID]
    """Of all rows. What was taken up before stays so after a reset, which lets a card forget when that was."""
    reviewed: frozenset[UUID]
    """The cards with reviews."""
    reset: Mapping[UUID, datetime]
    """When each card was last reset."""

    def last_at(self, card: Card) -> datetime | None:
        """When a card was last reviewed or reset; None for a new one."""
        return max(filter(None, (card.last_review_at, self.reset.get(card.id))), default=None)


def _known(db: Session, question_ids: Sequence[int], *, user: User) -> _Known:
    mine = Card.user_id == user.id, Card.question_id.in_(question_ids)
    rows = select(ReviewLog.id, ReviewLog.card_id, ReviewLog.outcome).join(Card, Card.id == ReviewLog.card_id)
    found = db.execute(rows.where(*mine)).all()
    reviewed = frozenset(row.card_id for row in found if row.outcome is Outcome.APPLIED)
    resets = select(Card.id, func.max(CardDeed.done_at)).join_from(CardDeed, Card, Card.id == CardDeed.card_id)
    resets = resets.where(*mine, CardDeed.kind == DeedKind.RESET, CardDeed.undone == false())
    reset = dict(db.execute(resets.group_by(Card.id)).all())
    return _Known(ids=frozenset(row.id for row in found), reviewed=reviewed, reset=reset)


def _put(
    card: Card, learnt: Learnt, *, is_unseen: bool, is_later: bool, user: User, now: datetime
) -> Mapping[UUID, deeds.PutElsewhere]:
    """What the learner had done with a card elsewhere, if it was not seen here or has later reviews from there."""
    due = learnt.due if is_later else None
    put = deeds.PutElsewhere(
        days=None if due is None else day_of(due) - study_day(now, user.zone, user.rollover_hour),
        flag=learnt.flag if is_unseen and learnt.flag else card.flag,
        suspended=is_unseen and learnt.suspended,
    )
    return {card.id: put} if put != deeds.PutElsewhere(days=None, flag=card.flag, suspended=False) else {}


def _begin(db: Session, card: Card, state: StateElsewhere | None, known: _Known, *, user: User, now: datetime) -> bool:
    """Let a card that has no reviews begin with a state; returns whether that is a newer one than it has."""
    if state is None or card.id in known.reviewed:
        return False
    entry = _given(card, state, user=user, now=now)
    last_at = known.last_at(card)
    is_old = last_at is not None and entry.reviewed_at <= last_at
    if is_old or entry.id in known.ids:
        return False
    card.logged += 1
    entry.sequence = card.logged
    db.add(entry)
    replay.rebuild(db, card)
    card.version += 1
    return True


def _given(card: Card, state: StateElsewhere, *, user: User, now: datetime) -> ReviewLog:
    """The row of the log with a state, dated at noon of the last review's day, or now if that is to come."""
    due_day = day_of(state.due)
    day = min(due_day - state.interval_days, study_day(now, user.zone, user.rollover_hour))
    stability, difficulty = _memory(state)
    return ReviewLog(
        id=uuid5(card.id, repr(state)),
        user_id=user.id,
        card_id=card.id,
        rating=Rating.GOOD,  # nobody's: it is read of no row that is GIVEN
        source=ReviewSource.IMPORTED,
        outcome=Outcome.GIVEN,
        reviewed_at=min(start_of(day, user.zone, user.rollover_hour) + HALF_A_DAY, now),
        day=day,
        zone=user.zone,
        phase_before=Phase.NEW,
        stability_after=stability,
        difficulty_after=difficulty,
        due_day_after=due_day,
    )


def _memory(state: StateElsewhere) -> tuple[float, float]:
    """FSRS's stability and difficulty: of FSRS as they stand, of SM-2 by the usual conversion."""
    match state.memory:
        case FsrsMemory(stability=stability, difficulty=difficulty):
            return stability, difficulty
        case Sm2Memory(ease=ease):
            return USUAL.memory_from_sm2(ease=ease, interval_days=state.interval_days, recalled=RECALLED)
        case _:
            assert_never(state.memory)


def _add(db: Session, card: Card, learnt: Learnt, known: _Known, *, user: User, now: datetime) -> int:
    """Add the reviews of one card that it has not; returns how many."""
    later = _later(card, learnt, known.last_at(card), user=user, now=now)
    made = [entry for entry in later if entry.id not in known.ids]
    for entry in made:
        card.logged += 1
        entry.sequence = card.logged
    if made:
        db.add_all(made)
        replay.rebuild(db, card, anew={entry.id for entry in made})
        card.version += 1
    return len(made)


def _later(card: Card, learnt: Learnt, last_at: datetime | None, *, user: User, now: datetime) -> Iterator[ReviewLog]:
    """The reviews later than `last_at` and not after now, in the order of time."""
    last_day = card.last_day
    for review in sorted(learnt.reviews, key=lambda one: one.at_ms):
        at = _EPOCH + timedelta(milliseconds=review.at_ms)
        day = study_day(at, user.zone, user.rollover_hour)
        if at > now or (last_at is not None and at <= last_at) or (last_day is not None and day < last_day):
            continue
        last_at, last_day = at, day
        yield ReviewLog(
            id=_id(card.id, review.at_ms),
            user_id=user.id,
            card_id=card.id,
            rating=Rating(review.rating),
            source=ReviewSource.IMPORTED,
            outcome=Outcome.APPLIED,
            reviewed_at=at,
            day=day,
            zone=user.zone,
            taken_ms=min(review.taken_ms, TAKEN_MAX_MS) if review.taken_ms > 0 else None,
            phase_before=Phase.NEW,  # `replay.rebuild` writes this, and the states before and after
        )


def _id(card_id: UUID, at_ms: int) -> UUID:
    """The same for the same review of the same card."""
    return uuid5(card_id, str(at_ms))
