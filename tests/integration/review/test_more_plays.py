"""Plays of a day beside Anki 26.9.3's own core, by their names: limits, burying, leeches, due days by hand, undo.

Each was played there with new cards, or cards of stability 20, and FSRS on. Where ours is another way, it is said why.
"""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts.models import LeechAction, User
from quizapp.review import deeds, limits
from quizapp.review.memory import Phase
from quizapp.review.models import Card
from tests.integration.review.test_near_plays import AGAIN, DAY, EASY, GOOD, MINUTE, Play


@pytest.fixture
def play(db: Session, learner: User, make_card: Callable[[], Card]) -> Play:
    return Play(db, learner, make_card)


def test_again_on_a_new_card_takes_one_of_the_limit_until_undone(play: Play) -> None:
    play.user.new_per_day = 2
    card, *_ = play.new(3)
    assert play.left() == (2, 0, 0)
    play.rate(card, AGAIN)
    assert play.left() == (1, 1, 0)
    assert (play.undo(), play.left()) == ("again", (2, 0, 0))


def test_leech_suspend_then_unsuspend_keeps_the_mark_and_the_step(play: Play) -> None:
    play.user.leech_threshold, play.user.leech_action = 3, LeechAction.SUSPEND
    card = play.known(lapses=2)
    play.rate(card, AGAIN)
    assert (card.suspended, card.leech, card.lapses, card.phase) == (True, True, 3, Phase.RELEARNING)
    play.do(deeds.unsuspend, card)
    assert (card.suspended, card.leech, card.phase) == (False, True, Phase.RELEARNING)


def test_flag_survives_forget_and_the_lapses_do_not(play: Play) -> None:
    """As Anki's lapses; its reps go on, and ours begin anew, as the log from there says."""
    (card,) = play.learnt()
    play.do(deeds.flag, card, flag=3)
    play.rate(card, GOOD)
    play.do(deeds.reset, card)
    assert (card.flag, card.phase, card.lapses, card.reps) == (3, Phase.NEW, 0, 0)


def test_review_limit_2_again_good_leaves_the_failed_one(play: Play) -> None:
    play.user.reviews_per_day = 2
    cards = [play.known() for _ in range(4)]
    assert play.left() == (0, 0, 2)
    play.rate(cards[0], AGAIN)
    assert play.left() == (0, 1, 1)
    play.rate(cards[1], GOOD)
    assert play.left() == (0, 1, 0)


def test_bury_undo_unbury_one(play: Play) -> None:
    one, two = play.new(2)
    play.do(deeds.bury, one)
    assert play.left() == (1, 0, 0)
    assert (play.undo(), play.left()) == ("bury", (2, 0, 0))
    play.do(deeds.bury, one, two)
    play.do(deeds.unbury, one)
    assert play.left() == (1, 0, 0)


def test_set_due_0_good_undo_undo_gives_the_due_day_back(play: Play) -> None:
    (card,) = play.learnt()
    before = card.due_day
    assert before is not None
    play.now = play.now - 30 * DAY + 2 * DAY
    assert play.left() == (0, 0, 0)
    play.do(deeds.reschedule, card, days=0)
    assert play.left() == (0, 0, 1)
    play.rate(card, GOOD)
    assert (play.undo(), card.due_day, play.left()) == ("good", play.today, (0, 0, 1))
    assert (play.undo(), card.due_day, play.left()) == ("reschedule", before, (0, 0, 0))


def test_forget_new_again_gives_no_place_of_the_limit_back(play: Play) -> None:
    play.user.new_per_day = 1
    one, _ = play.new(2)
    play.rate(one, EASY)
    play.do(deeds.reset, one)
    assert play.left() == (0, 0, 0)


def test_review_limit_0_shows_what_is_in_its_steps_alone(play: Play) -> None:
    (card,) = play.new(1)
    play.rate(card, AGAIN)
    play.known()
    play.user.reviews_per_day = play.user.new_per_day = 0
    play.now += 11 * MINUTE
    assert (play.left(), play.shown()) == ((0, 1, 0), card)


def test_undo_three_easy_one_by_one(play: Play) -> None:
    for card in play.new(5)[:3]:
        play.rate(card, EASY)
    assert play.left() == (2, 0, 0)
    assert [(play.undo(), play.left()[0]) for _ in range(4)] == [("easy", 3), ("easy", 4), ("easy", 5), ("nothing", 5)]


def test_again_again_good_is_one_lapse(play: Play) -> None:
    card = play.known()
    for rating in (AGAIN, AGAIN, GOOD):
        play.rate(card, rating)
    assert (card.lapses, card.phase, card.due_day) == (1, Phase.REVIEW, play.today + 1)


def test_suspend_four_is_one_undo(play: Play) -> None:
    cards = [play.known() for _ in range(4)]
    assert (play.do(deeds.suspend, *cards), play.left()) == (4, (0, 0, 0))
    assert (play.undo(), play.left()) == ("suspend", (0, 0, 4))


def test_more_new_cards_and_a_rating_are_undone_in_their_order(play: Play) -> None:
    play.user.new_per_day = 1
    one, _, _ = play.new(3)
    play.rate(one, EASY)
    limits.allow_more_new(play.db, user=play.user, more=1, now=play.now)
    assert play.left() == (1, 0, 0)
    assert (play.undo(), play.left()) == ("limit-new", (0, 0, 0))
    assert (play.undo(), play.left()) == ("easy", (1, 0, 0))


@pytest.mark.parametrize("days", [0, 3])
def test_new_limit_0_due_by_hand_comes_on_its_day(play: Play, days: int) -> None:
    play.user.new_per_day = 0
    (card, _) = play.new(2)
    play.do(deeds.reschedule, card, days=days)
    play.now += days * DAY
    assert play.shown() == card
