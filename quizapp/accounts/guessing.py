"""Limits against guessing passwords: failures are counted in the database, for all processes, and nothing else is.

Each sign-in counts as a failure before its password is checked, and no more once it was right: so of many guesses at
the same moment no more get through than of guesses one after another. Who was right has no failures left.
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
from quizapp.measured import MEASURES, Counted

WINDOW = timedelta(minutes=5)  # from the first failure that counts until they are forgotten
# OWASP ASVS 5.0, 6.3.1 asks for a limit against guessing; ten are enough for somebody who is unsure of the spelling.
FAILURES_OF_NAME = 10
FAILURES_OF_CODES = 5  # of 1,000,000 codes; who guesses on has an even chance after 480 days
FAILURES_OF_ADDRESS = 50  # a class behind one address mistypes so often; who tries one password on many names is slowed
# How long an address counts apart where an account has signed in by its password. So nobody who guesses elsewhere at
# somebody's name keeps that person out. Browsers keep people signed in for 30 days.
FAMILIAR_FOR = timedelta(days=90)
# Requests under way at the same moment disagree about the time by as long as one waits for its turn at writing. A row
# that ends later than this allows was made by a clock that was ahead, and begins anew.
AT_ONCE = timedelta(minutes=1)
IPV6_PREFIX = 64  # bits of an address that name a network; one machine has all addresses of its network
PRUNED_AT_ONCE = 100  # rows; each sign-in adds two at most


class TooManyFailures(TooMany):
    """Passwords were wrong so often, for this name or from this address, that none is looked at for a while."""

    title = "Too many wrong passwords"


class TooManyCodes(TooManyFailures):
    """Codes were wrong so often for this account that none is looked at for a while."""

    title = "Too many wrong codes"


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A password or a code that is about to be checked."""

    limits: Sequence[tuple[str, int]]
    """What it counts for: the key of a row and the most failures there may be, the name before the address."""
    familiar: str
    """The key of the row that says that this name has signed in from this address; empty for a code."""
    too_many: str = (
        "Passwords were wrong too often here. Wait {minutes}, or ask for a sign-in link, which works at once."
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
    _count(db, guess, now=now)
    db.commit()
    try:
        user = service.check_password(db, passwords, name=name, password=password)
    except service.WrongPassword:
        MEASURES.count(Counted.WRONG_GUESS)
        raise
    except TooManyHashes:
        _take_back(db, guess.limits)
        db.commit()
        raise
    _was_right(db, guess)
    _remember(db, guess, now=now)
    return user


def guess_of_code(user_id: UUID, *, secret: str) -> Guess:
    """What a code for this account counts for, wherever it comes from: who types codes knows the password already."""
    limits = [(_key(secret, "code", user_id.hex), FAILURES_OF_CODES)]
    too_many = "Codes were wrong too often. Wait {minutes}, then type the one that your app shows."
    return Guess(limits=limits, familiar="", too_many=too_many, error=TooManyCodes)


def counted(db: Session, guess: Guess, check: Callable[[], None], *, now: datetime) -> None:
    """Call `check`, which raises if the guess is wrong; only then it stays counted. The caller commits.

    Raises `guess.error`, and what `check` raises.
    """
    _count(db, guess, now=now)
    db.commit()
    check()
    _was_right(db, guess)


def guess_of(db: Session, *, name: str, address: str, secret: str, now: datetime) -> Guess:
    """What a password for this name from this address counts for. Only hashes with the secret key are stored.

    Ends the session's transaction.
    """
    name, network = name.strip(), _network(address)
    familiar = _key(secret, "familiar", name, network)
    with reading():
        row = db.get(FailedSignIns, familiar)
        is_familiar = row is not None and row.until > now
    db.rollback()
    if is_familiar:
        return Guess(limits=[(_key(secret, "both", name, network), FAILURES_OF_NAME)], familiar=familiar)
    of_name, of_address = _key(secret, "name", name), _key(secret, "address", network)
    return Guess(limits=[(of_name, FAILURES_OF_NAME), (of_address, FAILURES_OF_ADDRESS)], familiar=familiar)


def _count(db: Session, guess: Guess, *, now: datetime) -> None:
    """Count a guess as a failure. Raises TooManyFailures; a guess that is refused writes nothing."""
    with reading():
        rows = db.scalars(select(FailedSignIns).where(FailedSignIns.key.in_([key for key, _ in guess.limits]))).all()
        standing = {row.key: row for row in rows if now < row.until <= now + WINDOW + AT_ONCE}
        for key, most in guess.limits:
            if key in standing and standing[key].count >= most:
                raise _too_many(guess, standing[key].until, now)
    db.rollback()
    for key, most in guess.limits:
        counted, until = _count_one(db, key, now=now, life=WINDOW)
        if counted > most:
            db.rollback()
            raise _too_many(guess, until, now)
    _prune(db, now=now)


def _take_back(db: Session, limits: Iterable[tuple[str, int]]) -> None:
    """Count a guess no more. The rows are locked in the order in which `_count` does it."""
    for key, _ in limits:
        counted = update(FailedSignIns).where(FailedSignIns.key == key, FailedSignIns.count > 0)
        db.execute(counted.values(count=FailedSignIns.count - 1))


def _was_right(db: Session, guess: Guess) -> None:
    """Forget the failures of the name, and count this one no more for the address.

    A process that is killed while it checks leaves its guess counted, so a few such ends would keep out who is right.
    Those of an address are other people's too: who has an account there could have them forgotten.
    """
    (of_name, _), *of_others = guess.limits
    db.execute(update(FailedSignIns).where(FailedSignIns.key == of_name).values(count=0))
    _take_back(db, of_others)


def _remember(db: Session, guess: Guess, *, now: datetime) -> None:
    """Remember that the name signs in from there."""
    _count_one(db, guess.familiar, now=now, life=FAMILIAR_FOR)
    db.execute(update(FailedSignIns).where(FailedSignIns.key == guess.familiar).values(until=now + FAMILIAR_FOR))


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
