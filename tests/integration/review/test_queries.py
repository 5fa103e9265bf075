"""The queue and the figures about it."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts.models import DEFAULT_NEW_PER_DAY, NewOrder, ReviewOrder, User
from quizapp.catalogue.models import Question
from quizapp.review import deeds, knowledge, queries, undoing
from quizapp.review.knowledge import Knowledge
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card
from quizapp.review.queries import Counts, Retention

from .conftest import NOON

MakeCard = Callable[[], Card]
MakeQuestion = Callable[[], Question]

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


Rate = Callable[..., None]


def test_nobody_has_cards_at_first(db: Session, learner: User) -> None:
    assert queries.counts(db, user=learner, now=NOON) == Counts(new=0, learning=0, due=0, minutes=0)
    assert queries.next_card(db, user=learner, now=NOON) is None
    assert queries.next_due(db, user=learner, now=NOON) is None
    assert queries.past(db, user=learner, now=NOON).retention is None
    assert [day.count for day in queries.forecast(db, user=learner, now=NOON)] == [0] * 7
    assert [day.count for day in queries.past(db, user=learner, now=NOON).activity] == [0] * 7


def test_three_piles_and_their_minutes(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    _new, learning, due = make_card(), make_card(), make_card()
    rate(due, Rating.HARD, at=NOON - DAY)
    rate(learning, Rating.AGAIN)
    left = queries.counts(db, user=learner, now=NOON)
    assert left == Counts(new=1, learning=0, due=1, minutes=1, later=1, may_undo=True)  # 2 cards at 20 s
    assert left.total == 2
    back = queries.counts(db, user=learner, now=NOON + 10 * MINUTE)
    assert back == Counts(new=1, learning=1, due=1, minutes=1, may_undo=True)


def test_what_is_counted_is_what_can_be_answered(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    for rating in (Rating.AGAIN, Rating.AGAIN, Rating.GOOD):
        rate(make_card(), rating)
    assert queries.counts(db, user=learner, now=NOON).total == 0
    assert queries.next_card(db, user=learner, now=NOON) is None
    assert queries.counts(db, user=learner, now=NOON + 10 * MINUTE).total == 2
    assert queries.next_card(db, user=learner, now=NOON + 10 * MINUTE) is not None


def test_minutes_follow_the_learners_own_pace(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    for taken_ms in (30_000, 50_000):
        rate(make_card(), Rating.GOOD, taken_ms=taken_ms)
    for _ in range(3):
        make_card()
    assert queries.counts(db, user=learner, now=NOON).minutes == 2  # 3 cards at 40 s


def test_learning_comes_before_due_and_due_before_new(
    db: Session, learner: User, make_card: MakeCard, rate: Rate
) -> None:
    new, due, longer_due, learning = make_card(), make_card(), make_card(), make_card()
    rate(longer_due, Rating.HARD, at=NOON - 3 * DAY)
    rate(due, Rating.HARD, at=NOON - DAY)
    rate(learning, Rating.AGAIN, at=NOON)
    later = NOON + 10 * MINUTE
    seen: list[Card] = []
    while (card := queries.next_card(db, user=learner, now=later, without=[c.id for c in seen])) is not None:
        seen.append(card)
    assert seen == [learning, longer_due, due, new]


def test_a_learning_card_waits_for_its_ten_minutes_unless_asked_for(
    db: Session, learner: User, make_card: MakeCard, rate: Rate
) -> None:
    card = make_card()
    rate(card, Rating.AGAIN)
    almost = NOON + 9 * MINUTE
    assert queries.next_card(db, user=learner, now=almost) is None
    assert queries.next_card(db, user=learner, now=almost, ahead=True) is card
    waiting = queries.next_due(db, user=learner, now=almost)
    assert waiting is not None
    assert queries.comes_back(waiting, user=learner, now=almost) == "in 1 min"
    assert queries.next_card(db, user=learner, now=NOON + 10 * MINUTE) is card


def test_new_cards_are_limited_by_the_day(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    cards = [make_card() for _ in range(DEFAULT_NEW_PER_DAY + 2)]
    for index in range(DEFAULT_NEW_PER_DAY):
        assert queries.counts(db, user=learner, now=NOON).new == DEFAULT_NEW_PER_DAY - index
        card = queries.next_card(db, user=learner, now=NOON)
        assert card is cards[index]
        rate(card, Rating.EASY)
    assert queries.counts(db, user=learner, now=NOON).new == 0
    assert queries.next_card(db, user=learner, now=NOON) is None
    tomorrow = queries.next_due(db, user=learner, now=NOON)
    assert tomorrow is not None
    assert queries.comes_back(tomorrow, user=learner, now=NOON) == "tomorrow"
    assert queries.counts(db, user=learner, now=NOON + DAY).new == 2
    undoing.undo(db, user=learner, now=NOON)
    assert queries.counts(db, user=learner, now=NOON).new == 1


def test_a_buried_card_is_gone_until_tomorrow(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    new, due, learning = make_card(), make_card(), make_card()
    rate(due, Rating.HARD, at=NOON - DAY)
    rate(learning, Rating.AGAIN)
    for card in (new, due, learning):
        deeds.bury(db, user=learner, card_ids=[card.id], now=NOON)
    late = NOON + 15 * timedelta(hours=1)  # 03:00, still the same study day
    assert queries.counts(db, user=learner, now=late).total == 0
    assert queries.next_card(db, user=learner, now=late) is None
    assert [day.count for day in queries.forecast(db, user=learner, now=late)] == [0, 2, 0, 0, 0, 0, 0]
    waiting = queries.next_due(db, user=learner, now=late)
    assert waiting is not None
    assert queries.comes_back(waiting, user=learner, now=late) == "tomorrow"
    assert queries.counts(db, user=learner, now=late + 2 * timedelta(hours=1)).total == 3


def test_a_retired_or_unfinished_question_is_not_asked(
    db: Session, learner: User, make_card: MakeCard, rate: Rate
) -> None:
    retired, draft = make_card(), make_card()
    rate(draft, Rating.HARD, at=NOON - DAY)
    retired.question.retired_at = NOON
    draft.question.draft = True
    db.flush()
    assert queries.counts(db, user=learner, now=NOON).total == 0
    assert queries.next_card(db, user=learner, now=NOON) is None
    assert queries.next_due(db, user=learner, now=NOON) is None
    assert queries.card_of(db, user=learner, card_id=retired.id) is None


def test_a_retired_or_unfinished_question_does_not_come_back(
    db: Session, learner: User, make_card: MakeCard, rate: Rate
) -> None:
    retired, draft = make_card(), make_card()
    for card in (retired, draft):
        rate(card, Rating.HARD, at=NOON - DAY)
    retired.question.retired_at = NOON
    draft.question.draft = True
    db.flush()
    for card in (retired, draft):
        assert queries.question_comes_back(db, user=learner, question_id=card.question_id, now=NOON) is None


def test_a_card_is_only_its_owners(db: Session, learner: User, make_card: MakeCard) -> None:
    card = make_card()
    assert queries.card_of(db, user=learner, card_id=card.id) is card
    orders = {"new_order": NewOrder.MIXED, "review_order": ReviewOrder.DUE}
    stranger = User(id=uuid4(), name="Bob", zone="UTC", rollover_hour=4, new_per_day=20, **orders)
    assert queries.card_of(db, user=stranger, card_id=card.id) is None
    assert queries.next_card(db, user=stranger, now=NOON) is None


def test_the_forecast_counts_each_day_and_overdue_cards_today(
    db: Session, learner: User, make_card: MakeCard, rate: Rate
) -> None:
    rate(make_card(), Rating.HARD, at=NOON - 5 * DAY)  # due four days ago
    rate(make_card(), Rating.AGAIN)  # comes back today
    rate(make_card(), Rating.HARD)  # tomorrow
    rate(make_card(), Rating.GOOD)  # the day after
    rate(make_card(), Rating.EASY)  # in 8 days
    week = queries.forecast(db, user=learner, now=NOON)
    assert [day.count for day in week] == [2, 1, 1, 0, 0, 0, 0]
    assert (week[0].day, week[6].day) == (date(2026, 11, 23), date(2026, 11, 29))


def test_activity_counts_what_was_not_undone(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    card = make_card()
    for days in (8, 6, 6, 1):
        rate(card, Rating.GOOD, at=NOON - days * DAY)
    rate(card, Rating.GOOD, at=NOON)
    undoing.undo(db, user=learner, now=NOON)
    week = queries.past(db, user=learner, now=NOON).activity
    assert [day.count for day in week] == [2, 0, 0, 0, 0, 1, 0]
    assert (week[0].day, week[6].day) == (date(2026, 11, 17), date(2026, 11, 23))


def test_true_retention_counts_known_cards_after_a_night(
    db: Session, learner: User, make_card: MakeCard, rate: Rate
) -> None:
    card = make_card()
    rate(card, Rating.GOOD, at=NOON - 40 * DAY)  # new
    rate(card, Rating.GOOD, at=NOON - 35 * DAY)  # too long ago
    rate(card, Rating.GOOD, at=NOON - 10 * DAY)  # passed
    rate(card, Rating.GOOD, at=NOON - 10 * DAY)  # on the same day
    rate(card, Rating.AGAIN, at=NOON - 5 * DAY)  # failed
    rate(card, Rating.GOOD, at=NOON - 5 * DAY)  # relearning
    rate(card, Rating.HARD, at=NOON)  # passed
    retention = queries.past(db, user=learner, now=NOON).retention
    assert retention == Retention(passed=2, total=3)
    assert retention.percent == 67


def test_knowledge_of_questions(
    db: Session, learner: User, make_card: MakeCard, make_question: MakeQuestion, rate: Rate
) -> None:
    new, learning, due, known = (make_card() for _ in range(4))
    rate(learning, Rating.AGAIN)
    rate(due, Rating.HARD, at=NOON - DAY)
    rate(known, Rating.EASY)
    none = make_question().id
    ids = [card.question_id for card in (new, learning, due, known)]
    today = queries.today_of(learner, now=NOON)
    assert knowledge.knowledge(db, user_id=learner.id, question_ids=[*ids, none], today=today) == {
        ids[0]: Knowledge.NEW,
        ids[1]: Knowledge.LEARNING,
        ids[2]: Knowledge.DUE,
        ids[3]: Knowledge.KNOWN,
        none: Knowledge.NONE,
    }


@pytest.mark.parametrize(
    ("due_in_days", "due_in", "text"),
    [
        (None, None, "when you start it"),
        (0, 10 * MINUTE, "in 10 min"),
        (0, -MINUTE, "now"),
        (-3, None, "today"),
        (0, None, "today"),
        (1, None, "tomorrow"),
        (4, None, "in 4 days"),
        (37, None, "in 1.2 months"),
    ],
)
def test_when_a_card_comes_back(learner: User, due_in_days: int | None, due_in: timedelta | None, text: str) -> None:
    today = queries.today_of(learner, now=NOON)
    card = Card(
        phase=Phase.REVIEW,
        due_day=None if due_in_days is None else today + due_in_days,
        due_at=None if due_in is None else NOON + due_in,
    )
    assert queries.comes_back(card, user=learner, now=NOON) == text
