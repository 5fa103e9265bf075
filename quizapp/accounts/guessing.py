"""Limits against guessing passwords: failures are counted in the database, for all processes, and nothing else is.

Each sign-in counts as a failure before its password is checked, and no more once it was right: so of many guesses at
the same moment no more get through than of guesses one after another. Who was right has no failures left.

A guesser must not get on, and must not keep out the person whose name it is. So a browser and an address from which
somebody has signed in, in whatever way, are counted apart for that name, and no one place closes a name for the others.
"""

import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from uuid import UUID

from sqlalchemy import case, delete, literal, or_, select, update
from sqlalchemy.orm import Session

from quizapp.accounts import service
from quizapp.accounts.models import FailedSignIns, User
from quizapp.accounts.passwords import Passwords, TooManyHashes
from quizapp.column_types import UtcDateTime
from quizapp.db import reading
from quizapp.dialects import insert_of
from quizapp.errors import TooMany
from quizapp.process_figures import MEASURES, Counted

WINDOW = timedelta(minutes=5)  # from the first failure that counts until they are forgotten
# OWASP ASVS 5.0, 6.3.1 asks for a limit against guessing; ten are enough for somebody who is unsure of the spelling.
FAILURES_OF_NAME = 10
# Of one place at most so many count for the name, which it may guess at FAILURES_OF_NAME times all the same. So who
# guesses in one place closes a name there and nowhere else; two places close it for all where it is not known.
FAILURES_OF_PLACE = 5
FAILURES_OF_CODES = 5  # of 1,000,000 codes; who guesses on has an even chance after 480 days
FAILURES_OF_ADDRESS = 50  # a class behind one address mistypes so often; who tries one password on many names is slowed
# How long a browser or an address counts apart where an account has signed in. So nobody who guesses elsewhere at
# somebody's name keeps that person out. Browsers keep people signed in for 30 days.
FAMILIAR_FOR = timedelta(days=90)
# Requests under way at the same moment disagree about the time by as long as one waits for its turn at writing. A row
# that ends later than this allows was made by a clock that was ahead, and begins anew.
AT_ONCE = timedelta(minutes=1)
IPV6_PREFIX = 64  # bits of an address that name a network; one machine has all addresses of its network
PRUNED_AT_ONCE = 100  # rows; each sign-in adds five at most


class TooManyFailures(TooMany):
    """Passwords were wrong so often, for this name or from this address, that none is looked at for a while."""

    title = "Too many wrong passwords"


class TooManyCodes(TooManyFailures):
    """Codes were wrong so often for this account that none is looked at for a while."""

    title = "Too many wrong codes"


@dataclass(frozen=True, kw_only=True)
class GuessLimit:
    """What a guess counts for."""

    key: str
    """Of the row with the failures."""
    most: int
    """Failures that there may be."""
    of_place: int | None = None
    """How many of them one place may add: it counts here only while the limit before it has no more. None: all."""
    is_of_name: bool = True
    """Whether the failures are forgotten once the name's password was right: those of an address are others' too."""


@dataclass(frozen=True, kw_only=True)
class SignInPlace:
    """Where a password comes from."""

    address: str
    """The client's IP address."""
    browser: str = ""
    """What this browser was given when somebody signed in with it; empty if nobody has."""


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A password or a code that is about to be checked."""

    limits: Sequence[GuessLimit]
    """What it counts for, the place before the name and the name before the address: rows are locked in this order."""
    too_many: str = (
        "Passwords were wrong too often for this name or from here. Wait {minutes}, or sign in by a link, which works "
        "at once: where you are signed in, your account's page makes one, and whoever runs this site can give you one."
    )
    """What is said once there were too many."""
    error: type[TooManyFailures] = TooManyFailures
    """What is raised then."""


def user_of_password(
    db: Session, passwords: Passwords, guess: Guess, *, name: str, password: str, now: datetime
) -> User:
    """The user with this name and password. The caller commits.

    Raises TooManyFailures, and what `service.check_password` raises.
    """
    counted = _count(db, guess, now=now)
    db.commit()
    try:
        user = service.check_password(db, passwords, name=name, password=password)
    except service.WrongPassword:
        MEASURES.count(Counted.WRONG_GUESS)
        raise
    except TooManyHashes:
        _take_back(db, counted)
        db.commit()
        raise
    _was_right(db, guess.limits)
    return user


def guess_of_code(user_id: UUID, *, secret: str) -> Guess:
    """What a code for this account counts for, wherever it comes from: who types codes knows the password already."""
    limits = [GuessLimit(key=_key(secret, "code", user_id.hex), most=FAILURES_OF_CODES)]
    too_many = "Codes were wrong too often. Wait {minutes}, then type the one that your app shows."
    return Guess(limits=limits, too_many=too_many, error=TooManyCodes)


def counted(db: Session, guess: Guess, check: Callable[[], None], *, now: datetime) -> None:
    """Call `check`, which raises if the guess is wrong; only then it stays counted. The caller commits.

    Raises `guess.error`, and what `check` raises.
    """
    _count(db, guess, now=now)
    db.commit()
    check()
    _was_right(db, guess.limits)


def guess_of(db: Session, *, name: str, place: SignInPlace, secret: str, now: datetime) -> Guess:
    """What a password for this name from this place counts for. Only hashes with the secret key are stored.

    Ends the session's transaction.
    """
    name, network = name.strip(), _network(place.address)
    known = _familiar(secret, name, place)
    with reading():
        rows = select(FailedSignIns.key).where(FailedSignIns.key.in_(known), FailedSignIns.until > now)
        standing = set(db.scalars(rows))
    db.rollback()
    for key, where in known.items():
        if key in standing:
            return Guess(limits=[GuessLimit(key=_key(secret, "both", name, *where), most=FAILURES_OF_NAME)])
    return Guess(
        limits=[
            GuessLimit(key=_key(secret, "both", name, network), most=FAILURES_OF_NAME),
            GuessLimit(key=_key(secret, "name", name), most=FAILURES_OF_NAME, of_place=FAILURES_OF_PLACE),
            GuessLimit(key=_key(secret, "address", network), most=FAILURES_OF_ADDRESS, is_of_name=False),
        ]
    )


def remember(db: Session, *, name: str, place: SignInPlace, secret: str, now: datetime) -> None:
    """Remember that this person has signed in from there, by password or in another way. The caller commits."""
    for key in _familiar(secret, name, place):
        _count_one(db, key, now=now, life=FAMILIAR_FOR)
        db.execute(update(FailedSignIns).where(FailedSignIns.key == key).values(until=now + FAMILIAR_FOR))


def _familiar(secret: str, name: str, place: SignInPlace) -> dict[str, tuple[str, ...]]:
    """The keys of the rows that say that a name has signed in from a place, each with what it stands for.

    The browser is before the address: behind one address others guess too, and browsers move about.
    """
    places: list[tuple[str, ...]] = [("browser", place.browser)] if place.browser else []
    places.append((_network(place.address),))
    return {_key(secret, "familiar", name, *where): where for where in places}


def _count(db: Session, guess: Guess, *, now: datetime) -> Sequence[GuessLimit]:
    """Count a guess as a failure; returns where. Raises TooManyFailures; a guess that is refused writes nothing."""
    with reading():
        keys = [limit.key for limit in guess.limits]
        rows = db.scalars(select(FailedSignIns).where(FailedSignIns.key.in_(keys))).all()
        standing = {row.key: row for row in rows if now < row.until <= now + WINDOW + AT_ONCE}
        for limit in guess.limits:
            if limit.key in standing and standing[limit.key].count >= limit.most:
                raise _too_many(guess, standing[limit.key].until, now)
    db.rollback()
    counted: list[GuessLimit] = []
    failures = 0
    for limit in guess.limits:
        if limit.of_place is not None and failures > limit.of_place:
            continue
        failures, until = _count_one(db, limit.key, now=now, life=WINDOW)
        if failures > limit.most:
            db.rollback()
            raise _too_many(guess, until, now)
        counted.append(limit)
    _prune(db, now=now)
    return counted


def _take_back(db: Session, limits: Iterable[GuessLimit]) -> None:
    """Count a guess no more. The rows are locked in the order in which `_count` does it."""
    for limit in limits:
        counted = update(FailedSignIns).where(FailedSignIns.key == limit.key, FailedSignIns.count > 0)
        db.execute(counted.values(count=FailedSignIns.count - 1))


def _was_right(db: Session, limits: Iterable[GuessLimit]) -> None:
    """Forget the failures of the name, and count this one no more for the address.

    A process that is killed while it checks leaves its guess counted, so a few such ends would keep out who is right.
    Those of an address are other people's too: who has an account there could have them forgotten.
    """
    for limit in limits:
        if limit.is_of_name:
            db.execute(update(FailedSignIns).where(FailedSignIns.key == limit.key).values(count=0))
        else:
            _take_back(db, [limit])


def _count_one(db: Session, key: str, *, now: datetime, life: timedelta) -> tuple[int, datetime]:
    """Add one to the row with this key; a row whose time is over begins anew. Returns its count and its end."""
    table = FailedSignIns.__table__.c
    insert = insert_of(db.connection().dialect.name)
    end = literal(now + life, UtcDateTime())
    is_over = or_(table.until <= now, table.until > now + life + AT_ONCE)  # or the clock was ahead when it began
    row = db.execute(
        insert(FailedSignIns)
        .values(key=key, count=1, until=end)
        .on_conflict_do_update(
            index_elements=[table.key],
            set_={
                "count": case((is_over, 1), else_=table.count + 1),
                "until": case((is_over, end), else_=table.until),
            },
        )
        .returning(FailedSignIns.count, FailedSignIns.until)
    ).one()
    return row[0], row[1]


def _prune(db: Session, *, now: datetime) -> None:
    """Delete rows whose time is over, but for those that another transaction holds: two could wait for each other."""
    over = select(FailedSignIns.key).where(FailedSignIns.until <= now).limit(PRUNED_AT_ONCE)
    db.execute(delete(FailedSignIns).where(FailedSignIns.key.in_(over.with_for_update(skip_locked=True))))


def _too_many(guess: Guess, until: datetime, now: datetime) -> TooManyFailures:
    MEASURES.count(Counted.REFUSED_GUESS)
    wait = until - now
    minutes = ceil(wait / timedelta(minutes=1))
    said = guess.too_many.format(minutes="a minute" if minutes == 1 else f"{minutes} minutes")
    return guess.error(said, retry_after_s=ceil(wait.total_seconds()))


def _network(address: str) -> str:
    """What an address counts for: itself, or its network for IPv6. Whatever else a server gives counts as it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, IPV6_PREFIX), strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)


def _key(secret: str, *what: str) -> str:
    return hmac.new(secret.encode(), "\0".join(what).encode(), "sha256").hexdigest()
