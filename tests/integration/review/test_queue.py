"""The queue in SQL beside the same in Python, on small random decks; and that each part reads its own index."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Select, insert, text, update
from sqlalchemy.orm import Session

from quizapp.accounts.models import DEFAULT_NEW_PER_DAY, NewOrder, ReviewOrder, User
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.review import queries, queue, service, undoing
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, DayTally
from quizapp.review.queue import COUNTED_MAX, has_come_back, longest_wait
from quizapp.review.scheduler import AGAIN_STEP
from quizapp.shown_progress import up_to_most
from tests.builders import a_question

from .conftest import NOON

CARDS = 40
DAYS = 3  # so few that many cards are equal but for the last columns of the order
ORDERS = {f"next, {order}": order for order in ReviewOrder}
MINUTES = timedelta(minutes=1)
DAY = timedelta(days=1)


def a_deck(db: Session, user: User, rng: Random) -> list[Card]:
    """Cards in every phase, some buried, some of questions that are retired or drafts."""
    today = queries.today_of(user, now=NOON)
    cards = []
    for _ in range(CARDS):
        question = a_question(db)
        question.draft, question.retired_at = rng.random() < 0.1, NOON if rng.random() < 0.1 else None
        db.flush()
        card = Card(user_id=user.id, question_id=question.id, hidden=question.hidden, created_at=some_time(rng))
        phase = rng.choice(list(Phase))
        if phase is not Phase.NEW:
            card.phase, card.last_review_at = phase, some_time(rng)
            card.due_day, card.last_day = today + rng.randint(-DAYS, DAYS), today - DAYS
            card.misjudged_day = rng.choice((None, None, today - DAYS - 1, today - DAYS, today))
        if phase in (Phase.LEARNING, Phase.RELEARNING):
            card.due_day, card.due_at = today, NOON + rng.randint(-2, 12) * MINUTES
        if rng.random() < 0.2:
            card.buried_until_day = today + rng.randint(-1, 1)
        cards.append(card)
    db.add_all(cards)
    db.add(
        DayTally(user_id=user.id, day=today, introduced=rng.choice((0, DEFAULT_NEW_PER_DAY - 1, DEFAULT_NEW_PER_DAY)))
    )
    db.flush()
    return cards


def a_row(number: int) -> dict[str, Any]:
    """A question for a bulk INSERT, so that a thousand take no time."""
    texts = {"prompt": "?", "answer": "!", "must": [], "bonus": [], "red_flags": [], "fingerprint": f"{number:064}"}
    return {"key": f"bulk-{number}", "kind": QuestionKind.OPEN, "position": 1, "updated_at": NOON, **texts}


def some_time(rng: Random) -> datetime:
    return NOON - rng.randint(1, DAYS) * MINUTES


def in_order(db: Session, cards: Iterable[Card], *, user: User, ahead: bool) -> list[UUID]:
    """The ids of the cards in the queue's order, by the words of `queries.next_card`."""
    today = queries.today_of(user, now=NOON)
    tally = db.get_one(DayTally, (user.id, today))

    def pile(card: Card) -> float | None:
        if card.due_at is not None:
            if card.due_at > longest_wait(NOON):
                return 3.5
            return 1 if card.due_at <= NOON else 4 if ahead and card.due_at <= NOON + AGAIN_STEP else None
        if card.due_day is None:
            return 3 if tally.introduced < DEFAULT_NEW_PER_DAY else None
        is_misjudged = card.misjudged_day is not None and card.misjudged_day >= (card.last_day or 0)
        return (2 - is_misjudged / 2) if card.due_day <= today else None

    def key(card: Card) -> tuple[object, ...]:
        never = NOON - 1000 * MINUTES
        last = card.last_review_at or never, card.created_at, card.question_id
        return pile(card), card.due_at or never, card.due_day or 0, *last

    shown = [card for card in cards if not card.hidden and (card.buried_until_day or 0) <= today]
    return [card.id for card in sorted((card for card in shown if pile(card)), key=key)]


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_cards_come_in_the_order_of_the_words(db: Session, learner: User, seed: int, ahead: bool) -> None:
    learner.new_order = NewOrder.AFTER
    expected = in_order(db, a_deck(db, learner, Random(seed)), user=learner, ahead=ahead)
    seen: list[UUID] = []
    while card := queries.next_card(db, user=learner, now=NOON, ahead=ahead, without=seen):
        seen.append(card.id)
    assert seen == expected
    assert queries.next_card(db, user=learner, now=NOON, ahead=ahead) is db.get_one(Card, expected[0])


@pytest.mark.parametrize("seed", range(3))
def test_counts_and_the_forecast_agree_with_the_cards(db: Session, learner: User, seed: int) -> None:
    deck = a_deck(db, learner, Random(seed))
    today = queries.today_of(learner, now=NOON)
    shown = [card for card in deck if not card.hidden]
    left = [card for card in shown if (card.buried_until_day or 0) <= today]
    days = [max(card.due_day, card.buried_until_day or 0) for card in shown if card.due_day is not None]
    counts = queries.counts(db, user=learner, now=NOON)
    assert counts.learning + counts.later == sum(card.due_at is not None for card in left)
    assert counts.learning == sum(has_come_back(card.due_at, now=NOON) for card in left)
    assert counts.due == sum(card.phase is Phase.REVIEW and card.due_day <= today for card in left)
    new = sum(card.phase is Phase.NEW for card in left)
    assert counts.new == min(new, DEFAULT_NEW_PER_DAY - db.get_one(DayTally, (learner.id, today)).introduced)
    week = [day.count for day in queries.forecast(db, user=learner, now=NOON)]
    assert week == [sum(day <= today for day in days), *(days.count(today + later) for later in range(1, 7))]


def test_more_than_are_shown_are_not_counted(db: Session, learner: User) -> None:
    today = queries.today_of(learner, now=NOON)
    some = [{**a_row(number), "id": number} for number in range(1, COUNTED_MAX + 3)]
    db.execute(insert(Question), some)
    service.add_cards(db, user=learner, question_ids=[row["id"] for row in some], now=NOON)
    db.execute(update(Card).values(phase=Phase.REVIEW, due_day=today, last_review_at=NOON))
    counts = queries.counts(db, user=learner, now=NOON)
    assert (counts.due, counts.is_whole) == (COUNTED_MAX, False)
    assert up_to_most(counts.due) == "999+"


@pytest.mark.parametrize("name", [*ORDERS, "counts", "waiting", "forecast"])
def test_every_part_of_the_queue_is_a_range_of_its_own_index(db: Session, learner: User, name: str) -> None:
    made = {
        **{name: a_next(order) for name, order in ORDERS.items()},
        "counts": queue.counts(),
        "waiting": queue.waiting(),
        "forecast": queue.forecast(),
    }
    values = {
        "user_id": uuid4(),
        "now": NOON,
        "longest": NOON,
        "soon": NOON,
        "today": 20_000,
        "new_per_day": 20,
        "reviews_per_day": 9,
    }
    values["shuffle"] = 1
    know_cards(db, learner)
    plan = [line for line in explained(db, made[name], values) if re.search("(SEARCH|SCAN|card) queued", line)]
    assert plan
    assert [line for line in plan if "ix_card_" not in line] == []


def a_next(order: ReviewOrder) -> Select[Card]:
    return queue.next_card(ahead=True, without=False, new_order=NewOrder.MIXED, review_order=order)


def know_cards(db: Session, learner: User) -> None:
    """Let PostgreSQL have statistics of a few cards, and keep it from reading so few rows all at once.

    Of a table that it has seen empty it takes any index for as good as another. SQLite has no statistics here.
    """
    if db.get_bind().dialect.name != "postgresql":
        return
    others = [User(name=f"Learner {number}", role=learner.role, created_at=NOON) for number in range(2)]
    db.add_all(others)
    for seed, user in enumerate((learner, *others)):
        a_deck(db, user, Random(seed))
    db.execute(
        text("REINDEX TABLE card")
    )  # what tests before have rolled back is in each index, in one more than another
    db.execute(text("ANALYZE card"))
    for way in ("seqscan", "bitmapscan"):  # the second shows the name of the index in another line
        db.execute(text(f"SET LOCAL enable_{way} = off"))


def explained(db: Session, statement: Select[Any], values: dict[str, Any]) -> list[str]:
    """The lines of the database's plan for a statement."""
    written = statement.params(values).compile(db.get_bind(), compile_kwargs={"literal_binds": True})
    how = "EXPLAIN QUERY PLAN" if db.get_bind().dialect.name == "sqlite" else "EXPLAIN"
    return [str(tuple(row)) for row in db.connection().exec_driver_sql(f"{how} {written}")]


def test_a_misjudged_card_comes_first_until_a_later_day_and_again_after_an_undo(
    db: Session, learner: User, make_card: Callable[[], Card], rate: Callable[..., None]
) -> None:
    earlier, card = make_card(), make_card()
    for each, days in ((earlier, 0), (card, 1)):
        rate(each, Rating.HARD, at=NOON + days * DAY)
    service.misjudge(db, user=learner, question_id=card.question_id, at=NOON + DAY)
    later = NOON + 30 * DAY
    assert queries.next_card(db, user=learner, now=later) is card
    rate(card, Rating.AGAIN, at=later)
    rate(card, Rating.GOOD, at=later + MINUTES)
    assert queries.next_card(db, user=learner, now=later + 300 * DAY) is earlier
    for _ in range(2):
        undoing.undo(db, user=learner, now=later + 2 * MINUTES)
    assert queries.next_card(db, user=learner, now=later + 3 * MINUTES) is card
