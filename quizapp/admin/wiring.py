"""What the page for bringing notes gets from the application: who takes up what was learnt in another program."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from flask import current_app
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.formats.learnt import LearntElsewhere
from quizapp.catalogue.wiring import KeptReviews


class TakesUp(Protocol):
    """Adds what was learnt in another program to a learner's log, as `review.elsewhere.take_up`."""

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
