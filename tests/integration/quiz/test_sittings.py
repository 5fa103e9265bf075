"""Tests and interviews on real databases: changed answers, one after another, closed by the server clock."""

from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import QuestionKind
from quizapp.confidence import Confidence
from quizapp.errors import Conflict, Invalid
from quizapp.quiz import service, sittings
from quizapp.quiz.draw.selection import Length
from quizapp.quiz.draw.wish import Wish
from quizapp.quiz.given_answer import Given
from quizapp.quiz.marking import SaidPoints
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.modes import GRACE, Mode
from quizapp.quiz.service import Receipt
from quizapp.quiz.unanswered import next_position, present
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewLog
from quizapp.verdicts import Verdict
from tests.builders import NOW, a_question

END = NOW + timedelta(minutes=5)


def opened(db: Session, user: User, *kinds: QuestionKind, mode: Mode = Mode.TEST) -> QuizSession:
    """A sitting of five minutes with a question of each of these kinds, in this order."""
    for kind in kinds:
        a_question(db, kind, must=("one", "two"))
    quiz = service.open_quiz(db, user=user, wish=Wish(length=Length(questions=len(kinds))), rng=Random(1), now=NOW)
    sittings.begin(quiz, mode=mode, asked_min=5)
    db.flush()
    return quiz


def of(quiz: QuizSession, kind: QuestionKind) -> Attempt:
    return next(attempt for attempt in quiz.attempts if attempt.shown.kind.value == kind.value)


def give(db: Session, user: User, attempt: Attempt, *, now: datetime = NOW, **given: object) -> Receipt:
    return sittings.answer(db, user=user, attempt=attempt, given=Given(**given), now=now)  # type: ignore[arg-type]


def pick(attempt: Attempt, *places: int) -> list[int]:
    return [attempt.shown.choices[place].id for place in places]


def test_an_answer_of_a_test_can_be_changed_and_has_no_verdict_until_it_is_handed_in(
    db: Session, learner: User
) -> None:
    quiz = opened(db, learner, QuestionKind.SINGLE)
    attempt = quiz.attempts[0]
    for place in (1, 0):
        assert give(db, learner, attempt, choices=pick(attempt, place)) is Receipt.TAKEN
    assert (attempt.verdict, attempt.answer) == (None, {"choices": pick(attempt, 0)})
    sittings.hand_in(db, user=learner, quiz=quiz, now=NOW)
    assert (attempt.verdict, quiz.finished_at, quiz.handed_in_at) == (Verdict.PASS, NOW, NOW)


def test_an_answer_of_a_test_can_be_taken_away(db: Session, learner: User) -> None:
    quiz = opened(db, learner, QuestionKind.SHORT)
    give(db, learner, quiz.attempts[0], text="nginx")
    give(db, learner, quiz.attempts[0], text=" ")
    assert (quiz.attempts[0].answer, quiz.attempts[0].draft) == (None, {"text": " "})


def test_what_was_not_answered_is_missed_and_rates_no_card(db: Session, learner: User) -> None:
    quiz = opened(db, learner, QuestionKind.SINGLE, QuestionKind.SHORT)
    give(db, learner, of(quiz, QuestionKind.SHORT), is_unknown=True)
    sittings.hand_in(db, user=learner, quiz=quiz, now=NOW)
    assert [attempt.verdict for attempt in quiz.attempts] == [Verdict.FAIL, Verdict.FAIL]
    assert db.scalars(select(ReviewLog.rating)).all() == [Rating.AGAIN], "of the one that was said to be unknown"


def test_an_open_answer_waits_for_its_marks_after_the_end_and_not_before(db: Session, learner: User) -> None:
    quiz = opened(db, learner, QuestionKind.OPEN)
    give(db, learner, quiz.attempts[0], text="Because.")
    with pytest.raises(Conflict, match="Hand it in first"):
        service.mark(db, user=learner, attempt=quiz.attempts[0], said=SaidPoints(points=[0]), now=NOW)
    sittings.hand_in(db, user=learner, quiz=quiz, now=NOW)
    assert (quiz.finished_at, present(quiz)) == (None, quiz.attempts[0])
    service.mark(db, user=learner, attempt=quiz.attempts[0], said=SaidPoints(points=[0, 1]), now=NOW)
    assert (quiz.attempts[0].verdict, quiz.finished_at) == (Verdict.PASS, NOW)


def test_a_test_says_nothing_of_a_near_miss_and_counts_it_as_missed(db: Session, learner: User) -> None:
    quiz = opened(db, learner, QuestionKind.SHORT, QuestionKind.CLOZE)
    assert give(db, learner, of(quiz, QuestionKind.SHORT), text="ngnix") is Receipt.TAKEN
    assert give(db, learner, of(quiz, QuestionKind.CLOZE), parts=["dokcer0", "eth0"]) is Receipt.TAKEN
    sittings.hand_in(db, user=learner, quiz=quiz, now=NOW)
    assert (of(quiz, QuestionKind.SHORT).verdict, of(quiz, QuestionKind.SHORT).score) == (Verdict.FAIL, 0.0)
    assert (of(quiz, QuestionKind.CLOZE).verdict, of(quiz, QuestionKind.CLOZE).score) == (Verdict.FAIL, 0.5)


def test_what_cannot_be_read_is_told_and_is_no_answer(db: Session, learner: User) -> None:
    quiz = opened(db, learner, QuestionKind.NUMBER)
    with pytest.raises(Invalid, match="could not be read"):
        give(db, learner, quiz.attempts[0], text="many")
    assert (quiz.attempts[0].answer, quiz.attempts[0].draft) == (None, {"text": "many"})


@pytest.mark.parametrize(
    ("after", "receipt"),
    [(timedelta(0), Receipt.TAKEN), (GRACE - timedelta(seconds=1), Receipt.TAKEN), (GRACE, Receipt.OVER)],
)
def test_the_servers_clock_decides_with_a_little_grace(
    db: Session, learner: User, after: timedelta, receipt: Receipt
) -> None:
    quiz = opened(db, learner, QuestionKind.SHORT)
    attempt = quiz.attempts[0]
    assert give(db, learner, attempt, text="nginx", confidence=Confidence.SURE, now=END + after) is receipt
    assert attempt.verdict is (Verdict.PASS if receipt is Receipt.TAKEN else Verdict.FAIL)
    assert attempt.draft == (None if receipt is Receipt.TAKEN else {"text": "nginx", "confidence": "sure"})
    assert quiz.handed_in_at == END, "closed by whoever asks, as of its end"


def test_an_answer_that_is_sent_again_after_the_end_stands_without_a_word(db: Session, learner: User) -> None:
    quiz = opened(db, learner, QuestionKind.SHORT)
    give(db, learner, quiz.attempts[0], text="nginx")
    assert give(db, learner, quiz.attempts[0], text="nginx", now=END + GRACE) is Receipt.TAKEN
    assert quiz.attempts[0].draft is None


def test_nothing_is_changed_after_a_test_was_handed_in(db: Session, learner: User) -> None:
    quiz = opened(db, learner, QuestionKind.SHORT)
    give(db, learner, quiz.attempts[0], text="apache")
    sittings.hand_in(db, user=learner, quiz=quiz, now=NOW)
    assert give(db, learner, quiz.attempts[0], text="nginx") is Receipt.OVER
    sittings.hand_in(db, user=learner, quiz=quiz, now=END)
    assert (quiz.attempts[0].verdict, quiz.handed_in_at) == (Verdict.FAIL, NOW)
    assert len(db.scalars(select(ReviewLog)).all()) == 1


def test_an_interview_goes_on_and_never_back(db: Session, learner: User) -> None:
    quiz = opened(db, learner, QuestionKind.OPEN, QuestionKind.OPEN, mode=Mode.INTERVIEW)
    first, second = quiz.attempts
    assert give(db, learner, second, text="out of turn") is Receipt.TOO_LATE
    assert give(db, learner, first, text="") is Receipt.TAKEN, "spoken aloud"
    assert give(db, learner, first, text="another") is Receipt.TOO_LATE
    assert (first.answer, next_position(quiz)) == ({"text": ""}, 2)
    give(db, learner, second, text="the second")
    assert (quiz.handed_in_at, quiz.finished_at) == (NOW, None)


def test_a_hint_is_given_in_practice_alone(db: Session, learner: User) -> None:
    quiz = opened(db, learner, QuestionKind.SHORT)
    quiz.attempts[0].question.hints = ["Think."]
    quiz.attempts[0].asked = None
    service.take_hint(db, attempt=quiz.attempts[0])
    assert quiz.attempts[0].hints_taken == 0


def test_practice_has_nothing_to_hand_in(db: Session, learner: User) -> None:
    quiz = opened(db, learner, QuestionKind.SHORT, mode=Mode.PRACTICE)
    with pytest.raises(Conflict, match="nothing to hand in"):
        sittings.hand_in(db, user=learner, quiz=quiz, now=NOW)
    assert quiz.closes_at is None
