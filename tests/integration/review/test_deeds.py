"""Deeds and their undo, one test for each play of Anki 26.9.3 about them, by the play's name; and what Anki has not.

Where the product does otherwise than Anki, the test says what Anki does and why it is not done here.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import LeechAction, Role, User
from quizapp.errors import Invalid, NotFound
from quizapp.review import deeds, leeches, queries, scheduler, undoing
from quizapp.review.log import replay
from quizapp.review.memory import Memory, Phase, Rating
from quizapp.review.models import Card, CardDeed, DayTally, DeedKind, Outcome, ReviewLog, ReviewSource
from quizapp.review.rating import Rated
from tests.builders import rate_card

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # noon in Berlin, where a study day begins at 4
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
EVENING = NOON + timedelta(hours=10)
ROLLOVER = NOON + timedelta(hours=16)
MakeCard = Callable[[], Card]


def rate(
    db: Session, user: User, card: Card, rating: Rating = Rating.GOOD, *, at: datetime = NOON, seen: int | None = None
) -> Rated:
    return rate_card(
        db,
        user=user,
        card_id=card.id,
        review_id=uuid4(),
        rating=rating,
        source=ReviewSource.REVIEW,
        now=at,
        seen_version=card.version if seen is None else seen,
        taken_ms=None,
    )


def known(db: Session, user: User, card: Card, *, lapses: int = 0, at: datetime = NOON) -> datetime:
    """Learn a card and let it lapse so often. Returns when it was last rated; it is a REVIEW card then."""
    rate(db, user, card, at=at)
    for _ in range(lapses):
        at += DAY
        rate(db, user, card, Rating.AGAIN, at=at)
        at += 10 * MINUTE
        rate(db, user, card, at=at)
    return at


def shown(db: Session, user: User, *, at: datetime) -> Card | None:
    return queries.next_card(db, user=user, now=at)


def undo(db: Session, user: User, *, at: datetime) -> Rating | DeedKind | None:
    """What was undone."""
    undone = undoing.undo(db, user=user, now=at)
    return None if undone is None else undone.rating or undone.kind


def test_bury_learning_by_hand_overnight(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    rate(db, learner, card, Rating.AGAIN, at=EVENING)
    due_at = card.due_at
    deeds.bury(db, user=learner, card_ids=[card.id], now=EVENING)
    assert shown(db, learner, at=EVENING + 30 * MINUTE) is None
    assert queries.counts(db, user=learner, now=EVENING).total == 0
    assert shown(db, learner, at=ROLLOVER + 60 * MINUTE) is card
    assert card.due_at == due_at


def test_bury_before_rollover_comes_back_after_minutes(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    deeds.bury(db, user=learner, card_ids=[card.id], now=ROLLOVER - 10 * MINUTE)
    assert shown(db, learner, at=ROLLOVER - 10 * MINUTE) is None
    assert shown(db, learner, at=ROLLOVER + 5 * MINUTE) is card


def test_bury_suspended_and_suspend_buried(db: Session, learner: User, make_card: MakeCard) -> None:
    suspended, buried = make_card(), make_card()
    deeds.suspend(db, user=learner, card_ids=[suspended.id], now=NOON)
    deeds.bury(db, user=learner, card_ids=[buried.id], now=NOON)
    assert deeds.bury(db, user=learner, card_ids=[suspended.id], now=NOON) == 0
    assert deeds.suspend(db, user=learner, card_ids=[buried.id], now=NOON) == 1
    assert shown(db, learner, at=NOON + DAY) is None


def test_suspend_relearning(db: Session, learner: User, make_card: MakeCard) -> None:
    """Anki gives an interval of a day, its relearning minimum; here FSRS says, and Good comes 3 days later."""
    card = make_card()
    at = known(db, learner, card) + DAY
    rate(db, learner, card, Rating.AGAIN, at=at)
    deeds.suspend(db, user=learner, card_ids=[card.id], now=at)
    assert shown(db, learner, at=at + 3 * DAY) is None
    deeds.unsuspend(db, user=learner, card_ids=[card.id], now=at + 3 * DAY)
    assert (shown(db, learner, at=at + 3 * DAY), card.phase) == (card, Phase.RELEARNING)
    rate(db, learner, card, at=at + 3 * DAY)
    assert card.phase is Phase.REVIEW


def test_unbury_modes(db: Session, learner: User, make_card: MakeCard) -> None:
    """Cards are buried by hand alone here, so there is one way to unbury; a suspended card stays away."""
    buried, suspended = make_card(), make_card()
    deeds.bury(db, user=learner, card_ids=[buried.id], now=NOON)
    deeds.suspend(db, user=learner, card_ids=[suspended.id], now=NOON)
    assert deeds.unbury(db, user=learner, card_ids=[buried.id, suspended.id], now=NOON) == 1
    assert (shown(db, learner, at=NOON), suspended.suspended) == (buried, True)


def test_undo_depth(db: Session, learner: User, make_card: MakeCard) -> None:
    """Anki keeps 30 steps; here all are kept."""
    cards = [make_card() for _ in range(40)]
    for card in cards:
        rate(db, learner, card, Rating.EASY)
    while undo(db, learner, at=NOON):
        pass
    assert {card.phase for card in cards} == {Phase.NEW}


def test_undo_two_goes_back_in_order(db: Session, learner: User, make_card: MakeCard) -> None:
    first, second = make_card(), make_card()
    rate(db, learner, first)
    rate(db, learner, second, at=NOON + MINUTE)
    back = [undoing.undo(db, user=learner, now=NOON + 2 * MINUTE) for _ in range(2)]
    assert [one.card_id for one in back if one] == [second.id, first.id]


def test_undo_over_the_rollover(db: Session, learner: User, make_card: MakeCard) -> None:
    """Anki forgets answers at the rollover, but not suspensions. Here it is the order that counts."""
    suspended, rated = make_card(), make_card()
    deeds.suspend(db, user=learner, card_ids=[suspended.id], now=ROLLOVER - 3 * MINUTE)
    rate(db, learner, rated, at=ROLLOVER - 2 * MINUTE)
    after = ROLLOVER + 2 * MINUTE
    assert [undo(db, learner, at=after) for _ in range(3)] == [Rating.GOOD, DeedKind.SUSPEND, None]
    assert (rated.phase, suspended.suspended) == (Phase.NEW, False)


def test_undo_after_a_flight_west_takes_back_what_was_done_last(
    db: Session, learner: User, make_card: MakeCard
) -> None:
    yesterday, card = make_card(), make_card()
    rate(db, learner, yesterday, at=NOON - DAY)
    rate(db, learner, card)
    accounts.set_calendar(learner, zone="Pacific/Honolulu", rollover_hour=4)
    rate(db, learner, card, at=NOON + 60 * MINUTE)
    undone = undoing.undo(db, user=learner, now=NOON + 61 * MINUTE)
    assert undone is not None
    assert (undone.card_id, yesterday.reps, card.reps) == (card.id, 1, 1)


@pytest.mark.parametrize("back", [MINUTE, 61 * MINUTE, 2 * DAY])
def test_undo_after_the_clock_was_put_back(db: Session, learner: User, make_card: MakeCard, back: timedelta) -> None:
    """The order is that of deeds, whatever their times say."""
    ahead, right = make_card(), make_card()
    deeds.flag(db, user=learner, card_ids=[ahead.id], flag=2, now=NOON + back)
    rate(db, learner, ahead, at=NOON + back)
    deeds.flag(db, user=learner, card_ids=[right.id], flag=1, now=NOON)
    rate(db, learner, right, at=NOON + MINUTE)
    deeds.bury(db, user=learner, card_ids=[ahead.id], now=NOON)
    done = [undo(db, learner, at=NOON + 2 * MINUTE) for _ in range(6)]
    assert done == [DeedKind.BURY, Rating.GOOD, DeedKind.FLAG, Rating.GOOD, DeedKind.FLAG, None]
    assert (ahead.flag, ahead.reps, right.flag, right.reps) == (0, 0, 0, 0)


def test_what_was_done_before_deeds_had_numbers_is_the_earlier(db: Session, learner: User, make_card: MakeCard) -> None:
    old, new = make_card(), make_card()
    deeds.flag(db, user=learner, card_ids=[old.id], flag=2, now=NOON)
    rate(db, learner, old, at=NOON + MINUTE)
    deeds.bury(db, user=learner, card_ids=[old.id], now=NOON + 2 * MINUTE)
    for table in (ReviewLog, CardDeed):
        db.execute(update(table).values(deed_number=None))
    rate(db, learner, new, at=NOON - DAY)
    done = [undo(db, learner, at=NOON + 3 * MINUTE) for _ in range(5)]
    assert done == [Rating.GOOD, DeedKind.BURY, Rating.GOOD, DeedKind.FLAG, None]


@pytest.mark.parametrize("minutes", [0, 1])
def test_rate_bury_undo_digs_the_card_up_and_leaves_the_rating(
    db: Session, learner: User, make_card: MakeCard, minutes: int
) -> None:
    rated, buried = make_card(), make_card()
    rate(db, learner, rated)
    deeds.bury(db, user=learner, card_ids=[buried.id], now=NOON + minutes * MINUTE)
    assert undo(db, learner, at=NOON + 2 * MINUTE) is DeedKind.BURY
    assert (buried.buried_until_day, rated.reps) == (None, 1)
    assert undo(db, learner, at=NOON + 2 * MINUTE) is Rating.GOOD


def test_undo_answer_and_its_log_row(db: Session, learner: User, make_card: MakeCard) -> None:
    """The row stays, marked as undone: the log is never rewritten. No figure counts it."""
    card = make_card()
    rate(db, learner, card)
    undo(db, learner, at=NOON)
    today = db.get_one(DayTally, (learner.id, queries.today_of(learner, now=NOON)), populate_existing=True)
    assert (card.phase, today.reviews, today.introduced) == (Phase.NEW, 0, 0)


def test_stale_answer_to_a_suspended_card_and_undo(db: Session, learner: User, make_card: MakeCard) -> None:
    """Anki's answer brings the card back, and undo suspends it. Here it stays suspended, and the answer counts."""
    card = make_card()
    deeds.suspend(db, user=learner, card_ids=[card.id], now=NOON)
    assert rate(db, learner, card, seen=0, at=NOON + MINUTE).outcome is Outcome.APPLIED
    assert (card.suspended, card.reps) == (True, 1)
    assert undo(db, learner, at=NOON + 2 * MINUTE) is Rating.GOOD
    assert (card.suspended, card.reps) == (True, 0)
    assert undo(db, learner, at=NOON + 2 * MINUTE) is DeedKind.SUSPEND
    assert not card.suspended


def test_a_late_rating_keeps_a_card_buried_and_flagged(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    deeds.bury(db, user=learner, card_ids=[card.id], now=NOON)
    deeds.flag(db, user=learner, card_ids=[card.id], flag=3, now=NOON)
    rate(db, learner, card, Rating.AGAIN, seen=0, at=NOON + MINUTE)
    assert (shown(db, learner, at=NOON + 30 * MINUTE), card.flag, card.reps) == (None, 3, 1)


def test_search_flags(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    assert deeds.flag(db, user=learner, card_ids=[card.id], flag=1, now=NOON) == 1
    assert deeds.flag(db, user=learner, card_ids=[card.id], flag=1, now=NOON) == 0
    deeds.suspend(db, user=learner, card_ids=[card.id], now=NOON)
    deeds.reset(db, user=learner, card_ids=[card.id], now=NOON)
    rate(db, learner, card, at=NOON + MINUTE)
    undo(db, learner, at=NOON + MINUTE)
    assert card.flag == 1
    with pytest.raises(Invalid, match="1 to 7"):
        deeds.flag(db, user=learner, card_ids=[card.id], flag=8, now=NOON)


def test_set_due_date_review_card(db: Session, learner: User, make_card: MakeCard) -> None:
    """What is remembered of it stays; the interval is what it comes to, as in Anki with FSRS."""
    card = make_card()
    known(db, learner, card)
    stability, today = card.stability, queries.today_of(learner, now=NOON)
    deeds.reschedule(db, user=learner, card_ids=[card.id], days=5, now=NOON)
    assert (card.due_day, card.stability) == (today + 5, stability)


def test_set_due_date_odd_states(db: Session, learner: User, make_card: MakeCard) -> None:
    learning, suspended, buried = (make_card() for _ in range(3))
    rate(db, learner, learning, Rating.AGAIN)
    deeds.suspend(db, user=learner, card_ids=[suspended.id], now=NOON)
    deeds.bury(db, user=learner, card_ids=[buried.id], now=NOON)
    cards = [learning, suspended, buried]
    deeds.reschedule(db, user=learner, card_ids=[card.id for card in cards], days=3, now=NOON)
    before = [queries.counts(db, user=learner, now=NOON + days * DAY).total for days in (2, 3)]
    assert (before, learning.phase) == ([0, 3], Phase.REVIEW)


def test_set_due_date_range_one_undo_brings_all_back(db: Session, learner: User, make_card: MakeCard) -> None:
    cards = [make_card() for _ in range(6)]
    deeds.reschedule(db, user=learner, card_ids=[card.id for card in cards], days=4, now=NOON)
    undone = undoing.undo(db, user=learner, now=NOON)
    assert undone is not None
    assert (undone.cards, {card.due_day for card in cards}) == (6, {None})


@pytest.mark.parametrize("days", [-3, 36_501])
def test_set_due_date_texts(db: Session, learner: User, make_card: MakeCard, days: int) -> None:
    with pytest.raises(Invalid, match="0 to 36500 days"):
        deeds.reschedule(db, user=learner, card_ids=[make_card().id], days=days, now=NOON)


def test_forget_and_learn_anew(db: Session, learner: User, make_card: MakeCard) -> None:
    """Anki keeps reps and lapses at first and drops the lapses with the next answer; here both begin at 0."""
    card = make_card()
    at = known(db, learner, card, lapses=2)
    deeds.reset(db, user=learner, card_ids=[card.id], now=at)
    assert (card.memory, card.due_day) == (Memory(), None)
    rate(db, learner, card, Rating.EASY, at=at + DAY)
    fresh = scheduler.USUAL.review(Memory(), Rating.EASY, day=queries.today_of(learner, now=at + DAY))
    assert (card.memory, card.lapses, card.reps) == (fresh.memory, 0, 1)


def test_forget_suspended(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    at = known(db, learner, card)
    deeds.suspend(db, user=learner, card_ids=[card.id], now=at)
    deeds.reset(db, user=learner, card_ids=[card.id], now=at)
    assert shown(db, learner, at=at) is card
    assert undo(db, learner, at=at)
    assert (card.suspended, card.phase) == (True, Phase.REVIEW)


def test_undo_set_due_date_and_limits(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    deeds.reschedule(db, user=learner, card_ids=[card.id], days=0, now=NOON)
    assert queries.counts(db, user=learner, now=NOON).due == 1
    rate(db, learner, card, at=NOON + MINUTE)
    undo(db, learner, at=NOON + MINUTE)
    assert (card.due_day, card.reps) == (queries.today_of(learner, now=NOON), 0)


def test_a_page_shown_before_a_reset_cannot_rate_the_card_as_it_was(
    db: Session, learner: User, make_card: MakeCard
) -> None:
    card = make_card()
    at = known(db, learner, card)
    seen = card.version
    deeds.reset(db, user=learner, card_ids=[card.id], now=at)
    assert rate(db, learner, card, seen=seen, at=at + MINUTE).outcome is Outcome.STALE


def test_the_log_and_the_deeds_replayed_are_the_card(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    at = known(db, learner, card, lapses=1)
    deeds.reset(db, user=learner, card_ids=[card.id], now=at)
    rate(db, learner, card, Rating.AGAIN, at=at)
    deeds.reschedule(db, user=learner, card_ids=[card.id], days=2, now=at)
    rate(db, learner, card, Rating.AGAIN, at=at + 2 * DAY)
    deeds.reschedule(db, user=learner, card_ids=[card.id], days=9, now=at + 2 * DAY)
    before = card.memory, card.due_day, card.due_at, card.lapses
    replay.rebuild(db, card)
    assert (card.memory, card.due_day, card.due_at, card.lapses) == before
    assert card.lapses == 1


def test_nobody_does_anything_with_the_cards_of_others(db: Session, learner: User, make_card: MakeCard) -> None:
    stranger = accounts.add_user(db, name="Bob", role=Role.LEARNER, now=NOON)
    with pytest.raises(NotFound):
        deeds.suspend(db, user=stranger, card_ids=[make_card().id], now=NOON)
    assert undo(db, stranger, at=NOON) is None


# leech-threshold-8-default, leech-threshold-5, leech-threshold-0; and half of 3 is 2.
@pytest.mark.parametrize(
    ("threshold", "marked"), [(8, [8, 12, 16]), (5, [5, 8, 11, 14, 17]), (3, [3, 5, 7, 9, 11, 13, 15, 17]), (0, [])]
)
def test_leech_thresholds(threshold: int, marked: list[int]) -> None:
    assert [lapses for lapses in range(1, 18) if leeches.is_marked_at(lapses, threshold=threshold)] == marked


def test_leech_threshold_4_relearning_agains(db: Session, learner: User, make_card: MakeCard) -> None:
    card, at = make_card(), NOON
    learner.leech_threshold = 4
    rate(db, learner, card, at=at)
    marked = []
    for _ in range(10):
        at += DAY
        ratings = [rate(db, learner, card, Rating.AGAIN, at=at + n * 10 * MINUTE) for n in range(3)]
        marked += [card.lapses] if ratings[0].is_leech else []
        assert not any(rated.is_leech for rated in ratings[1:])
        at += 40 * MINUTE
        rate(db, learner, card, at=at)
    assert (marked, card.lapses, card.leech) == ([4, 6, 8, 10], 10, True)


def test_leech_learning_agains(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    learner.leech_threshold = 2
    for minutes in range(0, 120, 10):
        rate(db, learner, card, Rating.AGAIN, at=NOON + minutes * MINUTE)
    assert (card.lapses, card.leech, card.suspended) == (0, False, False)


def test_leech_suspend_one_undo(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    learner.leech_threshold, learner.leech_action = 2, LeechAction.SUSPEND
    at = known(db, learner, card, lapses=1) + DAY
    assert rate(db, learner, card, Rating.AGAIN, at=at).is_leech
    assert (card.suspended, card.leech, card.lapses) == (True, True, 2)
    assert undo(db, learner, at=at) is Rating.AGAIN
    assert (card.suspended, card.leech, card.lapses, card.phase) == (False, False, 1, Phase.REVIEW)


def test_leech_counts_after_forget(db: Session, learner: User, make_card: MakeCard) -> None:
    """A card that begins anew has no lapses, so it is marked no sooner than any other."""
    card = make_card()
    learner.leech_threshold = 4
    at = known(db, learner, card, lapses=4)
    deeds.reset(db, user=learner, card_ids=[card.id], now=at)
    at = known(db, learner, card, at=at) + DAY
    assert not rate(db, learner, card, Rating.AGAIN, at=at).is_leech
    assert (card.lapses, card.leech) == (1, True)


def test_leech_threshold_lowered(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    at = known(db, learner, card, lapses=6)
    learner.leech_threshold = 4
    marked = []
    for _ in range(2):
        at += DAY
        marked.append(rate(db, learner, card, Rating.AGAIN, at=at).is_leech)
        at += 10 * MINUTE
        rate(db, learner, card, at=at)
    assert marked == [False, True]


def test_a_leech_that_was_released_is_marked_again_at_the_next_count(
    db: Session, learner: User, make_card: MakeCard
) -> None:
    card = make_card()
    learner.leech_threshold = 2
    at = known(db, learner, card, lapses=2)
    assert deeds.release(db, user=learner, card_ids=[card.id], now=at) == 1
    assert not card.leech
    rate(db, learner, card, Rating.AGAIN, at=at + DAY)
    assert card.leech
