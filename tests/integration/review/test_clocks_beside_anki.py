"""Rollovers, zones and wrong clocks: plays that were also played with Anki 26.9.3, each by its name.

Where the product does otherwise than Anki, the test says what Anki does and why it is not done here. Two of Anki's own
troubles have no counterpart: it has to be started anew to notice another zone or day, and its running program looks at
neither. Here each request asks what day it is.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import User
from quizapp.review import deeds, limits, queries
from quizapp.review.fitting import refitting
from quizapp.review.log import rebuilding, statistics
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, Outcome, ReviewLog
from quizapp.review.pages.card_page import card_page
from quizapp.study_day import study_day

from .conftest import NOON

MakeCard = Callable[[], Card]
Rate = Callable[..., None]
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
ROLLOVER = datetime(2026, 11, 24, 3, tzinfo=UTC)  # 4 in the morning of Berlin


def move(user: User, zone: str) -> None:
    accounts.set_calendar(user, zone=zone, rollover_hour=user.rollover_hour)


def left(db: Session, user: User, *, at: datetime) -> tuple[int, int]:
    """The new and the due cards that can be answered."""
    counts = queries.counts(db, user=user, now=at)
    return counts.new, counts.due


def at_berlin(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)  # type: ignore[misc,arg-type]


def test_day_answer_over_the_rollover(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """Anki refuses the answer, which is lost. Here it was given, and counts on the day that it arrives."""
    card = make_card()
    rate(card, Rating.EASY, at=ROLLOVER - 20 * DAY)
    rate(card, Rating.GOOD, at=ROLLOVER + MINUTE)  # shown at 03:58
    assert (card.phase, card.last_day) == (Phase.REVIEW, study_day(ROLLOVER, "Europe/Berlin", 4))


def test_day_new_card_over_the_rollover(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """As Anki: a new card, or one within the day, that was shown before 4 is answered after it, on the new day."""
    learner.new_per_day = 3
    new, learning = make_card(), make_card()
    rate(learning, Rating.AGAIN, at=ROLLOVER - 20 * MINUTE)
    for card in (new, learning):
        rate(card, Rating.GOOD, at=ROLLOVER + MINUTE)
    assert {card.phase for card in (new, learning)} == {Phase.REVIEW}
    make_card(), make_card(), make_card()
    assert left(db, learner, at=ROLLOVER + MINUTE)[0] == 2  # one of the three of the new day was begun


def test_day_queue_left_open_overnight(db: Session, make_card: MakeCard, learner: User, rate: Rate) -> None:
    """As Anki: what is due by the morning is there, without anything opened anew."""
    first, second = make_card(), make_card()
    rate(first, Rating.HARD, at=NOON - DAY)
    rate(second, Rating.GOOD, at=NOON - DAY)
    evening = at_berlin(2026, 11, 23, 22, 0)
    assert left(db, learner, at=evening)[1] == 1
    assert left(db, learner, at=evening + 11 * HOUR)[1] == 2


def test_day_learning_card_idle(make_card: MakeCard, rate: Rate) -> None:
    """Anki's next step is ten minutes. Here there is one step, after Again, and Good ends it however long it took."""
    card = make_card()
    rate(card, Rating.AGAIN)
    rate(card, Rating.GOOD, at=NOON + 3 * HOUR)
    assert (card.phase, card.due_at) == (Phase.REVIEW, None)


def test_learning_card_left_overnight(make_card: MakeCard, rate: Rate) -> None:
    """As Anki: a night between them counts as a day, and more is remembered than after eleven minutes."""
    soon, overnight = make_card(), make_card()
    for card, later in ((soon, 11 * MINUTE), (overnight, DAY)):
        rate(card, Rating.AGAIN)
        rate(card, Rating.GOOD, at=NOON + later)
    assert (overnight.stability or 0) > 2 * (soon.stability or 0)


@pytest.mark.parametrize("at", [ROLLOVER - 5 * MINUTE, NOON])
def test_fsrs_ten_minutes_over_the_rollover(
    db: Session, learner: User, make_card: MakeCard, rate: Rate, at: datetime
) -> None:
    """Anki counts the eleven minutes as a day: 1.89 in place of .25. Here what was just seen is a repeat."""
    card, later = make_card(), at + 11 * MINUTE
    rate(card, Rating.AGAIN, at=at)
    today = queries.today_of(learner, now=later)
    shown = {option.value: option.interval for option in card_page(db, user=learner, card=card, now=later).options}
    rate(card, Rating.GOOD, at=later)
    assert card.stability == pytest.approx(0.25, abs=0.005)
    assert (card.last_day, card.due_day, shown[Rating.GOOD]) == (today, today + 1, "1 d")
    rebuilt = rebuilding.rebuild_cards(db, user=learner, card_ids=[card.id])
    assert rebuilt.changed == 0
    assert refitting.fitted(db, user=learner, is_asked=True) is None


@pytest.mark.parametrize(("minutes", "stability"), [(59, 2.31), (60, 7.32)])
def test_an_hour_over_the_rollover_is_a_night(make_card: MakeCard, rate: Rate, minutes: int, stability: float) -> None:
    """It is less than anybody sleeps, and longer than a card that failed is away."""
    card, at = make_card(), ROLLOVER - 30 * MINUTE
    rate(card, Rating.GOOD, at=at)
    rate(card, Rating.GOOD, at=at + minutes * MINUTE)
    assert card.stability == pytest.approx(stability, abs=0.005)


def test_zone_moves_west_and_the_day_goes_back(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """Anki offers three more new cards in Honolulu. Here the limit holds, and a due day is a date wherever one is."""
    learner.new_per_day = 3
    cards = [make_card() for _ in range(10)]
    for card in cards[:3]:
        rate(card, Rating.EASY, at=at_berlin(2026, 11, 23, 10, 0))
    due = cards[0].due_day
    move(learner, "Pacific/Honolulu")
    assert left(db, learner, at=at_berlin(2026, 11, 23, 11, 0))[0] == 0
    assert left(db, learner, at=at_berlin(2026, 11, 23, 15, 1))[0] == 0  # 04:01 there: the day of Berlin again
    assert left(db, learner, at=at_berlin(2026, 11, 24, 15, 1))[0] == 3
    assert cards[0].due_day == due


def test_zone_change_while_anki_runs(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """As Anki while it runs: three of three, none more."""
    learner.new_per_day = 3
    for card in [make_card() for _ in range(6)][:3]:
        rate(card, Rating.EASY, at=at_berlin(2026, 11, 23, 10, 0))
    move(learner, "Pacific/Honolulu")
    assert left(db, learner, at=at_berlin(2026, 11, 23, 11, 10))[0] == 0


def test_zone_0359_belongs_to(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """In Anki it counts for another day after the flight. Here the day is kept with the answer."""
    card = make_card()
    rate(card, Rating.EASY, at=ROLLOVER - MINUTE)
    before = card.last_day, card.due_day
    move(learner, "Asia/Tokyo")
    entry = db.scalars(select(ReviewLog).where(ReviewLog.card_id == card.id)).one()
    assert (card.last_day, card.due_day) == before
    assert entry.day == study_day(ROLLOVER, "Europe/Berlin", 4) - 1
    assert queries.today_of(learner, now=ROLLOVER) == entry.day + 1


def test_zone_east_makes_a_short_day(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """As Anki: what was due tomorrow is due five hours later, since tomorrow begins then."""
    move(learner, "America/New_York")
    card, at = make_card(), datetime(2026, 11, 23, 15, tzinfo=UTC)  # 10:00 there
    rate(card, Rating.HARD, at=at)
    assert (card.due_day, left(db, learner, at=at)[1]) == ((card.last_day or 0) + 1, 0)
    move(learner, "Asia/Tokyo")
    assert left(db, learner, at=at + 5 * HOUR)[1] == 1


def test_rollover_changed_during_the_day(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """In Anki the limit starts again and the card is due a day later. Here what was done counts, and due days stay."""
    learner.new_per_day = 2
    cards = [make_card() for _ in range(4)]
    rate(cards[0], Rating.EASY, at=ROLLOVER + HOUR)
    due = cards[0].due_day
    for hour in (6, 4):
        accounts.set_calendar(learner, zone="Europe/Berlin", rollover_hour=hour)
        assert left(db, learner, at=ROLLOVER + 70 * MINUTE)[0] == 1
        assert cards[0].due_day == due


def test_limit_today_only_and_zone(db: Session, learner: User, make_card: MakeCard) -> None:
    """As Anki: it is the limit of one study day, gone where that has not begun and there again where it has."""
    learner.new_per_day = 2
    for _ in range(9):
        make_card()
    limits.set_for_today(db, user=learner, new_cards=7, reviews=None, now=NOON)
    db.flush()
    found = []
    for zone in ("Europe/Berlin", "Pacific/Honolulu", "Europe/Berlin"):
        move(learner, zone)
        found.append(left(db, learner, at=NOON)[0])
    assert found == [7, 2, 7]


def test_clock_ten_days_ahead_then_right(db: Session, learner: User, make_card: MakeCard) -> None:
    """Anki lets it back at once. Here it stays away until then, or until it is unburied: its day may be meant.

    Where reviews were dated by the same clock, putting them right brings buried cards back tomorrow; see `mending`.
    """
    card = make_card()
    deeds.bury(db, user=learner, card_ids=[card.id], now=NOON + 10 * DAY)
    assert queries.next_card(db, user=learner, now=NOON) is None
    deeds.unbury(db, user=learner, card_ids=[card.id], now=NOON)
    assert queries.next_card(db, user=learner, now=NOON) is card


def test_clock_ahead_answer_then_earlier_answer(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """As Anki: the second answer counts as one of the same day, whatever the clock says by then."""
    card = make_card()
    rate(card, Rating.EASY, at=NOON - 10 * DAY)
    rate(card, Rating.GOOD, at=NOON + 2 * DAY)
    first = card.stability, card.last_day
    rate(card, Rating.GOOD, at=NOON)
    assert (card.last_day, card.reps) == (first[1], 3)
    assert card.stability == pytest.approx(first[0])


def test_a_card_in_its_step_waits_no_longer_than_the_step_though_the_clock_was_put_back(
    db: Session, learner: User, make_card: MakeCard, rate: Rate
) -> None:
    """Anki lets it wait until its clock is there again."""
    card, other = make_card(), make_card()
    rate(card, Rating.AGAIN, at=NOON + HOUR)
    rate(other, Rating.EASY)
    counts = queries.counts(db, user=learner, now=NOON)
    assert (queries.next_card(db, user=learner, now=NOON), counts.learning, counts.later) == (card, 1, 0)
    rate(card, Rating.AGAIN)
    assert card.due_at == NOON + 10 * MINUTE
    assert queries.next_card(db, user=learner, now=NOON + 9 * MINUTE) is None
    assert queries.next_card(db, user=learner, now=NOON + 10 * MINUTE) is card
    assert rebuilding.rebuild_cards(db, user=learner, card_ids=[card.id]).changed == 0


def test_dst_autumn_day_of_25_hours(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """Anki's windows of 24 hours lose the first hour of it. Here the day is kept with each answer."""
    card, begun = make_card(), at_berlin(2026, 10, 24, 4, 30)
    rate(card, Rating.EASY, at=begun)
    late = at_berlin(2026, 10, 25, 3, 30)
    assert late - begun == 24 * HOUR
    for at, ago in ((begun, 0), (late, 0), (at_berlin(2026, 10, 25, 12, 0), 1)):
        today = queries.today_of(learner, now=at)
        found = statistics.day_figures(db, user_id=learner.id, today=today)
        assert [(day.day, day.reviews) for day in found if day.reviews] == [(today - ago, 1)]


def test_dst_rollover_hour_while_anki_runs(learner: User) -> None:
    """Anki that was left running begins the day an hour late in spring. Here it begins at 4 on the wall."""
    spring = [at_berlin(2026, 3, 29, hour, 30) for hour in (3, 4, 5)]
    autumn = [at_berlin(2026, 10, 25, hour, 30) for hour in (3, 4)]
    days = [[queries.today_of(learner, now=at) for at in some] for some in (spring, autumn)]
    assert [[day - some[0] for day in some] for some in days] == [[0, 1, 1], [0, 1]]


def test_same_day_good_on_two_sides_of_the_rollover(make_card: MakeCard, rate: Rate) -> None:
    """As Anki: 2.3065 again at 03:30, and 7.3154 at 04:30."""
    found = []
    for later in (4 * HOUR, 5 * HOUR):
        card, evening = make_card(), at_berlin(2026, 11, 23, 23, 30)
        rate(card, Rating.GOOD, at=evening)
        rate(card, Rating.GOOD, at=evening + later)
        found.append(card.stability)
    assert found == [pytest.approx(2.3065, abs=1e-3), pytest.approx(7.3154, abs=1e-3)]


def test_two_devices_sync(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """Anki merges rows by their time of change: a flag is lost, and of five new cards a day two more are offered.

    Here two devices send deeds to one server, so a suspension and a flag stay beside the answers, and what was begun
    anywhere counts.
    """
    learner.new_per_day = 5
    cards = [make_card() for _ in range(10)]
    deeds.flag(db, user=learner, card_ids=[cards[1].id], flag=1, now=NOON)
    deeds.suspend(db, user=learner, card_ids=[cards[2].id], now=NOON)
    for card in (cards[3], cards[4], *cards[:3]):
        rate(card, Rating.EASY)
    rate(cards[0], Rating.AGAIN, at=NOON + MINUTE)
    assert (cards[1].flag, cards[1].phase) == (1, Phase.REVIEW)
    assert (cards[2].suspended, cards[2].phase) == (True, Phase.REVIEW)
    assert left(db, learner, at=NOON)[0] == 0
    outcomes = db.scalars(select(ReviewLog.outcome)).all()
    assert outcomes == [Outcome.APPLIED] * 6
