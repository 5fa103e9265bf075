"""What is done with the cards of a search, all at once; `undoing.undo` takes it back. The caller commits."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.review import deeds


class Action(StrEnum):
    """What can be done with cards."""

    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    BURY = "bury"
    UNBURY = "unbury"
    FLAG = "flag"
    DUE = "due"
    RESET = "reset"
    RELEASE = "release"


SAID = {
    Action.SUSPEND: "suspended",
    Action.UNSUSPEND: "back in turn",
    Action.BURY: "buried until tomorrow",
    Action.UNBURY: "back at once",
    Action.FLAG: "flagged",
    Action.DUE: "set due",
    Action.RESET: "new again",
    Action.RELEASE: "no leeches any more",
}


def act(db: Session, *, user: User, action: Action, card_ids: Sequence[UUID], number: int, now: datetime) -> int:
    """Do something with cards in one step; returns how many were changed.

    `number` is the flag, or the days until they are due; other actions take no notice of it. Raises Invalid for a wrong
    number or too many cards, NotFound for a card that is not the user's.
    """
    match action:
        case Action.SUSPEND:
            return deeds.suspend(db, user=user, card_ids=card_ids, now=now)
        case Action.UNSUSPEND:
            return deeds.unsuspend(db, user=user, card_ids=card_ids, now=now)
        case Action.BURY:
            return deeds.bury(db, user=user, card_ids=card_ids, now=now)
        case Action.UNBURY:
            return deeds.unbury(db, user=user, card_ids=card_ids, now=now)
        case Action.FLAG:
            return deeds.flag(db, user=user, card_ids=card_ids, flag=number, now=now)
        case Action.DUE:
            return deeds.reschedule(db, user=user, card_ids=card_ids, days=number, now=now)
        case Action.RESET:
            return deeds.reset(db, user=user, card_ids=card_ids, now=now)
        case Action.RELEASE:
            return deeds.release(db, user=user, card_ids=card_ids, now=now)
        case _:
            assert_never(action)
