"""How long a learner is likely to take for a question of each kind: the median of their own answers. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, Subquery, bindparam, func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.column_types import CompactUuid
from quizapp.dialects import SecondsBetween
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
    values = {"user_id": user.id, "quizzes": QUIZZES_READ_MAX, "answers": READ_MAX, "least": OWN_MIN, "away_s": AWAY_S}
    own = {kind: seconds for kind, seconds in db.execute(_medians(), values)}  # noqa: C416 - rows are no pairs to dict()
    return Pace(seconds={**USUAL_S, **own}, own=frozenset(own))


@cache
def _medians() -> Select[QuestionKind, float]:
    """Kinds with the median of what their answers took, where there are enough of them.

    The database finds it, and answers ten rows; the statement is made once. It takes what `pace_of` gives it.
    """
    each = _placed(_newest())
    # Of an even number of times the mean of the two in the middle.
    is_middle = each.c.place.in_(((each.c.number + 1) // 2, (each.c.number + 2) // 2))
    medians = select(each.c.kind, func.avg(each.c.seconds)).where(is_middle, each.c.number >= bindparam("least"))
    return medians.group_by(each.c.kind)


def _placed(answers: Subquery) -> Subquery:
    """The `seconds` that these answers took, with their `place` among the `number` of their `kind`.

    Those that say something: answers marked together at the end of a test took no time, and some was spent elsewhere.
    """
    last = func.lag(answers.c.at).over(partition_by=answers.c.quiz_id, order_by=answers.c.at)
    seconds = SecondsBetween(func.coalesce(last, answers.c.started_at), answers.c.at)
    taken = select(answers.c.kind, seconds.label("seconds")).subquery()
    of_kind = taken.c.kind
    return (
        select(
            of_kind,
            taken.c.seconds,
            func.row_number().over(partition_by=of_kind, order_by=taken.c.seconds).label("place"),
            func.count().over(partition_by=of_kind).label("number"),
        )
        .where(taken.c.seconds > 0, taken.c.seconds <= bindparam("away_s"))
        .subquery()
    )


def _newest() -> Subquery:
    """The `kind`, `at`, `quiz_id` and `started_at` of the newest answers."""
    newest = (
        select(QuizSession.id, QuizSession.started_at)
        .where(QuizSession.user_id == bindparam("user_id", type_=CompactUuid()))
        .order_by(QuizSession.started_at.desc(), QuizSession.id)
        .limit(bindparam("quizzes"))
        .subquery()
    )
    return (
        select(Question.kind, Attempt.answered_at.label("at"), newest.c.id.label("quiz_id"), newest.c.started_at)
        .select_from(newest)
        .join(Attempt, Attempt.quiz_session_id == newest.c.id)
        .join(Attempt.question)
        .where(Attempt.answered_at.is_not(None), Question.kind.in_(ASKED_KINDS))
        .order_by(Attempt.answered_at.desc(), Attempt.id)
        .limit(bindparam("answers"))
        .subquery()
    )
