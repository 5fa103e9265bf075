"""The people of an installation as an owner sees them, and what an owner or the operator does with accounts, in the
trail.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.accounts import people, second_factor, service
from quizapp.accounts.models import Role, SignIn, User
from quizapp.admin.owner.roles import give_role
from quizapp.catalogue.models import DeedOf
from quizapp.catalogue.remits import Remit, remit_of
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.visibility import Reader
from quizapp.errors import Conflict, Invalid

PEOPLE_PER_PAGE = 50
ROLE_WORDS: Mapping[Role, str] = {Role.LEARNER: "learner", Role.EDITOR: "editor", Role.OWNER: "owner"}


@dataclass(frozen=True, kw_only=True)
class ListedPerson:
    """An account in the list."""

    id: UUID
    name: str
    role: str
    """In words, such as "editor of some notes and tags"."""
    signed_in: int
    """In how many places."""
    is_closed: bool
    """Whether nobody can sign in to it."""


@dataclass(frozen=True, kw_only=True)
class PeoplePage:
    """A page of the list, by name."""

    people: Sequence[ListedPerson]
    found: int
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class PersonPage:
    """One account."""

    user: User
    role: str
    remit: Remit
    devices: Sequence[SignIn]
    """Where its person is signed in, the newest first."""
    has_second_factor: bool
    is_self: bool


def people_page(db: Session, *, page: int, now: datetime) -> PeoplePage:
    """A page of all accounts. A page past the end gives the last one."""
    found = db.scalar(select(func.count()).select_from(User)) or 0
    pages = max(1, ceil(found / PEOPLE_PER_PAGE))
    page = min(max(1, page), pages)
    rows = db.scalars(
        select(User).order_by(User.name).limit(PEOPLE_PER_PAGE).offset((page - 1) * PEOPLE_PER_PAGE)
    ).all()
    places = people.count_sign_ins(db, now=now)
    return PeoplePage(
        people=[
            ListedPerson(
                id=user.id,
                name=user.name,
                role=role_in_words(user),
                signed_in=places.get(user.id, 0),
                is_closed=user.deactivated_at is not None,
            )
            for user in rows
        ],
        found=found,
        page=page,
        pages=pages,
    )


def person_page(db: Session, *, user_id: UUID, owner: User, now: datetime) -> PersonPage:
    """One account. Raises NotFound."""
    user = people.user_by_id(db, user_id=user_id)
    return PersonPage(
        user=user,
        role=role_in_words(user),
        remit=remit_of(db, user_id=user.id),
        devices=people.sign_ins_of(db, user_id=user.id, now=now),
        has_second_factor=second_factor.is_on(db, user_id=user.id),
        is_self=user.id == owner.id,
    )


def role_in_words(user: User) -> str:
    """What somebody may do."""
    return f"{ROLE_WORDS[user.role]} of some notes and tags" if user.is_limited else ROLE_WORDS[user.role]


def invite(db: Session, *, name: str, role: Role, owner: Reader, now: datetime) -> User:
    """Open an account. Raises what `service.add_user` raises."""
    user = service.add_user(db, name=name, role=role, now=now)
    note_down(db, what=DeedOf.INVITE, words=f"{user.name}, {ROLE_WORDS[role]}", editor=owner, now=now)
    return user


def set_role(db: Session, *, user_id: UUID, role: Role, remit: Remit | None, owner: Reader, now: datetime) -> User:
    """Give somebody a role. Raises what `roles.give_role` raises."""
    user = people.user_by_id(db, user_id=user_id)
    give_role(db, user=user, role=role, remit=remit)
    named = f" ({', '.join((*remit.notes, *remit.tags)) or 'nothing'})" if remit is not None else ""
    note_down(db, what=DeedOf.ROLE, words=f"{user.name}, {ROLE_WORDS[role]}{named}", editor=owner, now=now)
    return user


def make_link(db: Session, *, user_id: UUID, owner: Reader, now: datetime) -> str:
    """The token of a new sign-in link for somebody. Raises Deactivated."""
    user = people.user_by_id(db, user_id=user_id)
    token = service.make_link(db, user=user, now=now)
    note_down(db, what=DeedOf.LINK, words=user.name, editor=owner, now=now)
    return token


def sign_out(db: Session, *, user_id: UUID, owner: Reader, now: datetime) -> int:
    """Sign somebody out everywhere; returns in how many places they were signed in."""
    user = people.user_by_id(db, user_id=user_id)
    note_down(db, what=DeedOf.SIGN_OUT, words=user.name, editor=owner, now=now)
    return people.sign_out_everywhere(db, user_id=user.id, now=now)


def deactivate(db: Session, *, user_id: UUID, owner: Reader, now: datetime) -> User:
    """Let nobody sign in to an account. Raises OnlyOwner, and Conflict for one's own."""
    if user_id == owner.id:
        raise Conflict("This is your own account. Another owner can deactivate it.")
    user = people.user_by_id(db, user_id=user_id)
    people.deactivate(db, user=user, now=now)
    note_down(db, what=DeedOf.DEACTIVATE, words=user.name, editor=owner, now=now)
    return user


def turn_off_second_factor(db: Session, *, user_id: UUID, owner: Reader, now: datetime) -> bool:
    """Turn off the second factor of somebody who has lost app and recovery codes; returns whether it was on.

    Raises Conflict for one's own, for which a code is asked.
    """
    if user_id == owner.id:
        raise Conflict("This is your own account. Your account's page turns it off, with a code.")
    user = people.user_by_id(db, user_id=user_id)
    was_on = second_factor.turn_off(db, user_id=user.id)
    if was_on:
        note_down(db, what=DeedOf.SECOND_FACTOR_OFF, words=user.name, editor=owner, now=now)
    return was_on


def activate(db: Session, *, user_id: UUID, owner: Reader, now: datetime) -> User:
    """Let somebody sign in to an account again."""
    user = people.user_by_id(db, user_id=user_id)
    people.activate(db, user=user)
    note_down(db, what=DeedOf.ACTIVATE, words=user.name, editor=owner, now=now)
    return user


def delete(
    db: Session, *, user_id: UUID, name: str, delete_account: Callable[..., None], owner: User, now: datetime
) -> str:
    """Delete somebody's account by `delete_account`, if `name` is what it is called; returns that.

    Raises Conflict for one's own, Invalid for another name, and OnlyOwner.
    """
    if user_id == owner.id:
        raise Conflict("This is your own account. Your account's page deletes it.")
    user = people.user_by_id(db, user_id=user_id)
    called = user.name
    if name.strip() != called:
        raise Invalid(f"Nothing was deleted: that is another name. Enter {called} to delete this account.")
    delete_account(db, user=user)
    note_down(db, what=DeedOf.DELETE_ACCOUNT, words=called, editor=owner, now=now)
    return called
