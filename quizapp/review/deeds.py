"""What a learner does with cards beside rating them: bury, suspend, flag, reschedule, reset.

Each deed is stored, so that `undoing` can take back any number of them, the last one first. Each function runs
in the caller's transaction; the caller commits. `step` is an id that was made before the deed was sent, so that one
that is sent twice is done once; None makes one.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, assert_never
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.errors import Invalid
from quizapp.review import due_loads
from quizapp.review import rating as rating_of
from quizapp.review.deed_order import next_number
from quizapp.review.log import replay
from quizapp.review.models import Card, CardDeed, DeedKind
from quizapp.study_day import StudyDay, study_day

FLAG_MAX = 7  # as many colours as Anki has
CARDS_MAX = 1_000  # changed by one search: setting so many due takes a second, in which nobody else writes on SQLite
LOCKED_AT_ONCE = 10_000  # ids in one query; SQLite takes at most 32,766 values in a statement
Id = TypeVar("Id", int, UUID)
_FETCHED = {"synchronize_session": "fetch"}  # deeds that the session has read are read again
DAYS_AHEAD_MAX = 36_500  # FSRS's own longest interval, 100 years
NEW_LAB_DAYS = 7  # that a new lab which is not done now stays away, so that another new card takes its place


@dataclass(frozen=True, kw_only=True)
class CardChange:
    """What a deed changes of a card, as `CardDeed` stores it."""

    kind: DeedKind
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, kw_only=True)
class PutElsewhere:
    """What a learner had done with a card in another program."""

    days: int | None
    """In how many days it was set due by hand, less than 0 for what has passed; None if it was not."""
    flag: int
    suspended: bool


def bury(
    db: Session, *, user: User, card_ids: Collection[UUID], now: datetime, step: UUID | None = None, days: int = 1
) -> int:
    """Keep cards out of the queue until so many of the user's study days from now; suspended ones stay as they are.

    Returns how many cards were changed, as all of these do. All raise NotFound for a card that is not the user's.
    """
    today = study_day(now, user.zone, user.rollover_hour)

    def changes(card: Card) -> Iterator[CardChange]:
        if not card.suspended and (card.buried_until_day or today) <= today:
            yield CardChange(kind=DeedKind.BURY, before=card.buried_until_day, after=today + days)

    return _do(db, user=user, card_ids=card_ids, now=now, step=step, changes=changes)


def unbury(db: Session, *, user: User, card_ids: Collection[UUID], now: datetime) -> int:
    """Let buried cards come back at once."""
    today = study_day(now, user.zone, user.rollover_hour)
    return _do(db, user=user, card_ids=card_ids, now=now, changes=lambda card: _unburied(card, today=today))


def suspend(db: Session, *, user: User, card_ids: Collection[UUID], now: datetime, step: UUID | None = None) -> int:
    """Keep cards out of the queue until they are unsuspended."""
    return _do(
        db, user=user, card_ids=card_ids, now=now, step=step, changes=lambda card: _when(not card.suspended, "suspend")
    )


def unsuspend(db: Session, *, user: User, card_ids: Collection[UUID], now: datetime, step: UUID | None = None) -> int:
    """Let suspended cards come back in their time, also those that had been buried before."""
    today = study_day(now, user.zone, user.rollover_hour)

    def changes(card: Card) -> Iterator[CardChange]:
        if card.suspended:
            yield from _unburied(card, today=today)
            yield CardChange(kind=DeedKind.UNSUSPEND)

    return _do(db, user=user, card_ids=card_ids, now=now, step=step, changes=changes)


def release(db: Session, *, user: User, card_ids: Collection[UUID], now: datetime, step: UUID | None = None) -> int:
    """Take the mark of a leech from cards. It comes again at the next count of lapses that marks one."""
    return _do(db, user=user, card_ids=card_ids, now=now, step=step, changes=lambda card: _when(card.leech, "release"))


def flag(
    db: Session, *, user: User, card_ids: Collection[UUID], flag: int, now: datetime, step: UUID | None = None
) -> int:
    """Give cards a flag, 1 to FLAG_MAX, or take it away with 0. Raises Invalid for another number."""
    if not 0 <= flag <= FLAG_MAX:
        raise Invalid(f"A flag is a number from 1 to {FLAG_MAX}, or 0 for none.")

    def changes(card: Card) -> Iterator[CardChange]:
        if card.flag != flag:
            yield CardChange(kind=DeedKind.FLAG, before=card.flag, after=flag)

    return _do(db, user=user, card_ids=card_ids, now=now, step=step, changes=changes)


def reschedule(db: Session, *, user: User, card_ids: Collection[UUID], days: int, now: datetime) -> int:
    """Set cards due in so many days, 0 for today. What is remembered of them stays; they come back if put away.

    Raises Invalid for less than 0 or more than DAYS_AHEAD_MAX days.
    """
    if not 0 <= days <= DAYS_AHEAD_MAX:
        raise Invalid(f"Cards can be set due in 0 to {DAYS_AHEAD_MAX} days.")
    today = study_day(now, user.zone, user.rollover_hour)

    def changes(card: Card) -> Iterator[CardChange]:
        yield from _brought_back(card, today=today)
        yield CardChange(kind=DeedKind.RESCHEDULE, after=today + days)

    return _do(db, user=user, card_ids=card_ids, now=now, changes=changes)


def put_as_elsewhere(db: Session, *, user: User, put: Mapping[UUID, PutElsewhere], now: datetime) -> int:
    """Set cards due, flag and suspend them as they are in another program, all of them in one step."""
    today = study_day(now, user.zone, user.rollover_hour)

    def changes(card: Card) -> Iterator[CardChange]:
        wanted = put[card.id]
        if wanted.days is not None:
            yield CardChange(kind=DeedKind.RESCHEDULE, after=today + min(max(wanted.days, 0), DAYS_AHEAD_MAX))
        if card.flag != wanted.flag <= FLAG_MAX:
            yield CardChange(kind=DeedKind.FLAG, before=card.flag, after=wanted.flag)
        yield from _when(wanted.suspended and not card.suspended, "suspend")

    return _do(db, user=user, card_ids=put, now=now, changes=changes)


def reset(db: Session, *, user: User, card_ids: Collection[UUID], now: datetime) -> int:
    """Let cards begin as new ones, with no lapses; they come back if put away. Their reviews stay in the log."""
    today = study_day(now, user.zone, user.rollover_hour)

    def changes(card: Card) -> Iterator[CardChange]:
        yield from _brought_back(card, today=today)
        if card.last_review_at is not None or card.due_day is not None:
            yield CardChange(kind=DeedKind.RESET)

    return _do(db, user=user, card_ids=card_ids, now=now, changes=changes)


def note_added(db: Session, *, user: User, card_ids: Collection[UUID], now: datetime) -> None:
    """Keep in one step that cards have been made because the user wants them in their reviews."""
    one = {"step": uuid4(), "user_id": user.id, "kind": DeedKind.ADD, "after_sequence": 0, "undone": False}
    one |= {"done_at": now, "deed_number": next_number(db, user=user)}
    if card_ids:
        db.execute(insert(CardDeed), [{**one, "card_id": card_id} for card_id in card_ids])


def note_removed(
    db: Session,
    *,
    user: User,
    step: UUID,
    number: int,
    cards: Collection[Card],
    newest: Mapping[int, int],
    now: datetime,
) -> None:
    """Keep that new cards are about to be removed; `newest` has, by question, what `CardDeed.after` keeps of a REMOVE.

    That they were added stays known without them, so that both can be undone in their turn.
    """
    one = {"step": step, "deed_number": number, "user_id": user.id, "kind": DeedKind.REMOVE, "after_sequence": 0}
    one |= {"done_at": now, "undone": False}
    rows = [{**one, "before": card.question_id, "after": newest.get(card.question_id)} for card in cards]
    if not rows:
        return
    db.execute(insert(CardDeed), rows)
    of_card = select(Card.question_id).where(Card.id == CardDeed.card_id).scalar_subquery()
    for some in _batches([card.id for card in cards]):
        added = CardDeed.user_id == user.id, CardDeed.kind == DeedKind.ADD, CardDeed.card_id.in_(some)
        db.execute(update(CardDeed).where(*added).values(before=of_card, card_id=None), execution_options=_FETCHED)


def note_back(db: Session, *, user: User, question_ids: Collection[int]) -> None:
    """Keep that cards that were removed are there again, with that they had been added."""
    card = select(Card.id).where(Card.question_id == CardDeed.before, Card.user_id == user.id).scalar_subquery()
    for some in _batches(sorted(question_ids)):
        added = CardDeed.user_id == user.id, CardDeed.kind == DeedKind.ADD, CardDeed.card_id.is_(None)
        again = CardDeed.before.in_(some), card.is_not(None)
        values = {"card_id": card, "before": None}
        db.execute(update(CardDeed).where(*added, *again).values(values), execution_options=_FETCHED)


def note_limits(
    db: Session, *, user: User, day: StudyDay, before: Mapping[DeedKind, int | None], now: datetime
) -> None:
    """Keep in one step that limits of a study day have changed; `before` has what they were."""
    one = {"step": uuid4(), "deed_number": next_number(db, user=user), "user_id": user.id, "after_sequence": 0}
    one |= {"done_at": now, "undone": False, "after": day}
    if before:
        db.execute(insert(CardDeed), [{**one, "kind": kind, "before": limit} for kind, limit in before.items()])


def change_texts(db: Session, *, user: User, kind: DeedKind, edits: Mapping[int, int], now: datetime) -> None:
    """Keep in one step that an editor has changed questions, EDIT or TAG; `edits` has the question of each edit."""
    mine = select(Card).where(Card.user_id == user.id, Card.question_id.in_(edits.values()))
    cards = {card.question_id: card for card in db.scalars(mine)}
    step, number = uuid4(), next_number(db, user=user)
    for edit_id, question_id in edits.items():
        card = cards.get(question_id)
        db.add(
            CardDeed(
                step=step,
                deed_number=number,
                user_id=user.id,
                card_id=None if card is None else card.id,
                edit_id=edit_id,
                kind=kind,
                after_sequence=0 if card is None else card.logged,
                done_at=now,
            )
        )
    db.flush()


def take_back(card: Card, deed: CardDeed) -> None:
    """Put a card back to what it was before one of its deeds, which is marked as undone."""
    match deed.kind:
        case DeedKind.BURY | DeedKind.UNBURY:
            card.buried_until_day = deed.before
        case DeedKind.SUSPEND | DeedKind.UNSUSPEND:
            card.suspended = deed.kind is DeedKind.UNSUSPEND
        case DeedKind.FLAG:
            card.flag = deed.before or 0
        case DeedKind.LEECH | DeedKind.RELEASE:
            card.leech = deed.kind is DeedKind.RELEASE
        case DeedKind.RESCHEDULE | DeedKind.RESET:
            card.version += 1  # the caller has it computed anew
        case DeedKind.EDIT | DeedKind.TAG:
            pass  # the caller changes the question
        case DeedKind.ADD | DeedKind.REMOVE | DeedKind.LIMIT_NEW | DeedKind.LIMIT_REVIEWS:
            pass  # the caller removes the card, or makes it; a limit has none
        case _:
            assert_never(deed.kind)


def locked(db: Session, *, user: User, card_ids: Collection[UUID]) -> Sequence[Card]:
    """The user's cards, read anew and locked until the transaction ends (SQLite locks the database anyway).

    Raises NotFound if one of them is not the user's.
    """
    wanted, cards = sorted(set(card_ids)), list[Card]()
    for start in range(0, len(wanted), LOCKED_AT_ONCE):
        some = Card.id.in_(wanted[start : start + LOCKED_AT_ONCE])
        mine = select(Card).where(some, Card.user_id == user.id).order_by(Card.id)
        cards += db.scalars(mine.with_for_update().execution_options(populate_existing=True))
    if len(cards) < len(wanted):
        raise rating_of.no_card()
    return cards


def _do(
    db: Session,
    *,
    user: User,
    card_ids: Collection[UUID],
    now: datetime,
    changes: Callable[[Card], Iterator[CardChange]],
    step: UUID | None = None,
) -> int:
    """Do something with cards in one step; returns how many were changed by it, also when it was done before."""
    db.flush()
    done = 0
    cards = locked(db, user=user, card_ids=card_ids)
    if step is not None and (done_before := _changed_by(db, step, user=user, card_ids=card_ids)):
        return done_before
    step, number = step or uuid4(), next_number(db, user=user)
    with due_loads.kept(db, user=user, cards=cards):
        for card in cards:
            found = list(changes(card))
            for change in found:
                deed = CardDeed(
                    step=step,
                    deed_number=number,
                    user_id=user.id,
                    card_id=card.id,
                    kind=change.kind,
                    before=change.before,
                    after=change.after,
                    after_sequence=card.logged,
                    done_at=now,
                )
                db.add(deed)
                _apply(card, deed)
            done += bool(found)
        db.flush()
    return done


def _changed_by(db: Session, step: UUID, *, user: User, card_ids: Collection[UUID]) -> int:
    """How many of the cards a step has changed, taken back since or not."""
    same = CardDeed.user_id == user.id, CardDeed.step == step, CardDeed.card_id.in_(card_ids)
    return db.scalar(select(func.count(CardDeed.card_id.distinct())).where(*same)) or 0


def _apply(card: Card, deed: CardDeed) -> None:
    match deed.kind:
        case DeedKind.BURY | DeedKind.UNBURY:
            card.buried_until_day = deed.after
        case DeedKind.SUSPEND | DeedKind.UNSUSPEND:
            card.suspended = deed.kind is DeedKind.SUSPEND
        case DeedKind.FLAG:
            card.flag = deed.after or 0
        case DeedKind.LEECH | DeedKind.RELEASE:
            card.leech = deed.kind is DeedKind.LEECH
        case DeedKind.RESCHEDULE | DeedKind.RESET:
            replay.turn(card, deed)
            card.version += 1  # a page that was shown before cannot rate the card as it was
        case DeedKind.EDIT | DeedKind.TAG:
            pass  # of the question, which has been changed by then
        case DeedKind.ADD | DeedKind.REMOVE | DeedKind.LIMIT_NEW | DeedKind.LIMIT_REVIEWS:
            pass  # the card has been made by then, or is gone; a limit has none
        case _:
            assert_never(deed.kind)


def _when(is_so: bool, kind: str) -> Iterator[CardChange]:
    """A change without a number, if it changes anything."""
    if is_so:
        yield CardChange(kind=DeedKind(kind))


def _brought_back(card: Card, *, today: int) -> Iterator[CardChange]:
    """What brings a card back that was put away."""
    yield from _when(card.suspended, "unsuspend")
    yield from _unburied(card, today=today)


def _unburied(card: Card, *, today: int) -> Iterator[CardChange]:
    if (card.buried_until_day or today) > today:
        yield CardChange(kind=DeedKind.UNBURY, before=card.buried_until_day)


def _batches(ids: Sequence[Id]) -> Iterator[Sequence[Id]]:
    return (ids[start : start + LOCKED_AT_ONCE] for start in range(0, len(ids), LOCKED_AT_ONCE))
