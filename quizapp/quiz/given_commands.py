"""The use cases of a command that was given in a quiz session: run on hosts, marked by its effect, or left out.

Asks no host: `study.hands_on.asked_views` does, between two of these, while nothing is locked. What an attempt's answer
keeps meanwhile is told in `lab_questions`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.errors import Conflict
from quizapp.quiz import service
from quizapp.quiz.asked_question import AskedKind
from quizapp.quiz.locking import lock_sitting
from quizapp.quiz.marking import Marked, with_hints
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.unanswered import waits_for_answers
from quizapp.verdicts import Verdict

HOSTS, TROUBLE, EFFECT, LEFT_OUT = "hosts", "trouble", "effect", "left_out"
NOT_CHECKED = Marked(verdict=Verdict.COULD_NOT_CHECK, score=0.0)


def is_to_be_run(attempt: Attempt) -> bool:
    """Whether a command was given that has no verdict and may have one now: in a test not before it is handed in."""
    is_command = attempt.shown.kind is AskedKind.LAB and "text" in (attempt.answer or {})
    return is_command and attempt.verdict is None and not waits_for_answers(attempt.quiz_session)


def hosts_of(attempt: Attempt) -> Mapping[str, str]:
    """The ids of the hosts on which its command runs, by whose command each runs; none before."""
    hosts: Mapping[str, str] = (attempt.answer or {}).get(HOSTS, {})
    return hosts


def run_on(db: Session, *, attempt: Attempt, hosts: Mapping[str, str]) -> None:
    """Store on which hosts a command runs. One that runs already, or is marked, stays as it is."""
    lock_sitting(db, attempt.quiz_session_id)
    if is_to_be_run(attempt) and not hosts_of(attempt):
        attempt.answer = _without(attempt, TROUBLE) | {HOSTS: dict(hosts)}
    db.flush()


def mark_by_effect(
    db: Session, *, user: User, attempt: Attempt, verdict: Verdict, effect: Mapping[str, Any], now: datetime
) -> bool:
    """Mark a command by what it did on a host. False if another request has done so.

    Locks the quiz session until the transaction ends.
    """
    lock_sitting(db, attempt.quiz_session_id)
    if not is_to_be_run(attempt):
        return False
    marked = Marked(verdict=verdict, score=float(verdict is Verdict.PASS))
    attempt.answer = _without(attempt, HOSTS, TROUBLE) | {EFFECT: dict(effect)}
    service.conclude(db, user=user, attempt=attempt, marked=with_hints(marked, taken=attempt.hints_taken), now=now)
    db.flush()
    return True


def could_not_run(db: Session, *, attempt: Attempt, why: str, hosts: Mapping[str, str]) -> None:
    """Keep why a command could not be run on `hosts`, in a sentence; it can be run again on others."""
    lock_sitting(db, attempt.quiz_session_id)
    if is_to_be_run(attempt) and hosts_of(attempt) == hosts:
        attempt.answer = _without(attempt, HOSTS) | {TROUBLE: why}
    db.flush()


def leave_out(db: Session, *, user: User, attempt: Attempt, now: datetime) -> None:
    """Go on without a command for which no host is to be had: it is neither right nor missed.

    Locks the quiz session until the transaction ends. Raises Conflict for a question of another kind. One that has its
    verdict keeps it, and in a test another command may still be given.
    """
    lock_sitting(db, attempt.quiz_session_id)
    if attempt.shown.kind is not AskedKind.LAB:
        raise Conflict("Only a question that needs a host can be left out. Say that you do not know.")
    if attempt.verdict is not None:
        return
    attempt.asked = attempt.shown
    attempt.answer = _without(attempt, HOSTS, TROUBLE) | {LEFT_OUT: True}
    if not waits_for_answers(attempt.quiz_session):
        service.conclude(db, user=user, attempt=attempt, marked=NOT_CHECKED, now=now)
    db.flush()


def hosts_in_use(db: Session, *, user_id: UUID) -> set[str]:
    """The ids of the hosts on which commands of the learner's unfinished quiz sessions run."""
    own = select(Attempt).join(Attempt.quiz_session).where(QuizSession.user_id == user_id)
    waiting = own.where(QuizSession.finished_at.is_(None), Attempt.verdict.is_(None))
    return {host for attempt in db.scalars(waiting) for host in hosts_of(attempt).values()}


def _without(attempt: Attempt, *names: str) -> dict[str, Any]:
    return {name: value for name, value in (attempt.answer or {}).items() if name not in names}
