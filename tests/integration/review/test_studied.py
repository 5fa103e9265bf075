"""Cards of a note in and out of the reviews, and what an import adds to a note that somebody studies."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Note, Question
from quizapp.review import deeds, queries, service, studied_notes, undoing
from quizapp.review.memory import Rating
from quizapp.review.models import Card, DeedKind, ReviewSource
from quizapp.review.pages.deed_messages import undone_text
from quizapp.review.studied_notes import CardsOffered, TakenOut
from tests.builders import a_note, a_question

from .conftest import NOON

DAY = timedelta(days=1)
Rate = Callable[..., None]


@pytest.fixture
def note(db: Session, learner: User) -> Note:
    """A note of three questions, all of them cards of the learner's."""
    note = a_note(db)
    ids = [a_question(db, note=note).id for _ in range(3)]
    studied_notes.add(db, user=learner, note_id=note.id, question_ids=ids, now=NOON)
    return note


def cards(db: Session) -> list[Card]:
    return list(db.scalars(select(Card).order_by(Card.question_id)))


def take_out(db: Session, user: User, note: Note) -> TakenOut:
    ids = db.scalars(select(Question.id).where(Question.note_id == note.id)).all()
    return studied_notes.take_out(db, user=user, question_ids=ids, now=NOON)


def test_a_card_with_reviews_is_suspended_and_a_new_one_removed(
    db: Session, learner: User, note: Note, rate: Rate
) -> None:
    rate(cards(db)[0], Rating.GOOD)
    assert take_out(db, learner, note) == TakenOut(suspended=1, removed=2)
    assert [(card.suspended, card.reps) for card in cards(db)] == [(True, 1)]
    assert queries.next_card(db, user=learner, now=NOON + 90 * DAY) is None


def test_a_card_comes_back_with_its_memory(db: Session, learner: User, note: Note, rate: Rate) -> None:
    rate(cards(db)[0], Rating.GOOD)
    before = cards(db)[0].memory, cards(db)[0].due_day
    take_out(db, learner, note)
    assert studied_notes.bring_back(db, user=learner, question_ids=[cards(db)[0].question_id], now=NOON) == 1
    assert (cards(db)[0].memory, cards(db)[0].due_day, cards(db)[0].suspended) == (*before, False)


def test_a_flag_keeps_a_card_from_being_removed_and_an_answer_that_was_taken_back_does_not(
    db: Session, learner: User, note: Note, rate: Rate
) -> None:
    flagged, tried, _ = cards(db)
    deeds.flag(db, user=learner, card_ids=[flagged.id], flag=1, now=NOON)
    rate(tried, Rating.GOOD)
    undoing.undo(db, user=learner, now=NOON)
    assert take_out(db, learner, note) == TakenOut(suspended=1, removed=2)


def test_taking_out_is_undone_in_one_step(db: Session, learner: User, note: Note, rate: Rate) -> None:
    for card in cards(db)[:2]:
        rate(card, Rating.GOOD)
    take_out(db, learner, note)
    assert undoing.undo(db, user=learner, now=NOON + DAY) is not None
    assert [(card.suspended, card.reps) for card in cards(db)] == [(False, 1), (False, 1), (False, 0)]


def test_more_cards_than_one_query_takes_go_and_come_back_in_one_step(
    db: Session, learner: User, note: Note, rate: Rate, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ((deeds, "CARDS_MAX"), (deeds, "LOCKED_AT_ONCE"), (service, "ASKED_AT_ONCE")):
        monkeypatch.setattr(*limit, 2)
    for card in cards(db):
        rate(card, Rating.GOOD)
    assert take_out(db, learner, note) == TakenOut(suspended=3, removed=0)
    asked = [card.question_id for card in cards(db)]
    assert studied_notes.bring_back(db, user=learner, question_ids=asked, now=NOON + DAY) == 3
    undone = [undoing.undo(db, user=learner, now=NOON + 2 * DAY) for _ in range(2)]
    assert [one.cards for one in undone if one is not None] == [3, 3]
    assert [card.suspended for card in cards(db)] == [False, False, False]


def test_what_an_import_adds_to_a_note_is_offered_until_it_is_added(db: Session, learner: User, note: Note) -> None:
    assert studied_notes.offered(db, user=learner) == []
    later = [a_question(db, note=note).id for _ in range(2)]
    assert studied_notes.offered(db, user=learner) == [
        CardsOffered(note_key=note.key, note_title="Docker networking", count=2)
    ]
    assert studied_notes.offered_questions(db, user=learner, note_id=note.id) == later
    studied_notes.add(db, user=learner, note_id=note.id, question_ids=later, now=NOON)
    assert studied_notes.offered(db, user=learner) == []


def test_nothing_is_offered_of_what_was_declined_taken_out_or_never_studied(
    db: Session, learner: User, note: Note
) -> None:
    a_question(db, note=a_note(db))
    a_question(db, note=note)
    studied_notes.decline(db, user=learner, note_id=note.id)
    take_out(db, learner, note)
    assert studied_notes.offered(db, user=learner) == []
    a_question(db, note=note)
    studied_notes.forget(db, user=learner, note_id=note.id)
    assert studied_notes.offered(db, user=learner) == []


def test_a_hidden_question_is_not_offered(db: Session, learner: User, note: Note) -> None:
    a_question(db, note=note).draft = True
    db.flush()
    assert studied_notes.offered(db, user=learner) == []
    assert studied_notes.offered_questions(db, user=learner, note_id=note.id) == []


def test_adding_is_undone_in_its_turn_and_what_was_answered_since_stays(
    db: Session, learner: User, note: Note, rate: Rate
) -> None:
    answered = cards(db)[0]
    rate(answered, Rating.GOOD, source=ReviewSource.QUIZ)  # whose ratings undo leaves alone
    undone = [undoing.undo(db, user=learner, now=NOON) for _ in range(2)]
    assert [one and (one.kind, one.cards, one.stays) for one in undone] == [(DeedKind.ADD, 2, 1), None]
    assert [card.id for card in cards(db)] == [answered.id]


def test_adding_undone_leaves_nothing_behind(db: Session, learner: User, note: Note) -> None:
    undone = undoing.undo(db, user=learner, now=NOON)
    assert undone is not None
    assert (undone_text(undone), cards(db)) == ("Undone: adding to your reviews, on 3 cards.", [])
    a_question(db, note=note)
    assert studied_notes.offered(db, user=learner) == []
    ids = db.scalars(select(Question.id).where(Question.note_id == note.id)).all()
    assert studied_notes.add(db, user=learner, note_id=note.id, question_ids=ids, now=NOON) == 4


def test_adding_is_undone_whole_where_the_answer_to_one_was_undone_before(
    db: Session, learner: User, note: Note, rate: Rate
) -> None:
    rate(cards(db)[0], Rating.GOOD)
    undone = [undoing.undo(db, user=learner, now=NOON) for _ in range(3)]
    assert [one and undone_text(one) for one in undone] == [
        "Undone: Good.",
        "Undone: adding to your reviews, on 3 cards.",
        None,
    ]
    assert cards(db) == []


def test_adding_a_flag_and_taking_out_are_undone_one_by_one(db: Session, learner: User, note: Note) -> None:
    deeds.flag(db, user=learner, card_ids=[cards(db)[0].id], flag=1, now=NOON)
    assert take_out(db, learner, note) == TakenOut(suspended=1, removed=2)
    undone = [undoing.undo(db, user=learner, now=NOON) for _ in range(3)]
    assert [one and (one.kind, one.cards) for one in undone] == [
        (DeedKind.REMOVE, 3),
        (DeedKind.FLAG, 1),
        (DeedKind.ADD, 3),
    ]
    assert cards(db) == []


def test_taking_out_new_cards_is_undone_in_its_turn(db: Session, learner: User, note: Note) -> None:
    """Anki has no such step: there a card goes with its note, and comes back with it by undo."""
    take_out(db, learner, note)
    undone = undoing.undo(db, user=learner, now=NOON + DAY)
    assert undone is not None
    assert undone_text(undone) == "Undone: taking out of your reviews, on 3 cards."
    assert [(card.suspended, card.reps) for card in cards(db)] == [(False, 0)] * 3
    assert undoing.undo(db, user=learner, now=NOON + DAY) is not None  # that they were added
    assert (cards(db), undoing.undo(db, user=learner, now=NOON)) == ([], None)


def test_cards_taken_out_and_added_again_are_one_card_each_after_undo(
    db: Session, learner: User, note: Note, rate: Rate
) -> None:
    take_out(db, learner, note)
    ids = db.scalars(select(Question.id).where(Question.note_id == note.id)).all()
    service.add_cards(db, user=learner, question_ids=ids[:1], now=NOON)  # as an answer in a quiz does
    db.delete(db.get_one(Question, ids[2]))
    db.flush()
    assert undoing.undo(db, user=learner, now=NOON) is not None
    assert [card.question_id for card in cards(db)] == ids[:2]


def test_what_a_note_offers_is_offered_again_once_taking_all_out_is_undone(
    db: Session, learner: User, note: Note
) -> None:
    later = a_question(db, note=note).id
    ids = db.scalars(select(Question.id).where(Question.note_id == note.id)).all()
    studied_notes.take_out(db, user=learner, question_ids=ids, now=NOON, whole=note.id)
    assert studied_notes.offered(db, user=learner) == []
    undoing.undo(db, user=learner, now=NOON)
    assert studied_notes.offered_questions(db, user=learner, note_id=note.id) == [later]
