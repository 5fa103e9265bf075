"""Sittings on real databases: drawn once, answered once, missed ones come back."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.models import PAGE_KINDS, Question, QuestionKind
from quizapp.confidence import Confidence
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.quiz import service
from quizapp.quiz.draw.selection import Length
from quizapp.quiz.draw.wish import Narrowed, Wish
from quizapp.quiz.given_answer import Given
from quizapp.quiz.kinds.marker import ANSWER_MAX_CHARS
from quizapp.quiz.marking import SaidPoints
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.review import service as review
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, ReviewLog, ReviewSource
from quizapp.verdicts import Verdict
from tests.builders import NOW, a_note, a_question


def opened(db: Session, user: User, *, length: int = 10) -> QuizSession:
    return service.open_quiz(db, user=user, wish=Wish(length=Length(questions=length)), rng=Random(1), now=NOW)


def only(db: Session, user: User, question: Question) -> Attempt:
    """The attempt of a sitting that asks just this question."""
    quiz = opened(db, user)
    return next(attempt for attempt in quiz.attempts if attempt.question_id == question.id)


def choose(db: Session, user: User, attempt: Attempt, *positions: int, sure: Confidence | None = None) -> None:
    ids = [attempt.question.choices[position - 1].id for position in positions]
    service.answer(db, user=user, attempt=attempt, given=Given(choices=ids, confidence=sure), now=NOW)


def card_of(db: Session, user: User, attempt: Attempt) -> Card | None:
    return db.scalar(select(Card).where(Card.user_id == user.id, Card.question_id == attempt.question_id))


def test_a_sitting_asks_what_can_be_asked_and_nothing_else(db: Session, learner: User) -> None:
    note = a_note(db)
    asked = {a_question(db, kind, note=note).id for kind in PAGE_KINDS}
    a_question(db, QuestionKind.FLASHCARD, note=note)
    a_question(db, QuestionKind.LAB, note=note)
    a_question(db, note=note).retired_at = NOW
    a_question(db, note=note).draft = True
    other = a_question(db, note=a_note(db, title="Another"))
    db.flush()
    quiz = service.open_quiz(db, user=learner, wish=Wish(narrowed=Narrowed(notes=(note.key,))), rng=Random(1), now=NOW)
    assert {attempt.question_id for attempt in quiz.attempts} == asked
    assert {attempt.question_id for attempt in opened(db, learner).attempts} == asked | {other.id}


def test_the_options_are_shown_in_one_order_all_through(db: Session, learner: User) -> None:
    question = a_question(db)
    attempt = only(db, learner, question)
    assert sorted(attempt.choice_order) == sorted(choice.id for choice in question.choices)


def test_a_note_without_questions_says_what_to_do(db: Session, learner: User) -> None:
    with pytest.raises(Invalid, match="import one"):
        service.open_quiz(db, user=learner, wish=Wish(), rng=Random(1), now=NOW)


def test_a_missed_question_becomes_a_card_that_comes_back(db: Session, learner: User) -> None:
    attempt = only(db, learner, a_question(db))
    choose(db, learner, attempt, 2)
    assert attempt.verdict is Verdict.FAIL
    card = card_of(db, learner, attempt)
    assert card is not None
    assert card.due_at == NOW + timedelta(minutes=10)
    entry = db.scalars(select(ReviewLog)).one()
    assert (entry.id, entry.rating, entry.source) == (attempt.id, Rating.AGAIN, ReviewSource.QUIZ)


@pytest.mark.parametrize("sure", list(Confidence))
def test_who_was_sure_and_wrong_gets_the_card_before_others(db: Session, learner: User, sure: Confidence) -> None:
    attempt = only(db, learner, a_question(db))
    choose(db, learner, attempt, 2, sure=sure)
    card = card_of(db, learner, attempt)
    assert card is not None
    assert card.misjudged_day == (card.last_day if sure is Confidence.SURE else None)


def test_a_right_answer_makes_no_card(db: Session, learner: User) -> None:
    attempt = only(db, learner, a_question(db))
    choose(db, learner, attempt, 1)
    assert attempt.verdict is Verdict.PASS
    assert card_of(db, learner, attempt) is None


def test_a_right_answer_counts_for_a_card_that_waits(db: Session, learner: User) -> None:
    question = a_question(db)
    review.add_cards(db, user=learner, question_ids=[question.id], now=NOW)
    attempt = only(db, learner, question)
    choose(db, learner, attempt, 1, sure=Confidence.GUESS)
    card = card_of(db, learner, attempt)
    assert card is not None
    assert card.phase is Phase.REVIEW
    assert db.scalars(select(ReviewLog.rating)).one() is Rating.HARD


def test_a_right_answer_ahead_of_time_leaves_the_schedule_alone(db: Session, learner: User) -> None:
    question = a_question(db)
    first = only(db, learner, question)
    review.rate_question(
        db,
        user=learner,
        question_id=question.id,
        review_id=first.id,
        rating=Rating.EASY,
        source=ReviewSource.REVIEW,
        now=NOW,
    )
    card = card_of(db, learner, first)
    assert card is not None
    before = (card.version, card.due_day, card.stability)
    choose(db, learner, only(db, learner, question), 1)
    db.refresh(card)
    assert (card.version, card.due_day, card.stability) == before


def test_an_answer_counts_once(db: Session, learner: User) -> None:
    attempt = only(db, learner, a_question(db))
    choose(db, learner, attempt, 2)
    choose(db, learner, attempt, 1)
    assert attempt.verdict is Verdict.FAIL
    assert len(db.scalars(select(ReviewLog)).all()) == 1


def test_an_open_answer_waits_for_its_marks(db: Session, learner: User) -> None:
    question = a_question(db, QuestionKind.OPEN, must=("one", "two", "three"))
    attempt = only(db, learner, question)
    service.answer(db, user=learner, attempt=attempt, given=Given(text="Because."), now=NOW)
    assert (attempt.verdict, attempt.answer) == (None, {"text": "Because."})
    service.mark(db, user=learner, attempt=attempt, said=SaidPoints(points=[0, 2]), now=NOW)
    assert (attempt.verdict, attempt.score) == (Verdict.PASS, pytest.approx(2 / 3))
    assert attempt.answer == {"text": "Because.", "points": [0, 2]}
    assert attempt.quiz_session.finished_at == NOW


def test_an_answer_without_a_guide_is_one_point(db: Session, learner: User) -> None:
    attempt = only(db, learner, a_question(db, QuestionKind.OPEN))
    service.answer(db, user=learner, attempt=attempt, given=Given(text="Maybe"), now=NOW)
    service.mark(db, user=learner, attempt=attempt, said=SaidPoints(points=[]), now=NOW)
    assert attempt.verdict is Verdict.FAIL


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_open_answer_without_words_is_none(db: Session, learner: User, text: str) -> None:
    """Ticks beside it would say that something was said."""
    attempt = only(db, learner, a_question(db, QuestionKind.OPEN))
    with pytest.raises(Invalid, match="Write your answer first"):
        service.answer(db, user=learner, attempt=attempt, given=Given(text=text), now=NOW)
    service.answer(db, user=learner, attempt=attempt, given=Given(is_unknown=True), now=NOW)
    assert attempt.verdict is Verdict.FAIL


def test_marks_come_after_the_answer(db: Session, learner: User) -> None:
    attempt = only(db, learner, a_question(db, QuestionKind.OPEN))
    with pytest.raises(Conflict, match="Answer the question first"):
        service.mark(db, user=learner, attempt=attempt, said=SaidPoints(points=[0]), now=NOW)


@pytest.mark.parametrize("text", ["x" * (ANSWER_MAX_CHARS + 1)])
def test_a_giant_answer_is_refused(db: Session, learner: User, text: str) -> None:
    attempt = only(db, learner, a_question(db, QuestionKind.OPEN))
    with pytest.raises(Invalid, match="more briefly"):
        service.answer(db, user=learner, attempt=attempt, given=Given(text=text), now=NOW)


def test_a_foreign_option_is_refused_and_the_question_stays_open(db: Session, learner: User) -> None:
    attempt = only(db, learner, a_question(db))
    other = a_question(db)
    with pytest.raises(Invalid):
        service.answer(db, user=learner, attempt=attempt, given=Given(choices=[other.choices[0].id]), now=NOW)
    assert attempt.answer is None


def test_the_sitting_ends_with_its_last_answer(db: Session, learner: User) -> None:
    a_question(db)
    a_question(db)
    quiz = opened(db, learner)
    choose(db, learner, quiz.attempts[1], 1)
    assert quiz.finished_at is None
    choose(db, learner, quiz.attempts[0], 2)
    assert quiz.finished_at == NOW


def test_again_with_the_misses_asks_just_those(db: Session, learner: User) -> None:
    for _ in range(4):
        a_question(db)
    quiz = opened(db, learner)
    for attempt in quiz.attempts:
        choose(db, learner, attempt, 1 if attempt.position > 2 else 3)
    again = service.again_with_misses(db, quiz=quiz, user=learner, rng=Random(2), now=NOW)
    assert {attempt.question_id for attempt in again.attempts} == {
        attempt.question_id for attempt in quiz.attempts if attempt.position <= 2
    }


def test_again_without_misses_is_refused(db: Session, learner: User) -> None:
    quiz = opened(db, learner) if a_question(db) else None
    assert quiz is not None
    choose(db, learner, quiz.attempts[0], 1)
    with pytest.raises(Invalid):
        service.again_with_misses(db, quiz=quiz, user=learner, rng=Random(2), now=NOW)


def test_a_sitting_is_its_learners_own(db: Session, learner: User) -> None:
    a_question(db)
    quiz = opened(db, learner)
    bob = accounts.add_user(db, name="Bob", role=Role.OWNER, now=NOW)
    assert service.quiz_of(db, user=learner, quiz_id=quiz.id) is quiz
    with pytest.raises(NotFound):
        service.quiz_of(db, user=bob, quiz_id=quiz.id)


@pytest.mark.parametrize("position", [0, 2, -1])
def test_there_is_no_question_past_the_ends(db: Session, learner: User, position: int) -> None:
    a_question(db)
    with pytest.raises(NotFound, match="has 1 questions"):
        service.attempt_at(opened(db, learner), position)
