"""The estimates of learners' abilities and of questions' difficulties in the database, moved by first answers.

They can be computed anew from the attempts at any time; see `rebuild`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.db import Base
from quizapp.dialects import insert_of
from quizapp.quiz.asked_question import Asked, AskedKind
from quizapp.quiz.figures import kept_figures
from quizapp.quiz.figures.elo import UNKNOWN, Estimate, after_answer
from quizapp.quiz.marking import Marked
from quizapp.quiz.models import Attempt, LearnerAbility, QuestionDifficulty, QuizSession
from quizapp.verdicts import Verdict

READ_AT_ONCE = 10_000  # attempts, so that a rebuild of millions needs no memory for all of them


def learn(db: Session, *, user: User, attempt: Attempt, marked: Marked) -> None:
    """Let a learner's first answer to a question move both estimates; nothing for a later one, or one without marks.

    Locks the learner's row and then the question's until the transaction ends. So no two answers are both the first.
    """
    if marked.verdict is Verdict.COULD_NOT_CHECK:
        return
    learner = _ability(db, user)
    if _has_answered(db, user=user, attempt=attempt):
        return
    question = _difficulty(db, attempt.question_id)
    before = _estimate(learner), _estimate(question)
    after = after_answer(*before, score=marked.score, guess=guess_of(attempt.shown))
    attempt.is_first = True
    attempt.ability_moved = after[0].value - before[0].value
    attempt.difficulty_moved = after[1].value - before[1].value
    learner.value, learner.answers = after[0].value, after[0].answers
    question.value, question.answers = after[1].value, after[1].answers
    kept_figures.add(db, question, score=marked.score)


def unlearn(db: Session, *, user: User, attempt: Attempt) -> None:
    """Take back what an answer moved, whose marks are taken back."""
    if not attempt.is_first:
        return
    learner, question = _ability(db, user), _difficulty(db, attempt.question_id)
    for row, moved in ((learner, attempt.ability_moved), (question, attempt.difficulty_moved)):
        if moved is not None:
            row.value, row.answers = row.value - moved, max(0, row.answers - 1)
    kept_figures.take_back(question, score=attempt.score or 0.0)
    attempt.is_first, attempt.ability_moved, attempt.difficulty_moved = False, None, None


def ability_of(db: Session, *, user: User) -> Estimate:
    """How able a learner is."""
    row = db.get(LearnerAbility, user.id)
    return UNKNOWN if row is None else _estimate(row)


def guess_of(asked: Asked) -> float:
    """The share right of who knows nothing, by how a question is asked: one option of so many, true or false."""
    if asked.kind is AskedKind.SINGLE and asked.choices:
        return 1 / len(asked.choices)
    return 0.5 if asked.kind is AskedKind.TRUTH else 0.0


def rebuild(db: Session) -> int:
    """Compute all estimates anew from the first answers in the order of time. Returns the number of these answers."""
    learners: dict[UUID, Estimate] = {}
    questions: dict[int, Estimate] = {}
    scores = defaultdict[int, float](float)
    number = 0
    last: tuple[datetime | None, UUID] | None = None
    while some := _first_answers(db, after=last):
        moved = []
        for at, attempt_id, user_id, question_id, score, asked in some:
            before = learners.get(user_id, UNKNOWN), questions.get(question_id, UNKNOWN)
            guess = 0.0 if asked is None else guess_of(asked)
            learners[user_id], questions[question_id] = after_answer(*before, score=score or 0.0, guess=guess)
            by = learners[user_id].value - before[0].value, questions[question_id].value - before[1].value
            scores[question_id] += score or 0.0
            moved.append({"id": attempt_id, "ability_moved": by[0], "difficulty_moved": by[1]})
            last = at, attempt_id
        db.execute(update(Attempt), moved)
        number += len(moved)
    _replace(db, LearnerAbility, [{"user_id": key, **_columns(each)} for key, each in learners.items()])
    kept = [
        {"question_id": key, **_columns(each), "scored": each.answers, "score": scores[key], "counted": 0}
        for key, each in questions.items()
    ]
    _replace(db, QuestionDifficulty, kept)
    kept_figures.recount(db)
    return number


def _first_answers(
    db: Session, *, after: tuple[datetime | None, UUID] | None
) -> Sequence[Row[datetime | None, UUID, UUID, int, float | None, Asked | None]]:
    """The next first answers in the order of time, at most READ_AT_ONCE."""
    columns = Attempt.answered_at, Attempt.id, QuizSession.user_id, Attempt.question_id, Attempt.score, Attempt.asked
    found = select(*columns).join(Attempt.quiz_session).where(Attempt.is_first, Attempt.answered_at.is_not(None))
    if after is not None:
        at, attempt_id = after
        found = found.where(or_(Attempt.answered_at > at, and_(Attempt.answered_at == at, Attempt.id > attempt_id)))
    return db.execute(found.order_by(Attempt.answered_at, Attempt.id).limit(READ_AT_ONCE)).all()


def _replace(db: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    db.execute(delete(table))
    if rows:
        db.execute(insert(table), rows)


def _columns(estimate: Estimate) -> dict[str, Any]:
    return {"value": estimate.value, "answers": estimate.answers}


def _has_answered(db: Session, *, user: User, attempt: Attempt) -> bool:
    """Whether the user has a first answer to the attempt's question already."""
    earlier = exists().where(
        Attempt.question_id == attempt.question_id,
        Attempt.is_first,
        Attempt.quiz_session_id == QuizSession.id,
        QuizSession.user_id == user.id,
    )
    return bool(db.scalar(select(earlier)))


def _ability(db: Session, user: User) -> LearnerAbility:
    """The learner's row, made if it is missing, and locked until the transaction ends."""
    _make(db, LearnerAbility, user_id=user.id)
    found = select(LearnerAbility).where(LearnerAbility.user_id == user.id).with_for_update()
    return db.scalars(found.execution_options(populate_existing=True)).one()


def _difficulty(db: Session, question_id: int) -> QuestionDifficulty:
    """The question's row, likewise."""
    _make(db, QuestionDifficulty, question_id=question_id)
    found = select(QuestionDifficulty).where(QuestionDifficulty.question_id == question_id).with_for_update()
    return db.scalars(found.execution_options(populate_existing=True)).one()


def _make(db: Session, table: type[Base], **key: object) -> None:
    row = insert_of(db.get_bind().dialect.name)(table).values(**key, **_columns(UNKNOWN))
    db.execute(row.on_conflict_do_nothing())


def _estimate(row: LearnerAbility | QuestionDifficulty) -> Estimate:
    return Estimate(value=row.value, answers=row.answers)
