"""Gives people their roles, and limits editors to notes and tags. The caller commits."""

from sqlalchemy.orm import Session

from quizapp.accounts import people
from quizapp.accounts.models import Role, User
from quizapp.catalogue import remits
from quizapp.catalogue.remits import Remit
from quizapp.errors import Invalid


def give_role(db: Session, *, user: User, role: Role, remit: Remit | None) -> None:
    """Give a person a role. `remit` limits an editor to it; with None an editor changes all that is for all.

    Raises people.OnlyOwner, and Invalid for a note or tag that is not there, or for a remit of who is no editor.
    """
    if remit is not None and role is not Role.EDITOR:
        raise Invalid("Only an editor can be limited to notes and tags.")
    remits.set_remit(db, user_id=user.id, remit=remit or Remit())
    people.set_role(db, user=user, role=role, is_limited=remit is not None)
