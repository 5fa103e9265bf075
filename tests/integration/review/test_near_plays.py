"""A day's plays near those played with Anki 26.9.3: leeches, limits, burying.

Each says what is right here; where that is not Anki's way, why.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts.models import LeechAction, User
from quizapp.catalogue.models import Concept
from quizapp.review import deeds, limits, queries, undoing
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, Outcome, ReviewSource
from quizapp.review.rating import Rated
from quizapp.study_day import study_day
from tests.builders import a_note, rate_card

from .conftest import NOON

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MOMENT = timedelta(microseconds=1)  # between two deeds; of two at one time it would be chance which is undone first
AGAIN, HARD, GOOD, EASY = Rating


class Play:
    """A learner's cards, and a clock that goes on as the play says."""

    def __init__(self, db: Session, user: User, make_card: Callable[[], Card]) -> None:
        self.db, self.user, self.make, self.now = db, user, make_card, NOON

    @property
    def today(self) -> int:
        return study_day(self.now, self.user.zone, self.user.rollover_hour)

    def new(self, count: int) -> list[Card]:
        return [self.make() for _ in range(count)]

    def known(self, interval: int = 20, *, late: int = 0, lapses: int = 0) -> Card:
        """A card in review, due so many days ago."""
        card = self.make()
        card.phase, card.stability, card.difficulty, card.reps, card.lapses = (
            *(Phase.REVIEW, float(interval), 5.0, 3 + lapses, lapses),
        )
        card.last_day, card.due_day = self.today - interval - late, self.today - late
        card.last_review_at = self.now - (interval + late) * DAY
        self.db.flush()
        return card

    def siblings(self, *cards: Card) -> None:
        """Let these cards be of one concept."""
        section = a_note(self.db).sections[0]
        concept = Concept(key=str(uuid4()), section=section, position=1, term="t", text="", fingerprint="0" * 64)
        self.db.add(concept)
        for card in cards:
            card.question.concept = concept
        self.db.flush()

    def rate(
        self, card: Card, rating: Rating, *, source: ReviewSource = ReviewSource.REVIEW, seen: int | None = None,
        id: UUID | None = None,
    ) -> Rated:  # fmt: skip
        self.now += MOMENT
        return rate_card(
            self.db, user=self.user, card_id=card.id, review_id=id or uuid4(), rating=rating, source=source,
            now=self.now, seen_version=card.version if seen is None else seen, taken_ms=5_000,
        )  # fmt: skip

    def learnt(self, count: int = 1) -> list[Card]:
        """Cards that were learnt 30 days ago, as the log says too, and are due."""
        cards, now = self.new(count), self.now
        for number, card in enumerate(cards):
            self.now = now - 30 * DAY + number * MINUTE
            self.rate(card, EASY)
        self.now = now
        return cards

    def fail(self, card: Card) -> bool:
        """Fail a card on the day it is due, and relearn it; whether it was marked a leech by that."""
        card.due_day = self.today
        failed = self.rate(card, AGAIN)
        self.now += 15 * MINUTE
        self.rate(card, GOOD)
        self.now += DAY
        return failed.is_leech

    def do(self, what: Callable[..., int], *cards: Card, **more: object) -> int:
        self.now += MOMENT
        return what(self.db, user=self.user, card_ids=[card.id for card in cards], now=self.now, **more)

    def undo(self) -> str:
        """What was taken back."""
        undone = undoing.undo(self.db, user=self.user, now=self.now)
        self.db.expire_all()
        if undone is None:
            return "nothing"
        return undone.kind.value if undone.kind is not None else undone.rating.name.lower()  # type: ignore[union-attr]

    def left(self) -> tuple[int, int, int]:
        """New, learning (later today too) and due."""
        counts = queries.counts(self.db, user=self.user, now=self.now)
        return counts.new, counts.learning + counts.later, counts.due

    def shown(self) -> Card | None:
        return queries.next_card(self.db, user=self.user, now=self.now)


@pytest.fixture
def play(db: Session, learner: User, make_card: Callable[[], Card]) -> Play:
    return Play(db, learner, make_card)


# Leeches


@pytest.mark.parametrize(
    ("threshold", "marked"),
    [(1, [1, 2, 3, 4, 5, 6]), (2, [2, 3, 4, 5, 6]), (3, [3, 5, 7, 9]), (4, [4, 6, 8, 10]), (7, [7, 11])],
)
def test_a_leech_is_marked_at_its_threshold_and_after_each_half(play: Play, threshold: int, marked: list[int]) -> None:
    play.user.leech_threshold = threshold
    card = play.known()
    found = [lapse for lapse in range(1, marked[-1] + 1) if play.fail(card)]
    assert found == marked


def test_a_threshold_raised_over_the_lapses_waits_for_the_next_count(play: Play) -> None:
    play.user.leech_threshold = 8
    card = play.known(lapses=6)  # under a threshold of 4 it was marked at 4 and 6
    assert [play.fail(card) for _ in range(3)] == [False, True, False]


def test_a_mark_taken_away_comes_again_at_the_next_count_and_not_before(play: Play) -> None:
    play.user.leech_threshold = 4
    card = play.known(lapses=3)
    assert play.fail(card)
    assert play.do(deeds.release, card) == 1
    assert [play.fail(card), card.leech] == [False, False]
    assert [play.fail(card), card.leech] == [True, True]


def test_a_leech_brought_back_is_suspended_again_at_the_next_count(play: Play) -> None:
    play.user.leech_threshold, play.user.leech_action = 2, LeechAction.SUSPEND
    card = play.known(lapses=1)
    play.rate(card, AGAIN)
    assert (card.suspended, play.do(deeds.unsuspend, card), card.leech) == (True, 1, True)
    play.now += 15 * MINUTE
    play.rate(card, GOOD)
    play.now, card.due_day = play.now + 3 * DAY, play.today + 3
    play.rate(card, AGAIN)
    assert (card.suspended, card.lapses) == (True, 3)


def test_hard_is_no_lapse_and_a_quizs_miss_is_one(play: Play) -> None:
    play.user.leech_threshold = 1
    hard, missed = play.known(), play.known()
    play.rate(hard, HARD)
    play.rate(missed, AGAIN, source=ReviewSource.QUIZ)
    assert [(card.lapses, card.leech) for card in (hard, missed)] == [(0, False), (1, True)]


def test_undo_of_what_made_a_leech_and_the_same_answer_again_make_it_once_more(play: Play) -> None:
    play.user.leech_threshold, play.user.leech_action = 1, LeechAction.SUSPEND
    (card,) = play.learnt()
    for _ in range(2):
        play.rate(card, AGAIN)
        assert (card.leech, card.suspended) == (True, True)
        assert play.undo() == "again"
        assert (card.leech, card.suspended) == (False, False)


# Limits


def test_again_on_a_new_card_uses_its_place_once_however_often_it_is_failed(play: Play) -> None:
    play.user.new_per_day = 3
    cards = play.new(6)
    for minutes in (0, 11, 22):
        play.now = NOON + minutes * MINUTE
        play.rate(cards[0], AGAIN)
    assert play.left() == (2, 1, 0)


def test_a_stale_answer_to_a_new_card_uses_no_place(play: Play) -> None:
    play.user.new_per_day = 3
    cards = play.new(6)
    play.rate(cards[0], GOOD)
    assert play.rate(cards[0], GOOD, seen=0).outcome is Outcome.STALE
    assert play.left()[0] == 2


def test_a_new_card_set_due_today_is_a_review_and_no_new_one(play: Play) -> None:
    play.user.new_per_day = 3
    cards = play.new(6)
    play.do(deeds.reschedule, cards[0], days=0)
    assert play.left() == (3, 0, 1)
    play.rate(cards[0], GOOD)
    assert play.left() == (2, 0, 0)  # Anki says 3: its first answer counts as a review there, here it began the card


def test_a_card_begun_twice_on_one_day_uses_two_places_in_the_figures_alone(play: Play) -> None:
    """As Anki: what was begun stays begun, also when the card begins anew."""
    play.user.new_per_day = 3
    cards = play.new(6)
    play.rate(cards[0], EASY)
    play.do(deeds.reset, cards[0])
    play.rate(cards[0], EASY)
    assert play.left()[0] == 1


def test_failing_costs_one_review_of_the_limit_and_relearning_none(play: Play) -> None:
    play.user.reviews_per_day = 3
    cards = [play.known() for _ in range(5)]
    play.rate(cards[0], AGAIN)
    assert play.left() == (0, 1, 2)
    play.now += 15 * MINUTE
    play.rate(cards[0], GOOD)
    assert play.left() == (0, 0, 2)


def test_a_card_set_due_again_today_costs_another_review(play: Play) -> None:
    play.user.reviews_per_day = 3
    cards = [play.known() for _ in range(5)]
    play.rate(cards[0], GOOD)
    play.do(deeds.reschedule, cards[0], days=0)
    play.rate(cards[0], GOOD)
    assert (
        play.left()[2] == 2
    )  # Anki: 1. A second answer on one day is no review of a later day, which the limit counts


def test_a_limit_of_today_below_what_is_done_shows_none_and_taken_away_the_rest(play: Play) -> None:
    play.user.new_per_day = 5
    for card in play.new(9)[:3]:
        play.rate(card, EASY)
    limits.set_for_today(play.db, user=play.user, new_cards=1, reviews=None, now=play.now)
    play.db.flush()
    assert play.left()[0] == 0
    limits.set_for_today(play.db, user=play.user, new_cards=None, reviews=None, now=play.now)
    play.db.flush()
    assert play.left()[0] == 2


def test_undo_gives_the_place_back_after_the_limit_was_lowered(play: Play) -> None:
    play.user.new_per_day = 3
    cards = play.new(6)
    for card in cards[:2]:
        play.rate(card, GOOD)
    play.user.new_per_day = 2
    assert play.left()[0] == 0
    assert (play.undo(), play.left()[0]) == ("good", 1)


def test_a_new_card_that_is_suspended_or_buried_makes_room_for_the_next(play: Play) -> None:
    """As Anki: the limit counts those begun, and what waits behind comes up."""
    play.user.new_per_day = 2
    cards = play.new(4)
    play.do(deeds.suspend, cards[0])
    play.do(deeds.bury, cards[1])
    assert (play.left()[0], play.shown()) == (2, cards[2])
    play.do(deeds.suspend, *cards[2:])
    assert play.left()[0] == 0


@pytest.mark.parametrize("source", [ReviewSource.QUIZ, ReviewSource.SANDBOX])
def test_a_new_card_begun_in_a_quiz_or_a_lab_uses_a_place_of_the_day(play: Play, source: ReviewSource) -> None:
    play.user.new_per_day = 3
    play.rate(play.new(5)[0], EASY, source=source)
    assert play.left()[0] == 2


# Burying


def test_buried_twice_changes_nothing_the_second_time_and_one_undo_brings_it_back(play: Play) -> None:
    card = play.known()
    assert [play.do(deeds.bury, card) for _ in range(2)] == [1, 0]
    assert (play.undo(), play.shown()) == ("bury", card)


def test_a_buried_card_that_is_suspended_and_brought_back_is_there_at_once(play: Play) -> None:
    """As Anki, where suspended and buried exclude each other: who brings a card back wants to see it."""
    card = play.known()
    play.do(deeds.bury, card)
    play.do(deeds.suspend, card)
    assert play.do(deeds.unsuspend, card) == 1
    assert play.shown() is card
    assert play.undo() == "unsuspend"
    assert (card.suspended, play.shown()) == (True, None)
    assert (play.undo(), play.undo()) == ("suspend", "bury")


@pytest.mark.parametrize("rating", list(Rating))
def test_any_answer_buries_a_sibling_until_the_next_study_day(play: Play, rating: Rating) -> None:
    card, other = play.known(), play.known(30)
    play.siblings(card, other)
    play.rate(card, rating)
    assert other.buried_until_day == play.today + 1
    play.now = NOON + DAY
    assert play.shown() is not None


def test_a_sibling_in_its_steps_or_suspended_is_not_buried(play: Play) -> None:
    card, learning, away = play.known(), *play.new(2)
    play.rate(learning, AGAIN)
    play.do(deeds.suspend, away)
    play.siblings(card, learning, away)
    play.rate(card, GOOD)
    assert [one.buried_until_day for one in (learning, away)] == [None, None]


def test_undo_leaves_a_sibling_buried_that_was_buried_by_hand(play: Play) -> None:
    card, other, third = play.known(), play.known(), play.known()
    play.siblings(card, other, third)
    play.do(deeds.bury, other)
    play.rate(card, GOOD)
    assert play.undo() == "good"
    assert [one.buried_until_day for one in (other, third)] == [play.today + 1, None]


@pytest.mark.parametrize("source", [ReviewSource.QUIZ, ReviewSource.SANDBOX])
def test_an_answer_elsewhere_buries_no_sibling(play: Play, source: ReviewSource) -> None:
    card, other = play.known(), play.known()
    play.siblings(card, other)
    play.rate(card, GOOD, source=source)
    assert other.buried_until_day is None
