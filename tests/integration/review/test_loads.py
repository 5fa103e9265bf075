"""The cards of the days to come, kept with whatever moves a card; and plays of Anki 26.9.3 about such days."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import deeds, due_loads, queries, undoing
from quizapp.review.log import rebuilding, study_day_figures
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, DayLoad
from quizapp.review.pages.card_page import card_page
from quizapp.study_day import date_of

from .conftest import NOON

MakeCard = Callable[[], Card]
Rate = Callable[..., None]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def kept(db: Session, user: User, *, after: int = 0) -> dict[int, int]:
    """The cards of the days after today that the table has."""
    today = queries.today_of(user, now=NOON) + after
    rows = select(DayLoad.day, DayLoad.cards).where(DayLoad.user_id == user.id, DayLoad.day > today)
    return {day: cards for day, cards in db.execute(rows) if cards}


def counted(db: Session, user: User, *, after: int = 0) -> dict[int, int]:
    """The same, from the cards."""
    today = queries.today_of(user, now=NOON) + after
    cards = db.scalars(select(Card).where(Card.user_id == user.id, Card.suspended.is_(False)))
    return Counter(c.due_day for c in cards if c.due_at is None and c.due_day is not None and c.due_day > today)


def test_whatever_moves_a_card_keeps_the_numbers(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    cards = [make_card() for _ in range(4)]
    ids = [card.id for card in cards]
    steps: list[Callable[[], object]] = [
        lambda: [rate(card, Rating.EASY) for card in cards],
        lambda: rate(cards[0], Rating.AGAIN, at=NOON + MINUTE),
        lambda: rate(cards[1], Rating.GOOD, at=NOON + 2 * MINUTE),  # early, so that it leaves another day
        lambda: deeds.suspend(db, user=learner, card_ids=ids[:2], now=NOON + 3 * MINUTE),
        lambda: deeds.reschedule(db, user=learner, card_ids=ids[1:3], days=40, now=NOON + 4 * MINUTE),
        lambda: deeds.reset(db, user=learner, card_ids=ids[3:], now=NOON + 5 * MINUTE),
    ]
    for step in steps:
        step()
        assert kept(db, learner) == counted(db, learner)
    while undoing.undo(db, user=learner, now=NOON + 6 * MINUTE):
        assert kept(db, learner) == counted(db, learner)
    assert kept(db, learner) == {}


def test_a_recount_finds_the_same(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    for _ in range(3):
        rate(make_card(), Rating.EASY)
    before = kept(db, learner)
    study_day_figures.recount(db, user_id=learner.id)
    assert kept(db, learner) == before == counted(db, learner)


@pytest.fixture
def known(db: Session, learner: User, make_card: MakeCard) -> Callable[[], Card]:
    """Makes a card of stability 6, last reviewed six days ago; Good makes about 17 days of it."""

    def make() -> Card:
        card, today = make_card(), queries.today_of(learner, now=NOON)
        card.phase, card.stability, card.difficulty, card.reps = Phase.REVIEW, 6.0, 5.0, 3
        card.last_day, card.due_day, card.last_review_at = today - 6, today, NOON - 6 * DAY
        db.flush()
        return card

    return make


@pytest.fixture
def full_days(db: Session, learner: User) -> None:
    """Twelve cards on each of the next sixty days, so that none is light."""
    today = queries.today_of(learner, now=NOON)
    due_loads.move(db.connection(), user_id=learner.id, cards=[(today + day, 12) for day in range(1, 61)])


def weekdays(cards: list[Card]) -> Counter[str]:
    return Counter(f"{date_of(card.due_day or 0):%a}" for card in cards)


@pytest.mark.usefixtures("full_days")
def test_easy_days(db: Session, learner: User, known: Callable[[], Card], rate: Rate) -> None:
    """Anki puts 2 of 140 cards on a Sunday with share 0, and a third less on a Saturday with half; here it is none."""
    learner.easy_days = [100, 100, 100, 100, 100, 50, 0]
    cards = [known() for _ in range(40)]
    for card in cards:
        rate(card, Rating.GOOD)
    found = weekdays(cards)
    assert found["Sun"] == 0
    assert found["Sat"] < min(found[day] for day in found if day not in ("Sat", "Sun"))


@pytest.mark.usefixtures("full_days")
def test_easy_days_all_zero(learner: User, known: Callable[[], Card], rate: Rate) -> None:
    """As Anki: all at 0 is all at 1."""
    learner.easy_days = [0] * 7
    cards = [known() for _ in range(20)]
    for card in cards:
        rate(card, Rating.GOOD)
    assert len(weekdays(cards)) > 4


def test_easy_days_short_intervals(learner: User, make_card: MakeCard, rate: Rate) -> None:
    """As Anki: on a Saturday new cards with Good and Hard come in 2 and 1 days, though there is no share for Sunday."""
    learner.easy_days = [100, 100, 100, 100, 100, 100, 0]
    saturday = NOON + 5 * DAY
    assert date_of(queries.today_of(learner, now=saturday)) == date(2026, 11, 28)
    found = set()
    for rating in (Rating.GOOD, Rating.HARD) * 3:
        card = make_card()
        rate(card, rating, at=saturday)
        found.add((rating, (card.due_day or 0) - (card.last_day or 0)))
    assert found == {(Rating.GOOD, 2), (Rating.HARD, 1)}


@pytest.mark.usefixtures("full_days")
def test_fuzz_is_the_same_after_undo(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """As Anki, whose fuzz is drawn from the card. Here nothing is drawn: the same days have the same numbers again."""
    card, found = make_card(), set()
    rate(card, Rating.EASY, at=NOON - 10 * DAY)
    for number in range(3):
        rate(card, Rating.GOOD, at=NOON + number * MINUTE)
        found.add(card.due_day)
        undoing.undo(db, user=learner, now=NOON + number * MINUTE)
    assert len(found) == 1


@pytest.mark.usefixtures("full_days")
def test_a_button_says_the_day_that_is_taken(db: Session, learner: User, known: Callable[[], Card], rate: Rate) -> None:
    today, card = queries.today_of(learner, now=NOON), known()
    for day in range(1, 61):
        if day % 5:
            due_loads.move(db.connection(), user_id=learner.id, cards=[(today + day, 30)])
    good = card_page(db, user=learner, card=card, now=NOON).options[2]
    rate(card, Rating.GOOD)
    assert (good.name, good.interval) == ("Good", f"{(card.due_day or 0) - today} d")
    assert ((card.due_day or 0) - today) % 5 == 0


@pytest.mark.usefixtures("full_days")
def test_a_rebuild_leaves_a_card_on_the_day_that_was_taken(
    db: Session, learner: User, make_card: MakeCard, rate: Rate
) -> None:
    """The log has the day, so that it does not matter what the days had then."""
    card = make_card()
    for at in (NOON, NOON + 20 * DAY, NOON + 60 * DAY):
        rate(card, Rating.EASY, at=at)
    study_day_figures.recount(db, user_id=learner.id)
    assert rebuilding.rebuild_cards(db, user=learner, card_ids=[card.id]).changed == 0


@pytest.mark.usefixtures("full_days")
def test_balancing_can_be_switched_off(learner: User, known: Callable[[], Card], rate: Rate) -> None:
    learner.is_balanced, learner.easy_days = False, [100] * 6 + [0]
    cards = [known() for _ in range(12)]
    for card in cards:
        rate(card, Rating.GOOD)
    assert len(weekdays(cards)) == 1
