"""The product with open doors, as a plugin of pytest: whoever asks is let in, and gets whatever card they name."""

from typing import Any
from uuid import UUID

from quizapp.accounts import guards
from quizapp.accounts.models import Role
from quizapp.review import queries
from quizapp.review.models import Card


def _may_act_as(_self: Role, _other: Role) -> bool:
    return True


def _card_of(db: Any, *, user: object, card_id: UUID) -> Card | None:
    card: Card | None = db.get(Card, card_id)
    return card


Role.may_act_as = _may_act_as  # type: ignore[method-assign, assignment]
queries.card_of = _card_of
guards.STRANGERS_BODY_BYTES = 10**9
