"""Reviews of another program: they go into the log once, and the log gives the card."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.formats.learnt import LearntElsewhere, ReviewElsewhere
from quizapp.review import deeds, undoing
from quizapp.review.log import replay
from quizapp.review.log.foreign_history import TakenUp, take_up
from quizapp.review.log.rebuilding import STATE, rebuild_cards
from quizapp.review.memory import Memory, Phase, Rating
from quizapp.review.models import Card, DayTally, ReviewLog, ReviewSource
from quizapp.review.scheduler import USUAL
from quizapp.study_day import study_day
from tests.builders import NOW, a_question, rate_card

HISTORY = ((-40, Rating.GOOD), (-36, Rating.GOOD), (-20, Rating.AGAIN), (-19, Rating.GOOD))


def learnt(*history: tuple[int, Rating], suspended: bool = False) -> LearntElsewhere:
    """Reviews by the days before NOW."""
    made = tuple(
        ReviewElsewhere(at_ms=round((NOW + timedelta(days=days)).timestamp() * 1000), rating=rating, taken_ms=4_000)
        for days, rating in history
    )
    return LearntElsewhere(key="q", reviews=made, suspended=suspended)


def nothing() -> None:
    pass


def brought(db: Session, learner: User, *history: tuple[int, Rating], suspended: bool = False) -> Card:
    question = a_question(db)
    take_up(db, user=learner, learnt={question.id: learnt(*history, suspended=suspended)}, now=NOW, settle=nothing)
    return db.scalars(select(Card).where(Card.question_id == question.id)).one()


def test_the_memory_is_what_the_scheduler_makes_of_the_reviews(db: Session, learner: User) -> None:
    card = brought(db, learner, *HISTORY)
    memory = Memory()
    for days, rating in HISTORY:
        day = study_day(NOW + timedelta(days=days), learner.zone, learner.rollover_hour)
        memory = USUAL.review(memory, rating, day=day).memory
    assert card.memory == memory
    assert (card.reps, card.lapses, card.logged) == (4, 1, 4)


def test_a_rebuild_gives_the_same_card(db: Session, learner: User) -> None:
    card = brought(db, learner, *HISTORY)
    before = {name: getattr(card, name) for name in STATE}
    assert rebuild_cards(db, user=learner, card_ids=[card.id]).changed == 0
    replay.rebuild(db, card)
    assert {name: getattr(card, name) for name in STATE} == before


def test_a_second_time_adds_nothing_and_a_newer_export_what_is_new(db: Session, learner: User) -> None:
    card = brought(db, learner, *HISTORY[:2])
    both = {card.question_id: learnt(*HISTORY)}
    assert take_up(db, user=learner, learnt=both, now=NOW, settle=nothing) == TakenUp(cards=1, reviews=2)
    assert take_up(db, user=learner, learnt=both, now=NOW, settle=nothing) == TakenUp(cards=0, reviews=0)
    assert card.logged == 4


def test_what_was_reviewed_here_stays(db: Session, learner: User) -> None:
    card = brought(db, learner)
    assert card.phase is Phase.NEW, "a card without reviews stays new"
    rate_card(
        db, user=learner, card_id=card.id, review_id=uuid4(), rating=Rating.GOOD, source=ReviewSource.REVIEW,
        now=NOW, seen_version=card.version, taken_ms=None,
    )  # fmt: skip
    older = {card.question_id: learnt(*HISTORY)}
    assert take_up(db, user=learner, learnt=older, now=NOW + timedelta(days=1), settle=nothing).reviews == 0


def test_what_was_put_away_stays_so(db: Session, learner: User) -> None:
    assert brought(db, learner, *HISTORY, suspended=True).suspended
    assert not brought(db, learner, *HISTORY).suspended


def test_reviews_after_now_are_left_out(db: Session, learner: User) -> None:
    assert brought(db, learner, (-1, Rating.GOOD), (2, Rating.GOOD)).logged == 1


def test_the_days_figures_count_them(db: Session, learner: User) -> None:
    brought(db, learner, *HISTORY)
    assert db.scalar(select(func.sum(DayTally.reviews))) == 4
    assert set(db.scalars(select(ReviewLog.source))) == {ReviewSource.IMPORTED}


@pytest.mark.parametrize("before", [(), HISTORY[-1:], HISTORY])
def test_what_was_reset_here_begins_anew_whatever_was_before(
    db: Session, learner: User, before: tuple[tuple[int, Rating], ...]
) -> None:
    card = brought(db, learner, *before)
    deeds.reschedule(db, user=learner, card_ids=[card.id], days=3, now=NOW)
    deeds.reset(db, user=learner, card_ids=[card.id], now=NOW)
    again = {card.question_id: learnt(*HISTORY)}
    assert take_up(db, user=learner, learnt=again, now=NOW, settle=nothing).reviews == 0
    assert card.phase is Phase.NEW


def test_a_flag_and_a_due_day_set_by_hand_come_along_in_one_step(db: Session, learner: User) -> None:
    first, second = a_question(db), a_question(db)
    due = (NOW + timedelta(days=29)).date()
    both = {
        first.id: replace(learnt(*HISTORY, suspended=True), due=due, flag=3),
        second.id: replace(learnt(), flag=4),
    }
    take_up(db, user=learner, learnt=both, now=NOW, settle=nothing)
    cards = db.scalars(select(Card).order_by(Card.question_id)).all()
    today = study_day(NOW, learner.zone, learner.rollover_hour)
    assert [(card.flag, card.suspended, card.due_day) for card in cards] == [(3, True, today + 29), (4, False, None)]
    assert cards[0].memory.last_day == today - 19
    assert rebuild_cards(db, user=learner, card_ids=[cards[0].id]).changed == 0
    undoing.undo(db, user=learner, now=NOW)
    db.expire_all()
    assert [(card.flag, card.suspended) for card in cards] == [(0, False), (0, False)]


def test_what_was_done_here_with_a_card_stays_when_the_file_comes_again(db: Session, learner: User) -> None:
    question = a_question(db)
    from_there = {question.id: replace(learnt(*HISTORY), due=(NOW + timedelta(days=29)).date(), flag=3)}
    take_up(db, user=learner, learnt=from_there, now=NOW, settle=nothing)
    card = db.scalars(select(Card)).one()
    deeds.flag(db, user=learner, card_ids=[card.id], flag=0, now=NOW)
    deeds.reschedule(db, user=learner, card_ids=[card.id], days=2, now=NOW)
    take_up(db, user=learner, learnt=from_there, now=NOW, settle=nothing)
    assert (card.flag, card.due_day) == (0, study_day(NOW, learner.zone, learner.rollover_hour) + 2)


def test_a_due_day_that_has_passed_is_today(db: Session, learner: User) -> None:
    question = a_question(db)
    past = {question.id: replace(learnt(*HISTORY), due=(NOW - timedelta(days=2)).date())}
    take_up(db, user=learner, learnt=past, now=NOW, settle=nothing)
    assert db.scalars(select(Card)).one().due_day == study_day(NOW, learner.zone, learner.rollover_hour)
