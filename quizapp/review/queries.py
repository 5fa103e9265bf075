"""Queries for the review page and for figures about progress. Reads only; knows no question kind."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, assert_never
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, select, true
from sqlalchemy.orm import Session, undefer

from quizapp.accounts.models import NewOrder, ReviewOrder, User
from quizapp.catalogue.models import Question
from quizapp.durations import duration
from quizapp.review import due_order, limits, queue
from quizapp.review.memory import Phase
from quizapp.review.mixing import mixed
from quizapp.review.models import Card, DayTally
from quizapp.review.one_thing.one_memory import question_of_memory, questions_of_memory
from quizapp.review.queue import COUNTED_MAX, DEFAULT_TAKEN_MS, MISDATED_AFTER, WEEK_DAYS
from quizapp.review.scheduler import AGAIN_STEP
from quizapp.review.wording import days_words, minutes_text
from quizapp.study_day import StudyDay, date_of, study_day

SECOND_MS, MINUTE_MS = 1000, 60_000
SIBLINGS_READ = 3  # cards read for one that is shown where siblings wait; a concept has about two
NO_LIMIT = 1_000_000_000  # of reviews a day: more than a learner has cards, and within a database's integers
RETENTION_DAYS = 30  # long enough for some hundred reviews, short enough to show a change


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The cards that can be answered now, and those that come back later in the study day.

    What every page shows as due is what the queue gives out. Of more than COUNTED_MAX of a kind, that many count.
    """

    new: int
    learning: int
    """Cards to be asked again within this study day whose time has come."""
    due: int
    minutes: int
    """The time that these three will take, at the learner's mean time for a card."""
    later: int = 0
    """Cards to be asked again within this study day whose time has not come yet."""
    has_more_new: bool = False
    """Whether there are new cards beyond the limit of the day."""
    held_back: int = 0
    """Due cards beyond the limit of the day, which wait for another day or another limit."""
    misdated: int = 0
    """Reviews that are dated after now; see `misdated_reviews`."""
    may_undo: bool = False
    """Whether anything was ever done with a card that could be undone."""

    @property
    def total(self) -> int:
        """The cards that can be answered now."""
        return self.new + self.learning + self.due

    @property
    def is_whole(self) -> bool:
        """Whether all cards were counted."""
        return max(self.learning, self.due) < COUNTED_MAX


@dataclass(frozen=True, kw_only=True)
class DayCount:
    """A number of cards or reviews on one study day."""

    day: date
    count: int

    @property
    def name(self) -> str:
        """The day of the week, such as "Mon"."""
        return f"{self.day:%a}"


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Reviews of REVIEW cards on a later study day than the review before."""

    passed: int
    """Those that were not rated Again."""
    total: int
    """All of them; at least one."""

    @property
    def percent(self) -> int:
        """The share passed, in whole percent."""
        return round(100 * self.passed / self.total)


@dataclass(frozen=True, kw_only=True)
class ReviewedToday:
    """How much was done on this study day, by its kept figures."""

    reviews: int
    """More than cards, if some were rated more than once."""
    time: str
    """How long they took, in words: "about 5 minutes"."""


@dataclass(frozen=True, kw_only=True)
class Past:
    """What the learner did of late."""

    today: ReviewedToday | None
    """None for nothing."""

    activity: Sequence[DayCount]
    """Reviews made on each of the last seven study days, up to today, from any source. Undone ones do not count."""
    retention: Retention | None
    """None if no REVIEW card was reviewed."""


class Scheduled(Protocol):
    """Anything that comes back on a study day: a Card, or a Rated."""

    @property
    def due_day(self) -> StudyDay | None:
        """The study day on which it comes back; None for a new card."""

    @property
    def due_at(self) -> datetime | None:
        """The time at which it comes back, if within the study day of its last review; else None."""


def counts(db: Session, *, user: User, now: datetime) -> Counts:
    """What can be answered now, as `next_card` gives it out, and what comes back later today."""
    asked = {**_asked(db, user, now=now), "soon": now + MISDATED_AFTER}
    counted = db.execute(queue.counts(), asked).one()
    fresh, learning, of_today, in_turn, may_begin, may_review, pace_ms, misdated, done_any = counted
    new, due = min(fresh, max(may_begin, 0)), min(in_turn, max(may_review, 0))
    total_ms = (new + learning + due) * (DEFAULT_TAKEN_MS if pace_ms is None else float(pace_ms))
    minutes = math.ceil(total_ms / MINUTE_MS)
    return Counts(
        new=new,
        learning=learning,
        due=due,
        minutes=minutes,
        later=of_today - learning,
        has_more_new=fresh > new,
        held_back=in_turn - due,
        misdated=misdated,
        may_undo=bool(done_any),
    )


def next_card(
    db: Session, *, user: User, now: datetime, ahead: bool = False, without: Collection[UUID] = ()
) -> Card | None:
    """The card to show now: one whose `due_at` has come, else one due today or a new one; None if there is none.

    Which of these two comes first the user has set, and in which order the due ones come. With `ahead`, cards whose
    `due_at` comes within AGAIN_STEP follow after these. `without` has ids of cards to leave out.
    """
    statement = queue.next_card(
        ahead=ahead, without=bool(without), new_order=user.new_order, review_order=user.review_order
    )
    return db.scalar(statement, {**_asked(db, user, now=now), "soon": now + AGAIN_STEP, "without": list(without)})


def coming(
    db: Session, *, user: User, now: datetime, most: int, ahead: bool = False, without: Collection[UUID] = ()
) -> Sequence[Card]:
    """The next cards, at most `most`, as `next_card` would give them out one after another if nothing else changed.

    Where siblings wait, there may be fewer though more would come: SIBLINGS_READ times `most` are looked through.
    """
    may, asked = counts(db, user=user, now=now), _asked(db, user, now=now)
    most_read = most * SIBLINGS_READ if user.bury_siblings else most
    asked.update(soon=now + AGAIN_STEP, without=list(without), most=most_read)
    statements = queue.coming(ahead=ahead, without=bool(without), review_order=user.review_order)
    learning, misjudged, due, new, *soon = [db.scalars(statement, asked).all() for statement in statements]
    first, new = misjudged[: may.due], new[: may.new]
    due = [card for card in _in_order(db, due, user=user) if card not in first][: may.due - len(first)]
    match user.new_order:
        case NewOrder.AFTER:
            main = [*due, *new]
        case NewOrder.BEFORE:
            main = [*new, *due]
        case NewOrder.MIXED:
            begun, reviewed = db.execute(queue.done_today(), asked).one()
            done, due_left = reviewed + len(first), may.due - len(first)
            main = mixed(new, due, begun=begun, reviewed=done, new_left=may.new, due_left=due_left)
        case _:
            assert_never(user.new_order)
    found = [*learning, *first, *main, *(card for pile in soon for card in pile)]
    return (_apart(db, found) if user.bury_siblings else found)[:most]


def _in_order(db: Session, due: Sequence[Card], *, user: User) -> Sequence[Card]:
    """The due cards in the user's order, as they are given if the database has put them into it."""
    if user.review_order is not ReviewOrder.CONCEPTS:
        return due
    concepts, asked = _concepts(db, due), due_order.asked_lately(db, user_id=user.id)
    return due_order.interleaved([(card, concepts.get(card.question_id)) for card in due], asked=asked)


def _apart(db: Session, cards: Sequence[Card]) -> Sequence[Card]:
    """The cards without those that wait for another day, since a sibling comes before them; see `rating`."""
    concepts = _concepts(db, cards)
    seen: set[int] = set()
    found = []
    for card in cards:
        concept = concepts.get(card.question_id)
        if card.due_at is None and concept in seen:
            continue
        seen.update([] if concept is None else [concept])
        found.append(card)
    return found


def _concepts(db: Session, cards: Sequence[Card]) -> Mapping[int, int | None]:
    """The concept of each card's question, by the question's id."""
    asked = select(Question.id, Question.concept_id).where(Question.id.in_([card.question_id for card in cards]))
    return {row.id: row.concept_id for row in db.execute(asked)}


def next_due(db: Session, *, user: User, now: datetime) -> Scheduled | None:
    """When the user's next card is due, if none is due now; None if the user has no card."""
    today = today_of(user, now=now)
    back, any_new, *days = db.execute(queue.waiting(), {"user_id": user.id, "today": today}).one()
    if back is not None:
        return _Due(due_day=today, due_at=back)
    waiting = [day for day in (today + 1 if any_new else None, *days) if day is not None]
    return _Due(due_day=max(min(waiting), today + 1), due_at=None) if waiting else None


def has_cards(db: Session, *, user: User) -> bool:
    """Whether the user has any card, of whatever question."""
    return db.scalar(select(Card.id).where(Card.user_id == user.id).limit(1)) is not None


def suspended(db: Session, *, user: User) -> int:
    """The user's suspended cards, at most COUNTED_MAX."""
    some = select(Card.id).where(*_mine(user), Card.suspended == true()).limit(COUNTED_MAX).subquery()
    return db.scalar(select(func.count()).select_from(some)) or 0


def in_turn_of_concept(db: Session, *, user: User, concept_id: int, now: datetime) -> int:
    """How many of the user's cards of a concept can be answered now, new ones left out, whatever the day's limits."""
    of_it = select(func.count()).select_from(Card).join(Question, Question.id == Card.question_id)
    in_turn = queue.in_turn(Card, now=now, today=today_of(user, now=now))
    return db.scalar(of_it.where(*_mine(user), Question.concept_id == concept_id, in_turn)) or 0


def card_of(db: Session, *, user: User, card_id: UUID) -> Card | None:
    """The user's own card with this id; None if there is none, or if its question is retired or a draft."""
    mine = select(Card).where(*_mine(user), Card.id == card_id)
    return db.scalar(mine.options(undefer(Card.note_retention)))


def forecast(db: Session, *, user: User, now: datetime) -> Sequence[DayCount]:
    """Cards due on each of the next seven study days, from today. Overdue cards count for today."""
    today = today_of(user, now=now)
    found = db.execute(queue.forecast(), {"user_id": user.id, "today": today}).one()
    return _by_day({today + n: found[2 * n] + found[2 * n + 1] for n in range(WEEK_DAYS)}, first=today)


def past(db: Session, *, user: User, now: datetime) -> Past:
    """The reviews of today and of the last week, and how many REVIEW cards were remembered over RETENTION_DAYS.

    Reads a row of each day, however much was done on it.
    """
    today = today_of(user, now=now)
    rows = db.execute(
        select(DayTally.day, DayTally.reviews, DayTally.passed, DayTally.known, DayTally.taken_ms).where(
            DayTally.user_id == user.id, DayTally.day > today - RETENTION_DAYS
        )
    ).all()
    total = sum(row.known for row in rows)
    done = next((row for row in rows if row.day == today and row.reviews), None)
    return Past(
        today=None
        if done is None
        else ReviewedToday(reviews=done.reviews, time=duration(done.taken_ms / SECOND_MS, "about")),
        activity=_by_day({row.day: row.reviews for row in rows}, first=today - WEEK_DAYS + 1),
        retention=Retention(passed=sum(row.passed for row in rows), total=total) if total else None,
    )


def _asked(db: Session, user: User, *, now: datetime) -> dict[str, Any]:
    """What every statement of the queue takes."""
    usual = limits.usual(db, user=user, now=now)
    return {
        "user_id": user.id,
        "now": now,
        "longest": queue.longest_wait(now),
        "today": today_of(user, now=now),
        "new_per_day": usual.new_cards,
        "reviews_per_day": NO_LIMIT if usual.reviews is None else usual.reviews,
        **due_order.shuffle_of(user.id, today=today_of(user, now=now)),
    }


def today_of(user: User, *, now: datetime) -> StudyDay:
    """The user's present study day."""
    return study_day(now, user.zone, user.rollover_hour)


def comes_back(card: Scheduled, *, user: User, now: datetime) -> str:
    """When a card comes back, in words: "in 10 min", "now", "tomorrow", "in 4 days", "today" (due or overdue)."""
    if card.due_at is not None:
        return f"in {minutes_text(card.due_at - now)}" if card.due_at > now else "now"
    if card.due_day is None:
        return "when you start it"
    days = card.due_day - today_of(user, now=now)
    if days <= 0:
        return "today"
    return "tomorrow" if days == 1 else f"in {days_words(days)}"


def question_comes_back(db: Session, *, user: User, question_id: int, now: datetime) -> str | None:
    """When a question comes back, in the words of `comes_back`.

    None if the user has no card of it or a new one, or if the question is retired or a draft.
    """
    own = question_of_memory(db, user_id=user.id, question_id=question_id)
    card = db.scalar(select(Card).where(*_mine(user), Card.question_id == own))
    return None if card is None or card.phase is Phase.NEW else comes_back(card, user=user, now=now)


def questions_come_back(db: Session, *, user: User, question_ids: Collection[int], now: datetime) -> Mapping[int, str]:
    """When each of these questions comes back; none of those of which `question_comes_back` is None."""
    if not question_ids:
        return {}
    of = questions_of_memory(db, user_id=user.id, question_ids=question_ids)
    cards = db.scalars(select(Card).where(*_mine(user), Card.question_id.in_(set(of.values()))))
    by_question = {card.question_id: card for card in cards if card.phase is not Phase.NEW}
    return {
        question_id: comes_back(by_question[own], user=user, now=now)
        for question_id, own in of.items()
        if own in by_question
    }


@dataclass(frozen=True, kw_only=True)
class _Due:
    """A Scheduled that is not a card: when the next card is due."""

    due_day: StudyDay | None
    due_at: datetime | None


def _mine(user: User) -> tuple[ColumnElement[bool], ...]:
    """Conditions for the user's cards whose question is neither retired nor a draft."""
    return Card.user_id == user.id, Card.hidden == false()


def _by_day(found: Mapping[StudyDay, int], *, first: StudyDay) -> Sequence[DayCount]:
    """A week of counts from study day `first`, zeros included."""
    return [DayCount(day=date_of(day), count=found.get(day, 0)) for day in range(first, first + WEEK_DAYS)]
