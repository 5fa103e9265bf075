"""Plays of several deeds in a row, beside Anki 26.9.3 with FSRS on: each was played there too, and came to the same.

Where one of them is not as there, its docstring says why.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import LeechAction, User
from quizapp.review import deeds
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card
from tests.integration.review.test_near_plays import AGAIN, DAY, EASY, GOOD, HARD, MINUTE, Play


@pytest.fixture
def play(db: Session, learner: User, make_card: Callable[[], Card]) -> Play:
    return Play(db, learner, make_card)


def test_a_limit_of_reviews_lowered_and_raised_during_the_day_and_the_day_after(play: Play) -> None:
    cards = [play.known() for _ in range(8)]
    play.user.reviews_per_day = 10
    for card in cards[:2]:
        play.rate(card, GOOD)
    due = []
    for limit in (1, 5):
        play.user.reviews_per_day = limit
        due.append(play.left()[2])
    play.now += DAY
    assert [*due, play.left()[2]] == [0, 3, 5]


def test_a_card_failed_twice_costs_one_review_and_one_more_is_shown_behind_it(play: Play) -> None:
    play.user.reviews_per_day = 3
    for _ in range(6):
        play.known()
    card = play.shown()
    assert card is not None
    play.rate(card, AGAIN)
    assert play.left() == (0, 1, 2)
    play.now += 11 * MINUTE
    play.rate(card, AGAIN)
    play.now += 11 * MINUTE
    play.rate(card, GOOD)
    assert play.left() == (0, 0, 2)


def test_seven_kinds_of_deeds_after_an_answer_come_back_one_by_one(play: Play) -> None:
    first, card = play.new(2)
    play.rate(first, GOOD)
    play.do(deeds.flag, card, flag=1)
    play.do(deeds.suspend, card)
    play.do(deeds.unsuspend, card)
    play.do(deeds.reschedule, card, days=5)
    play.do(deeds.reset, card)
    play.do(deeds.bury, card)
    play.do(deeds.unbury, card)
    undone = [play.undo() for _ in range(9)]
    assert undone == ["unbury", "bury", "reset", "reschedule", "unsuspend", "suspend", "flag", "good", "nothing"]
    assert (card.phase, card.due_day, card.suspended, card.flag) == (Phase.NEW, None, False, 0)


def test_what_changed_nothing_is_no_step(play: Play) -> None:
    first, second, third = play.new(3)
    play.do(deeds.suspend, first)
    play.do(deeds.suspend, first)
    play.do(deeds.suspend, first, second, third)
    assert play.undo() == "suspend"
    assert [card.suspended for card in (first, second, third)] == [True, False, False]
    assert [play.undo(), play.undo()] == ["suspend", "nothing"]


def test_two_due_days_by_hand_come_back_one_by_one(play: Play) -> None:
    (card,) = play.learnt()
    before = card.due_day
    play.do(deeds.reschedule, card, days=3)
    play.do(deeds.reschedule, card, days=9)
    days = [(card.due_day or 0) - play.today]
    play.undo()
    days.append((card.due_day or 0) - play.today)
    play.undo()
    assert (days, card.due_day) == ([9, 3], before)


def test_a_card_suspended_in_its_steps_is_in_them_after_days_and_a_night_counts(play: Play) -> None:
    (card,) = play.new(1)
    play.rate(card, AGAIN)
    play.do(deeds.suspend, card)
    play.now += 3 * DAY
    play.do(deeds.unsuspend, card)
    assert play.left() == (0, 1, 0)
    play.rate(card, GOOD)
    assert round(card.stability or 0, 3) == 2.761


def test_a_card_buried_in_relearning_is_in_it_on_the_next_day(play: Play) -> None:
    card = play.known()
    play.rate(card, AGAIN)
    play.do(deeds.bury, card)
    assert play.left() == (0, 0, 0)
    play.now += DAY
    assert (play.left(), card.phase, card.lapses) == ((0, 1, 0), Phase.RELEARNING, 1)


def test_a_new_beginning_in_the_steps_makes_a_new_card_and_gives_no_place_back(play: Play) -> None:
    play.user.new_per_day = 2
    first, _, _ = play.new(3)
    play.rate(first, AGAIN)
    play.do(deeds.reset, first)
    assert (play.left(), first.phase, first.stability) == ((1, 0, 0), Phase.NEW, None)


def test_a_later_rollover_leaves_a_buried_card_away(play: Play) -> None:
    play.do(deeds.bury, play.known())
    accounts.set_calendar(play.user, zone="Europe/Berlin", rollover_hour=13)
    assert play.left() == (0, 0, 0)


@pytest.mark.parametrize(
    ("rating", "stability", "days"), [(AGAIN, 0.212, 0), (HARD, 1.293, 1), (GOOD, 2.307, 2), (EASY, 8.296, 8)]
)
def test_the_memory_after_a_first_answer(play: Play, rating: Rating, stability: float, days: int) -> None:
    """Its stability is Anki's. Anki's Hard and Good are steps within the day; here one step follows Again alone."""
    (card,) = play.new(1)
    play.rate(card, rating)
    assert (round(card.stability or 0, 3), (card.due_day or 0) - play.today) == (stability, days)


def test_a_due_day_by_hand_releases_a_leech_and_leaves_its_mark(play: Play) -> None:
    play.user.leech_threshold, play.user.leech_action = 1, LeechAction.SUSPEND
    card = play.known()
    play.rate(card, AGAIN)
    assert (card.suspended, card.leech) == (True, True)
    play.do(deeds.reschedule, card, days=3)
    assert (card.suspended, card.leech, card.phase) == (False, True, Phase.REVIEW)


def test_what_is_done_with_leeches_counts_as_it_is_when_a_card_lapses(play: Play) -> None:
    play.user.leech_threshold, play.user.leech_action = 2, LeechAction.MARK
    card = play.known(lapses=1)
    assert play.fail(card)
    play.user.leech_action = LeechAction.SUSPEND
    assert (card.leech, card.suspended) == (True, False)
    card.due_day = play.today
    play.rate(card, AGAIN)
    assert (card.suspended, card.lapses) == (True, 3)


def test_a_leap_day_is_a_day(play: Play) -> None:
    play.now = datetime(2028, 2, 28, 19, tzinfo=UTC)
    (card,) = play.new(1)
    play.rate(card, EASY)
    days = []
    for now in (datetime(2028, 2, 29, 10, tzinfo=UTC), datetime(2028, 3, 1, 10, tzinfo=UTC)):
        play.now = now
        days.append((card.due_day or 0) - play.today)
    assert days == [7, 6]
