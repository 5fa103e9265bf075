"""Siblings and new cards among reviews: plays that were also played with Anki 26.9.3; where we differ it says why.

Two cards of one concept are siblings, as two cards of one note are there.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import NewOrder, User
from quizapp.catalogue.models import Concept
from quizapp.review import deeds, queries, service, undoing
from quizapp.review import rating as rating_of
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, ReviewSource
from quizapp.review.rating import Review
from tests.builders import a_note, a_question
from tests.compiling import compiling

from .conftest import NOON

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
Rate = Callable[..., None]
Siblings = Callable[..., list[Card]]


@pytest.fixture
def siblings(db: Session, learner: User) -> Siblings:
    """Makes so many new cards of one concept at each call."""
    note = a_note(db)

    def make(count: int) -> list[Card]:
        number = len(db.scalars(select(Concept)).all()) + 1
        section = note.sections[0]
        concept = Concept(section=section, key=f"c-{number}", position=number, term="t", text="", fingerprint="0" * 64)
        db.add(concept)
        questions = [a_question(db, note=note) for _ in range(count)]
        for question in questions:
            question.concept = concept
        db.flush()
        ids = [question.id for question in questions]
        service.add_cards(db, user=learner, question_ids=ids, now=NOON)
        return list(db.scalars(select(Card).where(Card.question_id.in_(ids)).order_by(Card.question_id)))

    return make


@pytest.fixture
def due_in(db: Session, learner: User) -> Callable[..., None]:
    """Makes a card one that is in the reviews, due in so many days."""

    def make(card: Card, days: int) -> None:
        today = queries.today_of(learner, now=NOON)
        card.phase, card.reps, card.stability, card.difficulty = Phase.REVIEW, 1, 10.0, 5.0
        card.last_day, card.last_review_at = today - 10, NOON - 10 * DAY
        card.due_day = today + days
        db.flush()

    return make


def left(db: Session, user: User, *, days: int = 0) -> tuple[int, int, int]:
    counts = queries.counts(db, user=user, now=NOON + days * DAY)
    return counts.new, counts.learning + counts.later, counts.due


def played(db: Session, user: User, rate: Rate, *, most: int = 20) -> str:
    """The cards of the day, each rated Easy in its turn: N for a new one, R for a review."""
    seen = ""
    while len(seen) < most and (card := queries.next_card(db, user=user, now=NOON)):
        seen += "N" if card.phase is Phase.NEW else "R"
        rate(card, Rating.EASY, at=NOON + len(seen) * SECOND)  # one after another, so that undo knows which was last
    return seen


def test_bury_siblings(db: Session, learner: User, siblings: Siblings, due_in: Rate, rate: Rate) -> None:
    """The new sibling and the one due today wait. Anki buries one that is due in ten days too; there is nothing to.

    Anki has an option for new ones (bury-new-only), one for reviews and one for steps of days. Here it is one for all.
    """
    _, due, later = siblings(3)
    due_in(due, 0)
    due_in(later, 10)
    rate(due, Rating.GOOD)
    assert (left(db, learner), later.buried_until_day) == ((0, 0, 0), None)
    assert left(db, learner, days=1) == (1, 0, 0)


@pytest.mark.parametrize(
    ("source", "spares", "left_now"), [("review", False, 0), ("review", True, 1), ("sandbox", False, 1)]
)
def test_a_rating_by_the_question_buries_where_it_is_one_of_the_review_page(
    db: Session, learner: User, siblings: Siblings, source: str, spares: bool, left_now: int
) -> None:
    """A command that is proved in its card is such a rating; a run on the lab's own page is none."""
    card, _ = siblings(2)
    how = {"source": ReviewSource(source), "spares_siblings": spares}
    service.rate_question(
        db, user=learner, question_id=card.question_id, review_id=uuid4(), rating=Rating.GOOD, now=NOON, **how
    )
    assert left(db, learner) == (left_now, 0, 0)


def test_bury_sibling_of_a_failed_card(db: Session, learner: User, siblings: Siblings, rate: Rate) -> None:
    """Where the card is finished ten minutes later, its sibling still waits."""
    first, second = siblings(2)
    rate(first, Rating.AGAIN)
    assert left(db, learner) == (0, 1, 0)
    rate(first, Rating.EASY, at=NOON + timedelta(minutes=10))
    assert second.buried_until_day == queries.today_of(learner, now=NOON) + 1
    assert left(db, learner) == (0, 0, 0)


def test_bury_learning_sibling(db: Session, learner: User, siblings: Siblings, rate: Rate) -> None:
    """A card that is being learnt within the day is not buried: it would be forgotten by tomorrow."""
    learner.bury_siblings = False
    first, second = siblings(2)
    rate(first, Rating.AGAIN)
    rate(second, Rating.AGAIN)
    learner.bury_siblings = True
    rate(second, Rating.GOOD)
    assert (first.buried_until_day, left(db, learner)) == (None, (0, 1, 0))


def test_bury_list_and_sitting_differ(db: Session, learner: User, siblings: Siblings, due_in: Rate, rate: Rate) -> None:
    """As in Anki's list, both count until one is answered; what comes next does not have the second."""
    for card in siblings(2):
        due_in(card, 0)
    assert left(db, learner) == (0, 0, 2)
    assert len(queries.coming(db, user=learner, now=NOON, most=5)) == 1
    assert played(db, learner, rate) == "R"
    assert left(db, learner) == (0, 0, 0)


def test_bury_suspended(db: Session, learner: User, siblings: Siblings, rate: Rate) -> None:
    first, second = siblings(2)
    deeds.suspend(db, user=learner, card_ids=[second.id], now=NOON)
    rate(first, Rating.GOOD)
    assert second.buried_until_day is None


def test_new_cards_with_siblings_order(db: Session, learner: User, siblings: Siblings, rate: Rate) -> None:
    """Three concepts of two cards added at once, four new a day: a1 b1 a2 b2 in Anki, as its day of four is sorted.

    Here the order does not depend on the limit: a1 b1 c1 a2.
    """
    learner.bury_siblings, learner.new_per_day = False, 4
    cards = [card for _ in range(3) for card in siblings(2)]
    again = [card.question_id for card in cards]
    for card in cards:
        db.delete(card)
    db.flush()
    service.add_cards(db, user=learner, question_ids=again, now=NOON)
    coming = queries.coming(db, user=learner, now=NOON, most=9)
    assert [again.index(card.question_id) for card in coming] == [0, 2, 4, 1]


def test_new_cards_with_siblings_buried_order(db: Session, learner: User, siblings: Siblings, rate: Rate) -> None:
    learner.new_per_day = 4
    for _ in range(3):
        siblings(2)
    assert len(queries.coming(db, user=learner, now=NOON, most=9)) == 3
    assert played(db, learner, rate) == "NNN"
    assert left(db, learner) == (0, 0, 0)


def test_a_sibling_comes_back_when_the_rating_is_undone(
    db: Session, learner: User, siblings: Siblings, rate: Rate
) -> None:
    first, second = siblings(2)
    rate(first, Rating.GOOD)
    assert second.buried_until_day is not None
    undoing.undo(db, user=learner, now=NOON)
    assert (second.buried_until_day, second.buried_by, left(db, learner)) == (None, None, (2, 0, 0))


def test_what_was_buried_by_hand_stays_when_the_rating_is_undone(
    db: Session, learner: User, siblings: Siblings, rate: Rate
) -> None:
    first, second = siblings(2)
    deeds.bury(db, user=learner, card_ids=[second.id], now=NOON)
    rate(first, Rating.GOOD)
    undoing.undo(db, user=learner, now=NOON)
    assert left(db, learner) == (1, 0, 0)


@pytest.mark.parametrize("way", ["setting", "chosen", "quiz"])
def test_no_sibling_waits(db: Session, learner: User, siblings: Siblings, way: str) -> None:
    """Where it is switched off, in a sitting over chosen cards, and for an answer in a quiz, which asks all anyway.

    Anki buries also in a sitting that leaves the schedule alone, so that half of what was chosen is not shown.
    """
    learner.bury_siblings = way != "setting"
    first, second = siblings(2)
    source = ReviewSource.QUIZ if way == "quiz" else ReviewSource.REVIEW
    review = Review(id=uuid4(), rating=Rating.GOOD, source=source, taken_ms=None, spares_siblings=way == "chosen")
    rating_of.rate(db.connection(), user=learner, card_id=first.id, review=review, seen_version=0, now=NOON)
    db.expire_all()
    assert second.buried_until_day is None


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize(("cards", "written"), [(1, 4), (2, 5)])
def test_siblings_are_written_where_there_are_any(
    db: Session, siblings: Siblings, rate: Rate, cards: int, written: int
) -> None:
    """A rating writes the log, its card, the day and the cards of a day to come; to look for siblings takes none."""
    first, *_ = siblings(cards)
    own, said = db.connection().connection.driver_connection, list[str]()
    assert own is not None
    own.set_trace_callback(said.append)
    rate(first, Rating.GOOD)
    own.set_trace_callback(None)
    assert sum("INSERT INTO" in each or "UPDATE card" in each for each in said) == written


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_rating_compiles_nothing(db: Session, siblings: Siblings, rate: Rate) -> None:
    """To compile its statements takes longer than to run them: the third rating finds them all compiled."""
    cards = [siblings(2)[0] for _ in range(3)]
    with compiling(db.connection()) as compiled:
        for card in cards:
            compiled.clear()
            rate(card, Rating.GOOD)
    assert compiled == []


def test_cards_of_no_concept_and_of_others_are_no_siblings(
    db: Session, learner: User, siblings: Siblings, make_card: Callable[[], Card], rate: Rate
) -> None:
    cards = [make_card(), make_card(), *siblings(1), *siblings(1)]
    for card in cards[::2]:
        rate(card, Rating.GOOD)
    assert [card.buried_until_day for card in cards] == [None] * 4


@pytest.mark.parametrize(
    ("order", "due", "new", "day"),
    [
        (NewOrder.MIXED, 4, 2, "RNRRNR"),
        (NewOrder.AFTER, 4, 2, "RRRRNN"),
        (NewOrder.BEFORE, 4, 2, "NNRRRR"),
        (NewOrder.MIXED, 9, 3, "RRNRRRNRRNRR"),
        (NewOrder.MIXED, 1, 4, "NNRNN"),
    ],
)
def test_mix_new_with_reviews(
    db: Session,
    learner: User,
    make_card: Callable[[], Card],
    due_in: Rate,
    rate: Rate,
    order: NewOrder,
    due: int,
    new: int,
    day: str,
) -> None:
    learner.new_order = order
    for _ in range(due):
        due_in(make_card(), 0)
    for _ in range(new):
        make_card()
    coming = queries.coming(db, user=learner, now=NOON, most=20)
    assert "".join("N" if card.phase is Phase.NEW else "R" for card in coming) == day
    assert played(db, learner, rate) == day


def test_the_mix_goes_by_the_limits_of_the_day(
    db: Session, learner: User, make_card: Callable[[], Card], due_in: Rate, rate: Rate
) -> None:
    learner.new_per_day, learner.reviews_per_day = 2, 4
    for _ in range(8):
        due_in(make_card(), 0)
        make_card()
    assert played(db, learner, rate) == "RNRRNR"


def test_an_undone_rating_leaves_the_mix_as_it_was(
    db: Session, learner: User, make_card: Callable[[], Card], rate: Rate
) -> None:
    for _ in range(4):
        rate(make_card(), Rating.HARD, at=NOON - 5 * DAY)
    for _ in range(2):
        make_card()
    assert played(db, learner, rate, most=3) == "RNR"
    for _ in range(2):
        undoing.undo(db, user=learner, now=NOON + 9 * SECOND)
    assert played(db, learner, rate) == "NRRNR"
