"""What these pages get from the application: who takes up what was learnt elsewhere, who can undo an edit,
and who deletes accounts.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from flask import current_app
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.formats.learnt import LearntElsewhere
from quizapp.catalogue.item_figures import AuthorFigures, Flag
from quizapp.catalogue.models import Question
from quizapp.catalogue.wiring import KeptReviews

if TYPE_CHECKING:
    from quizapp.admin.owner.listed_accounts import ClassesOfLists


class TakesUp(Protocol):
    """Adds what was learnt in another program to a learner's log, as `review.log.foreign_history.take_up`."""

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
    """That of the current application; `study.wiring` has put it there."""
    found: Any = current_app.extensions["learnt_elsewhere"]
    taker: TakesUp = found
    return taker


class TellsAuthors(Protocol):
    """What learners' answers tell of questions, as `quiz.figures.author_statistics`; this room knows no answers."""

    def figures_of(self, db: Session, *, question: Question) -> AuthorFigures: ...

    def flagged(self, db: Session) -> Mapping[int, Sequence[Flag]]: ...


def tells_authors() -> TellsAuthors:
    """That of the current application; `study.wiring` has put it there."""
    found: Any = current_app.extensions["tells_authors"]()
    teller: TellsAuthors = found
    return teller


class KeepsEdits(Protocol):
    """Keeps edits among what can be undone in reviews, as `review.deeds.change_texts` does."""

    def __call__(self, db: Session, *, user: User, edits: Mapping[int, int], now: datetime) -> None: ...


def edits_in_reviews() -> KeepsEdits:
    """That of the current application; `study.wiring` has put it there."""
    found: Any = current_app.extensions["edits_in_reviews"]
    keeper: KeepsEdits = found
    return keeper


class DeletesAccounts(Protocol):
    """Deletes an account with all that its person did, as `study.account_deletion.delete_account`."""

    def __call__(self, db: Session, *, user: User) -> None: ...


def deletes_accounts() -> DeletesAccounts:
    """That of the current application; `study.wiring` has put it there."""
    found: Any = current_app.extensions["deletes_accounts"]
    deleter: DeletesAccounts = found
    return deleter


def classes_of_lists() -> "ClassesOfLists":
    """That of the current application; `study.wiring` has put it there."""
    found: Any = current_app.extensions["classes_of_lists"]()
    classes: ClassesOfLists = found
    return classes
