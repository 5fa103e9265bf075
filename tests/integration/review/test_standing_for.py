"""Cards of questions that an import makes forms of one thing: one stands for the others, and nothing learnt is lost."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.review import queries, service
from quizapp.review.memory import Rating
from quizapp.review.models import AskedForm, Card, DayLoad, ReviewSource, StoodFor
from quizapp.review.one_thing.joined_cards import said_of, settle
from tests.builders import NOW, a_question

DAY = timedelta(days=1)


@pytest.fixture
def cards(db: Session, learner: User, rate: Callable[..., None]) -> Sequence[Card]:
    """Two cards of two questions, of which the second was reviewed last; the first is the stronger."""
    questions = [a_question(db, QuestionKind.FLASHCARD), a_question(db)]
    service.add_cards(db, user=learner, question_ids=[one.id for one in questions], now=NOW)
    cards = list(db.scalars(select(Card).order_by(Card.question_id)))
    for card, rating, at in ((cards[0], Rating.EASY, NOW), (cards[1], Rating.HARD, NOW + DAY)):
        rate(card, rating, at=at)
    return cards


def join(db: Session, cards: Sequence[Card]) -> None:
    """What an import does with a note that says so."""
    cards[1].question.same_as = cards[0].question.key
    db.flush()


def memories(cards: Sequence[Card]) -> list[tuple[object, ...]]:
    return [(card.stability, card.difficulty, card.due_day, card.reps, card.version) for card in cards]


def test_the_one_reviewed_last_goes_on_and_both_keep_their_memories(db: Session, cards: Sequence[Card]) -> None:
    before = memories(cards)
    join(db, cards)
    settled = settle(db)
    assert (settled.stood_for, settled.parted, settled.learners) == (1, 0, 1)
    assert [card.suspended for card in cards] == [True, False]
    assert memories(cards) == before
    assert "another card of their learner by now: 1." in (said_of(settled) or "")
    assert sum(db.scalars(select(DayLoad.cards))) == 1


def test_a_second_time_changes_nothing(db: Session, cards: Sequence[Card]) -> None:
    join(db, cards)
    settle(db)
    assert said_of(settle(db)) is None


def test_an_answer_to_the_other_form_rates_the_one_that_goes_on(
    db: Session, learner: User, cards: Sequence[Card]
) -> None:
    join(db, cards)
    settle(db)
    rated = service.rate_question(
        db,
        user=learner,
        question_id=cards[0].question_id,
        review_id=uuid4(),
        rating=Rating.GOOD,
        source=ReviewSource.QUIZ,
        now=NOW + 2 * DAY,
    )
    assert rated.card_id == cards[1].id
    assert db.scalars(select(AskedForm.question_id)).all() == [cards[0].question_id]


def test_two_that_a_third_joins_are_one_memory_and_part_when_it_names_one_no_more(
    db: Session, cards: Sequence[Card]
) -> None:
    between = a_question(db)
    cards[0].question.same_as, between.same_as = between.key, cards[1].question.key
    db.flush()
    assert settle(db).stood_for == 1
    between.same_as = None
    db.flush()
    assert settle(db).parted == 1


def test_parted_forms_are_learnt_by_themselves_again(db: Session, learner: User, cards: Sequence[Card]) -> None:
    before = memories(cards)
    join(db, cards)
    settle(db)
    cards[1].question.same_as = None
    assert settle(db).parted == 1
    assert [card.suspended for card in cards] == [False, False]
    assert (memories(cards), db.scalars(select(StoodFor.card_id)).all()) == (before, [])


def test_where_the_form_of_the_card_that_goes_on_is_retired_the_other_one_comes_back(
    db: Session, cards: Sequence[Card]
) -> None:
    join(db, cards)
    settle(db)
    cards[1].question.retired_at = NOW
    assert settle(db).parted == 1
    assert not cards[0].suspended


def test_what_its_learner_has_put_away_stays_so_and_stands_for_nothing(
    db: Session, learner: User, cards: Sequence[Card]
) -> None:
    cards[1].suspended = True
    join(db, cards)
    assert settle(db).stood_for == 0
    assert queries.suspended(db, user=learner) == 1


def test_nobody_elses_cards_are_touched(db: Session, cards: Sequence[Card]) -> None:
    alone = db.scalars(select(Question.same_as)).all()
    assert alone == [None, None]
    assert settle(db).stood_for == 0
