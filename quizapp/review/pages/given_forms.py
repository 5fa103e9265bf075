"""When a card was given out to a browser, signed: what a page did with it without a connection was done since then."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import current_app, g
from itsdangerous import BadSignature, TimestampSigner

from quizapp import clock
from quizapp.accounts.guards import current_user

FIELD = "given"
LATE_DIGITS_MAX = 10  # of milliseconds: 115 days
LATE_MAX = timedelta(days=30)  # as long as a browser keeps what it has not sent


class _SignedNow(TimestampSigner):
    """Signs the product's own time."""

    def get_timestamp(self) -> int:
        """See TimestampSigner."""
        return int(clock.now().timestamp())


def given_out() -> str:
    """The present time, signed for the person who is signed in; made once for a request."""
    signed: str | None = g.get(FIELD)
    if signed is None:
        signed = g.given = _signer().sign("").decode()
    return signed


def done_at(form: Mapping[str, str], *, now: datetime) -> datetime:
    """When what is sent now was done: `late_ms` milliseconds ago if the page says so, as after hours without a
    connection. Not before the page was given the card, and at most LATE_MAX ago. What cannot be read says nothing.
    """
    late = form.get("late_ms", "")
    if not (late.isascii() and late.isdigit() and len(late) <= LATE_DIGITS_MAX):
        return now
    since = _given_at(form.get(FIELD, ""))
    if since is None:
        return now
    return min(max(now - min(timedelta(milliseconds=int(late)), LATE_MAX), since), now)


def _given_at(signed: str) -> datetime | None:
    """When a card was given out to the person who is signed in; None if that is not known."""
    try:
        _, at = _signer().unsign(signed, return_timestamp=True)
    except BadSignature:
        return None
    return at


def _signer() -> TimestampSigner:
    return _SignedNow(str(current_app.secret_key), salt=f"{__name__}.{current_user().id}")
