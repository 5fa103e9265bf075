"""The review page's data: one card to rate, or that nothing is due. Knows no question kind."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.queries import LabSummary, QuestionView, question_with_lab, questions_with_labs
from quizapp.review import queries, schedulers
from quizapp.review.memory import Phase, Rating
from quizapp.review.models import Card
from quizapp.review.queries import Counts
from quizapp.review.scheduler import Scheduler
from quizapp.review.sitting import DoneToday, done_today
from quizapp.review.study_day import StudyDay


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
class CardPage:
    """A card to review."""

    card_id: UUID
    version: int
    """Card.version when the page was made; a rating sent after another change of the card is stale."""
    pile: str
    """The count that the card belongs to: "new", "learning" or "due"."""
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

    @property
    def to_do(self) -> LabSummary | None:
        """The lab by which alone this card is answered: nobody can rate from memory what is to be done on a host."""
        return self.lab if self.lab is not None and self.lab.question_id == self.question.id else None


@dataclass(frozen=True, kw_only=True)
class DonePage:
    """Nothing is due now."""

    counts: Counts
    comes_back: str | None
    """When the next card is due, such as "tomorrow"; None for a learner without cards."""
    today: DoneToday | None
    """What was done today; None for nothing."""


def card_page(db: Session, *, user: User, card: Card, now: datetime) -> CardPage:
    """The page of one of the user's cards."""
    whole = question_with_lab(db, question_id=card.question_id)
    today, left = queries.today_of(user, now=now), queries.counts(db, user=user, now=now)
    return _page_of(card, whole, counts=left, today=today, scheduler=schedulers.in_force(db.connection(), user))


def coming_pages(
    db: Session,
    *,
    user: User,
    now: datetime,
    most: int,
    ahead: bool,
    without: Collection[UUID],
    first: Sequence[Card] = (),
) -> Sequence[CardPage]:
    """The pages of the next cards, at most `most`, for a browser that may have no connection when it needs them.

    The cards of `first` come before those of the queue.
    """
    after = {*without, *(card.id for card in first)}
    cards = [*first, *queries.coming(db, user=user, now=now, most=most, ahead=ahead, without=after)][:most]
    whole = questions_with_labs(db, question_ids=[card.question_id for card in cards])
    today, left = queries.today_of(user, now=now), queries.counts(db, user=user, now=now)
    scheduler = schedulers.in_force(db.connection(), user)
    return [_page_of(card, whole[card.question_id], counts=left, today=today, scheduler=scheduler) for card in cards]


def _page_of(
    card: Card,
    whole: tuple[QuestionView, LabSummary | None],
    *,
    counts: Counts,
    today: StudyDay,
    scheduler: Scheduler,
) -> CardPage:
    question, lab = whole
    intervals = scheduler.preview(card.memory, day=max(today, card.last_day or today))
    return CardPage(
        card_id=card.id,
        version=card.version,
        pile=_pile(card.phase),
        counts=counts,
        question=question,
        lab=lab,
        options=[
            RatingOption(value=rating, name=rating.name.capitalize(), key=str(rating.value), interval=intervals[rating])
            for rating in Rating
        ],
        is_suspended=card.suspended,
        is_leech=card.leech,
        lapses=card.lapses,
        flag=card.flag,
    )


def done_page(db: Session, *, user: User, now: datetime) -> DonePage:
    """The page for a user to whom nothing is due."""
    waiting = queries.next_due(db, user=user, now=now)
    return DonePage(
        counts=queries.counts(db, user=user, now=now),
        comes_back=None if waiting is None else queries.comes_back(waiting, user=user, now=now),
        today=done_today(db, user=user, now=now),
    )


def _pile(phase: Phase) -> str:
    if phase is Phase.NEW:
        return "new"
    return "due" if phase is Phase.REVIEW else "learning"
