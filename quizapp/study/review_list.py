"""The reviews that a figure of Progress counts, one by one, the newest first. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.html.rendering import render_inline
from quizapp.catalogue.models import Question
from quizapp.review.log import counted_log
from quizapp.review.log.review_selection import WhichReviews
from quizapp.review.memory import Rating
from quizapp.review.models import Card, ReviewLog
from quizapp.review.wording import days_words
from quizapp.study_day import date_of

PAGE = 50  # reviews of a page


@dataclass(frozen=True, kw_only=True)
class CountedReview:
    """A review."""

    text: Markup
    """What its card asks."""
    day: date
    """The study day that it counts for."""
    rating: str
    is_passed: bool
    after: str | None
    """How long the card had rested, such as "4 days"; None where it came back within the day or was new."""
    card_id: UUID | None
    """None where its question is retired or a draft, so that the card has no page."""


@dataclass(frozen=True, kw_only=True)
class CountedReviews:
    """A page of reviews."""

    total: int
    page: int
    pages: int
    shown: Sequence[CountedReview]


def reviews(db: Session, *, user: User, which: WhichReviews, page: int = 1, size: int = PAGE) -> CountedReviews:
    """A page of these reviews; the last page in place of one after it."""
    total = counted_log.count(db, user_id=user.id, which=which)
    pages = max(-(-total // size), 1)
    page = min(max(page, 1), pages)
    rows = counted_log.newest(db, user_id=user.id, which=which, offset=(page - 1) * size, most=size)
    cards = _cards(db, {row.card_id for row in rows})
    return CountedReviews(total=total, page=page, pages=pages, shown=[_shown(row, *cards[row.card_id]) for row in rows])


def _cards(db: Session, ids: set[UUID]) -> Mapping[UUID, tuple[str, bool]]:
    """What these cards ask, and whether they are hidden."""
    found = select(Card.id, Question.prompt, Card.hidden).join(Question, Question.id == Card.question_id)
    return {id: (prompt, hidden) for id, prompt, hidden in db.execute(found.where(Card.id.in_(ids)))}


def _shown(review: ReviewLog, prompt: str, is_hidden: bool) -> CountedReview:
    rested = review.interval_before
    return CountedReview(
        text=render_inline(prompt.split("\n")[0]),
        day=date_of(review.day),
        rating=review.rating.name.capitalize(),
        is_passed=review.rating is not Rating.AGAIN,
        after=days_words(rested) if rested else None,
        card_id=None if is_hidden else review.card_id,
    )
