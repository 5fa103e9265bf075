"""The scheduler of one learner: their weights and desired retention, kept in this process between reviews.

Fitted weights never change once they are stored, so a process reads each of them once.
"""

from uuid import UUID

from sqlalchemy import bindparam, select

from quizapp.accounts.models import User
from quizapp.prepared_statements import AnyConnection, Prepared
from quizapp.review.fitting.weights import Weights, from_json
from quizapp.review.models import FittedWeights
from quizapp.review.scheduler import DEFAULT_PARAMETERS, Scheduler, scheduler_with

KEPT = 1_024  # weights, of 1 kB each: more learners than review in the same hour

_STORED = FittedWeights.__table__.c
_WEIGHTS = Prepared(
    select(_STORED.weights).where(_STORED.user_id == bindparam("user_id"), _STORED.number == bindparam("number"))
)
_kept: dict[tuple[UUID, int], Weights] = {}


def in_force(connection: AnyConnection, user: User, *, retention: float | None = None) -> Scheduler:
    """The scheduler for the user's next review; `retention` is that of the card's note if it has one of its own."""
    return used_for(connection, user, number=user.weights_number, retention=retention)


def used_for(connection: AnyConnection, user: User, *, number: int | None, retention: float | None = None) -> Scheduler:
    """The scheduler with the weights of that number, None or 0 for the defaults.

    `retention` is as for `in_force`; without it the user's desired retention counts.
    """
    weights = _weights(connection, user.id, number) if number else DEFAULT_PARAMETERS
    return scheduler_with(weights, user.desired_retention if retention is None else retention)


def _weights(connection: AnyConnection, user_id: UUID, number: int) -> Weights:
    """Weights by their number; the defaults if they are of an algorithm that this product does not know."""
    kept = _kept.get((user_id, number))
    if kept is None:
        row = _WEIGHTS.first(connection, {"user_id": user_id, "number": number})
        assert row is not None  # weights that a user has had are kept
        kept = from_json(row[0])
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[user_id, number] = kept = kept or DEFAULT_PARAMETERS
    return kept
