"""Where questions have become forms of one thing: which of a learner's cards stands for the others, which keep theirs.

It runs after imports. Nothing that was learnt is changed: a card that another one stands for is suspended meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from sqlalchemy import delete, false, insert, or_, select, true, update
from sqlalchemy.orm import Session, aliased

from quizapp.catalogue.models import Question
from quizapp.catalogue.same_thing import thing_of
from quizapp.review import loads
from quizapp.review.models import Card, StoodFor

AT_ONCE = 5_000  # cards in one statement; SQLite takes 32,766 values


@dataclass(frozen=True, kw_only=True)
class Settled:
    """How many cards are learnt otherwise than before."""

    stood_for: int
    """Cards that another one stands for from now on."""
    parted: int
    """Cards that are learnt by themselves again."""
    learners: int
    """Whose cards these are."""


def settle(db: Session) -> Settled:
    """Let one card of each thing and learner stand for the others, and part what is no form of one thing any more.

    The caller commits.
    """
    db.flush()
    parted, grouped = _let_go(db), _group(db)
    users = {user_id for user_id, _ in parted} | {user_id for user_id, _, _ in grouped}
    for user_id in sorted(users):
        loads.recount(db, user_id=user_id)
    db.expire_all()
    return Settled(stood_for=len(grouped), parted=len(parted), learners=len(users))


def _let_go(db: Session) -> Sequence[tuple[UUID, UUID]]:
    """Let the cards go whose stand-in is gone or hidden, or tests something else by now: each with its user."""
    by, own, other = aliased(Card), aliased(Question), aliased(Question)
    apart = (
        select(Card.user_id, Card.id)
        .join(StoodFor, StoodFor.card_id == Card.id)
        .join(own, own.id == Card.question_id)
        .outerjoin(by, by.id == StoodFor.by_card_id)
        .outerjoin(other, other.id == by.question_id)
        .where(or_(by.id.is_(None), by.hidden == true(), thing_of(own) != thing_of(other)))
        .order_by(Card.user_id, Card.id)
    )
    found = [(row[0], row[1]) for row in db.execute(apart)]
    for some in _batches([card_id for _, card_id in found]):
        db.execute(delete(StoodFor).where(StoodFor.card_id.in_(some)))
        db.execute(update(Card).where(Card.id.in_(some)).values(suspended=False))
    return found


def _group(db: Session) -> Sequence[tuple[UUID, UUID, UUID]]:
    """Let the card that was reviewed last stand for the others of its thing: each with its user and that card.

    What is suspended is left alone: its learner has put it away, and not for another card.
    """
    naming, named = aliased(Question), aliased(Question)
    by_name = select(naming.id).where(naming.same_as.is_not(None))
    by_key = select(named.id).join(naming, naming.same_as == named.key)
    cards = (
        select(Card.user_id, thing_of(Question).label("thing"), Card.id)
        .join(Question, Question.id == Card.question_id)
        .where(Card.question_id.in_(by_name.union(by_key).scalar_subquery()))  # few; the cards are found by them
        .where(Card.hidden == false(), Card.suspended == false())
        .order_by(
            Card.user_id,
            thing_of(Question),
            Card.last_review_at.desc().nulls_last(),
            Card.stability.desc().nulls_last(),
            Card.created_at,
            Card.question_id,
        )
    )
    found = []
    for (user_id, _), some in groupby(db.execute(cards), key=lambda row: (row.user_id, row.thing)):
        first, *others = (row.id for row in some)
        found += [(user_id, card_id, first) for card_id in others]
    for start in range(0, len(found), AT_ONCE):
        rows = [{"card_id": card_id, "by_card_id": by} for _, card_id, by in found[start : start + AT_ONCE]]
        db.execute(insert(StoodFor), rows)
    for batch in _batches([card_id for _, card_id, _ in found]):
        db.execute(update(Card).where(Card.id.in_(batch)).values(suspended=True))
    return found


def _batches(ids: Sequence[UUID]) -> Sequence[Sequence[UUID]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]


def said_of(settled: Settled) -> str | None:
    """What an import says of it; None if nothing has changed."""
    sentences = []
    if settled.stood_for:
        sentences.append(
            f"Cards that test the same as another card of their learner by now: {settled.stood_for:,}. They are "
            "suspended with all that was learnt of them; the one that was reviewed last goes on for both."
        )
    if settled.parted:
        sentences.append(f"Cards that are learnt by themselves again, from where they were: {settled.parted:,}.")
    return " ".join(sentences) or None
