"""Which cards were rated, introduced or set due by hand on some study days: statements of the log and the deeds."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased

from quizapp.review.memory import Rating
from quizapp.review.models import COUNTED, NO_REVIEW, CardDeed, DeedKind, Outcome, ReviewLog
from quizapp.search import terms
from quizapp.search.search_context import Asking
from quizapp.search.terms import Comparison
from quizapp.study_day import StudyDay, start_of


def spans_of(term: terms.Prop, today: StudyDay) -> Sequence[tuple[StudyDay, StudyDay]]:
    """The study days up to today, from first to last, that compare so with a number of days from today."""
    first, day = today - terms.DAYS_MAX, today + int(term.value)
    before, after = (first, day - 1), (day + 1, today)
    match term.comparison:
        case Comparison.LESS:
            return [before]
        case Comparison.MOST:
            return [(first, day)]
        case Comparison.MORE:
            return [after]
        case Comparison.LEAST:
            return [(day, today)]
        case Comparison.EQUAL:
            return [(day, day)]
        case Comparison.OTHER:
            return [before, after]


def set_due(asking: Asking, spans: Sequence[tuple[StudyDay, StudyDay]]) -> Select[UUID | None]:
    """The cards that were set due by hand on one of some study days."""
    begins = [[start_of(day, asking.user.zone, asking.user.rollover_hour) for day in (a, b + 1)] for a, b in spans]
    then = or_(*(and_(CardDeed.done_at >= begun, CardDeed.done_at < over) for begun, over in begins))
    mine = CardDeed.user_id == asking.user.id, CardDeed.kind == DeedKind.RESCHEDULE, ~CardDeed.undone
    return select(CardDeed.card_id).where(*mine, then)


def _reviews(asking: Asking, *, days: int) -> Select[UUID]:
    """The cards of the reviews of the last study days, by the day that each was made on, wherever one is now."""
    at_most = asking.since(days + 2)  # lets an index find them; a zone's change moves a day by one
    mine = ReviewLog.user_id == asking.user.id, ReviewLog.reviewed_at >= at_most
    return select(ReviewLog.card_id).where(*mine, ReviewLog.day > asking.today - days)


def reviewed(asking: Asking, *, first: StudyDay, last: StudyDay) -> Select[UUID]:
    """The cards of the reviews of some study days, as in `_reviews`, whatever zone and hour they were made by."""
    begun, over = (start_of(day, asking.user.zone, asking.user.rollover_hour) for day in (first - 1, last + 3))
    mine = ReviewLog.user_id == asking.user.id, ReviewLog.reviewed_at.between(begun, over)
    of_these = ReviewLog.day.between(first, last), ReviewLog.outcome.not_in(NO_REVIEW)
    return select(ReviewLog.card_id).where(*mine, *of_these)


def rated(asking: Asking, *, days: int, rating: int | None) -> Select[UUID]:
    """The cards that were rated on one of the last study days, with this rating; None: with any."""
    found = _reviews(asking, days=days).where(ReviewLog.outcome.not_in(NO_REVIEW))
    return found if rating is None else found.where(ReviewLog.rating == Rating(rating))


def introduced(asking: Asking, *, days: int) -> Select[UUID]:
    """The cards that were first rated on one of the last study days."""
    earlier = aliased(ReviewLog)
    before = select(earlier.id).where(
        earlier.card_id == ReviewLog.card_id,
        earlier.sequence < ReviewLog.sequence,
        earlier.outcome.in_(COUNTED),
    )
    return _reviews(asking, days=days).where(ReviewLog.outcome == Outcome.APPLIED, ~before.exists())
