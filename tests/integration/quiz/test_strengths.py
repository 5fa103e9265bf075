"""Estimates of abilities and difficulties: moved by first answers alone, and computed anew from the attempts."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.quiz import service
from quizapp.quiz.draw.wish import Wish
from quizapp.quiz.figures import strengths
from quizapp.quiz.given_answer import Given
from quizapp.quiz.marking import SaidPoints
from quizapp.quiz.models import Attempt, LearnerAbility, QuestionDifficulty
from tests.builders import NOW, a_note, a_question


def answered(db: Session, user: User, question: Question, *, option: int, minutes: int = 0) -> Attempt:
    """An answer to a question in a quiz of its own."""
    now = NOW + timedelta(minutes=minutes)
    quiz = service.open_quiz(db, user=user, wish=Wish(), rng=Random(1), now=now)
    attempt = next(one for one in quiz.attempts if one.question_id == question.id)
    chosen = question.choices[option - 1].id
    service.answer(db, user=user, attempt=attempt, given=Given(choices=[chosen]), now=now)
    return attempt


def stored(db: Session) -> list[tuple[float, int]]:
    """The estimates of all learners, and then of all questions."""
    db.flush()
    abilities = db.execute(select(LearnerAbility.value, LearnerAbility.answers).order_by(LearnerAbility.user_id))
    rows = select(QuestionDifficulty.value, QuestionDifficulty.answers).order_by(QuestionDifficulty.question_id)
    return [(round(value, 9), answers) for value, answers in (*abilities, *db.execute(rows))]


def test_a_first_answer_moves_both_and_a_later_one_neither(db: Session, learner: User) -> None:
    question = a_question(db)
    first = answered(db, learner, question, option=1)
    # Of four options a guess is right in a quarter: 0.25 + 0.75 / 2 was expected.
    assert (first.is_first, stored(db)) == (True, [(0.375, 1), (-0.375, 1)])
    later = answered(db, learner, question, option=2, minutes=1)
    assert (later.is_first, later.ability_moved, stored(db)) == (False, None, [(0.375, 1), (-0.375, 1)])


def test_marks_that_are_taken_back_have_moved_nothing(db: Session, learner: User) -> None:
    question = a_question(db, QuestionKind.OPEN, must=("one", "two"))
    quiz = service.open_quiz(db, user=learner, wish=Wish(), rng=Random(1), now=NOW)
    (attempt,) = quiz.attempts
    service.answer(db, user=learner, attempt=attempt, given=Given(text="words"), now=NOW)
    service.mark(db, user=learner, attempt=attempt, said=SaidPoints(points=[]), now=NOW)
    assert stored(db) == [(-0.5, 1), (0.5, 1)]
    service.take_marks_back(db, user=learner, attempt=attempt, now=NOW)
    assert (attempt.is_first, stored(db)) == (False, [(0.0, 0), (0.0, 0)])
    service.mark(db, user=learner, attempt=attempt, said=SaidPoints(points=[0, 1]), now=NOW)
    assert (attempt.is_first, attempt.question_id, stored(db)) == (True, question.id, [(0.5, 1), (-0.5, 1)])


def test_they_are_the_same_when_they_are_computed_anew(
    db: Session, learner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strengths, "READ_AT_ONCE", 3)
    questions = [a_question(db, note=a_note(db)) for _ in range(5)]
    for minutes, question in enumerate([*questions, questions[0]]):
        answered(db, learner, question, option=1 + minutes % 3, minutes=minutes)
    before, moved = stored(db), db.scalars(select(Attempt.ability_moved).order_by(Attempt.id)).all()
    assert strengths.rebuild(db) == 5
    db.expire_all()
    assert stored(db) == before
    assert db.scalars(select(Attempt.ability_moved).order_by(Attempt.id)).all() == pytest.approx(moved)
