"""How long a learner is likely to take for a question of each kind: the median of their own answers. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.quiz.models import ASKED_KINDS, Attempt, QuizSession

READ_MAX = 500  # the newest answers: those of about fifty quizzes, by which older ones no longer tell much
QUIZZES_READ_MAX = 100  # the newest ones, in which these answers are looked for: some were left at their first question
OWN_MIN = 5  # answers to questions of a kind; the median of fewer is that of one bad moment
AWAY_S = 15 * 60.0  # a longer time was spent elsewhere: nobody writes at one answer for so long
# Until there are own answers, in seconds: what reading, answering and the verdict take at a calm pace. An answer in an
# interview is spoken for two minutes, and then compared with its guide.
USUAL_S: Mapping[QuestionKind, float] = {
    QuestionKind.SINGLE: 40.0,
    QuestionKind.MULTIPLE: 50.0,
    QuestionKind.TRUTH: 30.0,
    QuestionKind.SHORT: 40.0,
    QuestionKind.NUMBER: 45.0,
    QuestionKind.ORDER: 60.0,
    QuestionKind.MATCH: 60.0,
    QuestionKind.CLOZE: 60.0,
    QuestionKind.OPEN: 180.0,
    QuestionKind.LAB: 120.0,
}


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long a learner takes."""

    seconds: Mapping[QuestionKind, float]
    """Of each of ASKED_KINDS."""
    own: frozenset[QuestionKind]
    """The kinds of which it is the learner's own; of others it is USUAL_S."""

    def mean_of(self, kinds: Mapping[QuestionKind, int]) -> float:
        """The seconds that a question takes on average, of so many questions of each kind; 0 of none."""
        number = sum(kinds.values())
        return sum(self.seconds[kind] * many for kind, many in kinds.items()) / number if number else 0.0


def pace_of(db: Session, *, user: User) -> Pace:
    """A learner's pace, by the newest of their answers."""
    newest = (
        select(QuizSession.id, QuizSession.started_at)
        .where(QuizSession.user_id == user.id)
        .order_by(QuizSession.started_at.desc(), QuizSession.id)
        .limit(QUIZZES_READ_MAX)
        .subquery()
    )
    rows = db.execute(
        select(Question.kind, Attempt.answered_at, newest.c.id, newest.c.started_at)
        .select_from(newest)
        .join(Attempt, Attempt.quiz_session_id == newest.c.id)
        .join(Attempt.question)
        .where(Attempt.answered_at.is_not(None), Question.kind.in_(ASKED_KINDS))
        .order_by(Attempt.answered_at.desc(), Attempt.id)
        .limit(READ_MAX)
    )
    sittings = defaultdict[tuple[UUID, datetime], list[tuple[datetime, QuestionKind]]](list)
    for kind, answered_at, quiz_id, started_at in rows:
        if answered_at is not None:
            sittings[quiz_id, started_at].append((answered_at, kind))
    taken = defaultdict[QuestionKind, list[float]](list)
    for (_, before), answers in sittings.items():
        for after, kind in sorted(answers):
            taken[kind].append((after - before).total_seconds())
            before = after
    own = {kind: median(kept) for kind, each in taken.items() if len(kept := _kept(each)) >= OWN_MIN}
    return Pace(seconds={**USUAL_S, **own}, own=frozenset(own))


def _kept(seconds: Iterable[float]) -> list[float]:
    """The times that say something: those marked together at the end of a test took none, and some were spent away."""
    return [each for each in seconds if 0 < each <= AWAY_S]
