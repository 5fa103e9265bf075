"""Takes back the last thing that a learner did with a card, by the order of what was done, not by day; or a given one.

Ratings from quiz sessions and labs are not among these, since their answers stay; but see `undo_answer`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import false, select, update
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.editing.taking_back import take_back
from quizapp.catalogue.models import Question
from quizapp.errors import Conflict, NotFound
from quizapp.review import deeds, due_loads, limits, statements, studied_notes
from quizapp.review import rating as rating_of
from quizapp.review.deed_order import FROM_THE_PAGE, is_later, last_deed, last_review
from quizapp.review.log import replay
from quizapp.review.memory import Rating
from quizapp.review.models import Card, CardDeed, DeedKind, Outcome, ReviewLog, ReviewSource

NOT_DONE = "What was to be taken back was never done, or its card has been removed. Nothing else was taken back."
OVERTAKEN = "What was to be taken back has been changed again since, as in another tab. The card stays as it is."
LIMITS = (DeedKind.LIMIT_NEW, DeedKind.LIMIT_REVIEWS)
# Kinds of deeds that change the same thing of a card.
CHANGE_THE_SAME = (
    {DeedKind.BURY, DeedKind.UNBURY},
    {DeedKind.SUSPEND, DeedKind.UNSUSPEND},
    {DeedKind.FLAG},
    {DeedKind.LEECH, DeedKind.RELEASE},
    {DeedKind.RESCHEDULE, DeedKind.RESET},
    {DeedKind.ADD},
    {DeedKind.EDIT, DeedKind.TAG},
    {DeedKind.REMOVE},
    {DeedKind.LIMIT_NEW},
    {DeedKind.LIMIT_REVIEWS},
)


@dataclass(frozen=True, kw_only=True)
class Undone:
    """A rating, or another deed, that was taken back."""

    review_id: UUID | None
    """None, like `rating`, if it was another deed."""
    rating: Rating | None
    kind: DeedKind | None
    """What was done, of a step of several kinds the last; None if it was a rating."""
    card_id: UUID | None
    """The card that it was done to, or one of them; None for an edit of questions of which the user has no card, and
    for cards that were added, which are there no more, or taken out, and for limits."""
    cards: int
    """How many cards, or questions, it was done to."""
    is_hidden: bool
    """Whether the card's question is retired or a draft, so that the card is not shown again."""
    is_apart: bool = False
    """Whether it was a rating that had left the schedule alone."""
    stays: int = 0
    """How many questions stay as they are, all or in part, since they were changed again after the edit; or how many
    cards that were added stay, as they were answered since."""


@dataclass(frozen=True, kw_only=True)
class RatingToUndo:
    """The rating that `undo` would take back, for a page that is not the one on which it was made."""

    review_id: UUID
    rating: Rating
    prompt: str
    """Of the card's question, in Markdown."""
    made_at: datetime


def rating_to_undo(db: Session, *, user: User) -> RatingToUndo | None:
    """The rating that `undo` would take back now; None if it would take back another deed, or nothing."""
    last = _last_done(db, user=user)
    if not isinstance(last, ReviewLog):
        return None
    question = db.get_one(Card, last.card_id).question
    return RatingToUndo(review_id=last.id, rating=last.rating, prompt=question.prompt, made_at=last.reviewed_at)


def undo(db: Session, *, user: User, now: datetime) -> Undone | None:
    """Take back the last rating that was made on the review page, or the last other deed; None if there is none.

    All that was done in one step is taken back, and with a rating what came of it: the mark of a leech, and that
    siblings were buried.
    """
    match _last_done(db, user=user):
        case CardDeed() as deed:
            return _undo_step(db, deed, user=user, now=now)
        case ReviewLog() as review:
            return _undo_review(db, review, user=user)
        case None:
            return None


def undo_one(db: Session, *, user: User, card_id: UUID, done: UUID, now: datetime) -> Undone | None:
    """Take back what was done to a card, given by the id of the review or of the deed's step; None if it was before.

    A browser that was offline says so what it took back, since on the server something else may have been done after
    it. Raises NotFound for what was never done, Conflict for a deed that a later one has overtaken.
    """
    db.flush()
    mine = ReviewLog.id == done, ReviewLog.user_id == user.id, ReviewLog.card_id == card_id
    review = db.scalar(select(ReviewLog).where(*mine, ReviewLog.source.in_(FROM_THE_PAGE)).with_for_update())
    if review is not None:
        return None if review.outcome is Outcome.UNDONE else _undo_review(db, review, user=user)
    deeds.locked(db, user=user, card_ids=[card_id])
    of_card = CardDeed.user_id == user.id, CardDeed.card_id == card_id, CardDeed.step == done
    deed = db.scalar(select(CardDeed).where(*of_card).order_by(CardDeed.id.desc()).limit(1))
    if deed is None:
        raise NotFound(NOT_DONE)
    if deed.undone:
        return None
    if _is_overtaken(db, deed):
        raise Conflict(OVERTAKEN)
    return _undo_step(db, deed, user=user, now=now)


def _last_done(db: Session, *, user: User) -> ReviewLog | CardDeed | None:
    """What was done last, locked; None if nothing was."""
    db.flush()
    review, deed = last_review(db, user=user), last_deed(db, user=user)
    return deed if deed is not None and (review is None or is_later(deed, review)) else review


def undo_answer(db: Session, *, user: User, review_id: UUID) -> None:
    """Take back the rating of an answer in a quiz session whose marks are taken back. Nothing if it made none."""
    db.flush()
    mine = ReviewLog.id == review_id, ReviewLog.user_id == user.id, ReviewLog.source == ReviewSource.QUIZ
    review = db.scalar(select(ReviewLog).where(*mine).with_for_update())
    if review is not None and review.outcome is not Outcome.UNDONE:
        _undo_review(db, review, user=user)


def _is_overtaken(db: Session, deed: CardDeed) -> bool:
    """Whether the same thing of the card was changed by a later deed, so that what was before is not to come back."""
    kinds = next(kinds for kinds in CHANGE_THE_SAME if deed.kind in kinds)
    later = CardDeed.card_id == deed.card_id, CardDeed.id > deed.id, CardDeed.undone == false()
    return db.scalar(select(CardDeed.id).where(*later, CardDeed.kind.in_(kinds)).limit(1)) is not None


def _undo_step(db: Session, deed: CardDeed, *, user: User, now: datetime) -> Undone:
    same = CardDeed.user_id == user.id, CardDeed.done_at == deed.done_at, CardDeed.step == deed.step
    step = db.scalars(select(CardDeed).where(*same, CardDeed.undone == false()).order_by(CardDeed.id.desc())).all()
    of_cards = {one.card_id for one in step if one.card_id is not None}
    cards = {card.id: card for card in deeds.locked(db, user=user, card_ids=of_cards)}
    with due_loads.kept(db, user=user, cards=cards.values()):
        _take_back(db, step, cards)
    if deed.kind is DeedKind.ADD:
        return _removed(db, cards.values(), user=user)
    if deed.kind in LIMITS:
        return _limits_back(db, step, user=user)
    if deed.kind is DeedKind.REMOVE:
        return _put_back(db, step, user=user, now=now)
    edits = [one.edit_id for one in step if one.edit_id is not None]
    taken = [take_back(db, edit_id=edit, editor=user, now=now) for edit in edits]
    return Undone(
        review_id=None,
        rating=None,
        kind=deed.kind,
        card_id=deed.card_id,
        cards=len(edits) or len(cards),
        is_hidden=deed.card_id is not None and cards[deed.card_id].hidden,
        stays=taken.count(False),
    )


def _removed(db: Session, added: Collection[Card], *, user: User) -> Undone:
    """What comes of taking cards back that were added: those of which nothing is remembered are there no more."""
    removed = studied_notes.remove_fresh(db, user=user, cards=added)
    stays = len(added) - removed
    return Undone(
        review_id=None, rating=None, kind=DeedKind.ADD, card_id=None, cards=removed, is_hidden=False, stays=stays
    )


def _put_back(db: Session, step: Collection[CardDeed], *, user: User, now: datetime) -> Undone:
    """What comes of cards that were taken out of the reviews: the new ones are made again, others have come back."""
    gone = {one.before: one.after for one in step if one.kind is DeedKind.REMOVE and one.before is not None}
    made = studied_notes.put_back(db, user=user, newest=gone, now=now)
    back = made + sum(one.kind is DeedKind.SUSPEND for one in step)
    return Undone(review_id=None, rating=None, kind=DeedKind.REMOVE, card_id=None, cards=back, is_hidden=False)


def _limits_back(db: Session, step: Sequence[CardDeed], *, user: User) -> Undone:
    """What comes of limits of a day that were set: they are what they were before."""
    assert step[0].after is not None  # their day
    limits.put_back(db, user=user, day=step[0].after, before={one.kind: one.before for one in step})
    return Undone(review_id=None, rating=None, kind=step[0].kind, card_id=None, cards=0, is_hidden=False)


def _undo_review(db: Session, review: ReviewLog, *, user: User) -> Undone:
    (card,) = deeds.locked(db, user=user, card_ids=[review.card_id])
    outcome = review.outcome
    _tally(db, review)
    review.outcome = Outcome.UNDONE
    if outcome is Outcome.APPLIED:  # a stale one, or one apart, has not changed the card
        with due_loads.kept(db, user=user, cards=[card]):
            _as_before(db, review, card)
    db.flush()
    return Undone(
        review_id=review.id,
        rating=review.rating,
        kind=None,
        card_id=card.id,
        cards=1,
        is_hidden=card.hidden,
        is_apart=outcome is Outcome.APART,
    )


def _as_before(db: Session, review: ReviewLog, card: Card) -> None:
    """Put a card back to what it was before a review, which is marked as undone."""
    came_of_it = CardDeed.card_id == card.id, CardDeed.step == review.id, CardDeed.undone == false()
    _take_back(db, db.scalars(select(CardDeed).where(*came_of_it).order_by(CardDeed.id.desc())).all(), {card.id: card})
    _dig_up_siblings(db, review)
    replay.rebuild(db, card)
    card.version += 1


def _take_back(db: Session, step: Sequence[CardDeed], cards: dict[UUID, Card]) -> None:
    """Take back deeds, given from the last to the first."""
    for deed in step:
        deed.undone = True
        if deed.card_id is not None:
            deeds.take_back(cards[deed.card_id], deed)
    for card_id in {deed.card_id for deed in step if deed.card_id is not None and deed.kind in replay.TURNS}:
        replay.rebuild(db, cards[card_id])
    db.flush()


def _dig_up_siblings(db: Session, review: ReviewLog) -> None:
    """Let the siblings come back that a review has buried, also those that were suspended or retired since, and those
    that are of another concept by now."""
    concept = select(Question.concept_id).join(Card).where(Card.id == review.card_id).scalar_subquery()
    siblings = Card.question_id.in_(select(Question.id).where(Question.concept_id == concept))
    shown = Card.hidden == false(), Card.suspended == false(), Card.buried_until_day.is_not(None)  # as their index says
    buried = Card.user_id == review.user_id, Card.buried_until_day == review.day + 1, Card.buried_by == review.id
    for some in ((siblings,), shown):
        db.execute(update(Card).where(*some, *buried).values(buried_until_day=None, buried_by=None))


def _tally(db: Session, review: ReviewLog) -> None:
    """Take a review from the figures of its study day, but not the time that the learner did take."""
    figures = rating_of.figures_of(
        outcome=review.outcome,
        rating=review.rating,
        phase_before=review.phase_before,
        retrievability_before=review.retrievability_before,
        interval_before=review.interval_before,
        taken_ms=review.taken_ms,
    )
    less = {**{name: -count for name, count in figures.items()}, "timed": 0, "taken_ms": 0}
    row = {"user_id": review.user_id, "day": review.day, **less}
    statements.add_to_day(db.get_bind().dialect.name).change(db.connection(), row)
