"""Opens the accounts of a list: what it would do, and then does it, some at a time, so that nobody waits for long.

What is done already is not done twice: a list may be brought again, after a mistake in it was mended, or after a
process was killed in the middle of it.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from quizapp.accounts import service
from quizapp.accounts.models import NAME_MAX_CHARS, ProviderIdentity, Role, SignIn, SignInLink, User
from quizapp.admin.owner import account_list
from quizapp.admin.owner.account_list import AccountList, ListedAccount, ListFault
from quizapp.admin.owner.people import ROLE_WORDS
from quizapp.catalogue.models import ContentDeed, DeedOf
from quizapp.catalogue.trail import note_down, shortened
from quizapp.catalogue.visibility import Reader
from quizapp.web.templating import plural

AT_ONCE = 100  # accounts of one transaction: a fiftieth of a second in which others wait
LINK_LIFE = timedelta(days=14)  # of a list's links: it is printed, cut up and handed out


class ClassesOfLists(Protocol):
    """Invites people into classes by the names of these, as `classes.class_list`; this room knows no classes."""

    def why_not(self, db: Session, *, class_name: str) -> str | None: ...

    def invite_listed(
        self, db: Session, *, class_name: str, user_ids: Sequence[UUID], owner: Reader, now: datetime
    ) -> str | None: ...


@dataclass(frozen=True, kw_only=True)
class ListPlan:
    """What a list does if it is brought now."""

    new: Sequence[ListedAccount]
    there: Sequence[ListedAccount]
    """Those who have an account already."""
    waiting: frozenset[str]
    """The names of those of them who have never signed in, and could be given a new link."""
    faults: Sequence[ListFault]
    """What is left out, by line; and what is left as it is."""


@dataclass(frozen=True, kw_only=True)
class MadeLink:
    """A sign-in link for somebody of a list, as it is shown this once."""

    name: str
    class_name: str
    token: str


@dataclass(frozen=True, kw_only=True)
class OpenedAccounts:
    """What came of a list."""

    opened: int
    there: int
    links: Sequence[MadeLink]
    faults: Sequence[ListFault]


def read_list(data: bytes) -> AccountList:
    """A list of people, from the bytes of a file. Raises Unreadable."""
    return account_list.read(data, name_max_chars=NAME_MAX_CHARS, roles=[role.value for role in Role])


def plan_of(db: Session, found: AccountList, *, classes: ClassesOfLists) -> ListPlan:
    """What a list does. Reads only."""
    users = _users(db, found.accounts)
    there = [one for one in found.accounts if one.name in users]
    kept = [
        ListFault(line=one.line, said=f"{one.name} is {ROLE_WORDS[users[one.name].role]} already, and stays it.")
        for one in there
        if users[one.name].role != one.role
    ]
    names = {one.class_name for one in found.accounts if one.class_name}
    closed = {name: why for name in sorted(names) if (why := classes.why_not(db, class_name=name)) is not None}
    kept += [
        ListFault(line=one.line, said=f"{one.name}: {closed[one.class_name]}")
        for one in found.accounts
        if one.class_name in closed
    ]
    return ListPlan(
        new=[_without(closed, one) for one in found.accounts if one.name not in users],
        there=there,
        waiting=frozenset(user.name for user in _never_signed_in(db, [*users.values()])),
        faults=sorted([*found.faults, *kept], key=lambda fault: fault.line),
    )


def _without(closed: Container[str], one: ListedAccount) -> ListedAccount:
    """Somebody of a list, without a class that nobody can be invited into."""
    return replace(one, class_name="") if one.class_name in closed else one


def open_accounts(
    db: Session,
    found: AccountList,
    *,
    classes: ClassesOfLists,
    links_anew: bool,
    owner: Reader,
    now: datetime,
    settle: Callable[[], None],
) -> OpenedAccounts:
    """Open the accounts of a list, and invite those with a class into it; `settle` commits, some at a time.

    With `links_anew` those who have never signed in get new links, and their old ones end.
    """
    opened, links, faults = 0, [], [*found.faults]
    new_in_all = len(found.accounts) - sum(len(_users(db, some)) for some in _in_parts(found.accounts))
    step_id: int | None = None
    for some in _in_parts(found.accounts):
        tokens = {one.name: service.new_token() for one in some}  # hashed before others have to wait
        users = _users(db, some)
        new = [one for one in some if one.name not in users]
        made = [User(name=one.name, role=Role(one.role), created_at=now) for one in new]
        db.add_all(made)
        db.flush()
        if made:
            step_id = step_id or _begin_step(db, new_in_all, of=len(found.accounts), owner=owner, now=now)
            db.execute(insert(ContentDeed), [_deed_of(user, step_id, owner=owner, now=now) for user in made])
        again = _never_signed_in(db, [*users.values()]) if links_anew else []
        _end_links(db, again, now=now)
        linked = {user.name for user in (*made, *again)}
        db.add_all(service.link_of(tokens[user.name], user=user, life=LINK_LIFE, now=now) for user in (*made, *again))
        there = {**users, **{user.name: user for user in made}}
        uninvited = [*_invited(db, some, there, classes, owner=owner, now=now)]
        faults += uninvited
        settle()
        lines = {fault.line for fault in uninvited}
        links += [
            MadeLink(name=one.name, class_name="" if one.line in lines else one.class_name, token=tokens[one.name].text)
            for one in some
            if one.name in linked
        ]
        opened += len(made)
    known = len(found.accounts) - opened
    return OpenedAccounts(opened=opened, there=known, links=links, faults=sorted(faults, key=lambda one: one.line))


def _in_parts(accounts: Sequence[ListedAccount]) -> Iterator[Sequence[ListedAccount]]:
    left = iter(accounts)
    while some := [*islice(left, AT_ONCE)]:
        yield some


def _users(db: Session, accounts: Sequence[ListedAccount]) -> dict[str, User]:
    """The accounts that are there already, by name."""
    found: dict[str, User] = {}
    for some in _in_parts(accounts):
        named = select(User).where(User.name.in_([one.name for one in some]))
        found |= {user.name: user for user in db.scalars(named)}
    return found


def _never_signed_in(db: Session, users: Sequence[User]) -> list[User]:
    """Those whom nobody could have signed in as, yet: no password, no provider, no sign-in; and who may."""
    ids = [user.id for user in users if user.password_hash is None and user.deactivated_at is None]
    came: set[UUID] = set()
    for begin in range(0, len(ids), AT_ONCE):
        some = ids[begin : begin + AT_ONCE]
        for model in (SignIn, ProviderIdentity):
            came |= set(db.scalars(select(model.user_id).where(model.user_id.in_(some))))
    return [user for user in users if user.id in set(ids) - came]


def _end_links(db: Session, users: Sequence[User], *, now: datetime) -> None:
    mine = SignInLink.user_id.in_([user.id for user in users]), SignInLink.used_at.is_(None)
    db.execute(update(SignInLink).where(*mine).values(used_at=now))


def _begin_step(db: Session, new: int, *, of: int, owner: Reader, now: datetime) -> int:
    """The line of the trail whose parts are the accounts, for `new` people of a list of `of`; returns its id."""
    words = f"{new:,} of the {of:,} people on a list" if new != of else f"{plural(of, 'person', 'people')} on a list"
    return note_down(db, what=DeedOf.INVITE, words=words, editor=owner, now=now).id


def _deed_of(user: User, step_id: int, *, owner: Reader, now: datetime) -> dict[str, Any]:
    words = shortened(f"{user.name}, {ROLE_WORDS[user.role]}")
    return {"step_id": step_id, "editor_id": owner.id, "at": now, "what": DeedOf.INVITE, "words": words}


def _invited(
    db: Session,
    some: Sequence[ListedAccount],
    users: Mapping[str, User],
    classes: ClassesOfLists,
    *,
    owner: Reader,
    now: datetime,
) -> Iterator[ListFault]:
    """Invite people into the classes of their rows; a fault for each whose class is not there."""
    by_class: dict[str, list[ListedAccount]] = {}
    for one in some:
        if one.class_name:
            by_class.setdefault(one.class_name, []).append(one)
    for class_name, members in by_class.items():
        ids = [users[one.name].id for one in members]
        if why := classes.invite_listed(db, class_name=class_name, user_ids=ids, owner=owner, now=now):
            yield from (ListFault(line=one.line, said=f"{one.name}: {why}") for one in members)
