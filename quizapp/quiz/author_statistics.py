"""The figures of questions for their authors, from the first answers of all learners. Reads only.

How a learner does else is the mean, over the other first answers of the same quiz session, of their score less the mean
score of each question. So it is the same for who was asked easy questions and who was asked hard ones; and the figures
of a question are read from the quiz sessions that asked it, however many others there are.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import CTE, Select, func, select
from sqlalchemy.orm import Session

from quizapp.catalogue.item_figures import (
    FLAGGED_FROM,
    SHOWN_FROM,
    AuthorFigures,
    Flag,
    OptionFigures,
    Sums,
    by_options,
    flags_of,
)
from quizapp.catalogue.models import Question
from quizapp.quiz.models import Attempt, QuestionDifficulty, QuizSession

OTHERS_MIN = 3  # other first answers in a quiz session, below which it is not known how its learner does else
ANSWERS_READ_MAX = 5_000  # the newest first answers to one question, of which its options are counted


def figures_of(db: Session, *, question: Question) -> AuthorFigures:
    """The figures of a question."""
    sums = sums_of(db, question_ids=[question.id]).get(question.id, Sums(answers=0, score=0.0))
    options = _options(db, question) if sums.answers >= SHOWN_FROM else ()
    total = db.scalar(select(func.count()).where(Attempt.question_id == question.id, Attempt.verdict.is_not(None))) or 0
    wishes = db.execute(
        select(QuizSession.wish, func.count())
        .join(QuizSession.attempts)
        .where(Attempt.question_id == question.id, Attempt.is_first)
        .group_by(QuizSession.wish)
    )
    difficulty = db.get(QuestionDifficulty, question.id)
    return AuthorFigures(
        answers=sums.answers,
        facility=sums.facility,
        discrimination=sums.discrimination,
        difficulty=difficulty.value if difficulty is not None and difficulty.answers >= SHOWN_FROM else None,
        repeated=max(0, total - sums.answers),
        chosen=sum(
            number
            for wish, number in wishes
            if wish is not None and (wish.suits or wish.narrowed.notes or wish.narrowed.concepts or wish.narrowed.tags)
        ),
        options=options,
        flags=flags_of(sums, options),
    )


def flagged(db: Session) -> Mapping[int, Sequence[Flag]]:
    """The flags of all questions that have any, by id; those of options are on a question's own page alone."""
    enough = select(Attempt.question_id).where(Attempt.is_first).group_by(Attempt.question_id)
    sums = _sums(db, of=enough.having(func.count() >= FLAGGED_FROM))
    found = {question_id: flags_of(each) for question_id, each in sums.items()}
    return {question_id: flags for question_id, flags in found.items() if flags}


def sums_of(db: Session, *, question_ids: Collection[int]) -> Mapping[int, Sums]:
    """The sums of each of these questions that has first answers."""
    return _sums(db, of=question_ids)


def _sums(db: Session, *, of: Collection[int] | Select[int]) -> Mapping[int, Sums]:
    """The same of the questions with the ids `of`, in one statement."""
    each = _with_the_rest(of)
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


def _with_the_rest(of: Collection[int] | Select[int]) -> CTE:
    """Each first answer to these questions with how its learner does else; NULL with fewer than OTHERS_MIN others."""
    holding = select(Attempt.quiz_session_id).where(Attempt.is_first, Attempt.question_id.in_(of))
    score = func.coalesce(Attempt.score, 0.0)
    first = (
        select(Attempt.id, Attempt.question_id, Attempt.quiz_session_id, score.label("score"))
        .where(Attempt.is_first, Attempt.quiz_session_id.in_(holding))
        .cte("first_answer")
    )
    means = (
        select(Attempt.question_id, func.avg(score).label("mean"))
        .where(Attempt.is_first, Attempt.question_id.in_(select(first.c.question_id)))
        .group_by(Attempt.question_id)
        .cte("means")
    )
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


def _options(db: Session, question: Question) -> Sequence[OptionFigures]:
    """Of a question without options none."""
    if not question.choices:
        return ()
    each = _with_the_rest([question.id])
    found = (
        select(Attempt.answer, each.c.rest)
        .join(each, each.c.id == Attempt.id)
        .order_by(Attempt.answered_at.desc(), Attempt.id)
        .limit(ANSWERS_READ_MAX)
    )
    answers = [((answer or {}).get("choices", ()), rest) for answer, rest in db.execute(found)]
    return by_options([(one.id, one.text, one.right) for one in question.choices], answers)
