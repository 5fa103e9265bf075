"""Whether what people were told is done stands in the database, once and as they were told. Sends nothing."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.labs.runs.models import LabRun
from quizapp.quiz.models import Attempt
from quizapp.review.log import replay
from quizapp.review.models import Card, Outcome, ReviewLog
from quizapp.verdicts import Verdict
from trust.insistent import Quizzed, Reviewing
from trust.pupils import DoingLabs


def faults_of_reviews(db: Session, reviewing: Sequence[Reviewing]) -> Iterator[str]:
    """What the log and the cards of these people have otherwise than they must."""
    acknowledged = {each for one in reviewing for each in one.acknowledged}
    cards = [card for one in reviewing for card in one.cards]
    applied = ReviewLog.outcome == Outcome.APPLIED
    logged: set[UUID] = set(db.scalars(select(ReviewLog.id).where(applied, ReviewLog.card_id.in_(cards))))
    yield from (f"the review {one} is lost" for one in acknowledged - logged)
    yield from (f"the review {one} was acknowledged to nobody" for one in logged - acknowledged)
    for card in db.scalars(select(Card).where(Card.id.in_(cards))):
        before = (card.memory, card.due_day, card.due_at)
        replay.rebuild(db, card)
        if before != (card.memory, card.due_day, card.due_at):
            yield f"card {card.id} is not what its log says"


def lost_answers(db: Session, quizzed: Sequence[Quizzed]) -> Iterator[str]:
    """The answers of quizzes that were acknowledged and are not there."""
    rows = db.execute(select(Attempt.quiz_session_id, Attempt.position).where(Attempt.answered_at.is_not(None)))
    stored = {(quiz, position) for quiz, position in rows}
    answered = [each for one in quizzed for each in one.answered]
    yield from (f"the answer {each} is lost" for each in answered if each not in stored)


def lost_runs(db: Session, labs: Sequence[DoingLabs]) -> Iterator[str]:
    """The runs of labs that were begun and are not there, and those that were passed and have no such verdict."""
    verdicts = dict(db.execute(select(LabRun.id, LabRun.verdict)).tuples().all())
    yield from (f"the run {run} is lost" for one in labs for run in one.begun if run not in verdicts)
    passed = [run for one in labs for run in one.passed]
    yield from (f"the run {run} is not passed" for run in passed if verdicts.get(run) is not Verdict.PASS)
