"""What is remembered of a card, and the day's limits: plays that were also played with Anki 26.9.3, each by its name.

Where the product does otherwise than Anki, the test says what Anki does and why it is not done here. These plays are of
what there is none of here: parent decks (limits-parent-and-child), interday steps (review-limit-and-interday-learning,
bury-interday-learning-sibling), steps to set (steps-shortened-in-mid-learning), places of new cards set by hand
(reposition), a largest interval to set (fsrs-maximum-interval-lowered), reviews to be ignored by a date
(fsrs-ignore-reviews-before), redo (redo-is-emptied-by-a-new-step), and rescheduling by a changed retention
(retention-changed-with-rescheduling): no card that waits is moved by a setting.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import NewOrder, User
from quizapp.catalogue.models import Question
from quizapp.review import deeds, queries, undoing
from quizapp.review.log import rebuilding
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card, Outcome, ReviewLog, ReviewSource
from quizapp.review.pages import chosen_cards
from quizapp.review.pages.card_page import card_page
from quizapp.review.pages.chosen_cards import Chosen
from tests.builders import a_note, rate_card

from .conftest import NOON

MakeCard = Callable[[], Card]
Rate = Callable[..., None]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def known(db: Session, learner: User, make_card: MakeCard) -> Callable[..., Card]:
    """Makes a card of a stability, due so many days ago."""

    def make(stability: float = 20, *, late: int = 0) -> Card:
        card, today = make_card(), queries.today_of(learner, now=NOON)
        card.phase, card.stability, card.difficulty, card.reps = Phase.REVIEW, stability, 5.0, 3
        card.last_day, card.due_day = today - round(stability) - late, today - late
        card.last_review_at = NOON - (stability + late) * DAY
        db.flush()
        return card

    return make


def days(card: Card) -> int:
    return (card.due_day or 0) - (card.last_day or 0)


def left(db: Session, user: User) -> tuple[int, int, int]:
    counts = queries.counts(db, user=user, now=NOON)
    return counts.new, counts.learning + counts.later, counts.due


def test_new_limit_introduced_then_forgotten(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """As Anki: a card that was begun today and begins anew has used its place."""
    learner.new_per_day = 3
    cards = [make_card() for _ in range(10)]
    rate(cards[0], Rating.GOOD)
    deeds.reset(db, user=learner, card_ids=[cards[0].id], now=NOON)
    assert left(db, learner) == (2, 0, 0)


def test_limits_new_use_up_reviews(
    db: Session, learner: User, make_card: MakeCard, known: Callable[..., Card], rate: Rate
) -> None:
    """In Anki new cards take the places of reviews: 2 of ten are offered. Here the two limits are apart."""
    learner.reviews_per_day, learner.new_per_day, learner.new_order = 5, 20, NewOrder.BEFORE
    new = [make_card() for _ in range(10)]
    for _ in range(3):
        known()
    assert left(db, learner) == (10, 0, 3)
    rate(new[0], Rating.GOOD)
    assert left(db, learner) == (9, 0, 3)


def test_limits_moving_an_introduced_card(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """Anki counts by deck, and offers 3 in the one that the card is moved to. Here the day is the learner's."""
    learner.new_per_day = 3
    cards = [make_card() for _ in range(10)]
    rate(cards[0], Rating.GOOD)
    cards[0].question.note = a_note(db)
    db.flush()
    assert left(db, learner)[0] == 2


def test_relearning_counts_in_the_limit_next_day(
    db: Session, learner: User, known: Callable[..., Card], rate: Rate
) -> None:
    """Anki's step of a day uses up the limit of the next day. Here what failed is relearnt, and is then due as any."""
    learner.reviews_per_day = 1
    failed, other = known(), known(30)
    rate(failed, Rating.AGAIN)
    tomorrow = NOON + DAY
    assert queries.next_card(db, user=learner, now=tomorrow) is failed
    rate(failed, Rating.GOOD, at=tomorrow)
    assert queries.next_card(db, user=learner, now=tomorrow) is other  # a relearnt card is no review of the limit


def test_learn_ahead_one_card(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """Anki shows it at once if its step ends within 20 minutes. Here it waits ten minutes, unless one says not to."""
    card = make_card()
    rate(card, Rating.AGAIN)
    assert queries.next_card(db, user=learner, now=NOON) is None
    assert queries.next_card(db, user=learner, now=NOON, ahead=True) is card
    assert left(db, learner) == (0, 1, 0)


def test_learn_ahead_zero(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """As Anki with 0: not before its time, and then at once."""
    card = make_card()
    rate(card, Rating.AGAIN)
    shown = [queries.next_card(db, user=learner, now=NOON + minutes * MINUTE) for minutes in (0, 9, 14)]
    assert shown == [None, None, card]


def test_learning_card_comes_due_in_between(
    db: Session, learner: User, make_card: MakeCard, known: Callable[..., Card], rate: Rate
) -> None:
    """As Anki: it comes before the reviews that are left as soon as its time has come."""
    new, *due = make_card(), *(known() for _ in range(5))
    rate(new, Rating.AGAIN)
    shown = []
    for number in range(6):
        at = NOON + 3 * number * MINUTE
        card = queries.next_card(db, user=learner, now=at)
        assert card is not None
        shown.append("L" if card is new else "R")
        rate(card, Rating.GOOD, at=at)
    assert ("".join(shown), len(due)) == ("RRRRLR", 5)


def test_leech_no_relearning_steps(db: Session, learner: User, known: Callable[..., Card], rate: Rate) -> None:
    """Anki without steps gives the card a day at once. Here a leech that is suspended waits in its step, relearnt."""
    learner.leech_threshold, learner.leech_action = 2, learner.leech_action.SUSPEND
    card = known()
    card.lapses = 1
    db.flush()
    rate(card, Rating.AGAIN)
    assert (card.leech, card.suspended, card.lapses, card.phase) == (True, True, 2, Phase.RELEARNING)
    deeds.unsuspend(db, user=learner, card_ids=[card.id], now=NOON + DAY)
    assert queries.next_card(db, user=learner, now=NOON + DAY) is card


def test_relearning_without_steps_fsrs(known: Callable[..., Card], rate: Rate) -> None:
    """Anki without steps: 2 days at once, by a stability of 1.94. Here that is what Good in the step comes to."""
    card = known()
    rate(card, Rating.AGAIN)
    assert (card.lapses, card.due_at is not None) == (1, True)
    assert 1 < (card.stability or 0) < 4
    rate(card, Rating.GOOD, at=NOON + 10 * MINUTE)
    assert days(card) in (1, 2, 3)


def test_relearning_same_day_stability(known: Callable[..., Card], rate: Rate) -> None:
    """As Anki: a second Again of the day takes more of it, Good gives little back; one lapse in all."""
    card, found = known(), []
    for number, rating in enumerate((Rating.AGAIN, Rating.AGAIN, Rating.GOOD)):
        rate(card, rating, at=NOON + 10 * number * MINUTE)
        found.append(card.stability or 0)
    assert found[1] < found[0] < 20
    assert found[1] <= found[2] < found[0]
    assert card.lapses == 1


def test_fsrs_overdue_answer(db: Session, learner: User, known: Callable[..., Card], rate: Rate) -> None:
    """As Anki: what is known long after its day is worth more, and what is known before it less."""
    learner.is_balanced = False
    on_time, late, early = known(10), known(10, late=40), known(10, late=-8)
    for card in (on_time, late, early):
        rate(card, Rating.GOOD)
    stabilities = [card.stability or 0 for card in (early, on_time, late)]
    assert stabilities == sorted(stabilities)
    assert days(late) > 1.5 * days(on_time)


def test_forget_and_learn_anew_fsrs(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """As Anki: learnt anew with Easy it has the stability of a first Easy, 8.2956, and its log says so too."""
    card = make_card()
    for ago in (60, 50, 40):
        rate(card, Rating.GOOD, at=NOON - ago * DAY)
    deeds.reset(db, user=learner, card_ids=[card.id], now=NOON)
    rate(card, Rating.EASY, at=NOON)
    assert card.stability == pytest.approx(8.2956, abs=1e-4)
    assert (card.lapses, card.reps) == (0, 1)
    assert rebuilding.rebuild_cards(db, user=learner, card_ids=[card.id]).changed == 0


def test_forget_then_set_due_date(db: Session, learner: User, known: Callable[..., Card], rate: Rate) -> None:
    """Anki keeps the 4 lapses over it. Here a card that begins anew has none, as its log says from there on."""
    card = known()
    rate(card, Rating.AGAIN)
    deeds.reset(db, user=learner, card_ids=[card.id], now=NOON)
    deeds.reschedule(db, user=learner, card_ids=[card.id], days=1, now=NOON)
    assert (card.lapses, card.phase, card.due_day) == (0, Phase.NEW, queries.today_of(learner, now=NOON) + 1)


def test_set_due_date_new_card_then_again(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """As Anki the stability is that of a first Again, .212. Anki counts a lapse; nothing was known to be forgotten."""
    card = make_card()
    deeds.reschedule(db, user=learner, card_ids=[card.id], days=7, now=NOON)
    rate(card, Rating.AGAIN, at=NOON + 7 * DAY)
    assert card.stability == pytest.approx(0.212, abs=1e-4)
    assert card.lapses == 0


def test_same_card_answered_twice_at_once(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """Anki refuses the second one. Here it is in the log as stale, and the card stays as the first one left it."""
    card = make_card()
    version = card.version
    rate(card, Rating.AGAIN)
    before = card.stability, card.due_at
    made = {"card_id": card.id, "review_id": uuid4(), "rating": Rating.GOOD, "source": ReviewSource.REVIEW}
    rated = rate_card(db, user=learner, now=NOON, seen_version=version, taken_ms=None, **made)
    assert rated.outcome is Outcome.STALE
    assert (card.stability, card.due_at) == before
    assert len(db.scalars(select(ReviewLog)).all()) == 2


def test_answer_a_card_that_is_not_in_front(db: Session, learner: User, known: Callable[..., Card], rate: Rate) -> None:
    """Anki refuses it. Here any card may be answered: a search or a link leads to one, and a tab may be older."""
    cards = [known(20, late=late) for late in (3, 2, 1)]
    rate(cards[1], Rating.GOOD)
    assert left(db, learner) == (0, 0, 2)


def test_answer_after_the_preset_changed(db: Session, learner: User, known: Callable[..., Card], rate: Rate) -> None:
    """Anki refuses an answer to what was offered before. Here it counts, by what the learner wants by now."""
    learner.is_balanced = False
    card = known()
    card_page(db, user=learner, card=card, now=NOON)
    learner.desired_retention = 0.8
    db.flush()
    rate(card, Rating.GOOD)
    assert days(card) > 1.5 * (card.stability or 0)


def test_undo_after_the_app_was_closed(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """Anki offers nothing. Here deeds are stored, so a session that knows nothing of it takes it back."""
    card = make_card()
    rate(card, Rating.GOOD)
    card_id = card.id
    db.expunge(card)
    assert undoing.undo(db, user=learner, now=NOON + 5 * DAY) is not None
    assert db.get_one(Card, card_id).phase is Phase.NEW


def test_undo_delete_of_a_studied_note(db: Session, learner: User, make_card: MakeCard, rate: Rate) -> None:
    """In Anki undo brings a deleted note back. Here a note is retired, and what is known of it comes back with it."""
    card = make_card()
    rate(card, Rating.GOOD)
    stability = card.stability
    question = card.question
    question.retired_at = NOON
    db.flush()
    assert queries.next_card(db, user=learner, now=NOON + 90 * DAY) is None
    question.retired_at = None
    db.flush()
    db.expire_all()
    assert (queries.next_card(db, user=learner, now=NOON + 90 * DAY), card.stability) == (card, stability)


def test_home_deck_deleted_under_a_sitting(db: Session, learner: User, make_card: MakeCard) -> None:
    """As Anki what is deleted goes from the sitting too; the others stay in it."""
    kept, gone = make_card(), make_card()
    of = Chosen(ids=[kept.id, gone.id], at=NOON - MINUTE)
    question_id = gone.question_id
    db.expunge(gone)
    db.execute(delete(Card).where(Card.id == gone.id))
    db.execute(delete(Question).where(Question.id == question_id))
    assert list(chosen_cards.left(db, of, user=learner, now=NOON)) == [kept]


def test_unburied_sibling_stays(db: Session, learner: User, make_card: MakeCard) -> None:
    """As Anki: what was brought back by hand on the same day is shown."""
    card = make_card()
    deeds.bury(db, user=learner, card_ids=[card.id], now=NOON)
    deeds.unbury(db, user=learner, card_ids=[card.id], now=NOON)
    assert queries.next_card(db, user=learner, now=NOON) is card
