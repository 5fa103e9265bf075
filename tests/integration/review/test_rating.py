"""A rating moves a card once, whatever is sent how often."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.models import Question
from quizapp.errors import Conflict, NotFound
from quizapp.review import deeds, scheduler, service, undoing
from quizapp.review.log import replay
from quizapp.review.memory import Memory, Phase, Rating
from quizapp.review.models import Card, Outcome, ReviewLog, ReviewSource
from quizapp.review.rating import Rated
from quizapp.study_day import study_day
from tests.builders import rate_card

from .conftest import NOON

MakeCard = Callable[[], Card]
MakeQuestion = Callable[[], Question]

DAY = timedelta(days=1)


def rate(
    db: Session,
    user: User,
    card: Card,
    rating: Rating = Rating.GOOD,
    *,
    at: datetime = NOON,
    review_id: UUID | None = None,
    seen: int | None = None,
    taken_ms: int | None = None,
) -> Rated:
    return rate_card(
        db,
        user=user,
        card_id=card.id,
        review_id=review_id or uuid4(),
        rating=rating,
        source=ReviewSource.REVIEW,
        now=at,
        seen_version=card.version if seen is None else seen,
        taken_ms=taken_ms,
    )


def log_of(db: Session, card: Card) -> list[ReviewLog]:
    return list(db.scalars(select(ReviewLog).where(ReviewLog.card_id == card.id).order_by(ReviewLog.sequence)))


def state_of(card: Card) -> tuple[object, ...]:
    """All that a rating changes, but for the version."""
    return card.memory, card.due_day, card.due_at, card.last_review_at


def test_a_rating_is_logged_and_moves_the_card(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    rated = rate(db, learner, card, taken_ms=1234)
    today = study_day(NOON, "Europe/Berlin", 4)
    assert (rated.outcome, rated.due_day, rated.due_at) == (Outcome.APPLIED, today + 2, None)
    assert (card.phase, card.version, card.reps, card.due_day) == (Phase.REVIEW, 1, 1, today + 2)
    (entry,) = log_of(db, card)
    assert (entry.id, entry.sequence, entry.day, entry.zone) == (rated.review_id, 1, today, "Europe/Berlin")
    assert (entry.phase_before, entry.stability_before, entry.retrievability_before) == (Phase.NEW, None, None)
    assert (entry.stability_after, entry.due_day_after, entry.taken_ms) == (card.stability, card.due_day, 1234)


def test_again_comes_back_in_ten_minutes(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    rated = rate(db, learner, card, Rating.AGAIN)
    assert rated.due_at == card.due_at == NOON + timedelta(minutes=10)
    assert card.phase is Phase.LEARNING


def test_sent_twice_it_counts_once(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    first = rate(db, learner, card, Rating.AGAIN, seen=0)
    before = state_of(card), card.version
    again = rate(db, learner, card, Rating.EASY, seen=0, review_id=first.review_id, at=NOON + DAY)
    assert again == first
    assert (state_of(card), card.version) == before
    assert len(log_of(db, card)) == 1


def test_a_second_tab_is_logged_as_stale_and_changes_nothing(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    first = rate(db, learner, card, seen=0)
    before = state_of(card), card.version
    second = rate(db, learner, card, Rating.EASY, seen=0)
    assert (second.outcome, second.due_day) == (Outcome.STALE, first.due_day)
    assert (state_of(card), card.version) == before
    assert [entry.outcome for entry in log_of(db, card)] == [Outcome.APPLIED, Outcome.STALE]
    assert rate(db, learner, card, Rating.EASY, seen=0, review_id=second.review_id) == second


def test_a_card_of_somebody_else_is_as_unknown_as_none(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    stranger = accounts.add_user(db, name="Bob", role=Role.OWNER, now=NOON)
    with pytest.raises(NotFound) as foreign:
        rate(db, stranger, card)
    card_id = uuid4()
    with pytest.raises(NotFound) as unknown:
        deeds.bury(db, user=stranger, card_ids=[card_id], now=NOON)
    assert str(foreign.value) == str(unknown.value)
    assert log_of(db, card) == []


def test_an_id_that_another_card_used_is_refused(db: Session, learner: User, make_card: MakeCard) -> None:
    first, second = make_card(), make_card()
    review_id = rate(db, learner, first).review_id
    with pytest.raises(Conflict):
        rate(db, learner, second, review_id=review_id)
    assert (second.version, log_of(db, second)) == (0, [])


@pytest.mark.parametrize(("sent", "kept"), [(None, None), (-5, 0), (59_999, 59_999), (10**30, 60_000)])
def test_time_taken_is_capped(
    db: Session, learner: User, make_card: MakeCard, sent: int | None, kept: int | None
) -> None:
    card = make_card()
    rate(db, learner, card, taken_ms=sent)
    assert log_of(db, card)[0].taken_ms == kept


def test_a_clock_that_went_back_does_not_turn_the_order(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    rate(db, learner, card, at=NOON + 365 * DAY)
    rate(db, learner, card, at=NOON)
    first, second = log_of(db, card)
    assert (second.reviewed_at, second.day, second.sequence) == (first.reviewed_at, first.day, 2)
    before = state_of(card)
    replay.rebuild(db, card)
    assert state_of(card) == before


def test_a_move_westwards_keeps_the_later_day(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    accounts.set_calendar(learner, zone="Pacific/Auckland", rollover_hour=4)
    rate(db, learner, card, at=NOON + timedelta(hours=5))  # 05:00 on the 24th
    accounts.set_calendar(learner, zone="America/Los_Angeles", rollover_hour=4)
    rate(db, learner, card, at=NOON + timedelta(hours=6))  # 09:00 on the 23rd
    first, second = log_of(db, card)
    assert second.day == first.day
    assert (first.zone, second.zone) == ("Pacific/Auckland", "America/Los_Angeles")


def test_a_question_answered_elsewhere_gets_a_card(db: Session, learner: User, make_question: MakeQuestion) -> None:
    question = make_question()
    for _ in range(2):  # the second answer finds the card
        service.rate_question(
            db,
            user=learner,
            question_id=question.id,
            review_id=uuid4(),
            rating=Rating.AGAIN,
            source=ReviewSource.QUIZ,
            now=NOON,
        )
    card = db.scalars(select(Card)).one()
    assert (card.question_id, card.reps, card.phase) == (question.id, 2, Phase.LEARNING)
    assert {entry.source for entry in log_of(db, card)} == {ReviewSource.QUIZ}


def test_a_question_that_is_gone_is_not_rated(db: Session, learner: User, make_question: MakeQuestion) -> None:
    question = make_question()
    question.retired_at = NOON
    for question_id in (question.id, question.id + 1):
        with pytest.raises(NotFound):
            service.rate_question(
                db,
                user=learner,
                question_id=question_id,
                review_id=uuid4(),
                rating=Rating.GOOD,
                source=ReviewSource.SANDBOX,
                now=NOON,
            )
    assert db.scalar(select(func.count()).select_from(Card)) == 0


def test_a_question_that_was_begun_before_it_was_retired_is_rated(
    db: Session, learner: User, make_question: MakeQuestion
) -> None:
    question = make_question()
    question.retired_at = NOON
    rating = {"review_id": uuid4(), "rating": Rating.GOOD, "source": ReviewSource.SANDBOX, "now": NOON}
    service.rate_question(db, user=learner, question_id=question.id, is_begun=True, **rating)
    assert db.scalars(select(Card)).one().reps == 1
    with pytest.raises(NotFound):
        service.rate_question(db, user=learner, question_id=question.id + 1, is_begun=True, **rating)


def test_cards_are_added_once(db: Session, learner: User, make_question: MakeQuestion) -> None:
    ids = [make_question().id for _ in range(3)]
    assert service.add_cards(db, user=learner, question_ids=[*ids[:2], ids[0]], now=NOON) == 2
    assert service.add_cards(db, user=learner, question_ids=[*ids, 10**6], now=NOON) == 1
    assert sorted(db.scalars(select(Card.question_id))) == ids


def test_undo_takes_back_the_last_review_only(db: Session, learner: User, make_card: MakeCard) -> None:
    first, second = make_card(), make_card()
    rate(db, learner, first, at=NOON)
    rate(db, learner, first, Rating.AGAIN, at=NOON + timedelta(minutes=1))
    before = state_of(first)
    rate(db, learner, second, at=NOON + timedelta(minutes=2))
    rate(db, learner, first, at=NOON + timedelta(minutes=12))
    undone = undoing.undo(db, user=learner, now=NOON + timedelta(minutes=13))
    assert undone is not None
    assert (undone.card_id, undone.rating) == (first.id, Rating.GOOD)
    assert state_of(first) == before
    assert first.version == 4
    assert second.reps == 1
    assert [entry.outcome for entry in log_of(db, first)] == [Outcome.APPLIED, Outcome.APPLIED, Outcome.UNDONE]


def test_undo_goes_back_to_a_new_card_and_then_has_nothing_left(
    db: Session, learner: User, make_card: MakeCard
) -> None:
    card = make_card()
    rate(db, learner, card)
    assert undoing.undo(db, user=learner, now=NOON) is not None
    assert (state_of(card), card.version) == ((Memory(), None, None, None), 2)
    assert undoing.undo(db, user=learner, now=NOON) is None


def test_an_undone_review_sent_again_stays_undone(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    rated = rate(db, learner, card, seen=0)
    undoing.undo(db, user=learner, now=NOON)
    assert rate(db, learner, card, seen=0, review_id=rated.review_id).outcome is Outcome.UNDONE
    assert card.phase is Phase.NEW


def test_undo_leaves_other_people_and_answers_given_elsewhere(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    rate(db, learner, card)
    stranger = accounts.add_user(db, name="Bob", role=Role.LEARNER, now=NOON)
    assert undoing.undo(db, user=stranger, now=NOON) is None
    service.rate_question(
        db,
        user=learner,
        question_id=card.question_id,
        review_id=uuid4(),
        rating=Rating.AGAIN,
        source=ReviewSource.SANDBOX,
        now=NOON + DAY,
    )
    undone = undoing.undo(db, user=learner, now=NOON + DAY)
    assert undone is not None
    assert undone.rating is Rating.GOOD  # of the day before, as it is the last that was made here
    assert undoing.undo(db, user=learner, now=NOON + DAY) is None


@pytest.mark.parametrize("seed", range(5))
def test_the_log_replayed_is_the_card(db: Session, learner: User, make_card: MakeCard, seed: int) -> None:
    rng = Random(seed)
    cards, at = [make_card() for _ in range(3)], NOON
    for _ in range(40):
        at += timedelta(hours=rng.choice((0, 0.2, 5, 23, 24, 25, 200)))
        card = rng.choice(cards)
        seen = card.version - (rng.random() < 0.2)
        rate(db, learner, card, rng.choice(list(Rating)), at=at, seen=seen)
        if rng.random() < 0.2:
            undoing.undo(db, user=learner, now=at)
    for card in cards:
        before = state_of(card)
        memory = Memory()
        for entry in log_of(db, card):
            if entry.outcome is Outcome.APPLIED:
                memory = scheduler.USUAL.review(memory, entry.rating, day=entry.day).memory
        assert memory == card.memory
        replay.rebuild(db, card)
        assert state_of(card) == before


def test_a_card_is_hidden_with_its_question_even_by_other_programs(
    db: Session, learner: User, make_card: MakeCard, make_question: MakeQuestion
) -> None:
    """The database copies it, by a foreign key with ON UPDATE CASCADE, into every card however many there are."""
    card, question = make_card(), make_question()
    card.question.retired_at = question.retired_at = NOON
    db.flush()
    assert service.add_cards(db, user=learner, question_ids=[question.id], now=NOON) == 1
    assert set(db.scalars(select(Card.hidden))) == {True}
    db.execute(text("UPDATE question SET hidden = false"))
    assert set(db.scalars(select(Card.hidden))) == {False}
