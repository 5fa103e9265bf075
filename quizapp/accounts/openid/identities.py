"""Which account somebody is who comes from a provider: found, opened, linked, and given the role that a claim says.

The caller commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp.accounts import service
from quizapp.accounts.models import NAME_MAX_CHARS, ProviderIdentity, Role, User
from quizapp.accounts.openid.claims import SaidOfPerson
from quizapp.accounts.openid.faults import LinkedElsewhere, NoAccountYet, NotForThisSite
from quizapp.accounts.people import OnlyOwner
from quizapp.errors import Conflict

NUMBERED_MAX = 1_000  # people of one name, of whom no more come by themselves
NUMBER_CHARS = 4  # a space and three digits


class GivesRoles(Protocol):
    """Gives a person the role that a claim says, with what that means for what they edit, and notes it in the trail.

    Raises people.OnlyOwner.
    """

    def __call__(self, db: Session, *, user: User, role: Role, provider: str, now: datetime) -> None: ...


class TellsOfOpened(Protocol):
    """Notes in the trail that an account was opened by itself."""

    def __call__(self, db: Session, *, user: User, provider: str, now: datetime) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Entry:
    """How an installation lets people in who come from its provider."""

    provider: str
    """What people call it."""
    opens_accounts: bool
    is_strict: bool
    """Whether nobody enters whose claim says no role."""
    give_role: GivesRoles
    tell_of_opened: TellsOfOpened


def enter(db: Session, said: SaidOfPerson, entry: Entry, *, now: datetime) -> User:
    """The account of whoever comes, opened if it may be, with the role that the claim says now.

    Raises NoAccountYet and NotForThisSite.
    """
    _refuse_closed(said, entry)
    identity = identity_of(db, issuer=said.issuer, subject=said.subject)
    if identity is None:
        if not entry.opens_accounts:
            raise NoAccountYet(entry.provider)
        user = _opened(db, said.name, now=now)
        identity = _added(db, said, user_id=user.id, now=now)
        entry.tell_of_opened(db, user=user, provider=entry.provider, now=now)
    identity.shown_as = said.shown_as
    user = db.get_one(User, identity.user_id)
    if user.deactivated_at is None:
        _follow_claim(db, said, entry, identity, user, now=now)
    return user


def link(db: Session, said: SaidOfPerson, entry: Entry, *, user: User, now: datetime) -> ProviderIdentity:
    """Let this person sign in to an account that they are signed in to. Raises LinkedElsewhere and NotForThisSite."""
    _refuse_closed(said, entry)
    found = identity_of(db, issuer=said.issuer, subject=said.subject)
    if found is not None and found.user_id != user.id:
        raise LinkedElsewhere(f"{said.shown_as} at {entry.provider} signs in to another account here already.")
    if found is None:
        if any(one.issuer == said.issuer for one in identities_of(db, user_id=user.id)):
            raise LinkedElsewhere(
                f"Somebody else at {entry.provider} signs in to this account already. End that link first."
            )
        found = _added(db, said, user_id=user.id, now=now)
    _follow_claim(db, said, entry, found, user, now=now)
    return found


def unlink(db: Session, *, user_id: UUID) -> None:
    """Let nobody sign in to an account by a provider. The role stays: what an owner thinks of it is theirs to say."""
    db.execute(delete(ProviderIdentity).where(ProviderIdentity.user_id == user_id))


def identity_of(db: Session, *, issuer: str, subject: str) -> ProviderIdentity | None:
    """The identity with this subject of this issuer; None if it is linked to no account."""
    return db.get(ProviderIdentity, (issuer, subject))


def identities_of(db: Session, *, user_id: UUID) -> Sequence[ProviderIdentity]:
    """Who may sign in to an account by a provider, the first one first."""
    found = select(ProviderIdentity).where(ProviderIdentity.user_id == user_id)
    return db.scalars(found.order_by(ProviderIdentity.linked_at, ProviderIdentity.issuer)).all()


def _refuse_closed(said: SaidOfPerson, entry: Entry) -> None:
    if entry.is_strict and said.role is None:
        raise NotForThisSite(entry.provider)


def _follow_claim(
    db: Session, said: SaidOfPerson, entry: Entry, identity: ProviderIdentity, user: User, *, now: datetime
) -> None:
    """Give the role that the claim says, and take what it has given before and says no more.

    A role that an owner has given by hand is left alone: it is another one than the claim gave, or higher than it
    says. The last owner stays one until there is another; the next sign-in tries again.
    """
    if not said.is_role_said:
        return
    claimed = Role(said.role) if said.role is not None and said.role != "learner" else None
    if claimed is identity.given_role:
        return
    is_by_claim = identity.given_role is not None and user.role is identity.given_role
    goal = claimed or Role.LEARNER
    if not is_by_claim and user.role.may_act_as(goal):
        identity.given_role = None
        return
    try:
        with db.begin_nested():
            entry.give_role(db, user=user, role=goal, provider=entry.provider, now=now)
    except OnlyOwner:
        return
    identity.given_role = claimed


def _opened(db: Session, name: str, *, now: datetime) -> User:
    """A new account with this name, or with a number behind it where somebody else has that name."""
    tidy = name[: NAME_MAX_CHARS - NUMBER_CHARS].strip()
    like = select(User.name).where(User.name.startswith(tidy, autoescape=True))
    taken = set(db.scalars(like))
    for number in range(1, NUMBERED_MAX):
        wanted = tidy if number == 1 else f"{tidy} {number}"
        if wanted not in taken:
            return service.add_user(db, name=wanted, role=Role.LEARNER, now=now)
    raise Conflict("Too many people here have your name. Ask an owner of this site to invite you.")


def _added(db: Session, said: SaidOfPerson, *, user_id: UUID, now: datetime) -> ProviderIdentity:
    identity = ProviderIdentity(
        issuer=said.issuer, subject=said.subject, user_id=user_id, shown_as=said.shown_as, linked_at=now
    )
    db.add(identity)
    db.flush()
    return identity
