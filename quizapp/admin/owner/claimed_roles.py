"""What a provider's claims do to accounts, in the trail: roles they give and take, accounts that open by themselves."""

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.accounts import people
from quizapp.accounts.models import Role, User
from quizapp.admin.owner.people import ROLE_WORDS
from quizapp.catalogue.models import DeedOf
from quizapp.catalogue.remits import Remit, remit_of
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.visibility import Operator


def give_claimed_role(db: Session, *, user: User, role: Role, provider: str, now: datetime) -> None:
    """Give a person the role that a claim says. Raises people.OnlyOwner.

    What an owner has limited an editor to stays named while a claim takes the role, so that one which gives it again
    gives no more than before.
    """
    is_limited = remit_of(db, user_id=user.id) != Remit(notes=[], tags=[])
    people.set_role(db, user=user, role=role, is_limited=is_limited)
    words = f"{user.name}, {ROLE_WORDS[role]}, as {provider} says"
    note_down(db, what=DeedOf.ROLE, words=words, editor=Operator(), now=now)


def tell_of_opened(db: Session, *, user: User, provider: str, now: datetime) -> None:
    """Note that an account was opened at somebody's first sign-in by the provider."""
    words = f"{user.name}, who came by {provider}"
    note_down(db, what=DeedOf.INVITE, words=words, editor=Operator(), now=now)
