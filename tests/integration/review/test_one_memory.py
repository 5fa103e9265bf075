"""Questions that test the same thing have one card: it is asked by each of them, and all their answers rate it."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Question, QuestionKind
from quizapp.catalogue.same_thing import things_of
from quizapp.review import knowledge, queries, service, undoing
from quizapp.review.memory import Rating
from quizapp.review.models import AskedForm, Card, ReviewLog, ReviewSource
from quizapp.review.one_thing.one_memory import note_asked, question_of_memory
from quizapp.review.pages.card_page import CardPage, card_page, coming_pages
from tests.builders import NOW, a_note, a_question, rate_card

DAY = timedelta(days=1)


@pytest.fixture
def forms(db: Session) -> tuple[Question, Question]:
    """A flashcard, and a choice that tests the same."""
    note = a_note(db)
    card, choice = a_question(db, QuestionKind.FLASHCARD, note=note), a_question(db, note=note)
    choice.same_as = card.key
    db.flush()
    return card, choice


@pytest.fixture
def card(db: Session, learner: User, forms: tuple[Question, Question]) -> Card:
    """Their one card, new."""
    assert service.add_cards(db, user=learner, question_ids=[one.id for one in forms], now=NOW) == 1
    return db.scalars(select(Card)).one()


def page_of(db: Session, user: User, card: Card) -> CardPage:
    return card_page(db, user=user, card=card, now=NOW)


def rate(db: Session, user: User, card: Card, page: CardPage, *, days: int = 0) -> None:
    """Rate a card Good by what its page asked."""
    review_id = uuid4()
    rate_card(
        db,
        user=user,
        card_id=card.id,
        review_id=review_id,
        rating=Rating.GOOD,
        source=ReviewSource.REVIEW,
        now=NOW + days * DAY,
        seen_version=card.version,
        taken_ms=None,
    )
    note_asked(db.connection(), review_id=review_id, card_id=card.id, question_id=page.question.id)


def test_a_card_is_asked_by_one_form_after_the_other(
    db: Session, learner: User, forms: tuple[Question, Question], card: Card
) -> None:
    asked = []
    for days in range(3):
        page = page_of(db, learner, card)
        asked.append(page.question.id)
        rate(db, learner, card, page, days=days)
    flashcard, choice = forms
    assert asked == [flashcard.id, choice.id, flashcard.id]
    assert db.scalars(select(AskedForm.question_id)).all() == [choice.id]
    assert db.scalars(select(Card.reps)).all() == [3]


def test_what_was_undone_is_asked_again_in_the_same_form(
    db: Session, learner: User, forms: tuple[Question, Question], card: Card
) -> None:
    rate(db, learner, card, page_of(db, learner, card))
    second = page_of(db, learner, card)
    rate(db, learner, card, second, days=1)
    undoing.undo(db, user=learner, now=NOW + DAY)
    assert page_of(db, learner, card).question.id == second.question.id == forms[1].id


def test_the_cards_ahead_are_asked_as_on_their_page(
    db: Session, learner: User, forms: tuple[Question, Question], card: Card
) -> None:
    alone = a_question(db)
    service.add_cards(db, user=learner, question_ids=[alone.id], now=NOW + DAY)
    pages = coming_pages(db, user=learner, now=NOW, most=5, ahead=False, without=())
    assert [(page.question.id, page.asked) for page in pages] == [(forms[0].id, None), (alone.id, None)]
    rate(db, learner, card, pages[0])
    (again, *_) = coming_pages(db, user=learner, now=NOW + 9 * DAY, most=5, ahead=False, without=())
    assert (again.card_id, again.asked) == (card.id, forms[1].id)


def test_an_answer_elsewhere_rates_the_one_card_and_says_by_what(
    db: Session, learner: User, forms: tuple[Question, Question], card: Card
) -> None:
    rated = service.rate_question(
        db,
        user=learner,
        question_id=forms[1].id,
        review_id=uuid4(),
        rating=Rating.GOOD,
        source=ReviewSource.QUIZ,
        now=NOW,
    )
    assert rated.card_id == card.id
    assert db.execute(select(AskedForm.question_id).join(ReviewLog)).scalars().all() == [forms[1].id]
    service.misjudge(db, user=learner, question_id=forms[1].id, at=NOW)
    assert db.scalars(select(Card.misjudged_day)).one() is not None
    assert queries.question_comes_back(db, user=learner, question_id=forms[1].id, now=NOW) is not None


def test_a_form_without_a_card_is_as_known_as_its_card(
    db: Session, learner: User, forms: tuple[Question, Question], card: Card
) -> None:
    ids = [*(one.id for one in forms), a_question(db).id]
    known = knowledge.knowledge(db, user_id=learner.id, question_ids=ids, today=queries.today_of(learner, now=NOW))
    assert [known[one].value for one in ids] == ["new", "new", "none"]


def test_no_second_card_is_made_for_another_form(
    db: Session, learner: User, forms: tuple[Question, Question], card: Card
) -> None:
    late = a_question(db, QuestionKind.OPEN)
    late.same_as = forms[0].key
    db.flush()
    assert service.add_cards(db, user=learner, question_ids=[late.id], now=NOW) == 0


@pytest.fixture
def chain(db: Session) -> Sequence[Question]:
    """Five questions, of which each names the next one; the last names the first but one, so there is a circle too."""
    questions = [a_question(db, QuestionKind.FLASHCARD) for _ in range(5)]
    for one, other in pairwise(questions):
        one.same_as = other.key
    questions[-1].same_as = questions[1].key
    db.flush()
    return questions


def test_a_chain_of_names_is_one_memory(db: Session, learner: User, chain: Sequence[Question]) -> None:
    ids = [one.id for one in chain]
    other = a_question(db)
    assert things_of(db, question_ids=[*ids, other.id]) == {**dict.fromkeys(ids, ids[0]), other.id: other.id}
    assert service.add_cards(db, user=learner, question_ids=ids, now=NOW) == 1
    for at, asked in enumerate((ids[0], ids[1], ids[0])):
        card = db.scalars(select(Card)).one()
        page = page_of(db, learner, card)
        assert page.question.id == asked
        rate(db, learner, card, page, days=30 * at)
    assert question_of_memory(db, user_id=learner.id, question_id=ids[4]) == ids[0]


def test_those_that_name_a_key_nobody_has_test_the_same(db: Session) -> None:
    ids = []
    for _ in range(2):
        question = a_question(db)
        question.same_as = "q-nowhere"
        ids.append(question.id)
    db.flush()
    assert {*things_of(db, question_ids=ids).values()} == {ids[0]}


def test_the_ends_of_a_chain_are_noted_as_forms_of_one_card(
    db: Session, learner: User, chain: Sequence[Question]
) -> None:
    service.add_cards(db, user=learner, question_ids=[chain[0].id], now=NOW)
    card = db.scalars(select(Card)).one()
    rate(db, learner, card, page_of(db, learner, card))
    review_id = db.scalars(select(ReviewLog.id)).one()
    note_asked(db.connection(), review_id=review_id, card_id=card.id, question_id=chain[3].id)
    assert db.scalars(select(AskedForm.question_id)).all() == [chain[3].id]


def test_a_question_that_tests_something_else_is_noted_as_no_form(
    db: Session, learner: User, forms: tuple[Question, Question], card: Card
) -> None:
    page, other = page_of(db, learner, card), a_question(db)
    rate(db, learner, card, page)
    review_id = db.scalars(select(ReviewLog.id)).one()
    note_asked(db.connection(), review_id=review_id, card_id=card.id, question_id=other.id)
    assert db.scalars(select(AskedForm.question_id)).all() == []


def test_a_retired_form_is_asked_no_more(
    db: Session, learner: User, forms: tuple[Question, Question], card: Card
) -> None:
    rate(db, learner, card, page_of(db, learner, card))
    forms[1].retired_at = NOW
    db.flush()
    assert page_of(db, learner, card).question.id == forms[0].id
