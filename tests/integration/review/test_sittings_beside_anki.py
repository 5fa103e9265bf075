"""Sittings over chosen cards beside what Anki's own core (the package anki 26.9.3) did in the same plays.

Anki takes the cards out of their deck into a filtered one. Here a sitting is a list of cards; each stays where it is.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import deeds, limits, queries, undoing
from quizapp.review.log import rebuilding
from quizapp.review.log.rebuilding import STATE
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, DayTally, Outcome, ReviewLog, ReviewSource
from quizapp.review.pages import chosen_cards
from quizapp.review.pages.chosen_cards import Chosen
from quizapp.review.pages.deed_messages import undone_text
from quizapp.review.pages.sitting_cards import SittingOrder, take
from quizapp.study_day import study_day
from tests.builders import rate_card

from .conftest import NOON

MakeCard = Callable[[], Card]
Known = Callable[..., Card]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def known(db: Session, learner: User, make_card: MakeCard, rate: Callable[..., None]) -> Known:
    """Makes a card in review with an interval of so many days, due in so many, by a due day set by hand."""

    def make(interval: int = 20, *, due: int = 5) -> Card:
        card, at = make_card(), NOON - (interval - due) * DAY
        rate(card, Rating.EASY, at=at - DAY)
        rate(card, Rating.GOOD, at=at)
        deeds.reschedule(db, user=learner, card_ids=[card.id], days=interval, now=at)
        return card

    return make


def state(card: Card) -> tuple[object, ...]:
    return tuple(getattr(card, name) for name in (*STATE, "version", "leech", "suspended"))


def answer(
    db: Session, user: User, card: Card, rating: Rating, *, at: datetime = NOON, is_apart: bool = True, seen: int = 0
) -> None:
    rate_card(
        db,
        user=user,
        card_id=card.id,
        review_id=uuid4(),
        rating=rating,
        source=ReviewSource.APART if is_apart else ReviewSource.REVIEW,
        now=at,
        seen_version=card.version - seen,
        taken_ms=5_000,
    )


def sitting(*cards: Card, is_apart: bool = True) -> Chosen:
    return Chosen(ids=[card.id for card in cards], at=NOON - MINUTE, is_apart=is_apart)


def left(db: Session, user: User, of: Chosen, *, at: datetime = NOON) -> list[Card]:
    return list(chosen_cards.left(db, of, user=user, now=at))


def taken(db: Session, user: User, order: SittingOrder = SittingOrder.OLDEST, *, is_apart: bool = True) -> list[object]:
    mine = select(Card.id).where(Card.user_id == user.id)
    return list(take(db, user=user, among=mine, order=order, is_apart=is_apart, now=NOON, chance=Random(1)))


def tally(db: Session, user: User) -> tuple[int, int, int, int]:
    """Answers, new cards begun, answers of the true retention, milliseconds of today."""
    found = db.get(DayTally, (user.id, study_day(NOON, user.zone, user.rollover_hour)), populate_existing=True)
    return (found.reviews, found.introduced, found.known, found.taken_ms) if found else (0, 0, 0, 0)


def offered(db: Session, user: User, *, at: datetime = NOON) -> tuple[int, int, int]:
    counts = queries.counts(db, user=user, now=at)
    return counts.new, counts.learning, counts.due


def test_sitting_without_rescheduling_again_good(db: Session, learner: User, known: Known) -> None:
    """As Anki, but that Again asks once more at the end, not after a minute, and Hard is done: it was known."""
    card = known()
    before, of = state(card), sitting(card)
    answer(db, learner, card, Rating.AGAIN)
    assert left(db, learner, of) == [card]
    answer(db, learner, card, Rating.GOOD, at=NOON + MINUTE)
    assert left(db, learner, of) == []
    assert state(card) == before
    assert tally(db, learner) == (2, 0, 0, 10_000)
    log = db.scalars(select(ReviewLog).where(ReviewLog.source == ReviewSource.APART)).all()
    assert {(row.outcome, row.due_day_after, row.stability_after) for row in log} == {
        (Outcome.APART, card.due_day, card.stability)
    }


def test_a_due_card_is_due_after_it_and_a_late_answer_stays_apart(db: Session, learner: User, known: Known) -> None:
    card = known(due=-1)
    answer(db, learner, card, Rating.GOOD)
    deeds.reschedule(db, user=learner, card_ids=[card.id], days=0, now=NOON)
    before = state(card)
    answer(db, learner, card, Rating.AGAIN, seen=1)
    assert state(card) == before
    assert offered(db, learner) == (0, 0, 1)


def test_a_new_card_stays_new_and_begins_nothing(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    answer(db, learner, card, Rating.EASY)
    assert card.phase is Phase.NEW
    assert tally(db, learner)[:2] == (1, 0)


def test_what_was_answered_apart_is_no_part_of_a_rebuild(db: Session, learner: User, known: Known) -> None:
    cards = [known(interval) for interval in (10, 20, 30)]
    for n, card in enumerate(cards * 2):
        answer(db, learner, card, Rating(1 + n % 4), at=NOON + n * MINUTE, is_apart=n % 3 != 0)
    answer(db, learner, cards[0], Rating.GOOD, at=NOON + DAY, is_apart=False)
    before = [state(card) for card in cards]
    ids = rebuilding.cards_of(db, user=learner)
    assert rebuilding.rebuild_cards(db, user=learner, card_ids=ids).changed == 0
    assert [state(card) for card in cards] == before


def test_undo_in_a_sitting_without_rescheduling(db: Session, learner: User, known: Known) -> None:
    """As Anki: in front again. The row stays in our log, as undone. A sitting that ends takes nothing with it."""
    first, second = known(), known()
    of, before = sitting(first, second), state(first)
    answer(db, learner, first, Rating.GOOD)
    assert left(db, learner, of) == [second]
    undone = undoing.undo(db, user=learner, now=NOON)
    assert undone is not None
    assert (undone.is_apart, undone.rating, undone.card_id) == (True, Rating.GOOD, first.id)
    assert left(db, learner, of) == [first, second]
    assert state(first) == before
    assert tally(db, learner)[0] == 0


def test_leech_in_a_sitting_without_rescheduling(db: Session, learner: User, known: Known) -> None:
    """As Anki: no lapse, no mark."""
    learner.leech_threshold = 1
    card = known()
    answer(db, learner, card, Rating.AGAIN)
    assert (card.lapses, card.leech, card.suspended) == (0, False, False)


def test_sitting_with_rescheduling_and_the_home_limit(db: Session, learner: User, known: Known) -> None:
    """Anki's limits are a deck's, and a filtered one has none. Ours say how long a day is, so all of it counts."""
    cards = [known(due=0) for _ in range(6)]
    learner.reviews_per_day = 3
    for card in cards[:2]:
        answer(db, learner, card, Rating.GOOD, is_apart=False)
    assert offered(db, learner) == (0, 0, 1)
    limits.set_for_today(db, user=learner, new_cards=None, reviews=5, now=NOON)
    assert offered(db, learner) == (0, 0, 3)


def test_limit_new_studied_in_a_sitting(db: Session, learner: User, make_card: MakeCard) -> None:
    """Anki offers three more at home. Ours counts them: each new card comes back, wherever it was begun."""
    learner.new_per_day = 3
    for _ in range(5):
        answer(db, learner, make_card(), Rating.EASY, is_apart=False)
    make_card()
    assert tally(db, learner)[:2] == (5, 5)
    assert offered(db, learner) == (0, 0, 0)
    assert queries.counts(db, user=learner, now=NOON).has_more_new


def test_sitting_ahead_with_rescheduling(db: Session, learner: User, known: Known) -> None:
    """As Anki: an early review, in the true retention. FSRS gives less than at its time; Anki's old way did so too."""
    card = known()
    answer(db, learner, card, Rating.GOOD, is_apart=False)
    row = db.scalars(select(ReviewLog).order_by(ReviewLog.reviewed_at.desc())).first()
    assert row is not None
    assert (row.interval_before, row.outcome, card.phase) == (20, Outcome.APPLIED, Phase.REVIEW)
    assert tally(db, learner)[2] == 1


def test_sitting_ahead_fails(db: Session, learner: User, known: Known) -> None:
    """As Anki: it is relearnt at home when the sitting has ended."""
    card = known()
    answer(db, learner, card, Rating.AGAIN, is_apart=False)
    assert (card.phase, card.lapses) == (Phase.RELEARNING, 1)
    later = NOON + 11 * MINUTE
    assert queries.next_card(db, user=learner, now=later) == card
    answer(db, learner, card, Rating.GOOD, at=later, is_apart=False)
    assert card.phase is Phase.REVIEW
    assert (card.due_day or 0) > (card.last_day or 0)


@pytest.mark.parametrize("is_apart", [True, False])
def test_sitting_what_it_takes(db: Session, learner: User, known: Known, make_card: MakeCard, is_apart: bool) -> None:
    """As Anki: neither suspended nor buried ones. One of another sitting too: no sitting has a card for itself."""
    new, later, due, step = make_card(), known(due=5), known(due=0), make_card()
    answer(db, learner, step, Rating.AGAIN, is_apart=False)
    deeds.suspend(db, user=learner, card_ids=[known().id], now=NOON)
    deeds.bury(db, user=learner, card_ids=[known().id], now=NOON)
    assert set(taken(db, learner, is_apart=is_apart)) == {new.id, later.id, due.id, step.id}


def test_sitting_suspend_inside(db: Session, learner: User, known: Known) -> None:
    """Anki keeps it in the filtered deck until that is rebuilt. Ours is out at once, and in again by undo."""
    card = known()
    deeds.suspend(db, user=learner, card_ids=[card.id], now=NOON)
    assert left(db, learner, sitting(card)) == []
    undoing.undo(db, user=learner, now=NOON)
    assert left(db, learner, sitting(card)) == [card]


def test_sitting_bury_inside(db: Session, learner: User, known: Known) -> None:
    """As Anki: away today, and in a sitting that is open still the next day."""
    card = known()
    deeds.bury(db, user=learner, card_ids=[card.id], now=NOON)
    assert left(db, learner, sitting(card)) == []
    assert left(db, learner, sitting(card), at=NOON + DAY) == [card]


def test_sitting_home_due_date_passes_inside(db: Session, learner: User, known: Known) -> None:
    """Anki shows it nowhere but in the filtered deck. Ours is due on its day, and once rated in neither."""
    card, later = known(due=2), NOON + 5 * DAY
    of = sitting(card, is_apart=False)
    assert offered(db, learner, at=later) == (0, 0, 1)
    assert left(db, learner, of, at=later) == [card]
    answer(db, learner, card, Rating.GOOD, at=later, is_apart=False)
    assert left(db, learner, of, at=later) == []
    assert offered(db, learner, at=later) == (0, 0, 0)


def test_sitting_without_rescheduling_takes_a_learning_card(db: Session, learner: User, make_card: MakeCard) -> None:
    """As Anki: its step and when it ends stay."""
    card = make_card()
    answer(db, learner, card, Rating.AGAIN, is_apart=False)
    before = state(card)
    answer(db, learner, card, Rating.GOOD, at=NOON + MINUTE)
    assert state(card) == before
    assert offered(db, learner, at=NOON + 11 * MINUTE) == (0, 1, 0)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (SittingOrder.SEEN_LONG_AGO, "BDAC"),
        (SittingOrder.SHORT_INTERVALS, "CADB"),
        (SittingOrder.LONG_INTERVALS, "BDAC"),
        (SittingOrder.MOST_LAPSES, "BDCA"),
        (SittingOrder.OLDEST, "ABCD"),
        (SittingOrder.DUE, "BACD"),
        (SittingOrder.NEWEST, "DCBA"),
        (SittingOrder.LEAST_RECALL, "ABCD"),
        (SittingOrder.MOST_RECALL, "DCBA"),
    ],
)
def test_sitting_order_of_filtered(
    db: Session, learner: User, make_card: MakeCard, order: SittingOrder, expected: str
) -> None:
    """As Anki's orders with FSRS; relative overdueness, which is that of the least recall there too, is left out."""
    today = study_day(NOON, learner.zone, learner.rollover_hour)
    names = {}
    for name, interval, due, lapses in (("A", 10, -5, 0), ("B", 100, -20, 3), ("C", 5, 0, 1), ("D", 30, 10, 2)):
        card = make_card()
        names[card.id] = name
        card.phase, card.stability, card.difficulty, card.lapses = Phase.REVIEW, float(interval), 5.0, lapses
        card.due_day, card.last_day = today + due, today + due - interval
        card.last_review_at = NOON - (interval - due) * DAY
    db.flush()
    assert "".join(names[id] for id in taken(db, learner, order)) == expected  # type: ignore[index]


def test_at_random_all_come_and_not_always_in_one_order(db: Session, learner: User, make_card: MakeCard) -> None:
    mine = [make_card().id for _ in range(12)]
    same = {"user": learner, "among": mine, "order": SittingOrder.RANDOM, "is_apart": True, "now": NOON}
    one, other = (list(take(db, **same, chance=Random(seed))) for seed in (1, 2))
    assert set(one) == set(other) == set(mine)
    assert one != other


def test_sitting_open_while_a_note_is_added(db: Session, learner: User, known: Known, make_card: MakeCard) -> None:
    """As Anki: what is in front stays there, and what is deleted goes. A card that comes meanwhile is not in it."""
    first, second = known(due=0), known(due=0)
    of = sitting(first, second)
    make_card()
    assert left(db, learner, of) == [first, second]
    first.question.retired_at = NOON
    db.flush()
    db.expire_all()
    assert left(db, learner, of) == [second]


def test_sitting_new_card_again_and_deck_deleted(db: Session, learner: User, make_card: MakeCard) -> None:
    """As Anki, it is in its step without the sitting; but it is one of the day's new cards."""
    card = make_card()
    answer(db, learner, card, Rating.AGAIN, is_apart=False)
    assert (card.phase, card.due_at) == (Phase.LEARNING, NOON + 10 * MINUTE)
    assert tally(db, learner)[1] == 1


def test_sitting_card_moved_by_hand(db: Session, learner: User, known: Known) -> None:
    """As Anki, moved to another note it keeps its schedule; here it also stays in the sitting."""
    card = known()
    before = state(card)
    card.question.note_id = None
    db.flush()
    assert left(db, learner, sitting(card)) == [card]
    assert state(card) == before


def test_custom_study_more_new_today(db: Session, learner: User, make_card: MakeCard) -> None:
    """As Anki, for today alone; what Anki does with -1 is a limit of today here."""
    cards, learner.new_per_day = [make_card() for _ in range(10)], 3
    for card in cards[:3]:
        answer(db, learner, card, Rating.EASY, is_apart=False)
    limits.allow_more_new(db, user=learner, more=2, now=NOON)
    assert offered(db, learner)[0] == 2
    for card in cards[3:5]:
        answer(db, learner, card, Rating.EASY, is_apart=False)
    assert offered(db, learner)[0] == 0
    assert offered(db, learner, at=NOON + DAY)[0] == 3
    limits.set_for_today(db, user=learner, new_cards=2, reviews=None, now=NOON + DAY)
    assert offered(db, learner, at=NOON + DAY)[0] == 2


def test_custom_study_extension_can_be_undone(db: Session, learner: User, make_card: MakeCard) -> None:
    """As Anki; and so are other limits for today."""
    cards, learner.new_per_day = [make_card() for _ in range(5)], 3
    answer(db, learner, cards[0], Rating.EASY, is_apart=False)
    limits.allow_more_new(db, user=learner, more=2, now=NOON)
    assert offered(db, learner)[0] == 4
    limits.set_for_today(db, user=learner, new_cards=1, reviews=0, now=NOON)
    assert offered(db, learner)[0] == 0
    undone = [undoing.undo(db, user=learner, now=NOON) for _ in range(2)]
    assert [one and undone_text(one) for one in undone] == ["Undone: the limit for today."] * 2
    assert (offered(db, learner)[0], cards[0].phase) == (2, Phase.REVIEW)
    assert undoing.undo(db, user=learner, now=NOON) is not None
    assert (offered(db, learner)[0], cards[0].phase) == (3, Phase.NEW)


def test_a_limit_of_yesterday_is_undone_as_yesterdays(db: Session, learner: User, make_card: MakeCard) -> None:
    """Anki forgets at the rollover what was done before; here undo goes on, and today keeps its own limit."""
    _, learner.new_per_day = [make_card() for _ in range(5)], 3
    limits.allow_more_new(db, user=learner, more=1, now=NOON)
    assert undoing.undo(db, user=learner, now=NOON + DAY) is not None
    assert (offered(db, learner)[0], offered(db, learner, at=NOON + DAY)[0]) == (3, 3)


def test_custom_study_extension_and_parents(db: Session, learner: User, make_card: MakeCard) -> None:
    """Anki lifts the limit of the child and not of its parent. Ours is one limit, so what is lifted is offered."""
    cards, learner.new_per_day = [make_card() for _ in range(8)], 3
    for card in cards[:3]:
        answer(db, learner, card, Rating.EASY, is_apart=False)
    limits.allow_more_new(db, user=learner, more=2, now=NOON)
    assert offered(db, learner)[0] == 2
