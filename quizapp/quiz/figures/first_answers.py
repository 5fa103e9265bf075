"""Sums over the first answers to questions, and how their learners do else. Reads only.

How a learner does else is the mean, over the other first answers of the same quiz session, of their score less the mean
score of each question. So it is the same for who was asked easy questions and who was asked hard ones; and the figures
of a question are read from the quiz sessions that asked it, however many others there are.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import CTE, Select, func, select
from sqlalchemy.orm import Session

from quizapp.catalogue.item_figures import FLAGGED_FROM, Sums
from quizapp.quiz.models import Attempt, QuestionDifficulty

_SCORE = func.coalesce(Attempt.score, 0.0)
OTHERS_MIN = 3  # other first answers in a quiz session, below which it is not known how its learner does else


def sums_of_flaggable(db: Session) -> Mapping[int, Sums]:
    """The sums of all questions with enough first answers for a flag."""
    enough = select(Attempt.question_id).where(Attempt.is_first).group_by(Attempt.question_id)
    of = enough.having(func.count() >= FLAGGED_FROM)
    return _sums(db, with_the_rest(of))


def sums_of(db: Session, *, question_ids: Collection[int]) -> Mapping[int, Sums]:
    """The sums of each of these questions that has first answers."""
    return _sums(db, with_the_rest(question_ids))


def sums_by_kept_means(db: Session, *, question_id: int, newest: int) -> Sums | None:
    """The sums of the `newest` first answers to a question, by the mean scores that are kept; None without answers.

    It reads the quiz sessions of these answers, and no other answer.
    """
    mean = QuestionDifficulty.score / func.nullif(QuestionDifficulty.scored, 0)
    means = select(QuestionDifficulty.question_id, mean.label("mean")).cte("means")
    holding = (
        select(Attempt.quiz_session_id)
        .where(Attempt.is_first, Attempt.question_id == question_id)
        .order_by(Attempt.answered_at.desc(), Attempt.id)
        .limit(newest)
    )
    return _sums(db, _with_the_rest([question_id], _first_answers_in(holding), means)).get(question_id)


def with_the_rest(of: Collection[int] | Select[int]) -> CTE:
    """Each first answer to these questions with how its learner does else; NULL with fewer than OTHERS_MIN others."""
    first = _first_answers_in(select(Attempt.quiz_session_id).where(Attempt.is_first, Attempt.question_id.in_(of)))
    means = (
        select(Attempt.question_id, func.avg(_SCORE).label("mean"))
        .where(Attempt.is_first, Attempt.question_id.in_(select(first.c.question_id)))
        .group_by(Attempt.question_id)
        .cte("means")
    )
    return _with_the_rest(of, first, means)


def _sums(db: Session, each: CTE) -> Mapping[int, Sums]:
    """The sums by question, in one statement."""
    rest = each.c.rest
    found = select(
        each.c.question_id,
        func.count(),
        func.sum(each.c.score),
        func.count(rest),
        *(
            func.coalesce(func.sum(some).filter(rest.is_not(None)), 0.0)
            for some in (each.c.score, rest, each.c.score * each.c.score, rest * rest, each.c.score * rest)
        ),
    ).group_by(each.c.question_id)
    return {
        question_id: Sums(answers=answers, score=score, pairs=pairs, x=x, y=y, xx=xx, yy=yy, xy=xy)
        for question_id, answers, score, pairs, x, y, xx, yy, xy in db.execute(found)
    }


def _first_answers_in(holding: Select[UUID]) -> CTE:
    """The first answers of these quiz sessions."""
    return (
        select(Attempt.id, Attempt.question_id, Attempt.quiz_session_id, _SCORE.label("score"))
        .where(Attempt.is_first, Attempt.quiz_session_id.in_(holding))
        .cte("first_answer")
    )


def _with_the_rest(of: Collection[int] | Select[int], first: CTE, means: CTE) -> CTE:
    """As `with_the_rest`, of these first answers and by these means."""
    scored = (
        select(*first.c, (first.c.score - means.c.mean).label("over"))
        .join(means, means.c.question_id == first.c.question_id)
        .cte("scored")
    )
    sittings = (
        select(scored.c.quiz_session_id, func.count().label("answers"), func.sum(scored.c.over).label("over"))
        .group_by(scored.c.quiz_session_id)
        .having(func.count() > OTHERS_MIN)
        .cte("sittings")
    )
    others = (sittings.c.over - scored.c.over) / (sittings.c.answers - 1)
    return (
        select(scored.c.id, scored.c.question_id, scored.c.score, others.label("rest"))
        .outerjoin(sittings, sittings.c.quiz_session_id == scored.c.quiz_session_id)
        .where(scored.c.question_id.in_(of))
        .cte("with_the_rest")
    )
