"""What is known of one card: its memory, every form it was asked in, and its reviews. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.articles.queries import QuestionView, question_view
from quizapp.catalogue.asking_ways import Form
from quizapp.catalogue.same_thing import forms_of, ways_of
from quizapp.errors import NotFound
from quizapp.review.memory import Phase
from quizapp.review.models import NO_REVIEW, AskedForm, Card, Outcome, ReviewLog, ReviewSource, StoodFor
from quizapp.review.queries import comes_back
from quizapp.review.wording import days_words

REVIEWS_SHOWN = 100  # the newest; a card of ten years has about thirty
WORDS = {
    Form.CARD: "card",
    Form.CHOICE: "choice",
    Form.TYPED: "written answer",
    Form.COMMAND: "command",
    Form.HANDS_ON: "lab",
}
SOURCES = {
    ReviewSource.REVIEW: "review",
    ReviewSource.QUIZ: "quiz",
    ReviewSource.SANDBOX: "lab",
    ReviewSource.IMPORTED: "another program",
    ReviewSource.APART: "sitting apart",
}


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """A form of the card."""

    name: str
    question: QuestionView
    times: int
    """How often it was asked in this form, without what was taken back."""


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """A review of the card."""

    at: datetime
    """In the learner's zone."""
    rating: str
    form: str
    source: str
    seconds: int | None
    changed_nothing: bool
    """Whether the card stayed as it was, since the answer came late or left the schedule alone."""


@dataclass(frozen=True, kw_only=True)
class CardInfo:
    """All that the page shows of a card."""

    card_id: UUID
    question: QuestionView
    comes_back: str | None
    """None for a new card."""
    stability: str | None
    """Such as "12 days": after so long the chance to know it is 90 %."""
    difficulty: float | None
    """From 1, easy, to 10."""
    reviews: int
    lapses: int
    is_suspended: bool
    by_card: UUID | None
    """The card that stands for it."""
    forms: Sequence[FormRow]
    history: Sequence[ReviewRow]
    """The newest REVIEWS_SHOWN, the newest first."""


def card_info(db: Session, *, user: User, card_id: UUID, now: datetime) -> CardInfo:
    """What is known of one of the user's cards. Raises NotFound for another, and for one whose question is hidden."""
    card = db.scalar(select(Card).where(Card.id == card_id, Card.user_id == user.id, Card.hidden.is_(False)))
    if card is None:
        raise NotFound("There is no such card. It may have been removed; go on with the next one.")
    return CardInfo(
        card_id=card.id,
        question=question_view(db, question_id=card.question_id),
        comes_back=None if card.phase is Phase.NEW else comes_back(card, user=user, now=now),
        stability=None if card.stability is None else days_words(max(round(card.stability), 1)),
        difficulty=card.difficulty,
        reviews=card.reps,
        lapses=card.lapses,
        is_suspended=card.suspended,
        by_card=db.scalar(select(StoodFor.by_card_id).where(StoodFor.card_id == card.id)),
        forms=_forms(db, user, card),
        history=_history(db, user, card),
    )


def _forms(db: Session, user: User, card: Card) -> Sequence[FormRow]:
    """The forms that it can be asked in, and those that it was asked in, in the order of what they cost."""
    counted = _of_card(card, ReviewLog.card_id, func.count()).where(ReviewLog.outcome.not_in(NO_REVIEW))
    times = {row[0]: row[2] for row in db.execute(counted.group_by("asked", ReviewLog.card_id))}
    ways = ways_of(db, user_id=user.id, question_ids=[card.question_id]).get(card.question_id, ())
    forms = forms_of(db, question_ids={way.question_id for way in ways} | set(times) | {card.question_id})
    order = list(Form)
    return [
        FormRow(name=WORDS[form], question=question_view(db, question_id=question_id), times=times.get(question_id, 0))
        for question_id, form in sorted(forms.items(), key=lambda item: (order.index(item[1]), item[0]))
    ]


def _history(db: Session, user: User, card: Card) -> Sequence[ReviewRow]:
    newest = _of_card(card, ReviewLog).where(ReviewLog.outcome.not_in(NO_REVIEW))
    rows = db.execute(newest.order_by(ReviewLog.sequence.desc()).limit(REVIEWS_SHOWN)).all()
    forms, zone = forms_of(db, question_ids={row[0] for row in rows}), ZoneInfo(user.zone)
    return [
        ReviewRow(
            at=review.reviewed_at.astimezone(zone),
            rating=review.rating.name.capitalize(),
            form=WORDS[forms[asked]] if asked in forms else "removed",
            source=SOURCES[review.source],
            seconds=None if review.taken_ms is None else round(review.taken_ms / 1_000),
            changed_nothing=review.outcome is not Outcome.APPLIED,
        )
        for asked, review in rows
    ]


def _of_card(card: Card, *columns: Any) -> Select[*tuple[Any, ...]]:
    """The question by which each of a card's reviews asked it, with further columns."""
    asked = func.coalesce(AskedForm.question_id, card.question_id).label("asked")
    found = select(asked, *columns).select_from(ReviewLog).outerjoin(AskedForm, AskedForm.review_id == ReviewLog.id)
    return found.where(ReviewLog.card_id == card.id)
