"""Signing in by the OpenID provider, linking an account to it, and signing out there.

A sign-in begins with a link and not with a form: browsers hold what a form leads to against the page's policy. Who
comes back gets a page that sends its form by itself, since a GET writes nothing here.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts import service
from quizapp.accounts.entering_views import NEXT_MAX_CHARS, enter_as
from quizapp.accounts.forms import OPENID_CODE_MAX_CHARS, OpenidLinkForm, OpenidReturnForm
from quizapp.accounts.guards import CAME_BY, Audience, audience, current_user, local_path, signed_in_user
from quizapp.accounts.models import User
from quizapp.accounts.openid import identities
from quizapp.accounts.openid.claims import SaidOfPerson
from quizapp.accounts.openid.faults import BegunElsewhere, NotAllowedThere
from quizapp.accounts.openid.provider import Begun, OpenidProvider
from quizapp.accounts.openid_wiring import entry, name_of, provider, return_address, role_claim
from quizapp.accounts.views import account_page, confirmed_user
from quizapp.errors import Conflict, Forbidden, QuizappError, WayOn
from quizapp.web import security_log
from quizapp.web.application import current_settings
from quizapp.web.database import get_db

BEGUN = "openid"  # in the session: the sign-ins that were begun in this browser, the newest last
BEGUN_MAX = 3  # tabs that sign in at once; the cookie has 4 KiB

# Why a provider sends somebody back without a code: OpenID Connect Core 1.0, section 3.1.2.6, and RFC 6749, 4.1.2.1.
CODES = {
    "access_denied",
    "account_selection_required",
    "consent_required",
    "interaction_required",
    "invalid_request",
    "invalid_scope",
    "login_required",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unsupported_response_type",
}

logger = logging.getLogger("quizapp.accounts")


@audience(Audience.ANYONE)
def begin_openid() -> Response:
    """To the provider, to come back signed in."""
    with _told():
        target = local_path(request.args.get("next"))
        return redirect(_begun(provider(), target=target if len(target) <= NEXT_MAX_CHARS else ""))


@audience(Audience.ANYONE)
def show_openid_return() -> str:
    """Where the provider sends people: a page that sends its form by itself, and has a button without scripts."""
    with _told():
        state, code = request.args.get("state", ""), request.args.get("code", "")
        kept = _kept(state)
        if kept is None:
            raise BegunElsewhere(provider().given.name)
        if request.args.get("iss", provider().given.issuer) != provider().given.issuer:
            raise BegunElsewhere(provider().given.name)
        if not code or len(code) > OPENID_CODE_MAX_CHARS:
            raise NotAllowedThere(provider().given.name, _known_code(request.args.get("error", "")))
        form = OpenidReturnForm(formdata=None, state=state, code=code)
        return render_template("accounts/openid_return.html", form=form, is_link=bool(kept["user"]), **_name())


@audience(Audience.ANYONE)
def enter_by_openid() -> Response:
    """Ask the provider who came back, and sign them in or link their account."""
    form = OpenidReturnForm()
    with _told():
        kept = _kept(form.state.data or "", take=True)
        if kept is None or not form.validate():
            raise BegunElsewhere(provider().given.name)
        said = _said(form.code.data or "", Begun(**kept["begun"]))
        if kept["user"]:
            return _link(said, user_hex=kept["user"])
        return _enter(said, zone=form.zone.data or "", target=kept["next"])


@audience(Audience.ANYONE)
def leave_openid() -> Response:
    """To the page on which the provider signs people out, or back to the sign-in page if it has none."""
    with _told():
        address = provider().leave_address()
        if address is None:
            flash(
                f"{provider().given.name} has no page to sign out on. Close the browser, or sign out at its own site."
            )
        return redirect(address or url_for("accounts.show_sign_in"))


@audience(Audience.LEARNER)
def link_openid() -> str | tuple[str, int]:
    """A page with the way to the provider, from where this account comes back linked."""
    with _told():
        form, asked, user = OpenidLinkForm(), provider(), current_user()
        try:
            user = confirmed_user(user, form.old.data or "")
        except service.WrongPassword:
            security_log.note("wrong password for a link to a provider")
            form.old.errors = ["This is not your password. Type it again, or ask for a sign-in link."]
            return account_page(openid=form), 403
        get_db().commit()  # nobody may wait while the provider is asked
        address = _begun(asked, user=user)
        return render_template("accounts/openid_link.html", address=address, **_name())


@audience(Audience.LEARNER)
def unlink_openid() -> Response:
    """End the link of this account. One without a password needs one first, or nobody could enter it any more."""
    user = current_user()
    if user.password_hash is None:
        raise Conflict("Set a password first: without it and without this link you could not sign in any more.")
    identities.unlink(get_db(), user_id=user.id)
    get_db().commit()
    security_log.note("link to a provider ended")
    flash("The link is ended. You sign in with your password from now on.")
    return redirect(url_for("accounts.show_account", _anchor="openid"))


def _begun(asked: OpenidProvider, *, target: str = "", user: User | None = None) -> str:
    """The provider's address for a sign-in that begins now, which the session keeps; `user` wants to link theirs."""
    address, begun = asked.begin(return_address(current_settings()))
    kept = [*_all_kept(), {"begun": vars(begun), "next": target, "user": user.id.hex if user is not None else ""}]
    session[BEGUN] = kept[-BEGUN_MAX:]
    return address


def _kept(state: str, *, take: bool = False) -> dict[str, Any] | None:
    """The sign-in that was begun here with this state; None if there is none. With `take` it is there no more."""
    found = next((one for one in _all_kept() if one["begun"]["state"] == state), None)
    if found is not None and take:
        session[BEGUN] = [one for one in _all_kept() if one is not found]
    return found


def _all_kept() -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = session.get(BEGUN, [])
    return kept


def _said(code: str, begun: Begun) -> SaidOfPerson:
    """Who came back, as the provider says it."""
    settings, asked = current_settings(), provider()
    roles = role_claim(settings)
    wanted = tuple(name for name in (settings.oidc_name_claim, roles.name) if name)
    claims = asked.claims(code, begun, redirect_uri=return_address(settings), wanted=wanted)
    return SaidOfPerson.of(claims, issuer=settings.oidc_issuer, name_claim=settings.oidc_name_claim, role_claim=roles)


def _enter(said: SaidOfPerson, *, zone: str, target: str) -> Response:
    db, now = get_db(), clock.now()
    try:
        user = identities.enter(db, said, entry(), now=now)
    except IntegrityError:  # the same person in two tabs at once, for the first time
        db.rollback()
        user = identities.enter(db, said, entry(), now=now)
    life = timedelta(hours=current_settings().oidc_sign_in_hours)
    answer = enter_as(user, zone=zone, target=local_path(target), by="provider", life=life)
    session[CAME_BY] = True
    return answer


def _link(said: SaidOfPerson, *, user_hex: str) -> Response:
    user = signed_in_user()
    if user is None or user.id.hex != user_hex:
        raise Forbidden(
            "You are not signed in any more to the account that was to be linked. Sign in and link it again."
        )
    identities.link(get_db(), said, entry(), user=get_db().get_one(User, user.id), now=clock.now())
    get_db().commit()
    security_log.note("linked to a provider")
    flash(f"Linked: from now on {said.shown_as} at {provider().given.name} signs in to this account.", "good")
    return redirect(url_for("accounts.show_account", _anchor="openid"))


def _name() -> dict[str, str]:
    return {"provider": name_of(current_settings())}


def _known_code(code: str) -> str:
    """A code of OpenID Connect or OAuth; others are not repeated, since anybody could write anything there."""
    return code if code in CODES else "no reason given"


@contextmanager
def _told() -> Iterator[None]:
    """Log for the operator what went wrong, and lead people back to the sign-in page."""
    try:
        yield
    except QuizappError as error:
        if detail := getattr(error, "detail", ""):
            logger.warning("signing in by the provider: %s: %s", type(error).__name__, detail)
        if error.way_on is QuizappError.way_on and signed_in_user() is None:
            error.way_on = WayOn(name="Sign in", url=url_for("accounts.show_sign_in"))
        raise
