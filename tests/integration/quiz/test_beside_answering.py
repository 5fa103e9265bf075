"""What can be done with a question beside answering it: not knowing, hints, later, marking an open answer anew."""

from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import PAGE_KINDS, QuestionKind
from quizapp.confidence import Confidence
from quizapp.errors import Conflict
from quizapp.quiz import service
from quizapp.quiz.draw.selection import Length
from quizapp.quiz.draw.wish import Wish
from quizapp.quiz.given_answer import Given
from quizapp.quiz.marking import SaidPoints
from quizapp.quiz.models import Attempt
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, Outcome, ReviewLog
from quizapp.review.service import add_cards
from quizapp.verdicts import Verdict
from tests.builders import NOW, a_question


def asked(db: Session, user: User, kind: QuestionKind, *, hints: tuple[str, ...] = ()) -> Attempt:
    """The attempt of a sitting that asks one question of a kind, of which the learner has a card."""
    question = a_question(db, kind, must=("one", "two") if kind is QuestionKind.OPEN else ())
    question.hints = list(hints)
    add_cards(db, user=user, question_ids=[question.id], now=NOW)
    quiz = service.open_quiz(db, user=user, wish=Wish(length=Length(questions=1)), rng=Random(1), now=NOW)
    return quiz.attempts[0]


def answered(db: Session, user: User, attempt: Attempt, said: SaidPoints, *, sure: Confidence | None = None) -> None:
    service.answer(db, user=user, attempt=attempt, given=Given(text="So.", confidence=sure), now=NOW)
    service.mark(db, user=user, attempt=attempt, said=said, now=NOW)


def counted(db: Session) -> list[Rating]:
    """The ratings that were not taken back."""
    log = select(ReviewLog.rating).where(ReviewLog.outcome != Outcome.UNDONE).order_by(ReviewLog.reviewed_at)
    return list(db.scalars(log))


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_who_does_not_know_has_missed_it_and_marks_nothing(db: Session, learner: User, kind: QuestionKind) -> None:
    attempt = asked(db, learner, kind)
    service.answer(db, user=learner, attempt=attempt, given=Given(is_unknown=True), now=NOW)
    assert (attempt.verdict, attempt.score, attempt.answer) == (Verdict.FAIL, 0.0, {"unknown": True})
    assert counted(db) == [Rating.AGAIN]


def test_a_right_answer_after_a_hint_counts_as_hard(db: Session, learner: User) -> None:
    attempt = asked(db, learner, QuestionKind.SHORT, hints=("It is a web server.",))
    for _ in range(3):
        service.take_hint(db, attempt=attempt)
    service.answer(db, user=learner, attempt=attempt, given=Given(text="nginx"), now=NOW)
    assert (attempt.hints_taken, attempt.verdict, attempt.score) == (1, Verdict.PASS, 0.75)
    assert counted(db) == [Rating.HARD]


def test_no_hint_is_taken_after_the_answer(db: Session, learner: User) -> None:
    attempt = asked(db, learner, QuestionKind.SHORT, hints=("It is a web server.",))
    service.answer(db, user=learner, attempt=attempt, given=Given(text="nginx"), now=NOW)
    service.take_hint(db, attempt=attempt)
    assert attempt.hints_taken == 0


def test_a_hint_costs_an_open_answer_too(db: Session, learner: User) -> None:
    attempt = asked(db, learner, QuestionKind.OPEN, hints=("Think of the kernel.",))
    service.take_hint(db, attempt=attempt)
    answered(db, learner, attempt, SaidPoints(points=[0, 1]))
    assert (attempt.verdict, attempt.score) == (Verdict.PASS, 0.75)


def test_marks_that_are_taken_back_never_were(db: Session, learner: User) -> None:
    attempt = asked(db, learner, QuestionKind.OPEN)
    answered(db, learner, attempt, SaidPoints(points=[]), sure=Confidence.SURE)
    card = db.scalars(select(Card)).one()
    assert (card.reps, card.misjudged_day) == (1, card.last_day)
    service.take_marks_back(db, user=learner, attempt=attempt, now=NOW)
    db.refresh(card)
    assert (card.phase, card.reps, card.misjudged_day) == (Phase.NEW, 0, None)
    assert (attempt.verdict, attempt.score, attempt.quiz_session.finished_at) == (None, None, None)
    assert attempt.answer == {"text": "So.", "taken_back": 1}
    assert counted(db) == []


def test_who_marks_anew_is_rated_anew_and_once(db: Session, learner: User) -> None:
    attempt = asked(db, learner, QuestionKind.OPEN)
    answered(db, learner, attempt, SaidPoints(points=[]))
    service.take_marks_back(db, user=learner, attempt=attempt, now=NOW)
    for _ in range(2):
        service.mark(db, user=learner, attempt=attempt, said=SaidPoints(points=[0, 1]), now=NOW)
    assert counted(db) == [Rating.GOOD]
    assert attempt.quiz_session.finished_at == NOW


def test_marks_that_are_not_ones_own_are_not_taken_back(db: Session, learner: User) -> None:
    attempt = asked(db, learner, QuestionKind.SHORT)
    service.answer(db, user=learner, attempt=attempt, given=Given(text="apache"), now=NOW)
    with pytest.raises(Conflict):
        service.take_marks_back(db, user=learner, attempt=attempt, now=NOW)
