"""What there is to draw from, as the page says it before a quiz session begins. Reads only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.quiz import narrowing, paces
from quizapp.quiz.wish import Narrowed


@dataclass(frozen=True, kw_only=True)
class QuizOffer:
    """What there is to draw from, and how long it takes."""

    chosen: str
    """What was chosen, in words."""
    matching: int
    """How many questions that is."""
    each_s: int
    """Seconds that one of them is likely to take."""
    is_own_pace: bool
    """Whether that is the learner's own pace in all kinds that there are of them, and not the usual one."""
    in_minutes: int | None
    """About how many fit into the minutes that were chosen; None without any."""


def offer_of(db: Session, *, user: User, narrowed: Narrowed, minutes: int | None, now: datetime) -> QuizOffer:
    """The offer of what is chosen."""
    kinds = narrowing.kinds(db, user=user, narrowed=narrowed, now=now)
    pace = paces.pace_of(db, user=user)
    matching, each_s = sum(kinds.values()), pace.mean_of(kinds)
    fit = max(1, min(matching, round(minutes * 60 / each_s))) if minutes and each_s else None
    return QuizOffer(
        chosen=narrowing.words(db, narrowed=narrowed),
        matching=matching,
        each_s=round(each_s),
        is_own_pace=bool(kinds) and set(kinds) <= pace.own,
        in_minutes=fit,
    )
