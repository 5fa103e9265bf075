"""In which order due cards come: plays that were also played with Anki 26.9.3, by their names, and what Anki has not.

Where the product does otherwise than Anki, the test says what Anki does and why it is not done here.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts.models import ReviewOrder, User
from quizapp.catalogue.models import Concept
from quizapp.review import deeds, due_order, queries
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card
from tests.builders import a_note

from .conftest import NOON

MakeCard = Callable[[], Card]
Due = Callable[[int, int], Card]
Rate = Callable[..., None]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FIVE = {"100d-20": (100, 20), "10d-5": (10, 5), "2d-3": (2, 3), "30d-1": (30, 1), "5d+0": (5, 0)}


@pytest.fixture
def due(db: Session, learner: User, make_card: MakeCard) -> Due:
    """Makes a card with an interval, and a stability, of so many days, which was due so many days ago."""

    def make(interval: int, late: int) -> Card:
        card, today = make_card(), queries.today_of(learner, now=NOON)
        card.phase, card.stability, card.difficulty, card.reps = Phase.REVIEW, float(interval), 5.0, 3
        card.last_day, card.due_day = today - interval - late, today - late
        card.last_review_at = NOON - (interval + late) * DAY
        db.flush()
        return card

    return make


def shown(db: Session, user: User, most: int = 20) -> list[Card]:
    """The cards one after another, as the page shows them; the list for a browser without a connection is the same."""
    seen: list[Card] = []
    while len(seen) < most and (card := queries.next_card(db, user=user, now=NOON, without=[c.id for c in seen])):
        seen.append(card)
    return seen


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (ReviewOrder.DUE, "100d-20 10d-5 2d-3 30d-1 5d+0"),
        (ReviewOrder.LEAST_RECALL, "2d-3 10d-5 100d-20 30d-1 5d+0"),
        (ReviewOrder.MOST_RECALL, "5d+0 30d-1 100d-20 10d-5 2d-3"),
    ],
)
def test_review_order_defaults(db: Session, learner: User, due: Due, order: ReviewOrder, expected: str) -> None:
    """As Anki. By interval and by ease are left out: with FSRS both say less of a card than its chance of recall."""
    learner.review_order = order
    names = {due(*numbers).id: name for name, numbers in FIVE.items()}
    assert " ".join(names[card.id] for card in shown(db, learner)) == expected
    assert shown(db, learner) == list(queries.coming(db, user=learner, now=NOON, most=20))


def test_review_order_random_is_stable(db: Session, learner: User, due: Due) -> None:
    """As Anki on the same day, whatever is done. Tomorrow's is another: the card before would be a hint by then."""
    learner.review_order = ReviewOrder.RANDOM
    for _ in range(8):
        due(10, 0)
    before = shown(db, learner)
    deeds.flag(db, user=learner, card_ids=[before[2].id], flag=1, now=NOON)
    assert shown(db, learner) == before == list(queries.coming(db, user=learner, now=NOON, most=20))
    deeds.suspend(db, user=learner, card_ids=[before[0].id], now=NOON)
    assert shown(db, learner) == before[1:]
    orders = {tuple(queries.coming(db, user=learner, now=NOON + day * DAY, most=20)) for day in range(5)}
    assert len(orders) > 1


def test_review_order_retrievability_and_limit(db: Session, learner: User, due: Due) -> None:
    """As Anki: three a day are the three that are known least, though others have been due for longer."""
    learner.review_order, learner.reviews_per_day = ReviewOrder.LEAST_RECALL, 3
    due(100, 9), due(200, 8), due(60, 4)
    short = [due(3, 2), due(5, 3), due(2, 1)]
    assert list(queries.coming(db, user=learner, now=NOON, most=20)) == short


def test_a_longer_backlog_is_put_in_order_from_its_oldest(
    db: Session, learner: User, due: Due, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anki sorts all that are due, once a day. Here it is some of them at each card, so that a million cost no more."""
    assert due_order.ORDERED_MAX == 100
    learner.review_order = ReviewOrder.LEAST_RECALL
    old, least = [due(100, 5) for _ in range(3)], due(2, 1)
    some = due_order.window(Card, [Card.due_day.is_not(None)], by_day=[Card.due_day], order=ReviewOrder.LEAST_RECALL)
    today = queries.today_of(learner, now=NOON)
    assert db.scalars(some, {"user_id": learner.id, "today": today, "shuffle": 1}).first() == least
    monkeypatch.setattr(due_order, "ORDERED_MAX", 3)
    some = due_order.window(Card, [Card.due_day.is_not(None)], by_day=[Card.due_day], order=ReviewOrder.LEAST_RECALL)
    assert set(db.scalars(some, {"user_id": learner.id, "today": today, "shuffle": 1})) == set(old)


@pytest.fixture
def of_concepts(db: Session, due: Due) -> dict[str, Card]:
    """Due cards of three concepts and one of none, those of the first concept due longest."""
    note, cards, late = a_note(db), {}, 9
    for name, count in (("a", 3), ("b", 2), ("c", 1)):
        told = {"term": name, "text": "", "fingerprint": "", "key": f"{note.key}-{name}"}
        concept = Concept(section_id=note.sections[0].id, position=late, **told)
        db.add(concept)
        for number in range(1, count + 1):
            card = cards[f"{name}{number}"] = due(10, late)
            card.question.concept, late = concept, late - 1
    db.flush()
    return {**cards, "-": due(10, 0)}


def test_concepts_take_turns(db: Session, learner: User, of_concepts: dict[str, Card], rate: Rate) -> None:
    """Anki has no such order. The one comes first whose concept was asked longest ago, those of none in between."""
    learner.review_order, learner.bury_siblings = ReviewOrder.CONCEPTS, False
    names = {card.id: name for name, card in of_concepts.items()}
    told = [names[card.id] for card in queries.coming(db, user=learner, now=NOON, most=20)]
    assert told == ["a1", "b1", "c1", "-", "a2", "b2", "a3"]
    for number, name in enumerate(told):
        card = queries.next_card(db, user=learner, now=NOON + number * MINUTE)
        assert card is not None
        assert names[card.id] == name
        rate(card, Rating.GOOD, at=NOON + number * MINUTE)


def test_an_order_by_chance_has_no_pattern(db: Session, learner: User, due: Due) -> None:
    """Of questions in a row each comes before its neighbour on about half of the days, and seldom right before it."""
    cards, places = [due(10, 0) for _ in range(8)], []
    by_day = [Card.due_day, Card.question_id]
    some = due_order.window(Card, [Card.due_day.is_not(None)], by_day=by_day, order=ReviewOrder.RANDOM)
    for shuffle in range(1, 10**9, 25_000_000):
        found = list(db.scalars(some, {"user_id": learner.id, "today": 0, "shuffle": shuffle}))
        places.append([found.index(card) for card in cards])
    for one in range(7):
        assert 5 <= sum(place[one] < place[one + 1] for place in places) <= 35
        assert sum(place[one] + 1 == place[one + 1] for place in places) <= 20
