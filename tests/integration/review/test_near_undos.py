"""A day's plays near those played with Anki 26.9.3: undo, sittings, what is sent late or twice, clocks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from quizapp.accounts import service as accounts
from quizapp.errors import Conflict, NotFound
from quizapp.review import deeds, service, undoing
from quizapp.review.log import rebuilding, statistics
from quizapp.review.memory import Phase
from quizapp.review.models import Outcome, ReviewSource
from quizapp.review.pages import chosen_cards
from quizapp.review.pages.chosen_cards import Chosen
from quizapp.review.scheduler import MAX_INTERVAL_DAYS
from quizapp.study_day import study_day
from tests.integration.review.test_near_plays import AGAIN, DAY, EASY, GOOD, HARD, MINUTE, Play, play

__all__ = ["play"]

# Undo


def test_deeds_of_all_kinds_are_taken_back_in_their_order(play: Play) -> None:
    cards = play.learnt(5)
    play.rate(cards[0], GOOD)
    play.do(deeds.flag, cards[1], flag=3)
    play.do(deeds.bury, cards[2])
    play.rate(cards[3], AGAIN)
    play.do(deeds.reschedule, cards[4], days=9)
    play.do(deeds.suspend, *cards)
    names = [play.undo() for _ in range(6)]
    assert names == ["suspend", "reschedule", "again", "bury", "flag", "good"]
    assert play.left() == (0, 0, 5)


def test_a_stale_answer_is_nothing_to_undo(play: Play) -> None:
    card = play.known()
    play.rate(card, GOOD)
    play.now += MINUTE
    play.rate(card, AGAIN, seen=0)
    assert [play.undo(), play.undo()] == ["good", "nothing"]


def test_undo_in_the_steps_brings_the_time_back_that_was_waited_for(play: Play) -> None:
    (card,) = play.new(1)
    play.rate(card, AGAIN)
    before = (card.due_at, card.phase, card.stability)
    play.now += 12 * MINUTE
    play.rate(card, GOOD)
    assert play.undo() == "good"
    assert (card.due_at, card.phase, card.stability) == before


def test_undo_of_a_review_that_a_quiz_followed_keeps_the_quizs_answer(play: Play) -> None:
    (card,) = play.new(1)
    play.rate(card, EASY)
    play.now += DAY
    play.rate(card, AGAIN, source=ReviewSource.QUIZ)
    assert play.undo() == "easy"
    assert (card.reps, card.phase) == (1, Phase.LEARNING)  # as if the quiz had asked it first
    assert play.undo() == "nothing"


def test_undo_after_a_new_beginning_brings_the_memory_back_and_then_the_answer_before(play: Play) -> None:
    (card,) = play.new(1)
    play.rate(card, GOOD)
    before = (card.stability, card.due_day, card.reps)
    play.do(deeds.reset, card)
    play.rate(card, AGAIN)
    assert [play.undo(), play.undo()] == ["again", "reset"]
    assert (card.stability, card.due_day, card.reps) == before
    assert [play.undo(), card.phase] == ["good", Phase.NEW]


def test_what_is_undone_stays_so_in_a_rebuild(play: Play) -> None:
    cards = [*play.new(2)]
    for card in cards:
        play.rate(card, GOOD)
        play.now += MINUTE
    play.undo()
    rebuilt = rebuilding.rebuild_cards(play.db, user=play.user, card_ids=[card.id for card in cards])
    assert rebuilt.changed == 0
    assert [card.reps for card in cards] == [1, 0]


def test_deeds_are_taken_back_in_their_order_over_clocks_zones_and_rollovers(play: Play) -> None:
    one, other, third = play.new(3)
    play.rate(one, GOOD)
    play.now += 180 * MINUTE
    play.do(deeds.flag, other, flag=3)
    play.now -= 300 * MINUTE
    play.rate(other, AGAIN)
    accounts.set_calendar(play.user, zone="Pacific/Honolulu", rollover_hour=9)
    play.do(deeds.suspend, third)
    play.now += 3 * DAY
    play.do(deeds.bury, one)
    play.now -= 4 * DAY
    play.do(deeds.reschedule, other, days=3)
    names = [play.undo() for _ in range(7)]
    assert names == ["reschedule", "bury", "suspend", "again", "flag", "good", "nothing"]
    assert [card.phase for card in (one, other, third)] == [Phase.NEW] * 3


def test_undo_brings_a_sibling_back_that_is_of_another_concept_by_now(play: Play) -> None:
    play.user.bury_siblings = True
    answered, sibling = play.learnt(2)
    play.siblings(answered, sibling)
    play.rate(answered, GOOD)
    play.db.refresh(sibling)
    assert sibling.buried_until_day == play.today + 1
    sibling.question.concept = None
    play.db.flush()
    play.undo()
    assert sibling.buried_until_day is None


# Sittings


@pytest.mark.parametrize("is_apart", [False, True])
def test_a_sitting_goes_on_though_the_clock_was_put_back(play: Play, is_apart: bool) -> None:
    cards = [play.known() for _ in range(2)]
    sitting = Chosen(ids=[card.id for card in cards], at=play.now, first_number=1, is_apart=is_apart)
    play.now -= 60 * MINUTE
    play.rate(cards[0], GOOD, source=ReviewSource.APART if is_apart else ReviewSource.REVIEW)
    assert chosen_cards.left(play.db, sitting, user=play.user, now=play.now) == cards[1:]
    assert chosen_cards.done(play.db, sitting, user=play.user).answers == 1


def test_a_lapse_in_a_sitting_over_chosen_cards_counts_and_may_make_a_leech(play: Play) -> None:
    play.user.leech_threshold = 1
    card = play.known()
    sitting = Chosen(ids=[card.id], at=play.now - MINUTE, is_apart=False)
    assert chosen_cards.left(play.db, sitting, user=play.user, now=play.now) == [card]
    play.rate(card, AGAIN)
    assert (card.lapses, card.leech) == (1, True)


def test_an_answer_apart_uses_no_place_and_is_in_no_retention_but_in_the_days_answers(play: Play) -> None:
    play.user.new_per_day, play.user.reviews_per_day = 3, 3
    new, due = play.new(5)[0], [play.known() for _ in range(5)][-1]
    for card in (new, due):
        play.rate(card, GOOD, source=ReviewSource.APART)
    assert play.left() == (3, 0, 3)
    (day,) = statistics.day_figures(play.db, user_id=play.user.id, today=play.today)
    assert (day.reviews, day.known) == (2, 0)


# What is sent late, or twice


def test_a_rating_sent_twice_counts_once_also_after_an_undo(play: Play) -> None:
    (card,) = play.new(1)
    once = uuid4()
    for _ in range(2):
        assert play.rate(card, GOOD, id=once, seen=0).outcome is Outcome.APPLIED
    assert card.reps == 1
    play.undo()
    assert (play.rate(card, GOOD, id=once, seen=0).outcome, card.reps) == (Outcome.UNDONE, 0)


def test_an_id_of_another_cards_rating_is_refused(play: Play) -> None:
    one, other = play.new(2)
    once = uuid4()
    play.rate(one, GOOD, id=once)
    with pytest.raises(Conflict):
        play.rate(other, GOOD, id=once)


def test_two_devices_begin_five_each_and_no_more_is_offered_than_the_limit_leaves(play: Play) -> None:
    """Anki's last device wins, so two more are offered; here the log is counted."""
    play.user.new_per_day = 5
    cards = play.new(12)
    for card in (*cards[:3], *cards[3:8]):  # the second device had them before the line dropped
        play.rate(card, EASY)
    assert play.left()[0] == 0


@pytest.mark.parametrize("put_away", [deeds.bury, deeds.suspend])
def test_a_late_rating_counts_and_leaves_a_card_away(play: Play, put_away: Callable[..., int]) -> None:
    """In Anki a late answer brings the card back."""
    card = play.known()
    seen = card.version
    play.do(put_away, card)
    play.now += MINUTE
    assert play.rate(card, GOOD, seen=seen).outcome is Outcome.APPLIED
    assert (card.reps, play.shown()) == (4, None)
    assert card.suspended or card.buried_until_day == play.today + 1


def test_a_rating_of_what_was_given_another_memory_meanwhile_is_kept_in_the_log_alone(play: Play) -> None:
    (card,) = play.new(1)
    play.rate(card, GOOD)
    seen = card.version
    play.do(deeds.reset, card)
    assert play.rate(card, EASY, seen=seen).outcome is Outcome.STALE
    assert card.phase is Phase.NEW


def test_what_was_done_yesterday_evening_uses_its_places_and_what_it_buried_is_back(play: Play) -> None:
    """As Anki after a sync: the other device has dated its answers itself."""
    play.user.new_per_day = 2
    first, second, *_ = play.new(5)
    card, other = play.learnt(2)
    play.siblings(card, other)
    morning, play.now = play.now, play.now - timedelta(hours=14)
    for one in (first, second, card):
        play.rate(one, GOOD)
    play.now = morning
    assert play.left() == (2, 0, 1)
    assert [play.undo() for _ in range(4)] == ["good", "good", "good", "easy"]


def test_no_day_is_further_away_than_fsrs_ever_says(play: Play) -> None:
    card = play.known()
    card.stability, card.last_day = 40_000.0, play.today - 36_500
    play.rate(card, EASY)
    assert card.due_day == play.today + MAX_INTERVAL_DAYS


def test_an_undo_that_is_sent_twice_is_done_once_and_one_of_nothing_is_told(play: Play) -> None:
    (card,) = play.new(1)
    step = uuid4()
    play.do(deeds.flag, card, flag=2, step=step)
    undo = {"user": play.user, "card_id": card.id, "now": play.now}
    assert undoing.undo_one(play.db, done=step, **undo) is not None
    assert undoing.undo_one(play.db, done=step, **undo) is None
    with pytest.raises(NotFound):
        undoing.undo_one(play.db, done=uuid4(), **undo)


# Clocks


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (datetime(2026, 3, 28, 2, 50, tzinfo=UTC), datetime(2026, 3, 29, 2, 10, tzinfo=UTC)),  # 23 hours
        (datetime(2026, 10, 24, 1, 50, tzinfo=UTC), datetime(2026, 10, 25, 3, 10, tzinfo=UTC)),  # 25 hours
    ],
)
def test_a_day_is_one_day_also_where_the_clocks_are_changed(play: Play, before: datetime, after: datetime) -> None:
    """Berlin's nights of 23 and 25 hours: from ten to four or five on one day to ten past four on the next."""
    assert study_day(after, "Europe/Berlin", 4) - study_day(before, "Europe/Berlin", 4) == 2
    (card,) = play.new(1)
    play.now = before + timedelta(hours=2)
    play.rate(card, GOOD)
    assert card.last_day == study_day(before + timedelta(hours=2), "Europe/Berlin", 4)


def test_a_card_buried_at_ten_to_four_is_back_at_four(play: Play) -> None:
    card = play.known()
    play.now = datetime(2026, 11, 24, 2, 50, tzinfo=UTC)  # 03:50 in Berlin
    play.do(deeds.bury, card)
    assert play.shown() is None
    play.now += 11 * MINUTE
    assert play.shown() is card


def test_an_answer_east_and_a_flight_back_west_are_never_before_the_last(play: Play) -> None:
    (card,) = play.new(1)
    accounts.set_calendar(play.user, zone="Asia/Tokyo", rollover_hour=4)
    play.now = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)  # 04:30 of the 24th in Tokyo
    play.rate(card, GOOD)
    accounts.set_calendar(play.user, zone="Pacific/Honolulu", rollover_hour=4)
    play.now += timedelta(hours=1)  # 10:30 of the 23rd in Honolulu
    assert play.shown() is None
    play.rate(card, GOOD)
    assert card.last_day == study_day(datetime(2026, 11, 23, 19, 30, tzinfo=UTC), "Asia/Tokyo", 4)


def test_undo_takes_back_the_last_in_time_though_the_flight_put_it_on_an_earlier_day(play: Play) -> None:
    cards = play.new(2)
    play.rate(cards[0], EASY)
    accounts.set_calendar(play.user, zone="Pacific/Honolulu", rollover_hour=4)
    play.now += MINUTE
    play.rate(cards[1], HARD)
    assert [play.undo(), play.undo()] == ["hard", "easy"]


def test_add_cards_by_nobody_begins_nothing(play: Play) -> None:
    """Cards that come while a sitting is open are offered within the limit, and change what is shown of nothing due."""
    due = play.known()
    play.user.new_per_day = 1
    assert play.shown() is due
    play.new(3)
    assert (play.shown(), play.left()) == (due, (1, 0, 1))
    assert service.add_cards(play.db, user=play.user, question_ids=[due.question_id], now=play.now) == 0
