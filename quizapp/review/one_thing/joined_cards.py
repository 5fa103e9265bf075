"""Where questions have become forms of one thing: which of a learner's cards stands for the others, which keep theirs.

It runs after imports. Nothing that was learnt is changed: a card that another one stands for is suspended meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, false, insert, select, update
from sqlalchemy.orm import Session, aliased

from quizapp.catalogue.models import Question
from quizapp.catalogue.same_thing import things_of
from quizapp.review import due_loads
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
        due_loads.recount(db, user_id=user_id)
    db.expire_all()
    return Settled(stood_for=len(grouped), parted=len(parted), learners=len(users))


def _let_go(db: Session) -> Sequence[tuple[UUID, UUID]]:
    """Let the cards go whose stand-in is gone or hidden, or tests something else by now: each with its user."""
    by, own = aliased(Card), aliased(Card)
    standing: Select[*tuple[Any, ...]] = (  # of a card that is gone, the last two are None
        select(own.user_id, own.id, own.question_id, by.question_id, by.hidden)
        .select_from(StoodFor)
        .join(own, own.id == StoodFor.card_id)
        .outerjoin(by, by.id == StoodFor.by_card_id)
        .order_by(own.user_id, own.id)
    )
    rows = db.execute(standing).all()
    things = things_of(db, question_ids={id for row in rows for id in row[2:4] if id is not None})
    found = [
        (user_id, card_id)
        for user_id, card_id, own_question, question, is_hidden in rows
        if question is None or is_hidden or things[own_question] != things[question]
    ]
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
        select(Card.user_id, Card.question_id, Card.id)
        .where(Card.question_id.in_(by_name.union(by_key).scalar_subquery()))  # few; the cards are found by them
        .where(Card.hidden == false(), Card.suspended == false())
        .order_by(
            Card.user_id,
            Card.last_review_at.desc().nulls_last(),
            Card.stability.desc().nulls_last(),
            Card.created_at,
            Card.question_id,
        )
    )
    rows = db.execute(cards).all()
    things = things_of(db, question_ids={question_id for _, question_id, _ in rows})
    first: dict[tuple[UUID, int], UUID] = {}
    found = []
    for user_id, question_id, card_id in rows:
        stands = first.setdefault((user_id, things[question_id]), card_id)
        if stands != card_id:
            found.append((user_id, card_id, stands))
    for start in range(0, len(found), AT_ONCE):
        pairs = [{"card_id": card_id, "by_card_id": by} for _, card_id, by in found[start : start + AT_ONCE]]
        db.execute(insert(StoodFor), pairs)
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
