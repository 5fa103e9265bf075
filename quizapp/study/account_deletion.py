"""A person leaves: their account, all that they did and all that is theirs is deleted. It cannot be undone."""

from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import User


def delete_account(db: Session, *, user: User) -> None:
    """Delete cards, reviews, quizzes, runs of labs and own notes, and the account. The caller commits.

    Edits of questions for all stay, as they belong to the questions; they name nobody then. Raises Conflict for the
    only owner.
    """
    from quizapp.catalogue import own_notes  # with what reads notes, which no page needs

    user_id = user.id
    accounts.delete_user(db, user=user)
    own_notes.delete_own(db, owner=user_id)
