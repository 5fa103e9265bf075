"""Schedules of another program without reviews: a row of the log says with which state a card begins."""

from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.formats.learnt import LearntElsewhere, ReviewElsewhere, StateElsewhere, fsrs_state, sm2_state
from quizapp.review import deeds, undoing
from quizapp.review.fitting import refitting
from quizapp.review.log import log_export, misdated_reviews
from quizapp.review.log.foreign_history import TakenUp, take_up
from quizapp.review.log.rebuilding import rebuild_cards
from quizapp.review.memory import Memory, Phase, Rating
from quizapp.review.models import Card, DayTally, Outcome, ReviewLog, ReviewSource
from quizapp.study import personal_data
from quizapp.study_day import day_of, study_day
from tests.builders import NOW, a_question, rate_card

DUE = (NOW + timedelta(days=4)).date()
SM2 = sm2_state(due=DUE, interval=10, ease=2.5)
NOTHING = TakenUp(cards=0, reviews=0)


def take(db: Session, learner: User, question_id: int, state: StateElsewhere | None) -> TakenUp:
    learnt = {question_id: LearntElsewhere(key="q", state=state)}
    return take_up(db, user=learner, learnt=learnt, now=NOW, settle=lambda: None)


def begun(db: Session, learner: User, state: StateElsewhere | None = SM2) -> Card:
    question = a_question(db)
    take(db, learner, question.id, state)
    return db.scalars(select(Card).where(Card.question_id == question.id)).one()


def rate(db: Session, learner: User, card: Card, rating: Rating = Rating.GOOD) -> None:
    rate_card(
        db, user=learner, card_id=card.id, review_id=uuid4(), rating=rating, source=ReviewSource.REVIEW,
        now=NOW, seen_version=card.version, taken_ms=None,
    )  # fmt: skip


def rebuilds(db: Session, learner: User, card: Card) -> int:
    return rebuild_cards(db, user=learner, card_ids=[card.id]).changed


def test_sm_2_becomes_stability_and_difficulty_and_the_due_day_stays(db: Session, learner: User) -> None:
    card = begun(db, learner)
    assert card.due_day == day_of(DUE)
    assert card.last_day == day_of(DUE) - 10
    assert (card.phase, card.reps, round(card.stability or 0, 2), round(card.difficulty or 0, 2)) == (
        Phase.REVIEW, 0, 10, 6.91,
    )  # fmt: skip


def test_fsrs_is_taken_as_it_stands(db: Session, learner: User) -> None:
    card = begun(db, learner, fsrs_state(due=DUE, interval=4, stability=3.5, difficulty=6.2))
    today = study_day(NOW, learner.zone, learner.rollover_hour)
    assert card.memory == Memory(phase=Phase.REVIEW, stability=3.5, difficulty=6.2, last_day=today)


def test_a_rebuild_gives_the_same_card_before_and_after_a_review(db: Session, learner: User) -> None:
    card = begun(db, learner)
    assert rebuilds(db, learner, card) == 0
    rate(db, learner, card)
    db.refresh(card)
    assert (card.stability or 0) > 10
    assert rebuilds(db, learner, card) == 0


def test_an_undo_goes_back_to_it(db: Session, learner: User) -> None:
    card = begun(db, learner)
    before = card.memory, card.due_day
    rate(db, learner, card, Rating.AGAIN)
    db.expire_all()
    assert undoing.undo(db, user=learner, now=NOW) is not None
    assert (card.memory, card.due_day) == before
    assert undoing.undo(db, user=learner, now=NOW) is None, "the state itself is no deed of the learner's here"


def test_mending_a_later_review_keeps_it(db: Session, learner: User) -> None:
    card = begun(db, learner)
    rate_card(
        db, user=learner, card_id=card.id, review_id=uuid4(), rating=Rating.GOOD, source=ReviewSource.REVIEW,
        now=NOW + timedelta(days=30), seen_version=card.version, taken_ms=None,
    )  # fmt: skip
    assert misdated_reviews.mend(db, user=learner, now=NOW) == 1
    given = db.scalars(select(ReviewLog).where(ReviewLog.outcome == Outcome.GIVEN)).one()
    assert (given.stability_after, given.due_day_after) == (10, day_of(DUE))
    assert rebuilds(db, learner, card) == 0


def test_a_second_time_adds_nothing_and_a_later_schedule_is_taken(db: Session, learner: User) -> None:
    card = begun(db, learner)
    assert take(db, learner, card.question_id, SM2) == NOTHING
    later = sm2_state(due=DUE + timedelta(days=3), interval=10, ease=2.5)
    assert take(db, learner, card.question_id, later) == TakenUp(cards=0, reviews=0, states=1)
    assert (card.logged, card.due_day) == (2, day_of(DUE) + 3)


def test_what_was_reviewed_here_stays(db: Session, learner: User) -> None:
    card = begun(db, learner, None)
    rate(db, learner, card)
    db.expire_all()
    assert take(db, learner, card.question_id, SM2) == NOTHING


def test_a_card_that_was_reset_does_not_get_it_again(db: Session, learner: User) -> None:
    card = begun(db, learner)
    deeds.reset(db, user=learner, card_ids=[card.id], now=NOW)
    db.expire_all()
    assert take(db, learner, card.question_id, SM2) == NOTHING
    assert card.phase is Phase.NEW


def test_reviews_that_were_taken_up_are_not_taken_up_again_after_a_reset(db: Session, learner: User) -> None:
    question = a_question(db)
    review = ReviewElsewhere(at_ms=round((NOW - timedelta(days=9)).timestamp() * 1000), rating=3, taken_ms=0)
    learnt = {question.id: LearntElsewhere(key="q", reviews=(review,))}
    take_up(db, user=learner, learnt=learnt, now=NOW, settle=lambda: None)
    card = db.scalars(select(Card).where(Card.question_id == question.id)).one()
    deeds.reset(db, user=learner, card_ids=[card.id], now=NOW)
    assert take_up(db, user=learner, learnt=learnt, now=NOW, settle=lambda: None) == NOTHING


def test_a_last_review_that_is_still_to_come_is_taken_for_now(db: Session, learner: User) -> None:
    card = begun(db, learner, sm2_state(due=DUE, interval=1, ease=2.5))
    assert (card.last_review_at, card.due_day) == (NOW, day_of(DUE))


def test_it_is_in_no_figure_no_export_of_reviews_and_no_fit(db: Session, learner: User) -> None:
    card = begun(db, learner)
    rate(db, learner, card)
    assert db.scalar(select(func.sum(DayTally.reviews))) == 1
    assert len(list(log_export.export(db, user=learner, form=log_export.LogFormat.CSV))) == 2, "names and one review"
    assert '"outcome": "given"' in "".join(personal_data.everything(db, user=learner))
    assert list(refitting._answers(db, learner.id)) == []


def test_numbers_that_no_program_writes_are_no_state() -> None:
    assert sm2_state(due=date(2000, 1, 1), interval=1, ease=2.5) is None, "Obsidian's word for a new card"
    assert sm2_state(due=DUE, interval=float("nan"), ease=2.5) is None
    assert sm2_state(due=DUE, interval=4, ease=0) is None
    assert fsrs_state(due=DUE, interval=4, stability=float("inf"), difficulty=5) is None
