"""The use cases of cards: add them, rate a question. `rating` rates a card, `deeds` does all else with it.

Each runs in the caller's transaction; the caller commits.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.catalogue.visibility import is_learnt_by
from quizapp.errors import NotFound
from quizapp.review import deeds, statements
from quizapp.review import rating as rating_of
from quizapp.review.memory import Phase, Rating
from quizapp.review.mixing import Placed, spread
from quizapp.review.models import Card, Outcome, ReviewSource
from quizapp.review.one_thing import one_memory
from quizapp.review.rating import Rated, Review
from quizapp.study_day import study_day

ASKED_AT_ONCE = 10_000  # ids in one query; SQLite takes at most 32,766 values in a statement
Id = TypeVar("Id", int, UUID)
APART = timedelta(microseconds=1)  # between cards made at once: the queue has the oldest new card first
# A card that was never reviewed.
_NEW = {
    "phase": Phase.NEW,
    "reps": 0,
    "lapses": 0,
    "version": 0,
    "logged": 0,
    "suspended": False,
    "flag": 0,
    "leech": False,
}


def rate_question(
    db: Session,
    *,
    user: User,
    question_id: int,
    review_id: UUID,
    rating: Rating,
    source: ReviewSource,
    now: datetime,
    taken_ms: int | None = None,
    is_begun: bool = False,
    spares_siblings: bool = False,
) -> Rated:
    """Rate a question that was answered in a quiz session or a run. Makes its card if there is none.

    `is_begun`: the question was asked before now, so its answer counts even if it has been retired since. Raises
    NotFound for a question that does not exist, and for a retired one without `is_begun`.
    """
    db.flush()  # what hides a question is set when it is stored
    question = db.get(Question, question_id)
    if question is None or (question.hidden and not is_begun):
        raise NotFound("There is no such question any more.")
    asked, connection = question_id, db.connection()
    if statements.IS_SHARED.first(connection, {"question_id": question_id}) == (True,):
        found = one_memory.questions_of_memory(db, user_id=user.id, question_ids=[question_id])
        question_id = found.get(question_id, question_id)
    card = rating_of.lock_of_question(connection, user=user, question_id=question_id)
    if card is None:
        add_cards(db, user=user, question_ids=[question_id], now=now)
        card = rating_of.lock_of_question(connection, user=user, question_id=question_id)
        assert card is not None  # this transaction has just made it, or another one has
    review = Review(id=review_id, rating=rating, source=source, taken_ms=taken_ms, spares_siblings=spares_siblings)
    day = study_day(now, user.zone, user.rollover_hour)
    if source is ReviewSource.REVIEW:  # it may bury siblings, and only who reads a card by its id is told of them
        card = rating_of.lock(connection, user=user, card_id=card.id, day=day)
    rated = rating_of.count(connection, card, review, user=user, outcome=Outcome.APPLIED, now=now, day=day)
    if asked != question_id:
        one_memory.note_asked(connection, review_id=review_id, card_id=card.id, question_id=asked)
    _read_again(db, card.id)
    return rated


def lock_card_of(db: Session, *, user: User, question_id: int) -> None:
    """Lock the user's card of a question, if any, so that no other review of it is made until the transaction ends."""
    db.flush()
    own = one_memory.question_of_memory(db, user_id=user.id, question_id=question_id)
    rating_of.lock_of_question(db.connection(), user=user, question_id=own)


def misjudge(db: Session, *, user: User, question_id: int, at: datetime) -> None:
    """Let the user's card of a question come before others that are due: they were sure at that time, and wrong.

    A second call for the same time changes nothing; without a card there is nothing to bring forward.
    """
    day = study_day(at, user.zone, user.rollover_hour)
    own = one_memory.question_of_memory(db, user_id=user.id, question_id=question_id)
    mine = (Card.user_id == user.id, Card.question_id == own)
    db.execute(update(Card).where(*mine).values(misjudged_day=day))


def not_misjudged(db: Session, *, user: User, question_id: int, at: datetime) -> None:
    """Take back what `misjudge` did at that time."""
    day = study_day(at, user.zone, user.rollover_hour)
    own = one_memory.question_of_memory(db, user_id=user.id, question_id=question_id)
    mine = (Card.user_id == user.id, Card.question_id == own, Card.misjudged_day == day)
    db.execute(update(Card).where(*mine).values(misjudged_day=None))


def add_cards(db: Session, *, user: User, question_ids: Iterable[int], now: datetime, wanted: bool = False) -> int:
    """Make a new card of each question of which the user has none, all by one call. Returns how many were made.

    They come in the order of `mixing.spread`, which their dates keep. Of questions that test the same thing one gets a
    card, by which all of them are learnt. Ids of no question, and of questions of other learners' own notes, are left
    out. The questions stay as they are until the transaction ends. If the cards are `wanted`, as by a button, undo
    takes them back.
    """
    found = [
        Placed(**row._mapping)
        for some in batches(sorted(set(question_ids)))
        for row in db.execute(_placed(some, user_id=user.id))
    ]
    rows: list[dict[str, Any]] = [
        {**_NEW, "id": uuid4(), "user_id": user.id, "question_id": one.id, "hidden": one.hidden, "created_at": at}
        for one, at in zip(
            spread(one_memory.one_of_each(db, found, user_id=user.id)),
            (now + number * APART for number in count()),
            strict=False,
        )
    ]
    if not rows:
        return 0
    made = statements.add_card(_dialect(db)).change_each(db.connection(), rows)
    if wanted:
        ids: list[UUID] = [row["id"] for row in rows]
        there = [id for some in batches(ids) for id in db.scalars(select(Card.id).where(Card.id.in_(some)))]
        deeds.note_added(db, user=user, card_ids=there, now=now)
    return made


def _read_again(db: Session, card_id: UUID) -> None:
    """Let the session read a card anew that was changed past it, if it has that card."""
    known = db.identity_map.get(identity_key(Card, card_id))
    if known is not None:
        db.expire(known)


def _dialect(db: Session) -> str:
    return db.get_bind().dialect.name


def batches(ids: Sequence[Id]) -> Iterator[Sequence[Id]]:
    """Ids in parts of ASKED_AT_ONCE, each for one query."""
    return (ids[start : start + ASKED_AT_ONCE] for start in range(0, len(ids), ASKED_AT_ONCE))


def _placed(question_ids: Sequence[int], *, user_id: UUID) -> Select[*tuple[Any, ...]]:
    """The questions that the user can learn, as Placed; locked so that no import hides one meanwhile."""
    columns = (
        Question.id,
        Question.hidden,
        Question.note_id,
        Question.section_id,
        Question.concept_id,
        Question.position,
    )
    found = select(*columns).where(Question.id.in_(question_ids), is_learnt_by(user_id)).order_by(Question.id)
    return found.with_for_update(read=True, key_share=True)
