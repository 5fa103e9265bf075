"""Which of some questions a learner has missed in quizzes. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from quizapp.catalogue.html.rendering import render_head
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.verdicts import Verdict

MISSES_SHOWN = 20  # the newest; what was missed more often needs no longer list


@dataclass(frozen=True, kw_only=True)
class PastMiss:
    """An answer that was wrong, in a quiz session."""

    quiz_id: UUID
    position: int
    asked: Markup
    """The first line of the question, in the words that it had then."""
    at: datetime


def misses_of(db: Session, *, user_id: UUID, question_ids: Collection[int]) -> Sequence[PastMiss]:
    """The user's wrong answers to these questions, the newest MISSES_SHOWN, the newest first."""
    missed = (
        select(Attempt)
        .join(Attempt.quiz_session)
        .where(QuizSession.user_id == user_id, Attempt.question_id.in_(question_ids))
        .where(Attempt.verdict == Verdict.FAIL, Attempt.answered_at.is_not(None))
        .options(joinedload(Attempt.question))
        .order_by(Attempt.answered_at.desc(), Attempt.id)
        .limit(MISSES_SHOWN)
    )
    return [
        PastMiss(
            quiz_id=attempt.quiz_session_id,
            position=attempt.position,
            asked=render_head(attempt.shown.listed),
            at=attempt.answered_at,
        )
        for attempt in db.scalars(missed)
        if attempt.answered_at is not None
    ]
