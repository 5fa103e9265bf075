"""What the page for bringing notes gets from the application: who takes up what was learnt in another program."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from flask import current_app
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.formats.learnt import LearntElsewhere


class KeptReviews(Protocol):
    """How much was taken up."""

    @property
    def cards(self) -> int: ...

    @property
    def reviews(self) -> int: ...


class TakesUp(Protocol):
    """Adds reviews of another program to a learner's, as `review.elsewhere.take_up`; this room knows no reviews."""

    def __call__(
        self,
        db: Session,
        *,
        user: User,
        learnt: Mapping[int, LearntElsewhere],
        now: datetime,
        settle: Callable[[], None],
    ) -> KeptReviews: ...


def learnt_elsewhere() -> TakesUp:
    """That of the current application; `study.views` has put it there."""
    found: Any = current_app.extensions["learnt_elsewhere"]
    taker: TakesUp = found
    return taker
