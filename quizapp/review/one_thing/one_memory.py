"""One memory of all questions that test the same thing: whose card has it, and by which question a review asked."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import Integer, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from quizapp.catalogue.models import Question
from quizapp.catalogue.same_thing import ASKED_AT_ONCE, is_shared, pairs_of, same_as_each, ways_of
from quizapp.column_types import CompactUuid
from quizapp.dialects import insert_of
from quizapp.prepared_statements import AnyConnection, Prepared
from quizapp.review import statements
from quizapp.review.mixing import Placed
from quizapp.review.models import AskedForm, Card, Outcome, ReviewLog, StoodFor
from quizapp.review.one_thing.form_choice import to_ask


def question_of_memory(db: Session, *, user_id: UUID, question_id: int) -> int:
    """The question whose card has the user's memory of what this question asks; itself if it is asked alone.

    Of several cards it is the question's own, unless another one stands for that.
    """
    if statements.IS_SHARED.first(db.connection(), {"question_id": question_id}) != (True,):
        return question_id
    return questions_of_memory(db, user_id=user_id, question_ids=[question_id]).get(question_id, question_id)


def questions_of_memory(db: Session, *, user_id: UUID, question_ids: Collection[int]) -> Mapping[int, int]:
    """For each of these questions the one whose card has the user's memory of it; those without a card are left out."""
    found: dict[int, int] = {}
    for of, other in db.execute(_memories(), {"of_ids": list(question_ids), "user_id": user_id}):
        found.setdefault(of, other)
    return found


@cache
def _memories() -> Select[int, int]:
    """The pairs of `same_as_each` of which a user has the other's card, the one to be taken first. Takes `user_id`."""
    pairs = same_as_each().subquery()
    return (
        select(pairs.c.of, pairs.c.other)
        .join(Card, Card.question_id == pairs.c.other)
        .outerjoin(StoodFor, StoodFor.card_id == Card.id)
        .where(Card.user_id == bindparam("user_id", type_=CompactUuid()))
        .order_by(StoodFor.card_id.is_not(None), pairs.c.other != pairs.c.of, Card.created_at, pairs.c.other)
    )


def one_of_each(db: Session, placed: Sequence[Placed], *, user_id: UUID) -> Sequence[Placed]:
    """Of questions that are to become cards, one of those that test the same thing, and none that has a memory."""
    ids = set[int]()
    for start in range(0, len(placed), ASKED_AT_ONCE):
        some = [one.id for one in placed[start : start + ASKED_AT_ONCE]]
        ids |= set(db.scalars(select(Question.id).where(Question.id.in_(some), is_shared(Question))))
    if not ids:
        return placed
    known = questions_of_memory(db, user_id=user_id, question_ids=ids)
    others: dict[int, set[int]] = {}
    for of, other in db.execute(same_as_each(), {"of_ids": list(ids)}):
        others.setdefault(of, set()).add(other)
    kept, covered = list[Placed](), set(known)
    for one in sorted(placed, key=lambda one: (one.position, one.id)):
        if one.id not in covered:
            kept.append(one)
            covered |= others.get(one.id, set())
    chosen = {one.id for one in kept}
    return [one for one in placed if one.id in chosen]


def last_asked(db: Session, *, card_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """By which question each of these cards was asked last, as far as that was not taken back."""
    later = aliased(ReviewLog)
    newest = select(func.max(later.sequence)).where(
        later.card_id == ReviewLog.card_id, later.outcome.not_in((Outcome.UNDONE, Outcome.GIVEN))
    )
    asked = (
        select(ReviewLog.card_id, func.coalesce(AskedForm.question_id, Card.question_id))
        .join(Card, Card.id == ReviewLog.card_id)
        .outerjoin(AskedForm, AskedForm.review_id == ReviewLog.id)
        .where(ReviewLog.card_id.in_(card_ids), ReviewLog.sequence == newest.scalar_subquery())
    )
    return {row[0]: row[1] for row in db.execute(asked)}


def note_asked(connection: AnyConnection, *, review_id: UUID, card_id: UUID, question_id: int) -> None:
    """Note down by which question a review of the log asked its card, if that tests the same as the card's own.

    Nothing is noted of the card's own question, and nothing twice.
    """
    values = {"review_id": review_id, "card_id": card_id, "question_id": question_id}
    _note(connection.dialect.name).change(connection, values)


@cache
def _note(dialect: str) -> Prepared:
    asked = bindparam("question_id", type_=Integer())
    own = select(Card.question_id).where(Card.id == bindparam("card_id", type_=CompactUuid())).scalar_subquery()
    pairs = pairs_of(Question.id == own).subquery()
    rows = select(bindparam("review_id", type_=CompactUuid()), pairs.c.other)
    rows = rows.where(pairs.c.other == asked, pairs.c.other != pairs.c.of)
    added = insert_of(dialect)(AskedForm).from_select(["review_id", "question_id"], rows)
    return Prepared(added.on_conflict_do_nothing(index_elements=["review_id"]))


def ways_picked(
    db: Session, *, user_id: UUID, cards: Sequence[Card], has_host: Callable[[], bool]
) -> Mapping[UUID, int]:
    """By which question each of these cards is to be asked now; `has_host` is called once at most."""
    ways = ways_of(db, user_id=user_id, question_ids=[card.question_id for card in cards])
    last = last_asked(db, card_ids=[card.id for card in cards])
    may_use_hosts = any(way.form.needs_host for some in ways.values() for way in some) and has_host()
    picked = {}
    for card in cards:
        way = to_ask(
            ways.get(card.question_id, ()), last=last.get(card.id), stability=card.stability, has_host=may_use_hosts
        )
        picked[card.id] = card.question_id if way is None else way.question_id
    return picked
