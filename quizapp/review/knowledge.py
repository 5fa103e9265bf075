"""How far a learner is with questions, and for how long their memory of each holds. Reads only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Question
from quizapp.catalogue.same_thing import is_shared
from quizapp.review.memory import Phase
from quizapp.review.models import Card
from quizapp.review.one_thing.one_memory import questions_of_memory
from quizapp.study_day import StudyDay


class Knowledge(StrEnum):
    """How far a learner is with a question. NONE: the learner has no card of it."""

    NEW = "new"
    LEARNING = "learning"
    KNOWN = "known"
    DUE = "due"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class KnownQuestion:
    """What a learner knows of a question."""

    state: Knowledge
    holds_days: int | None = None
    """After so many days they would know it with a chance of 90 %; None without a review."""
    card: UUID | None = None
    """The card that has the memory; None without one."""
    is_suspended: bool = False
    """Whether a card of the question itself is suspended."""


UNKNOWN = KnownQuestion(state=Knowledge.NONE)


def knowledge(db: Session, *, user_id: UUID, question_ids: Collection[int], today: StudyDay) -> Mapping[int, Knowledge]:
    """How far the user is with each of the questions, by question id."""
    found = known(db, user_id=user_id, question_ids=question_ids, today=today)
    return {question_id: one.state for question_id, one in found.items()}


def known(db: Session, *, user_id: UUID, question_ids: Collection[int], today: StudyDay) -> Mapping[int, KnownQuestion]:
    """What the user knows of each of the questions, by question id."""
    found = _of_cards(db, user_id=user_id, question_ids=question_ids, today=today)
    if others := set(question_ids) - set(found):
        found |= _known_by_others(db, user_id=user_id, question_ids=others, today=today)
    return {question_id: found.get(question_id, UNKNOWN) for question_id in question_ids}


def _of_cards(
    db: Session, *, user_id: UUID, question_ids: Collection[int], today: StudyDay
) -> dict[int, KnownQuestion]:
    columns = Card.question_id, Card.phase, Card.due_day, Card.stability, Card.id, Card.suspended
    cards = select(*columns).where(Card.user_id == user_id, Card.question_id.in_(question_ids))
    return {
        question_id: KnownQuestion(
            state=_knowledge(phase, due_day, today),
            holds_days=None if stability is None else max(round(stability), 1),
            card=card,
            is_suspended=suspended,
        )
        for question_id, phase, due_day, stability, card, suspended in db.execute(cards)
    }


def _known_by_others(
    db: Session, *, user_id: UUID, question_ids: Collection[int], today: StudyDay
) -> Mapping[int, KnownQuestion]:
    """What the user knows of questions that have no card but test the same as one that has."""
    shared = db.scalars(select(Question.id).where(Question.id.in_(question_ids), is_shared(Question))).all()
    if not shared:
        return {}
    by = questions_of_memory(db, user_id=user_id, question_ids=shared)
    found = _of_cards(db, user_id=user_id, question_ids=set(by.values()), today=today)
    return {question_id: replace(found[other], is_suspended=False) for question_id, other in by.items()}


def _knowledge(phase: Phase, due_day: StudyDay | None, today: StudyDay) -> Knowledge:
    if phase is Phase.NEW:
        return Knowledge.NEW
    if phase is not Phase.REVIEW:
        return Knowledge.LEARNING
    return Knowledge.DUE if due_day is not None and due_day <= today else Knowledge.KNOWN
