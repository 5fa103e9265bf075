"""Several writers at once: one review counts once, nothing is lost, nobody deadlocks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.errors import Conflict
from quizapp.review import service, undoing
from quizapp.review.log import replay
from quizapp.review.memory import Rating
from quizapp.review.models import Card, Outcome, ReviewLog, ReviewSource
from quizapp.review.rating import Rated
from tests.builders import a_question, rate_card

from .conftest import NOON

Result = TypeVar("Result")

WRITERS = 4
ROUNDS = 10


class Setting:
    """A learner with cards of two questions, and ways to rate them in transactions of their own."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with Session(engine) as db:
            user = accounts.add_user(db, name="Ada", role=Role.LEARNER, now=NOON)
            self.questions = [a_question(db).id for _ in range(3)]
            service.add_cards(db, user=user, question_ids=self.questions[:2], now=NOON)
            self.cards = list(db.scalars(select(Card.id).order_by(Card.question_id)))
            db.commit()
            self.user_id = user.id

    def in_transaction(self, work: Callable[[Session, User], Result]) -> Result:
        with Session(self.engine) as db:
            result = work(db, db.get_one(User, self.user_id))
            db.commit()
            return result

    def rate(self, *, review_id: UUID, card: int = 0, seen: int = 0, rating: Rating = Rating.GOOD) -> Rated:
        return self.in_transaction(
            lambda db, user: rate_card(
                db,
                user=user,
                card_id=self.cards[card],
                review_id=review_id,
                rating=rating,
                source=ReviewSource.REVIEW,
                now=NOON,
                seen_version=seen,
                taken_ms=None,
            )
        )

    def outcomes(self) -> dict[Outcome, int]:
        with Session(self.engine) as db:
            return dict(db.execute(select(ReviewLog.outcome, func.count()).group_by(ReviewLog.outcome)).all())


@pytest.fixture
def setting(engine: Engine) -> Setting:
    return Setting(engine)


def at_once(work: Callable[[int], Result]) -> list[Result]:
    """The results of `work` of 0, 1, … run by as many threads that start together."""
    barrier = Barrier(WRITERS)

    def run(number: int) -> Result:
        barrier.wait(timeout=60)
        return work(number)

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def test_one_id_sent_at_once_counts_once(setting: Setting) -> None:
    for round_ in range(ROUNDS):
        review_id = uuid4()
        results = at_once(lambda number, id_=review_id, seen=round_: setting.rate(review_id=id_, seen=seen))
        assert results == [results[0]] * WRITERS
        assert setting.outcomes() == {Outcome.APPLIED: round_ + 1}


def test_of_two_tabs_one_moves_the_card(setting: Setting) -> None:
    for round_ in range(ROUNDS):
        results = at_once(lambda number, seen=round_: setting.rate(review_id=uuid4(), seen=seen))
        assert sorted(rated.outcome for rated in results) == [Outcome.APPLIED] + [Outcome.STALE] * (WRITERS - 1)
    assert setting.outcomes() == {Outcome.APPLIED: ROUNDS, Outcome.STALE: ROUNDS * (WRITERS - 1)}


def test_one_id_for_two_cards_at_once_counts_for_one(setting: Setting) -> None:
    for round_ in range(ROUNDS):
        review_id = uuid4()

        def rate(number: int, id_: UUID = review_id) -> bool:
            try:
                setting.rate(review_id=id_, card=number % 2, seen=-1)
            except Conflict:
                return False
            return True

        assert at_once(rate).count(True) == WRITERS / 2
        assert setting.outcomes() == {Outcome.STALE: round_ + 1}


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_conflict_noticed_only_by_the_database_leaves_the_card_alone(setting: Setting) -> None:
    # SQLite lets no second writer in, so there the id is always seen before.
    review_id = uuid4()
    with Session(setting.engine) as first, ThreadPoolExecutor(1) as pool:
        user = first.get_one(User, setting.user_id)
        common = {"user": user, "rating": Rating.GOOD, "source": ReviewSource.REVIEW, "now": NOON, "taken_ms": None}
        rate_card(first, card_id=setting.cards[0], review_id=review_id, seen_version=0, **common)
        second = pool.submit(setting.rate, review_id=review_id, card=1)
        while not _is_waiting(setting.engine):
            assert not second.done()
        first.commit()
        with pytest.raises(Conflict):
            second.result(timeout=60)
    with Session(setting.engine) as db:
        assert [card.version for card in db.scalars(select(Card).order_by(Card.question_id))] == [1, 0]


def _is_waiting(engine: Engine) -> bool:
    """Whether a PostgreSQL connection of this database waits for another one's lock."""
    with engine.connect() as connection:
        waits = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(waits.scalar())


def test_a_question_answered_at_once_gets_one_card(setting: Setting) -> None:
    def answer(_number: int) -> Rated:
        return setting.in_transaction(
            lambda db, user: service.rate_question(
                db,
                user=user,
                question_id=setting.questions[2],
                review_id=uuid4(),
                rating=Rating.AGAIN,
                source=ReviewSource.QUIZ,
                now=NOON,
            )
        )

    results = at_once(answer)
    assert len({rated.card_id for rated in results}) == 1
    assert setting.outcomes() == {Outcome.APPLIED: WRITERS}


def test_two_presses_of_undo_take_back_at_most_two(setting: Setting) -> None:
    for card in (0, 1):
        setting.rate(review_id=uuid4(), card=card)
    undone = at_once(lambda _: setting.in_transaction(lambda db, user: undoing.undo(db, user=user, now=NOON)))
    ids = [each.review_id for each in undone if each]
    assert 1 <= len(ids) == len(set(ids)) <= 2


def test_rating_and_undoing_at_once_keep_log_and_card_together(setting: Setting) -> None:
    def work(number: int) -> None:
        for step in range(ROUNDS):
            if number % 2:
                setting.rate(review_id=uuid4(), card=step % 2, seen=step, rating=Rating.AGAIN)
            else:
                later = NOON + timedelta(seconds=step)
                setting.in_transaction(lambda db, user, at=later: undoing.undo(db, user=user, now=at))

    at_once(work)
    with Session(setting.engine) as db:
        for card in db.scalars(select(Card)):
            before = card.memory, card.due_at
            replay.rebuild(db, card)
            assert (card.memory, card.due_at) == before
