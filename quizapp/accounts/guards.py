"""Who may call what. Every view declares its audience; one that does not is closed to all."""

from collections.abc import Callable
from enum import Enum
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, session, url_for
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts import service
from quizapp.accounts.models import Role, User
from quizapp.errors import Forbidden
from quizapp.web.database import get_db
from quizapp.web.error_pages import wants_json

TOKEN = "sign_in"  # the only thing that the cookie says about a person

View = TypeVar("View", bound=Callable[..., object])


class Audience(Enum):
    """Who a view is for: anyone, or everybody who may act in a role."""

    ANYONE = None
    LEARNER = Role.LEARNER
    EDITOR = Role.EDITOR
    OWNER = Role.OWNER


def audience(who: Audience) -> Callable[[View], View]:
    """Declare who may call a view."""

    def declare(view: View) -> View:
        view.audience = who  # type: ignore[attr-defined]
        return view

    return declare


def init_app(app: Flask) -> None:
    """Check each request before its view, and let templates see who is signed in."""
    app.before_request(_admit)
    # Looked up only when a template asks: the pages that say the database is away must draw without it.
    app.jinja_env.globals["current_user"] = LocalProxy(signed_in_user)


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    """The audience that an endpoint declares, or None for one that declares none."""
    return getattr(app.view_functions[endpoint], "audience", None)


def signed_in_user() -> User | None:
    """The person behind this request, looked up once."""
    if "user" not in g:
        token = session.get(TOKEN)
        g.user = service.signed_in_user(get_db(), token=token, now=clock.now()) if isinstance(token, str) else None
    user: User | None = g.user
    return user


def current_user() -> User:
    """The person behind this request, in views that are not for anyone."""
    user = signed_in_user()
    if user is None:
        raise Forbidden("Sign in first.")
    return user


def sign_in_watch() -> Callable[[], bool]:
    """A function that says whether the sign-in behind this request still holds, for the same person in the same role.

    For a request that goes on for long. Each look asks the database, and holds no connection to it afterwards.
    """
    token, user = session.get(TOKEN), current_user()
    before = (user.id, user.role)

    def holds() -> bool:
        try:
            now = service.signed_in_user(get_db(), token=str(token), now=clock.now())
            return now is not None and (now.id, now.role) == before
        finally:
            get_db().close()

    return holds


def _admit() -> Response | None:
    """Let the request through, send a stranger to the sign-in page, or raise Forbidden."""
    if request.endpoint is None:
        return None  # nothing there: the 404 follows
    who = audience_of(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    if who is None:
        raise Forbidden("This page has not been opened to anyone yet.")
    if who.value is None:
        return None
    user = signed_in_user()
    if user is None:
        if request.method == "GET" and not wants_json():
            return redirect(url_for("accounts.show_sign_in", next=request.full_path.rstrip("?")))
        raise SignInFirst("You are signed out. Sign in in another tab, then send this again; it is kept until then.")
    if not user.role.may_act_as(who.value):
        raise Forbidden("Your account may not do this. Sign in with another one, or ask the owner.")
    return None


class SignInFirst(Forbidden):
    """An unsafe request without a live sign-in; the page keeps what it wanted to send."""

    status = 401
    title = "Signed out"


def local_path(target: str | None) -> str:
    """`target` if it is a path of this site, else the home page: no redirect ever leads elsewhere.

    A path begins with exactly one slash, and browsers read a backslash as one and drop control characters.
    """
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return "/"
    if any(ord(char) < 0x21 or char == "\\" for char in target) or urlsplit(target).netloc:
        return "/"
    return target
