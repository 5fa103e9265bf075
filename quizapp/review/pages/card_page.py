"""The review page's data: one card to rate, or that nothing is due. Knows no question kind."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.articles.lab_links import LabSummary
from quizapp.catalogue.articles.queries import QuestionView, question_with_lab, questions_with_labs
from quizapp.review import due_loads, queries, schedulers
from quizapp.review.deeds import NEW_LAB_DAYS
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card
from quizapp.review.one_thing.one_memory import ways_picked
from quizapp.review.pages.chosen_cards import SittingDone
from quizapp.review.pages.sitting_summary import DoneToday, done_today
from quizapp.review.queries import Counts
from quizapp.review.scheduler import Place, Scheduler, as_found
from quizapp.study_day import StudyDay

# What is said of each rating where the schedule is left alone.
APART_INTERVALS: Mapping[Rating, str] = {rating: "once more" if rating is Rating.AGAIN else "done" for rating in Rating}


def no_host() -> bool:
    """What says that no sandbox is free."""
    return False


@dataclass(frozen=True, kw_only=True)
class RatingOption:
    """A rating button."""

    value: int
    """The number of the Rating, 1 to 4."""
    name: str
    key: str
    """The key that presses the button."""
    interval: str
    """When the card would come back, such as "10 min" or "4 d"."""


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """A sitting over chosen cards, as it is shown."""

    ids: Collection[UUID]
    """All that were chosen."""
    cards: Sequence[Card]
    """Those that are left."""
    is_apart: bool
    """Whether the answers leave the schedule alone."""


@dataclass(frozen=True, kw_only=True)
class CardPage:
    """A card to review."""

    card_id: UUID
    version: int
    """Card.version when the page was made; a rating sent after another change of the card is stale."""
    pile: str
    """The count that the card belongs to: "new", "learning" or "due"; "left" in a sitting over chosen cards."""
    counts: Counts
    question: QuestionView
    lab: LabSummary | None
    """The lab of the question; None if it has none."""
    options: Sequence[RatingOption]
    is_suspended: bool
    is_leech: bool
    lapses: int
    flag: int
    """1 to 7; 0 without one."""
    sitting: Sitting | None
    """The sitting that it is one of; None for a card in its turn."""
    asked: int | None
    """The id of the question by which it is asked, if that is another than the card's own; else None."""

    @property
    def to_do(self) -> LabSummary | None:
        """The lab by which alone this card is answered: nobody can rate from memory what is to be done on a host."""
        return self.lab if self.lab is not None and self.lab.question_id == self.question.id else None

    @property
    def put_off_days(self) -> int | None:
        """For how many days its lab stays away if it is not done now, so that another new card takes its place.

        None for what waits on the page until it is done: a lab that is due, and a command, which takes seconds.
        """
        if self.to_do is None or self.to_do.asks_command or self.asked is not None or self.pile != "new":
            return None
        return NEW_LAB_DAYS


@dataclass(frozen=True, kw_only=True)
class DonePage:
    """Nothing is due now, or a sitting over chosen cards is done."""

    sitting: SittingDone | None
    counts: Counts
    comes_back: str | None
    """When the next card is due, such as "tomorrow"; None for a learner without cards, or with suspended ones alone."""
    suspended: int
    """Suspended cards, if there are no others."""
    today: DoneToday | None
    """What was done today; None for nothing."""


def card_page(
    db: Session,
    *,
    user: User,
    card: Card,
    now: datetime,
    sitting: Sitting | None = None,
    has_host: Callable[[], bool] = no_host,
) -> CardPage:
    """The page of one of the user's cards, as one of the sitting if that has it.

    `has_host` says whether a card may be asked on a sandbox where it can be asked otherwise.
    """
    whole = question_with_lab(db, question_id=card.question_id)
    if whole[0].has_other_forms:
        asked = ways_picked(db, user_id=user.id, cards=[card], has_host=has_host)[card.id]
        whole = whole if asked == card.question_id else question_with_lab(db, question_id=asked)
    today, left = queries.today_of(user, now=now), queries.counts(db, user=user, now=now)
    offered = _offered(db, user, [card])
    return _page_of(card, whole, counts=left, now=now, today=today, sitting=sitting, offered=offered)


def coming_pages(
    db: Session,
    *,
    user: User,
    now: datetime,
    most: int,
    ahead: bool,
    without: Collection[UUID],
    sitting: Sitting | None = None,
    has_host: Callable[[], bool] = no_host,
) -> Sequence[CardPage]:
    """The pages of the next cards, at most `most`, for a browser that may have no connection when it needs them.

    In a sitting over chosen cards, those that are left of them; else those of the queue.
    """
    if sitting is None:
        cards = queries.coming(db, user=user, now=now, most=most, ahead=ahead, without=without)
    else:
        cards = sitting.cards[:most]
    whole = dict(questions_with_labs(db, question_ids=[card.question_id for card in cards]))
    asked = {card.id: card.question_id for card in cards}
    if shared := [card for card in cards if whole[card.question_id][0].has_other_forms]:
        asked |= ways_picked(db, user_id=user.id, cards=shared, has_host=has_host)
        whole |= questions_with_labs(db, question_ids=set(asked.values()) - set(whole))
    today, left = queries.today_of(user, now=now), queries.counts(db, user=user, now=now)
    same: Any = {"counts": left, "now": now, "today": today, "sitting": sitting, "offered": _offered(db, user, cards)}
    return [_page_of(card, whole[asked[card.id]], **same) for card in cards]


@dataclass(frozen=True, kw_only=True)
class _Offered:
    """What a user is offered on some cards."""

    scheduler: Scheduler
    own: Mapping[float | None, Scheduler]
    """That of cards whose note has a desired retention of its own, by that."""
    place: Place | None
    ratings: Sequence[Rating]
    """Their numbers and keys stay: Good is 3 also where it is one of two."""


def _offered(db: Session, user: User, cards: Sequence[Card]) -> _Offered:
    """What a user is offered on these cards."""
    connection = db.connection()
    own = {card.note_retention for card in cards} - {None}
    return _Offered(
        scheduler=schedulers.in_force(connection, user),
        own={retention: schedulers.in_force(connection, user, retention=retention) for retention in own},
        place=due_loads.placing(connection, user=user),
        ratings=(Rating.AGAIN, Rating.GOOD) if user.two_ratings else tuple(Rating),
    )


def left_now(db: Session, *, user: User, now: datetime, sitting: Sitting | None) -> Mapping[str, int]:
    """How many cards are left of each count that the page of a card shows."""
    if sitting is not None:
        return {"left": len(sitting.cards)}
    left = queries.counts(db, user=user, now=now)
    return {"new": left.new, "learning": left.learning, "due": left.due, "later": left.later}


def _page_of(
    card: Card,
    whole: tuple[QuestionView, LabSummary | None],
    *,
    counts: Counts,
    now: datetime,
    today: StudyDay,
    sitting: Sitting | None,
    offered: _Offered,
) -> CardPage:
    question, lab = whole
    of_it = sitting if sitting is not None and card.id in sitting.ids else None
    if of_it is not None and of_it.is_apart:
        intervals: Mapping[Rating, str] = APART_INTERVALS
    else:
        day = max(today, card.last_day or today)
        scheduler = offered.own.get(card.note_retention, offered.scheduler)
        memory = as_found(card.memory, on=day, at=now, last_review_at=card.last_review_at)
        intervals = scheduler.preview(memory, day=day, place=offered.place)
    return CardPage(
        card_id=card.id,
        version=card.version,
        pile=_pile(card.phase) if of_it is None else "left",
        counts=counts,
        question=question,
        lab=lab,
        options=[
            RatingOption(value=rating, name=rating.name.capitalize(), key=str(rating.value), interval=intervals[rating])
            for rating in offered.ratings
        ],
        is_suspended=card.suspended,
        is_leech=card.leech,
        lapses=card.lapses,
        flag=card.flag,
        sitting=of_it,
        asked=question.id if question.id != card.question_id else None,
    )


def done_page(db: Session, *, user: User, now: datetime, sitting: SittingDone | None = None) -> DonePage:
    """The page for a user to whom nothing is due, or whose sitting over chosen cards is done."""
    waiting = queries.next_due(db, user=user, now=now)
    return DonePage(
        sitting=sitting,
        counts=queries.counts(db, user=user, now=now),
        comes_back=None if waiting is None else queries.comes_back(waiting, user=user, now=now),
        suspended=queries.suspended(db, user=user) if waiting is None else 0,
        today=done_today(db, user=user, now=now),
    )


def _pile(phase: Phase) -> str:
    if phase is Phase.NEW:
        return "new"
    return "due" if phase is Phase.REVIEW else "learning"
