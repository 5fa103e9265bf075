"""Further plays of a day beside Anki 26.9.3's own core: what is put away and brought back, chains of undo, rollovers.

Each was played there with FSRS on. Where ours is another way, it is said why.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import LeechAction, User
from quizapp.review import deeds, limits
from quizapp.review.log import statistics
from quizapp.review.memory import Phase
from quizapp.review.models import Card, ReviewSource
from tests.integration.review.test_near_plays import AGAIN, DAY, EASY, GOOD, HARD, MINUTE, Play


@pytest.fixture
def play(db: Session, learner: User, make_card: Callable[[], Card]) -> Play:
    return Play(db, learner, make_card)


# Put away, and brought back


def test_a_sibling_unburied_by_hand_is_buried_again_by_the_next_answer(play: Play) -> None:
    first, second = play.new(2)
    play.siblings(first, second)
    play.rate(first, AGAIN)
    play.do(deeds.unbury, second)
    assert second.buried_until_day is None or second.buried_until_day <= play.today
    play.now += 10 * MINUTE
    play.rate(first, GOOD)
    assert second.buried_until_day == play.today + 1


def test_an_answer_apart_leaves_siblings_where_they_are(play: Play) -> None:
    """Anki buries them: who rehearses one card before an interview gets the other neither there nor in the reviews."""
    card, other = play.known(), play.known()
    play.siblings(card, other)
    play.rate(card, GOOD, source=ReviewSource.APART)
    assert other.buried_until_day is None


@pytest.mark.parametrize("put_away", [deeds.suspend, deeds.bury])
@pytest.mark.parametrize("days", [0, 2])
def test_a_due_day_by_hand_brings_back_what_was_put_away(play: Play, put_away: Callable[..., int], days: int) -> None:
    card = play.known()
    play.do(put_away, card)
    play.do(deeds.reschedule, card, days=days)
    assert (card.suspended, card.due_day) == (False, play.today + days)
    assert (card.buried_until_day or 0) <= play.today


@pytest.mark.parametrize("put_away", [deeds.suspend, deeds.bury])
def test_a_new_beginning_brings_back_what_was_put_away_and_undo_puts_it_away(
    play: Play, put_away: Callable[..., int]
) -> None:
    (card,) = play.learnt()
    play.do(put_away, card)
    play.do(deeds.reset, card)
    assert (card.phase, play.shown()) == (Phase.NEW, card)
    assert (play.undo(), play.shown(), card.phase) == ("reset", None, Phase.REVIEW)


def test_a_suspended_card_stays_so_over_the_rollover_and_a_buried_sibling_of_it_comes_back(play: Play) -> None:
    first, second = play.known(), play.known()
    play.siblings(first, second)
    play.do(deeds.suspend, first)
    play.do(deeds.bury, second)
    play.now += DAY
    assert (first.suspended, play.shown()) == (True, second)


# Chains of undo


def test_four_kinds_of_deeds_come_back_one_by_one(play: Play) -> None:
    one, two, three = play.new(3)
    play.do(deeds.flag, one, flag=2)
    play.rate(one, EASY)
    play.do(deeds.bury, two)
    play.do(deeds.suspend, three)
    assert [play.undo() for _ in range(5)] == ["suspend", "bury", "easy", "flag", "nothing"]
    assert ([card.flag for card in (one, two, three)], play.left()) == ([0, 0, 0], (3, 0, 0))


def test_a_leech_that_was_brought_back_is_put_away_by_one_undo_and_no_leech_by_two(play: Play) -> None:
    play.user.leech_threshold, play.user.leech_action = 1, LeechAction.SUSPEND
    card = play.known()
    play.rate(card, AGAIN)
    play.do(deeds.unsuspend, card)
    assert (play.undo(), card.suspended, card.leech) == ("unsuspend", True, True)
    assert (play.undo(), card.suspended, card.leech, card.lapses) == ("again", False, False, 0)


def test_two_failures_in_relearning_are_undone_one_by_one(play: Play) -> None:
    (card,) = play.learnt()
    play.rate(card, AGAIN)
    first = card.stability, card.due_at
    play.now += 11 * MINUTE
    play.rate(card, AGAIN)
    assert (play.undo(), (card.stability, card.due_at), card.lapses) == ("again", first, 1)
    assert (play.undo(), card.phase, card.lapses, play.left()) == ("again", Phase.REVIEW, 0, (0, 0, 1))


# Limits


def test_of_a_backlog_as_many_come_each_day_as_the_limit_says(play: Play) -> None:
    play.user.reviews_per_day = 5
    for late in range(12):
        play.known(late=late)
    assert play.left() == (0, 0, 5)
    for _ in range(3):
        card = play.shown()
        assert card is not None
        play.rate(card, GOOD)
    assert play.left() == (0, 0, 2)
    play.now += DAY
    assert play.left() == (0, 0, 5)


@pytest.mark.parametrize(("put_away", "left"), [(deeds.suspend, 2), (deeds.bury, 2)])
def test_what_is_put_away_makes_room_for_the_next_under_the_limit_of_reviews(
    play: Play, put_away: Callable[..., int], left: int
) -> None:
    play.user.reviews_per_day = 3
    cards = [play.known() for _ in range(5)]
    play.rate(cards[0], GOOD)
    play.do(put_away, cards[1])
    assert play.left() == (0, 0, left)


def test_new_cards_that_were_not_begun_are_not_added_to_tomorrows(play: Play) -> None:
    play.user.new_per_day = 4
    play.rate(play.new(12)[0], EASY)
    assert play.left() == (3, 0, 0)
    play.now += DAY
    assert play.left() == (4, 0, 0)


def test_more_new_cards_of_yesterday_are_not_todays(play: Play) -> None:
    play.user.new_per_day = 2
    play.new(9)
    limits.allow_more_new(play.db, user=play.user, more=5, now=play.now)
    assert play.left() == (7, 0, 0)
    play.now += DAY
    assert play.left() == (2, 0, 0)


# Steps over rollovers and clocks


def test_a_step_over_the_rollover_is_no_night(play: Play) -> None:
    """Anki has the card back at 04:00, five minutes early, and gives what a whole night would: 3.44."""
    play.now = datetime(2026, 11, 24, 2, 55, tzinfo=UTC)  # 03:55 in Berlin
    card = play.known()
    play.rate(card, AGAIN)
    play.now += 6 * MINUTE
    assert play.shown() is None
    play.now += 5 * MINUTE
    assert play.shown() is card
    play.rate(card, GOOD)
    assert (card.stability, card.lapses) == (pytest.approx(2.01, abs=0.1), 1)


def test_relearning_that_was_left_for_days_goes_on_and_is_no_second_lapse(play: Play) -> None:
    good, again = play.known(), play.known()
    for card in (good, again):
        play.rate(card, AGAIN)
    play.now += 3 * DAY
    assert play.left() == (0, 2, 0)
    play.rate(good, GOOD)
    play.rate(again, AGAIN)
    assert (good.phase, good.lapses, again.phase, again.lapses) == (Phase.REVIEW, 1, Phase.RELEARNING, 1)
    assert (good.due_day or 0) - play.today > 1


def test_a_clock_put_back_a_day_leaves_what_was_done(play: Play) -> None:
    (card,) = play.learnt()
    play.rate(card, GOOD)
    due = card.due_day
    play.now -= DAY
    assert (card.due_day, play.left()) == (due, (0, 0, 0))


def test_what_was_buried_in_the_evening_is_back_where_the_next_day_has_begun(play: Play) -> None:
    """Anki keeps it buried in Tokyo, where it is 05:00 of the next day, until it was opened there on another day."""
    card = play.known()
    play.now = datetime(2026, 11, 23, 20, tzinfo=UTC)  # 21:00 in Berlin
    play.do(deeds.bury, card)
    assert play.shown() is None
    accounts.set_calendar(play.user, zone="Asia/Tokyo", rollover_hour=4)
    assert play.shown() is card


# Figures


def retained(play: Play) -> tuple[int, int]:
    """The reviews of today that true retention counts, and how many of them passed."""
    sums = statistics.totals(statistics.day_figures(play.db, user_id=play.user.id, today=play.today), since=play.today)
    return sums["known"], sums["passed"]


def test_true_retention_after_what_is_done_with_a_card(play: Play) -> None:
    failed, hard, undone, set_due, anew = (play.known(30) for _ in range(5))
    play.rate(failed, AGAIN)
    play.now += 11 * MINUTE
    play.rate(failed, GOOD)
    assert retained(play) == (1, 0)
    play.rate(hard, HARD)
    assert retained(play) == (2, 1)
    play.rate(undone, AGAIN)
    play.undo()
    assert retained(play) == (2, 1)
    play.do(deeds.reschedule, set_due, days=0)
    play.rate(set_due, GOOD)
    assert retained(play) == (3, 2)
    play.do(deeds.reset, anew)
    play.rate(anew, EASY)
    assert retained(play) == (3, 2)


def test_hours_count_every_answer_and_those_above_again_as_right(play: Play) -> None:
    (card,) = play.new(1)
    play.rate(card, AGAIN)
    play.now += 11 * MINUTE
    play.rate(card, GOOD)
    found = statistics.hour_figures(play.db, user_id=play.user.id, today=play.today, now=play.now)
    assert [(hour, one.reviews, one.passed) for hour, one in enumerate(found) if one.reviews] == [(12, 2, 1)]


def test_the_forecast_has_what_is_late_and_what_is_in_its_steps_on_today(play: Play) -> None:
    """Anki shows what is late on days before today."""
    play.new(1), play.known(late=3), play.known(), play.known(late=-2)
    play.do(deeds.suspend, play.known())
    play.do(deeds.bury, play.known())
    play.rate(play.known(), AGAIN)
    play.rate(play.new(1)[0], AGAIN)
    found = statistics.forecast(play.db, user_id=play.user.id, today=play.today)
    assert list(found[:4]) == [4, 1, 1, 0]


def test_flags_of_many_taken_away_come_back_by_one_undo(play: Play) -> None:
    cards = play.new(4)
    play.do(deeds.flag, *cards, flag=2)
    play.do(deeds.flag, *cards[:2], flag=0)
    assert (play.undo(), [card.flag for card in cards]) == ("flag", [2, 2, 2, 2])


def test_a_card_in_its_step_that_began_anew_is_in_its_step_by_undo(play: Play) -> None:
    (card,) = play.new(1)
    play.rate(card, AGAIN)
    step = card.phase, card.due_at
    play.do(deeds.reset, card)
    assert (card.phase, play.left()) == (Phase.NEW, (1, 0, 0))
    assert (play.undo(), (card.phase, card.due_at)) == ("reset", step)


def test_an_early_failure_is_a_lapse_a_leech_and_in_the_true_retention(play: Play) -> None:
    play.user.leech_threshold, play.user.leech_action = 1, LeechAction.MARK
    card = play.known(late=-5)
    assert play.rate(card, AGAIN).is_leech
    assert (card.phase, card.lapses, card.suspended, retained(play)) == (Phase.RELEARNING, 1, False, (1, 0))


def test_easy_ends_relearning_and_adds_nothing_to_the_true_retention(play: Play) -> None:
    card = play.known()
    play.rate(card, AGAIN)
    play.rate(card, EASY)
    assert (card.phase, card.lapses, retained(play)) == (Phase.REVIEW, 1, (1, 0))


def test_a_failure_of_a_new_card_is_no_lapse_whatever_follows(play: Play) -> None:
    (card,) = play.new(1)
    for rating in (AGAIN, AGAIN, HARD, GOOD):
        play.rate(card, rating)
        play.now += 11 * MINUTE
    assert (card.phase, card.lapses) == (Phase.REVIEW, 0)


def test_a_leech_that_is_suspended_buries_its_sibling_like_any_answer(play: Play) -> None:
    play.user.leech_threshold, play.user.leech_action = 1, LeechAction.SUSPEND
    card, other = play.known(), play.known()
    play.siblings(card, other)
    play.rate(card, AGAIN)
    assert (card.suspended, other.buried_until_day) == (True, play.today + 1)
    assert (play.undo(), card.suspended, other.buried_until_day) == ("again", False, None)
