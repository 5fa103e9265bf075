"""Locks a quiz session while one of its answers is stored."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from quizapp.quiz.models import QuizSession


def lock_sitting(db: Session, quiz_id: UUID) -> None:
    """Read a quiz session and its attempts anew, and lock the quiz session's row until the transaction ends.

    Two answers to one question may come at once, and only the first may count. The answers to the last two questions
    may come at once, and the second must end the quiz session. SQLite locks the whole database anyway.
    """
    sitting = select(QuizSession).where(QuizSession.id == quiz_id).with_for_update()
    whole = sitting.options(selectinload(QuizSession.attempts)).execution_options(populate_existing=True)
    db.scalars(whole).one()
