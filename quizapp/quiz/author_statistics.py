"""The figures of questions for their authors, from the first answers of all learners. Reads only.

How a learner does else is the mean, over the other questions that they answered, of their score less the mean score of
each. So it is the same for who was asked easy questions and who was asked hard ones.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import CTE, Select, func, select
from sqlalchemy.orm import Session

from quizapp.catalogue.item_figures import SHOWN_FROM, AuthorFigures, Flag, OptionFigures, Sums, by_options, flags_of
from quizapp.catalogue.models import Question
from quizapp.quiz.models import Attempt, QuestionDifficulty, QuizSession

OTHERS_MIN = 3  # other questions of a learner, below which it is not known how they do else
ANSWERS_READ_MAX = 5_000  # the newest first answers to one question, of which its options are counted


def figures_of(db: Session, *, question: Question) -> AuthorFigures:
    """The figures of a question."""
    sums = sums_of(db, question_ids=[question.id]).get(question.id, Sums(answers=0, score=0.0))
    options = _options(db, question) if sums.answers >= SHOWN_FROM else ()
    total = db.scalar(select(func.count()).where(Attempt.question_id == question.id, Attempt.verdict.is_not(None))) or 0
    wishes = db.scalars(
        select(QuizSession.wish)
        .join(QuizSession.attempts)
        .where(Attempt.question_id == question.id, Attempt.is_first)
        .limit(ANSWERS_READ_MAX)
    )
    difficulty = db.get(QuestionDifficulty, question.id)
    return AuthorFigures(
        answers=sums.answers,
        facility=sums.facility,
        discrimination=sums.discrimination,
        difficulty=difficulty.value if difficulty is not None and difficulty.answers >= SHOWN_FROM else None,
        repeated=max(0, total - sums.answers),
        chosen=sum(
            wish is not None and bool(wish.suits or wish.narrowed.notes or wish.narrowed.concepts or wish.narrowed.tags)
            for wish in wishes
        ),
        options=options,
        flags=flags_of(sums, options),
    )


def flagged(db: Session) -> Mapping[int, Sequence[Flag]]:
    """The flags of all questions that have any, by id; those of options are on a question's own page alone."""
    found = {question_id: flags_of(sums) for question_id, sums in sums_of(db).items()}
    return {question_id: flags for question_id, flags in found.items() if flags}


def sums_of(db: Session, *, question_ids: Collection[int] | None = None) -> Mapping[int, Sums]:
    """The sums of each of these questions that has first answers; without ids, of all. One pass over the answers."""
    first = _first()
    each = _with_the_rest(first)
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
    if question_ids is not None:
        found = found.where(each.c.question_id.in_(question_ids))
    return {
        question_id: Sums(answers=answers, score=score, pairs=pairs, x=x, y=y, xx=xx, yy=yy, xy=xy)
        for question_id, answers, score, pairs, x, y, xx, yy, xy in db.execute(found)
    }


def _first() -> CTE:
    return (
        select(
            Attempt.id,
            Attempt.question_id,
            QuizSession.user_id,
            func.coalesce(Attempt.score, 0.0).label("score"),
        )
        .join(Attempt.quiz_session)
        .where(Attempt.is_first)
        .cte("first_answer")
    )


def _with_the_rest(first: CTE) -> CTE:
    """Each first answer with how its learner does else; NULL of who has answered fewer than OTHERS_MIN others."""
    means = (
        select(first.c.question_id, func.avg(first.c.score).label("mean")).group_by(first.c.question_id).cte("means")
    )
    over = (first.c.score - means.c.mean).label("over")
    scored = (
        select(first.c.id, first.c.question_id, first.c.user_id, first.c.score, over)
        .join(means, means.c.question_id == first.c.question_id)
        .cte("scored")
    )
    learners = (
        select(scored.c.user_id, func.count().label("answers"), func.sum(scored.c.over).label("over"))
        .group_by(scored.c.user_id)
        .having(func.count() > OTHERS_MIN)
        .cte("learners")
    )
    others = (learners.c.over - scored.c.over) / (learners.c.answers - 1)
    return (
        select(scored.c.id, scored.c.question_id, scored.c.score, others.label("rest"))
        .outerjoin(learners, learners.c.user_id == scored.c.user_id)
        .cte("with_the_rest")
    )


def _options(db: Session, question: Question) -> Sequence[OptionFigures]:
    """Of a question without options none."""
    if not question.choices:
        return ()
    each = _with_the_rest(_first())
    found: Select[Any] = (
        select(Attempt.answer, each.c.rest)
        .join(each, each.c.id == Attempt.id)
        .where(each.c.question_id == question.id)
        .order_by(Attempt.answered_at.desc(), Attempt.id)
        .limit(ANSWERS_READ_MAX)
    )
    answers = [((answer or {}).get("choices", ()), rest) for answer, rest in db.execute(found)]
    return by_options([(one.id, one.text, one.right) for one in question.choices], answers)
