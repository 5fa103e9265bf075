"""Answers of one learner at once, each in a transaction of its own: the first one stands, and the sitting ends."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from threading import Barrier
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.models import QuestionKind
from quizapp.quiz import service
from quizapp.quiz.draw.wish import Wish
from quizapp.quiz.given_answer import Given
from quizapp.quiz.marking import SaidPoints
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.service import Receipt
from quizapp.review import service as review
from quizapp.review.memory import Rating
from quizapp.review.models import Card, ReviewLog
from quizapp.verdicts import Verdict
from tests.builders import NOW, a_question

Result = TypeVar("Result")
Begin = Callable[..., "Sitting"]
RIGHT, WRONG = 0, 1  # options of `a_question`, by their order
TABS = 4


@dataclass(frozen=True)
class Sitting:
    """A learner's sitting, and ways to answer it in transactions of their own."""

    engine: Engine
    user_id: UUID
    quiz_id: UUID

    def in_transaction(self, position: int, work: Callable[[Session, User, Attempt], Result]) -> Result:
        """What `work` makes of the attempt at a position, which it has read before any other tab may write."""
        with Session(self.engine) as db:
            user = db.get_one(User, self.user_id)
            attempt = service.attempt_at(service.quiz_of(db, user=user, quiz_id=self.quiz_id), position)
            result = work(db, user, attempt)
            db.commit()
            return result

    def choose(self, option: int, *, position: int = 1, together: Barrier | None = None) -> Receipt:
        def work(db: Session, user: User, attempt: Attempt) -> Receipt:
            given = Given(choices=[attempt.shown.choices[option].id])
            _wait(db, together)
            return service.answer(db, user=user, attempt=attempt, given=given, now=NOW)

        return self.in_transaction(position, work)

    def write(self, text: str, *, together: Barrier | None = None) -> Receipt:
        def work(db: Session, user: User, attempt: Attempt) -> Receipt:
            _wait(db, together)
            return service.answer(db, user=user, attempt=attempt, given=Given(text=text), now=NOW)

        return self.in_transaction(1, work)

    def mark(self, *points: int, together: Barrier | None = None) -> Receipt:
        def work(db: Session, user: User, attempt: Attempt) -> Receipt:
            _wait(db, together)
            return service.mark(db, user=user, attempt=attempt, said=SaidPoints(points=points), now=NOW)

        return self.in_transaction(1, work)

    def stored(self) -> QuizSession:
        with Session(self.engine) as db:
            quiz = db.get_one(QuizSession, self.quiz_id)
            assert quiz.attempts
            db.expunge_all()
            return quiz

    def ratings(self) -> list[Rating]:
        with Session(self.engine) as db:
            return list(db.scalars(select(ReviewLog.rating)))


@pytest.fixture
def begin(engine: Engine) -> Callable[..., Sitting]:
    """`begin(kind, …)`: a sitting on new questions of these kinds, with cards; without any, on those there are."""
    with Session(engine) as db:
        user_id = accounts.add_user(db, name="Ada", role=Role.LEARNER, now=NOW).id
        db.commit()

    def do(*kinds: QuestionKind) -> Sitting:
        with Session(engine) as db:
            user = db.get_one(User, user_id)
            questions = [a_question(db, kind, must=("one", "two")).id for kind in kinds]
            review.add_cards(db, user=user, question_ids=questions, now=NOW)
            quiz_id = service.open_quiz(db, user=user, wish=Wish(), rng=Random(1), now=NOW).id
            db.commit()
            return Sitting(engine, user_id, quiz_id)

    return do


def _wait(db: Session, together: Barrier | None) -> None:
    """Wait for the other tabs with the attempt read. SQLite lets nobody else in by then, so there it is not waited."""
    if together is not None and db.get_bind().dialect.name == "postgresql":
        together.wait(timeout=60)


def at_once(work: Callable[[int, Barrier], Result], *, tabs: int = TABS) -> list[Result]:
    """The results of `work` of 0, 1, … in as many threads, which meet at the barrier."""
    barrier = Barrier(tabs)
    with ThreadPoolExecutor(tabs) as pool:
        return list(pool.map(lambda number: work(number, barrier), range(tabs)))


def test_of_two_answers_at_once_the_first_stands_with_its_rating(begin: Begin) -> None:
    sitting = begin(QuestionKind.SINGLE)
    receipts = at_once(lambda number, together: sitting.choose(number % 4, together=together))
    (attempt,) = sitting.stored().attempts
    assert sorted(receipts) == [Receipt.TAKEN, *[Receipt.TOO_LATE] * (TABS - 1)]
    assert attempt.answer == {"choices": [attempt.asked.choices[receipts.index(Receipt.TAKEN)].id]}
    is_right = receipts.index(Receipt.TAKEN) == RIGHT
    assert attempt.verdict is (Verdict.PASS if is_right else Verdict.FAIL)
    assert sitting.ratings() == [Rating.GOOD if is_right else Rating.AGAIN]


def test_one_answer_sent_several_times_at_once_is_taken_once(begin: Begin) -> None:
    sitting = begin(QuestionKind.SINGLE)
    assert at_once(lambda _, together: sitting.choose(WRONG, together=together)) == [Receipt.TAKEN] * TABS
    assert sitting.ratings() == [Rating.AGAIN]


def test_of_two_texts_at_once_the_first_stands(begin: Begin) -> None:
    sitting = begin(QuestionKind.OPEN)
    receipts = at_once(lambda number, together: sitting.write(f"Text {number}", together=together))
    assert sorted(receipts) == [Receipt.TAKEN, *[Receipt.TOO_LATE] * (TABS - 1)]
    assert sitting.stored().attempts[0].answer == {"text": f"Text {receipts.index(Receipt.TAKEN)}"}


def test_of_two_marks_at_once_the_first_stand_with_their_rating(begin: Begin) -> None:
    sitting = begin(QuestionKind.OPEN)
    sitting.write("Because.")
    marks = [(), (0, 1)]
    receipts = at_once(lambda number, together: sitting.mark(*marks[number], together=together), tabs=2)
    first = receipts.index(Receipt.TAKEN)
    assert sorted(receipts) == [Receipt.TAKEN, Receipt.TOO_LATE]
    assert sitting.stored().attempts[0].answer == {"text": "Because.", "points": list(marks[first])}
    assert sitting.ratings() == [[Rating.AGAIN, Rating.GOOD][first]]


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_sitting_whose_last_two_answers_come_at_once_ends(begin: Begin, engine: Engine) -> None:
    sitting = begin(QuestionKind.SINGLE, QuestionKind.SINGLE)  # SQLite lets no second writer in
    with Session(engine) as first, ThreadPoolExecutor(1) as pool:
        user = first.get_one(User, sitting.user_id)
        attempt = service.attempt_at(service.quiz_of(first, user=user, quiz_id=sitting.quiz_id), 1)
        given = Given(choices=[attempt.shown.choices[RIGHT].id])
        service.answer(first, user=user, attempt=attempt, given=given, now=NOW)
        second = pool.submit(sitting.choose, RIGHT, position=2)
        while not (second.done() or _is_waiting(engine)):
            pass
        first.commit()
        second.result(timeout=60)
    assert sitting.stored().finished_at == NOW


def _is_waiting(engine: Engine) -> bool:
    """Whether a PostgreSQL connection of this database waits for another one's lock."""
    with engine.connect() as connection:
        waits = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(waits.scalar())


def test_a_question_that_two_sittings_answer_at_once_is_reviewed_once(begin: Begin) -> None:
    sitting = begin(QuestionKind.SINGLE)
    other = begin()
    at_once(lambda number, together: [sitting, other][number].choose(RIGHT, together=together), tabs=2)
    assert sitting.ratings() == [Rating.GOOD]
    with Session(sitting.engine) as db:
        assert [card.reps for card in db.scalars(select(Card))] == [1]
