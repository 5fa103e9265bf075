"""What an owner decides about accounts: roles, whether anybody can sign in to one, and where somebody is signed in.

The caller commits.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from quizapp.accounts.models import Role, SignIn, SignInLink, User
from quizapp.errors import Conflict, NotFound


class OnlyOwner(Conflict):
    """The only owner whom somebody can sign in as: without one nobody could let people in."""

    def __init__(self) -> None:
        super().__init__("This is the only owner. First make somebody else an owner too.")


def user_by_id(db: Session, *, user_id: UUID) -> User:
    """The account with this id. Raises NotFound."""
    user = db.get(User, user_id)
    if user is None:
        raise NotFound("There is no such account any more.")
    return user


def set_role(db: Session, *, user: User, role: Role, is_limited: bool = False) -> None:
    """Give a person a role; an editor may be limited to what is named for them. Raises OnlyOwner."""
    if role is not Role.OWNER:
        refuse_only_owner(db, user)
    user.role, user.is_limited = role, is_limited and role is Role.EDITOR
    db.flush()


def deactivate(db: Session, *, user: User, now: datetime) -> None:
    """Let nobody sign in to an account, and end all its sign-ins and links; all that is in it stays.

    Raises OnlyOwner.
    """
    refuse_only_owner(db, user)
    user.deactivated_at = user.deactivated_at or now
    db.execute(
        update(SignInLink).where(SignInLink.user_id == user.id, SignInLink.used_at.is_(None)).values(used_at=now)
    )
    sign_out_everywhere(db, user_id=user.id, now=now)


def activate(db: Session, *, user: User) -> None:
    """Let its person sign in to an account again, by the password that it had or by a new link."""
    user.deactivated_at = None
    db.flush()


def sign_out_everywhere(db: Session, *, user_id: UUID, now: datetime) -> int:
    """End all sign-ins of a person; returns how many there were."""
    live = update(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.expires_at > now)
    ended = db.scalars(live.values(ended_at=now).returning(SignIn.token_hash)).all()
    return len(ended)


def sign_ins_of(db: Session, *, user_id: UUID, now: datetime) -> Sequence[SignIn]:
    """Where a person is signed in, the newest first."""
    live = select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.expires_at > now)
    return db.scalars(live.order_by(SignIn.created_at.desc(), SignIn.token_hash)).all()


def count_sign_ins(db: Session, *, now: datetime) -> Mapping[UUID, int]:
    """In how many places each person is signed in, by id; without those who are not."""
    live = select(SignIn.user_id, func.count()).where(SignIn.ended_at.is_(None), SignIn.expires_at > now)
    return dict(db.execute(live.group_by(SignIn.user_id)).all())


def refuse_only_owner(db: Session, user: User) -> None:
    """Raise OnlyOwner if this is the only owner whom somebody can sign in as.

    Keeps the owners' rows from others until the transaction ends: two owners may each be about to leave.
    """
    owners = select(User.id).where(User.role == Role.OWNER, User.deactivated_at.is_(None)).order_by(User.id)
    if db.scalars(owners.with_for_update()).all() == [user.id]:
        raise OnlyOwner
