"""Accounts, one-use sign-in links, passwords, and sign-ins that the server can end."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapper, Session, class_mapper
from sqlalchemy.orm.attributes import instance_dict, instance_state

from quizapp.accounts.models import NAME_MAX_CHARS, SIGN_IN_KEY_CHARS, Role, SignIn, SignInLink, User
from quizapp.accounts.passwords import MAX_CHARS, Passwords
from quizapp.accounts.people import refuse_only_owner
from quizapp.clock import SET_BACK
from quizapp.db import reading
from quizapp.errors import Conflict, Forbidden, Invalid, NotFound
from quizapp.prepared_statements import AnyConnection, Prepared
from quizapp.zones import zones

LINK_LIFE = timedelta(hours=1)
OWN_LINK_LIFE = timedelta(minutes=10)  # of a link that a person makes for another device, which is at hand
FORGOTTEN_FOR = timedelta(minutes=15)  # after signing in by a link: enough to think of a new password
TOKEN_BYTES = 32  # 256 bits cannot be guessed, so the stored hash of a token needs no salt
PASSWORD_MIN_CHARS = 10  # OWASP ASVS 5.0, 6.2.1 asks for 8 and recommends more; length is the only rule
PASSWORD_MAX_CHARS = MAX_CHARS
_USER = tuple(column.name for column in User.__table__.columns)


class LinkSpent(Forbidden):
    """A sign-in link that was used before, has expired or never existed."""

    title = "This link no longer works"


class Deactivated(Forbidden):
    """Nobody may sign in to the account."""

    title = "This account is closed for now"

    def __init__(self) -> None:
        super().__init__("An owner has deactivated this account. Ask them to open it again; all that is in it stays.")


class WrongPassword(Forbidden):
    """No account has this name, or its password is another one; the sentence is the same for both."""

    title = "That did not match"


def add_user(db: Session, *, name: str, role: Role, now: datetime) -> User:
    """Open an account. Raises Invalid for an unusable name and Conflict for a taken one.

    Several blanks in a row count as one: pages show them so, and two people of a list could not be told apart.
    """
    name = " ".join(word for word in name.strip().split(" ") if word)
    if not name or len(name) > NAME_MAX_CHARS or not name.isprintable():
        raise Invalid(f"A name has 1 to {NAME_MAX_CHARS} printable characters.")
    if db.scalar(select(User.id).where(User.name == name)) is not None:
        raise Conflict(f"There is an account called {name} already. Choose another name.")
    user = User(name=name, role=role, created_at=now)
    db.add(user)
    db.flush()
    return user


def owner(db: Session, *, now: datetime) -> User:
    """The owner's account, made if this installation has none, and if no other process makes it meanwhile."""
    if found := _first_owner(db):
        return found
    try:
        with db.begin_nested():
            return add_user(db, name="owner", role=Role.OWNER, now=now)
    except (Conflict, IntegrityError):
        if found := _first_owner(db):
            return found
        raise


def users(db: Session) -> Sequence[User]:
    """All accounts, by name."""
    return db.scalars(select(User).order_by(User.name)).all()


def delete_user(db: Session, *, user: User) -> None:
    """Delete an account with every row that refers to it by a key; `study.account_deletion` deletes what has none.

    Raises OnlyOwner.
    """
    refuse_only_owner(db, user)
    db.execute(delete(User).where(User.id == user.id))
    db.expunge(user)


@dataclass(frozen=True, kw_only=True)
class LinkToken:
    """A token of a sign-in link with its hash, made before anybody has to wait for it."""

    text: str
    hashed: str


def new_token() -> LinkToken:
    """A token of its own."""
    text = secrets.token_urlsafe(TOKEN_BYTES)
    return LinkToken(text=text, hashed=_hash(text))


def link_of(token: LinkToken, *, user: User, life: timedelta, now: datetime) -> SignInLink:
    """The row of a link that signs `user` in once within `life`."""
    return SignInLink(token_hash=token.hashed, user_id=user.id, created_at=now, expires_at=now + life)


def make_link(db: Session, *, user: User, now: datetime, life: timedelta = LINK_LIFE) -> str:
    """A token that signs `user` in once within `life`. The database stores only its hash. Raises Deactivated."""
    _refuse_deactivated(user)
    token = new_token()
    db.add(link_of(token, user=user, life=life, now=now))
    db.flush()
    return token.text


def redeem_link(db: Session, *, token: str, now: datetime) -> User:
    """Use a link up and return its user. If two requests send one link at once, only one succeeds. Raises LinkSpent."""
    spent = db.execute(
        update(SignInLink)
        .where(SignInLink.token_hash == _hash(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.user_id)
    ).scalar_one_or_none()
    if spent is None:
        raise LinkSpent(
            "Sign-in links work once, and for an hour at most. Ask for a new one: flask accounts link NAME."
        )
    return db.get_one(User, spent)


def check_password(db: Session, passwords: Passwords, *, name: str, password: str) -> User:
    """The user with this name and password. Raises WrongPassword and TooManyHashes.

    Ends the session's transaction, since a hash takes long and nobody may wait for it. Stores a new hash if the stored
    one was made with other parameters than `passwords` has now.
    """
    with reading():
        found = db.execute(select(User.id, User.password_hash).where(User.name == name.strip())).one_or_none()
    db.rollback()
    stored = None if found is None else found.password_hash
    if not passwords.fits(password, stored) or found is None or stored is None:
        raise _wrong_password()
    renewed = passwords.hash(password) if passwords.is_outdated(stored) else stored
    user = db.scalar(select(User).where(User.id == found.id, User.password_hash == stored))
    if user is None:  # it was given another one meanwhile
        raise _wrong_password()
    user.password_hash = renewed
    return user


def set_password(db: Session, passwords: Passwords, *, user_id: UUID, password: str, now: datetime) -> User:
    """Give a user a new password and end all their sign-ins. Raises Invalid for a bad length, and TooManyHashes.

    Call it in no transaction: a hash takes long, and nobody may wait for it.
    """
    if not PASSWORD_MIN_CHARS <= len(password) <= PASSWORD_MAX_CHARS:
        raise Invalid(f"A password has {PASSWORD_MIN_CHARS} to {PASSWORD_MAX_CHARS} characters.")
    hashed = passwords.hash(password)
    user = db.get_one(User, user_id)
    user.password_hash = hashed
    db.execute(update(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None)).values(ended_at=now))
    return user


def set_calendar(user: User, *, zone: str, rollover_hour: int) -> None:
    """Set the zone and the hour at which `user`'s study days begin. Logged reviews keep their day. Raises Invalid."""
    if zone not in zones():
        raise Invalid(f"{zone!r} is not a time zone. Choose one such as Europe/Berlin.")
    if not 0 <= rollover_hour <= 23:
        raise Invalid("The hour at which a day begins is a number from 0 to 23.")
    user.zone, user.rollover_hour = zone, rollover_hour


def sign_in(db: Session, *, user: User, life: timedelta, now: datetime, by_link: bool = False, device: str = "") -> str:
    """Begin a sign-in and return its token for the cookie. The token is always new, whatever the browser sent.

    `device` is what signs in, as `devices.device_of` says it. Raises Deactivated.
    """
    _refuse_deactivated(user)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    begun = SignIn(token_hash=_hash(token), user_id=user.id, created_at=now, expires_at=now + life, by_link=by_link)
    begun.device = device
    db.add(begun)
    db.flush()
    return token


def sign_out(db: Session, *, token: str, now: datetime) -> None:
    """End the sign-in of this token, so that no copy of its cookie works any more."""
    db.execute(update(SignIn).where(SignIn.token_hash == _hash(token), SignIn.ended_at.is_(None)).values(ended_at=now))


def end_sign_in(db: Session, *, user: User, key: str, now: datetime) -> str:
    """End one of the person's sign-ins, by its `SignIn.key`; returns what was signed in. Raises NotFound."""
    live = update(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None), SignIn.expires_at > now)
    ended = live.where(func.substr(SignIn.token_hash, 1, SIGN_IN_KEY_CHARS) == key).values(ended_at=now)
    device: str | None = db.execute(ended.returning(SignIn.device)).scalar()
    if device is None:
        raise NotFound("This sign-in is over already. Reload the page to see those that are not.")
    return device


def is_of(token: str, one: SignIn) -> bool:
    """Whether this is the sign-in of the token."""
    return one.token_hash == _hash(token)


def needs_old_password(db: Session, *, user: User, token: str, now: datetime) -> bool:
    """Whether the sign-in of this token may set a new password only with the old one: who finds it open cannot.

    An account without a password needs none, and neither does who came by a link within FORGOTTEN_FOR.
    """
    if user.password_hash is None:
        return False
    by_link = select(SignIn.token_hash).where(SignIn.token_hash == _hash(token), SignIn.by_link)
    lately = SignIn.created_at > now - FORGOTTEN_FOR, SignIn.created_at <= now + SET_BACK
    return db.scalar(by_link.where(*lately)) is None


def signed_in_user(db: Session, *, token: str, now: datetime) -> User | None:
    """The user whose live sign-in has this token; None if no live sign-in has it."""
    return db.scalar(_signed_in(), {"token_hash": _hash(token), "now": now})


def user_signed_in_by(connection: AnyConnection, *, token: str, now: datetime) -> User | None:
    """As `signed_in_user`, by one statement that begins no transaction. The user is in no session yet."""
    row = _columns_of_signed_in().first(connection, {"token_hash": _hash(token), "now": now})
    if row is None:
        return None
    # As a session makes it from a row: without User's constructor, which takes what it is given for changes.
    user: User = _users().class_manager.new_instance()
    loaded = instance_dict(user)
    loaded.update(zip(_USER, row, strict=True))
    instance_state(user).key = User, (loaded["id"],), None  # as Mapper.identity_key_from_primary_key gives it
    return user


@cache
def _users() -> Mapper[User]:
    return class_mapper(User)


@cache
def _signed_in() -> Select[User]:
    """The user of the sign-in with `token_hash` that is live at `now`. Made once, since every request asks for one."""
    statement: Select[User] = _if_live(select(User))
    return statement


@cache
def _columns_of_signed_in() -> Prepared:
    return Prepared(_if_live(select(*(User.__table__.c[name] for name in _USER))))


def _if_live(users: Select[*tuple[Any, ...]]) -> Any:
    sign_in = SignIn.token_hash == bindparam("token_hash"), SignIn.ended_at.is_(None)
    joined = users.join(SignIn, SignIn.user_id == User.id)
    joined = joined.where(User.deactivated_at.is_(None))  # also of a sign-in that began while it was deactivated
    return joined.where(*sign_in, SignIn.expires_at > bindparam("now"))


def user_by_name(db: Session, *, name: str) -> User:
    """The account called `name`. Raises NotFound."""
    user = db.scalar(select(User).where(User.name == name))
    if user is None:
        raise NotFound(f"There is no account called {name}. Open one with: flask accounts add {name}")
    return user


def _first_owner(db: Session) -> User | None:
    owners = select(User).where(User.role == Role.OWNER, User.deactivated_at.is_(None))
    return db.scalars(owners.order_by(User.created_at, User.id)).first()


def _refuse_deactivated(user: User) -> None:
    if user.deactivated_at is not None:
        raise Deactivated


def _wrong_password() -> WrongPassword:
    return WrongPassword("The name and the password do not belong together. Check both and try again.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
