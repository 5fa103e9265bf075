"""The figures of questions for their authors, from the first answers of all learners. Reads only."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.catalogue.html.rendering import in_plain_text
from quizapp.catalogue.item_figures import (
    FORGOTTEN_BY,
    SHOWN_FROM,
    AuthorFigures,
    Flag,
    OptionFigures,
    ReviewFigures,
    Sums,
    by_options,
    flags_of,
)
from quizapp.catalogue.models import Question
from quizapp.quiz.figures import kept_figures
from quizapp.quiz.figures.first_answers import sums_of, sums_of_flaggable, with_the_rest
from quizapp.quiz.models import Attempt, QuestionDifficulty, QuizSession
from quizapp.review.models import Card

ANSWERS_READ_MAX = 5_000  # the newest first answers to one question, of which its options are counted
READ_UP_TO = 5_000  # first answers to all questions; reading so many takes 0.07 s, and 400,000 take 5 s


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
        reviews=_reviews(db, question),
    )


def _reviews(db: Session, question: Question) -> ReviewFigures:
    """Of all learners' cards of a question, which the index on them finds by it."""
    sums = func.count(), func.sum(Card.reps), func.sum(Card.lapses), func.count().filter(Card.leech)
    cards = select(*sums).where(Card.question_id == question.id, Card.reps > 0)
    learners, reviews, lapses, leeches = db.execute(cards).one()
    return ReviewFigures(learners=learners, reviews=reviews or 0, lapses=lapses or 0, leeches=leeches)


def flagged(db: Session) -> Mapping[int, Sequence[Flag]]:
    """The flags of all questions that have any, by id; those of options are on a question's own page alone.

    They are computed from the answers while these are few, then from what is kept of them; see `kept_figures`.
    """
    found = _by_answers(db)
    forgotten = {question_id: [*found.get(question_id, ()), Flag.FORGOTTEN] for question_id in _forgotten(db)}
    return {**found, **{question_id: sorted(flags, key=list(Flag).index) for question_id, flags in forgotten.items()}}


def _by_answers(db: Session) -> Mapping[int, Sequence[Flag]]:
    if (db.scalar(select(func.sum(QuestionDifficulty.scored))) or 0) > READ_UP_TO:
        return kept_figures.flagged(db)
    found = {question_id: flags_of(each) for question_id, each in sums_of_flaggable(db).items()}
    return {question_id: flags for question_id, flags in found.items() if flags}


def _forgotten(db: Session) -> Sequence[int]:
    """The questions that are leeches to FORGOTTEN_BY of their learners. Reads all cards: 0.1 s for 300,000."""
    leeches = select(Card.question_id, func.count().label("number")).where(Card.leech).group_by(Card.question_id)
    of = leeches.subquery()
    learners = select(func.count()).where(Card.question_id == of.c.question_id, Card.reps > 0).scalar_subquery()
    return db.scalars(select(of.c.question_id).where(of.c.number >= FORGOTTEN_BY * learners)).all()


def _options(db: Session, question: Question) -> Sequence[OptionFigures]:
    """Of a question without options none."""
    if not question.choices:
        return ()
    each = with_the_rest([question.id])
    found = (
        select(Attempt.answer, each.c.rest)
        .join(each, each.c.id == Attempt.id)
        .order_by(Attempt.answered_at.desc(), Attempt.id)
        .limit(ANSWERS_READ_MAX)
    )
    answers = [((answer or {}).get("choices", ()), rest) for answer, rest in db.execute(found)]
    return by_options([(one.id, in_plain_text(one.text), one.right) for one in question.choices], answers)
