"""The desired retention of a note goes over the learner's own, wherever an interval is computed; on both databases."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp.accounts import interview
from quizapp.accounts.models import User
from quizapp.catalogue.models import Note
from quizapp.errors import Invalid
from quizapp.review import deeds, interview_plan, note_retentions, queries, service, undoing
from quizapp.review.log import rebuilding
from quizapp.review.memory import Rating
from quizapp.review.models import Card, NoteRetention, ReviewLog, ReviewSource
from quizapp.review.pages.card_page import card_page, coming_pages
from quizapp.review.wording import days_text
from quizapp.study_day import date_of
from tests.builders import a_note, a_question

from .conftest import NOON

Rate = Callable[..., None]
DAY = timedelta(days=1)


@pytest.fixture
def note(db: Session, learner: User) -> Note:
    """A note to be remembered better than all else."""
    learner.is_balanced, learner.bury_siblings = False, False
    note = a_note(db)
    note_retentions.set_for_note(db, user=learner, note_id=note.id, retention=0.97)
    return note


@pytest.fixture
def cards(db: Session, learner: User, note: Note, rate: Rate) -> tuple[Card, Card]:
    """A card of that note and one of another, both learnt 9 days ago; Good makes 33 days of each by default."""
    found = []
    for each in (note, a_note(db)):
        question = a_question(db, note=each)
        service.add_cards(db, user=learner, question_ids=[question.id], now=NOON - 9 * DAY)
        found.append(db.scalars(select(Card).where(Card.question_id == question.id)).one())
        rate(found[-1], Rating.EASY, at=NOON - 9 * DAY)
    return found[0], found[1]


def days(card: Card) -> int:
    return (card.due_day or 0) - (card.last_day or 0)


def test_a_card_comes_sooner_by_its_notes_retention(db: Session, cards: tuple[Card, Card], rate: Rate) -> None:
    mine, other = cards
    first = days(mine), days(other)
    for card in cards:
        rate(card, Rating.GOOD)
    assert mine.stability == other.stability
    assert first[0] < first[1]
    assert days(mine) * 3 < days(other)


def test_an_answer_in_a_quiz_and_one_in_a_lab_count_so_too(
    db: Session, learner: User, cards: tuple[Card, Card]
) -> None:
    for card in cards:
        asked = {"question_id": card.question_id, "review_id": uuid4(), "rating": Rating.GOOD}
        service.rate_question(db, user=learner, source=ReviewSource.QUIZ, now=NOON, **asked)
    assert days(cards[0]) * 3 < days(cards[1])


def test_the_buttons_say_what_comes(db: Session, learner: User, cards: tuple[Card, Card], rate: Rate) -> None:
    said = [card_page(db, user=learner, card=card, now=NOON).options[2].interval for card in cards]
    ahead = coming_pages(db, user=learner, now=NOON + 20 * DAY, most=2, ahead=False, without=[])
    assert len({page.options[2].interval for page in ahead}) == 2
    for card in cards:
        rate(card, Rating.GOOD)
    assert said == [days_text(days(card)) for card in cards]
    assert said[0] != said[1]


def test_a_note_may_go_back_to_what_is_usual(
    db: Session, learner: User, note: Note, cards: tuple[Card, Card], rate: Rate
) -> None:
    note_retentions.set_for_note(db, user=learner, note_id=note.id, retention=None)
    for card in cards:
        rate(card, Rating.GOOD)
    assert days(cards[0]) == days(cards[1])
    assert db.scalars(select(NoteRetention)).all() == []
    with pytest.raises(Invalid, match="70 to 99"):
        note_retentions.set_for_note(db, user=learner, note_id=note.id, retention=1.0)


def test_a_rebuild_takes_the_day_from_the_log_and_a_new_one_from_the_note(
    db: Session, learner: User, note: Note, cards: tuple[Card, Card], rate: Rate
) -> None:
    """Where the log cannot say, since a review before was taken back, the note's present retention does."""
    card = cards[0]
    rate(card, Rating.GOOD)
    due = card.due_day
    note_retentions.set_for_note(db, user=learner, note_id=note.id, retention=0.8)
    assert rebuilding.rebuild_cards(db, user=learner, card_ids=[card.id]).changed == 0
    db.execute(delete(ReviewLog).where(ReviewLog.card_id == card.id, ReviewLog.sequence == 1))
    assert rebuilding.rebuild_cards(db, user=learner, card_ids=[card.id]).changed == 1
    rebuilt = days(card)
    note_retentions.set_for_note(db, user=learner, note_id=note.id, retention=0.97)
    rebuilding.rebuild_cards(db, user=learner, card_ids=[card.id])
    assert days(card) < rebuilt
    assert due is not None


def test_an_undo_brings_back_the_day_that_was(db: Session, learner: User, cards: tuple[Card, Card], rate: Rate) -> None:
    before = cards[0].due_day
    rate(cards[0], Rating.GOOD)
    undoing.undo(db, user=learner, now=NOON)
    assert cards[0].due_day == before


def test_the_plan_counts_on_it(db: Session, learner: User, note: Note) -> None:
    """More reviews for a note that is to be remembered better."""
    ids = [a_question(db, note=note).id for _ in range(100)]
    service.add_cards(db, user=learner, question_ids=ids, now=NOON)
    on = date_of(queries.today_of(learner, now=NOON) + 60)
    interview.set_interview(learner, on=on, minutes=60, now=NOON)
    reviews = []
    for retention in (0.97, None):
        note_retentions.set_for_note(db, user=learner, note_id=note.id, retention=retention)
        plan = interview_plan.planned(db, user=learner, now=NOON)
        assert plan is not None
        reviews.append(sum(day.reviews for day in plan.plan.days))
    assert reviews[0] > 1.2 * reviews[1], "which of them are forgotten is drawn anew for each learner"


def test_preset_of_the_deck_counts_at_answer_time(
    db: Session, learner: User, cards: tuple[Card, Card], rate: Rate
) -> None:
    """As Anki with a deck's preset: a card that moves to another note is due when it was, and then by that one's."""
    mine, other = cards
    due = mine.due_day
    mine.question.note = other.question.note
    db.flush()
    assert mine.due_day == due
    for card in cards:
        rate(card, Rating.GOOD)
    assert days(mine) == days(other)


def test_retention_raised_with_rescheduling_makes_a_backlog(
    db: Session, learner: User, cards: tuple[Card, Card]
) -> None:
    """In Anki ten cards that are due in 30 days are overdue at once. Here no card that waits moves."""
    due = [card.due_day for card in cards]
    learner.desired_retention = 0.97
    db.flush()
    assert [card.due_day for card in cards] == due
    deeds.reschedule(db, user=learner, card_ids=[cards[0].id], days=1, now=NOON)  # whoever wants it sooner says so
    assert cards[0].due_day == queries.today_of(learner, now=NOON) + 1
