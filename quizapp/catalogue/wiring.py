"""What `content import` gets from the application: who takes up what a learner has learnt in another program."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from flask import current_app
from sqlalchemy.orm import Session

from quizapp.catalogue.formats.learnt import LearntElsewhere


class KeptReviews(Protocol):
    """How much was taken up."""

    @property
    def cards(self) -> int: ...

    @property
    def reviews(self) -> int: ...

    @property
    def states(self) -> int: ...


class TakesUpFor(Protocol):
    """Adds reviews and schedules of another program to those of one learner; this room knows neither."""

    def __call__(
        self, *, learnt: Mapping[int, LearntElsewhere], now: datetime, settle: Callable[[], None]
    ) -> KeptReviews: ...


def settle_forms(db: Session) -> str | None:
    """Let learners' cards follow the questions that test the same thing; a sentence on what that changed, or None.

    The caller commits. It is the application's to do: this room knows no cards.
    """
    found: Callable[[Session], str | None] = current_app.extensions["settle_forms"]
    return found(db)


def learnt_elsewhere_of(db: Session, *, name: str) -> TakesUpFor:
    """That of the current application for the account called `name`. Raises NotFound."""
    found: Any = current_app.extensions["learnt_elsewhere_of"]
    taker: TakesUpFor = found(db, name=name)
    return taker
