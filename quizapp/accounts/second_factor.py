"""The second factor of an account: codes of an authenticator app (TOTP, RFC 6238), and recovery codes. Knows no page.

The caller commits.
"""

import hashlib
import hmac
import secrets
from base64 import b32encode
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from quizapp.accounts.models import SECRET_CHARS, RecoveryCode, SecondFactor, User
from quizapp.errors import Conflict, Forbidden

STEP_S = 30  # what each app takes, and how long OWASP ASVS 5.0, 6.5.5, lets a code count
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_BYTES = 15  # 120 bits: ASVS 6.5.2 lets a plain hash be stored from 112 bits on
GROUP_CHARS = 4  # of a recovery code, so that it can be read out


class WrongCode(Forbidden):
    """A code that is not the one of this moment, was used before, or is no recovery code."""

    title = "That code did not fit"


def new_secret() -> str:
    """What an app and the product share, in base32."""
    return pyotp.random_base32(SECRET_CHARS)


def address_for_app(secret: str, *, name: str, site: str) -> str:
    """The address (otpauth:) that an app reads from a QR code; `site` and `name` are what it shows."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=site)


def is_on(db: Session, *, user_id: UUID) -> bool:
    """Whether the account has a second factor."""
    return db.scalar(select(SecondFactor.user_id).where(SecondFactor.user_id == user_id)) is not None


def turn_on(db: Session, *, user: User, secret: str, code: str, now: datetime) -> Sequence[str]:
    """Give the account the second factor of an app that shows `code` now; returns recovery codes, stored nowhere else.

    Raises WrongCode, and Conflict if it has one.
    """
    if is_on(db, user_id=user.id):
        raise Conflict("This account has a second factor already. Turn it off first.")
    if not hmac.compare_digest(_code_of(secret, now), _plain(code)):
        raise WrongCode("The app shows another code now. See that its clock is right, and type the newest one.")
    db.add(SecondFactor(user_id=user.id, secret=secret, last_step=_step(now)))
    db.flush()
    return renew_recovery_codes(db, user_id=user.id)


def turn_off(db: Session, *, user_id: UUID) -> bool:
    """Take the second factor and its recovery codes from the account; returns whether it had one."""
    db.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    gone = delete(SecondFactor).where(SecondFactor.user_id == user_id).returning(SecondFactor.user_id)
    return db.scalar(gone) is not None


def check(db: Session, *, user_id: UUID, code: str, now: datetime) -> None:
    """Use up a code of the app, or a recovery code. Of two requests with one code only one succeeds. Raises WrongCode.

    A code of the app counts within its own STEP_S alone. So whatever step was used before, another one is new, also
    after the clock was ahead.
    """
    plain, step = _plain(code), _step(now)
    if len(plain) == DIGITS and plain.isdigit():
        secret = db.scalar(select(SecondFactor.secret).where(SecondFactor.user_id == user_id))
        fits = secret is not None and hmac.compare_digest(_code_of(secret, now), plain)
        used = update(SecondFactor).where(SecondFactor.user_id == user_id, SecondFactor.last_step != step)
        if fits and db.scalar(used.values(last_step=step).returning(SecondFactor.user_id)) is not None:
            return
        raise WrongCode(
            "This is not the code that your app shows now, or it was used. Type the next one that it shows."
        )
    spent = delete(RecoveryCode).where(RecoveryCode.user_id == user_id, RecoveryCode.code_hash == _hash(plain))
    if db.scalar(spent.returning(RecoveryCode.code_hash)) is None:
        raise WrongCode("This is no code of your app and none of your recovery codes. Each of those works once.")


def renew_recovery_codes(db: Session, *, user_id: UUID) -> Sequence[str]:
    """New recovery codes in place of those that there were."""
    db.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    made = [b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    db.add_all(RecoveryCode(code_hash=_hash(one), user_id=user_id) for one in made)
    db.flush()
    return [grouped(one) for one in made]


def recovery_codes_left(db: Session, *, user_id: UUID) -> int:
    """How many recovery codes were not used."""
    return db.scalar(select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)) or 0


def grouped(text: str) -> str:
    """A code in groups, as people read it."""
    return "-".join(text[start : start + GROUP_CHARS] for start in range(0, len(text), GROUP_CHARS))


def _code_of(secret: str, now: datetime) -> str:
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S).at(_step(now) * STEP_S)


def _step(now: datetime) -> int:
    return int(now.timestamp()) // STEP_S


def _plain(code: str) -> str:
    """A code without what people put between its groups, and without what no code has: comparing needs ASCII."""
    return "".join(char for char in code.upper() if char.isascii() and char.isalnum())


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
