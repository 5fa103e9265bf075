"""Begins a sign-in in this browser once who it is has been proved, where the account needs a code after that one."""

from contextlib import suppress
from datetime import timedelta
from typing import Literal, TypedDict
from uuid import UUID

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts import place_guards, second_factor, service
from quizapp.accounts.devices import device_of
from quizapp.accounts.guards import TOKEN, local_path
from quizapp.accounts.models import User
from quizapp.accounts.tab_guards import renew_session
from quizapp.errors import Invalid
from quizapp.process_figures import MEASURES, Counted
from quizapp.web import security_log
from quizapp.web.application import current_settings
from quizapp.web.database import get_db

SignedInBy = Literal["password", "link", "provider", "restored backup"]
AWAITED = "awaited"  # in the session: whose password or link was right, and whose code is awaited
AWAITED_FOR = timedelta(minutes=10)
NEXT_MAX_CHARS = 300  # of the page to go on to: the cookie has 4 KiB


class AwaitedCode(TypedDict):
    """Whose code is awaited, in the words of a cookie."""

    user: str
    by: Literal["password", "link"]
    zone: str
    target: str
    until: float
    """Seconds since 1970; the password or the link is asked for again after it."""


def enter_or_ask(user: User, *, zone: str, by: Literal["password", "link"]) -> Response:
    """Sign `user` in as `enter_as` does; with a second factor, ask for a code before. The link is used up by then."""
    if not second_factor.is_on(get_db(), user_id=user.id):
        return enter_as(user, zone=zone, by=by)
    get_db().commit()
    target, until = local_path(request.args.get("next")), clock.now() + AWAITED_FOR
    session[AWAITED] = AwaitedCode(
        user=user.id.hex,
        by=by,
        zone=zone,
        target=target if len(target) <= NEXT_MAX_CHARS else "",
        until=until.timestamp(),
    )
    return redirect(url_for("accounts.ask_code"))


def awaited() -> AwaitedCode | None:
    """Whose code this browser owes; None if nobody's, or for too long."""
    found: AwaitedCode | None = session.get(AWAITED)
    left_s = found["until"] - clock.now().timestamp() if found is not None else 0
    most = AWAITED_FOR + clock.SET_BACK  # more if the clock was far ahead when the password was right
    return found if 0 < left_s <= most.total_seconds() else None


def user_id_of(one: AwaitedCode) -> UUID:
    """The account whose code is awaited."""
    return UUID(hex=one["user"])


def enter_as(
    user: User, *, zone: str, target: str | None = None, by: SignedInBy = "password", life: timedelta | None = None
) -> Response:
    """Sign `user` in with a new cookie and redirect to `target`, or else to the path in `?next=`.

    The sign-in ends by itself after `life`, or else after as long as the settings say.
    """
    if user.zone == "UTC" and zone:  # a zone chosen on the account page stays
        with suppress(Invalid):  # sign in even if this machine does not know the browser's zone
            service.set_calendar(user, zone=zone, rollover_hour=user.rollover_hour)
    life = life or timedelta(days=current_settings().sign_in_days)
    device = device_of(request.user_agent.string)
    token = service.sign_in(get_db(), user=user, life=life, now=clock.now(), by_link=by == "link", device=device)
    answer = redirect(target or local_path(request.args.get("next")))
    place_guards.remember(user, answer)
    get_db().commit()
    security_log.note(f"signed in by a {by}", user_id=user.id)
    MEASURES.count(Counted.SIGN_IN)
    renew_session(user, **{TOKEN: token, "_flashes": session.get("_flashes", [])})
    session.permanent = True
    return answer
