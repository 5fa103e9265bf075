"""Which cards a sitting over chosen cards takes, and in which order: those of a filtered deck in Anki. Reads only."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Note, Question
from quizapp.review.models import Card
from quizapp.review.pages.chosen_cards import CHOSEN_MAX, answerable
from quizapp.review.queries import today_of


class SittingOrder(StrEnum):
    """The order of the cards of a sitting, by which the first of too many are taken; as a filtered deck has them.

    Relative overdueness is not among them: but for notes with a desired retention of their own it is LEAST_RECALL.
    """

    AS_FOUND = "found"
    DUE = "due"
    LEAST_RECALL = "least-recall"
    MOST_RECALL = "most-recall"
    SEEN_LONG_AGO = "seen"
    SHORT_INTERVALS = "short"
    LONG_INTERVALS = "long"
    MOST_LAPSES = "lapses"
    OLDEST = "oldest"
    NEWEST = "newest"
    RANDOM = "random"


def take(
    db: Session,
    *,
    user: User,
    among: Select[UUID] | Collection[UUID],
    order: SittingOrder,
    is_apart: bool,
    now: datetime,
    chance: Random,
) -> Sequence[UUID]:
    """The cards that a sitting takes among these, one more than CHOSEN_MAX if there are more than that.

    New ones, due or not, and those within the day; none that was put away. AS_FOUND takes them in the order of `among`.
    """
    there = select(Card.id).where(Card.id.in_(among), *answerable(user, now=now, is_apart=is_apart))
    if order is SittingOrder.AS_FOUND and not isinstance(among, Select):
        taken = set(db.scalars(there))
        return [id for id in among if id in taken][: CHOSEN_MAX + 1]
    if order is SittingOrder.RANDOM:
        cards = db.scalars(there.order_by(*_OLDEST)).all()
        return chance.sample(cards, min(len(cards), CHOSEN_MAX + 1))
    return db.scalars(
        there.order_by(*_columns(order, today=today_of(user, now=now)), *_OLDEST).limit(CHOSEN_MAX + 1)
    ).all()


def of_note(note_key: str) -> Select[UUID]:
    """The ids of the cards of a note, of all learners."""
    return select(Card.id).join(Card.question).join(Note, Note.id == Question.note_id).where(Note.key == note_key)


def new_of_note(note_key: str) -> Select[UUID]:
    """The ids of those of its cards that were never rated."""
    return of_note(note_key).where(Card.last_review_at.is_(None))


_OLDEST = (Card.created_at, Card.question_id)


def _columns(order: SittingOrder, *, today: int) -> Sequence[Any]:
    """What to order by. Cards that have no such value, new ones, come last."""
    # The chance of recall falls with the days since the last review in stabilities alone.
    forgotten, interval = (today - Card.last_day) / Card.stability, Card.due_day - Card.last_day
    ordered = {
        SittingOrder.AS_FOUND: (),
        SittingOrder.DUE: (Card.due_day.asc().nulls_last(), Card.due_at),
        SittingOrder.LEAST_RECALL: (forgotten.desc().nulls_last(),),
        SittingOrder.MOST_RECALL: (forgotten.asc().nulls_last(),),
        SittingOrder.SEEN_LONG_AGO: (Card.last_review_at.asc().nulls_last(),),
        SittingOrder.SHORT_INTERVALS: (interval.asc().nulls_last(),),
        SittingOrder.LONG_INTERVALS: (interval.desc().nulls_last(),),
        SittingOrder.MOST_LAPSES: (Card.lapses.desc(),),
        SittingOrder.OLDEST: (),
        SittingOrder.NEWEST: (Card.created_at.desc(), Card.question_id.desc()),
    }
    return ordered[order]
