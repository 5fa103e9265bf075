"""Who may call which view. Every view declares its audience; a view that does not is closed to everybody."""

from collections.abc import Callable
from enum import Enum
from threading import BoundedSemaphore
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, g, redirect, request, session, url_for
from flask.globals import request_ctx
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts import second_factor, service
from quizapp.accounts.models import Role, User
from quizapp.db import snapshot
from quizapp.errors import Forbidden, QuizappError, WayOn
from quizapp.web.application import current_settings
from quizapp.web.database import SAFE_METHODS, attached, direct, get_db, is_in_transaction
from quizapp.web.error_pages import explained_by, is_swapped_in, wants_json
from quizapp.web.mounting import home

TOKEN = "sign_in"  # the session cookie's key for the sign-in's token, all that the cookie says about a person
CAME_BY = "came_by"  # in the session: that its person signed in by the provider

# Of a request without a sign-in in its cookie: the longest form has a name, a password, a zone and a token.
STRANGERS_BODY_BYTES = 16 * 1024

SIGN_OUT = "accounts.sign_out"

# What somebody may do who must have a second factor and has none.
SETTING_UP = ("accounts.show_second_factor", "accounts.turn_on_second_factor", SIGN_OUT)
WATCHES_AT_ONCE = 4  # of sign-ins, each with a connection to the database
WATCH_WAIT_S = 1.0  # for a turn; then it is asked without one, so that nobody stays in who has signed out

_UNASKED: Any = object()
_watching = BoundedSemaphore(WATCHES_AT_ONCE)
View = TypeVar("View", bound=Callable[..., object])


class Audience(Enum):
    """Who may call a view: anyone, or the people who may act in a role."""

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
    """Check each request before its view, and give templates `current_user` and `has_no_way_back`."""
    app.before_request_funcs.setdefault(None, []).insert(0, _bound_body)  # before the body is read: see web.bodies
    # Before the token is checked too: who is signed out is told so, and not that the page was too old.
    app.before_request_funcs[None].insert(1, _admit)
    explained_by(app, _signed_out_meanwhile)
    # Read only when a template uses it: the page for a database that does not answer must be drawn without one.
    app.jinja_env.globals["current_user"] = LocalProxy(signed_in_user)
    app.jinja_env.globals["has_no_way_back"] = has_no_way_back


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    """The audience that an endpoint's view declares; None if it declares none."""
    return getattr(app.view_functions[endpoint], "audience", None)


def signed_in_user() -> User | None:
    """The person who is signed in for this request, or None. The database is asked once for each request."""
    user: User | None = g.get("user", _UNASKED)
    if user is _UNASKED:
        token = session.get(TOKEN)
        user = g.user = _find(token) if isinstance(token, str) else None
        g.user_id = user.id if user else None  # for log lines, which may be written once the session is over
    return user


def has_no_way_back() -> bool:
    """Whether whoever is signed in would need a new link, once signed out: no password, and not by the provider."""
    user = signed_in_user()
    return user is not None and user.password_hash is None and not session.get(CAME_BY)


def _find(token: str) -> User | None:
    """The user of a sign-in's token. For a page, in the transaction in which all of it is read.

    For a request that may write, past its session: it would otherwise wait for every writer before it, and then hold
    off all others until its end, whether it writes or not.
    """
    if request.method in SAFE_METHODS or is_in_transaction():
        return service.signed_in_user(get_db(), token=token, now=clock.now())
    with direct() as connection:
        user = service.user_signed_in_by(connection, token=token, now=clock.now())
    return None if user is None else attached(user)


def current_user() -> User:
    """The person who is signed in for this request. Raises Forbidden if nobody is."""
    user = signed_in_user()
    if user is None:
        raise Forbidden("Sign in first.")
    return user


def sign_in_watch() -> Callable[[], bool]:
    """A function that returns whether this request's sign-in is still live, for the same person in the same role.

    For a request that lasts long, such as a terminal's. Each call asks the database and then closes its session. Few do
    at once: each has a connection of its own meanwhile, and hundreds of terminals ask again and again.
    """
    token, user = session.get(TOKEN), current_user()
    before = (user.id, user.role)

    def holds() -> bool:
        has_turn = _watching.acquire(timeout=WATCH_WAIT_S)
        try:
            now = service.signed_in_user(get_db(), token=str(token), now=clock.now())
            return now is not None and (now.id, now.role) == before
        finally:
            get_db().close()
            if has_turn:
                _watching.release()

    return holds


def _bound_body() -> None:
    """Take less from those whom nobody knows. The cookie is signed, so nobody can write a sign-in into it."""
    if not isinstance(session.get(TOKEN), str):
        request.max_content_length = STRANGERS_BODY_BYTES


def _admit() -> Response | None:
    """None to go on to the view, or a redirect to the sign-in page. Raises Forbidden and SignInFirst."""
    context = request_ctx
    endpoint = context.request.endpoint
    if endpoint is None:
        return None  # no view has this address: Flask answers 404
    who = audience_of(context.app, endpoint)
    if who is None:
        raise Forbidden("This page has not been opened to anyone yet.")
    if who.value is None:
        return None
    user = signed_in_user()
    is_page = not (wants_json() or is_swapped_in())
    if user is None:
        if endpoint == SIGN_OUT and is_page:
            return redirect(url_for("accounts.show_sign_in"))  # another tab has done it already
        if request.method == "GET" and is_page:
            return redirect(url_for("accounts.show_sign_in", next=request.root_path + request.full_path.rstrip("?")))
        raise SignInFirst(_page_before())
    if endpoint not in SETTING_UP and must_have_second_factor(user) and not _has_second_factor(user):
        if request.method == "GET" and is_page:
            return redirect(url_for("accounts.show_second_factor"))
        raise SecondFactorFirst
    if not user.role.may_act_as(who.value):
        raise Forbidden("Your account may not do this. Sign in with another one, or ask the owner.")
    return None


def must_have_second_factor(user: User) -> bool:
    """Whether the settings ask a second factor of this person. Who came by the provider was asked there."""
    wanted = current_settings().second_factor
    asked = wanted == "everyone" or (wanted == "editors" and user.is_editor)
    return asked and not session.get(CAME_BY)


def _has_second_factor(user: User) -> bool:
    if request.method in SAFE_METHODS:
        return second_factor.is_on(get_db(), user_id=user.id)
    with snapshot(get_db()):  # a request that may write holds nobody off for it, and begins its own transaction
        return second_factor.is_on(get_db(), user_id=user.id)


class SecondFactorFirst(Forbidden):
    """A request of somebody who must turn a second factor on before anything else."""

    title = "Set up your second factor"

    def __init__(self) -> None:
        super().__init__("This site asks for a code at each sign-in. Set that up first, then send this again.")
        self.way_on = WayOn(name="Set it up", url=url_for("accounts.show_second_factor"))


class SignInFirst(Forbidden):
    """A request of a form or a script without a live sign-in; the page keeps what it wanted to send."""

    status = 401
    title = "Signed out"

    def __init__(self, page: str) -> None:
        """`page` is the path to go on with after the sign-in."""
        super().__init__("You are signed out. Sign in, then send this again; it is kept until then.")
        self.way_on = WayOn(name="Sign in", url=url_for("accounts.show_sign_in", next=page))


def _signed_out_meanwhile() -> QuizappError | None:
    """SignInFirst if whoever was signed in as the request began is not any more.

    Their account may have been deleted since: what the request goes on to write then belongs to nobody.
    """
    if g.get("user") is None:
        return None
    try:
        get_db().rollback()
        g.pop("user")
        return SignInFirst(_page_before()) if signed_in_user() is None else None
    except SQLAlchemyError:
        return None


def _page_before() -> str:
    """The path of this site's page that the request comes from; the home page if it is not known."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host:
        return home()
    return local_path(came_from._replace(scheme="", netloc="", fragment="").geturl())


def local_path(target: str | None) -> str:
    """`target` if it is a path of this site, else the home page, so that no redirect leads to another site."""
    return path_below(home(), target)


def path_below(first: str, target: str | None) -> str:
    """`target` if it is a path of the site whose first page is at `first`, such as `/`; else `first`.

    A path begins with exactly one slash. Browsers read a backslash as a slash and drop control characters, so a
    `target` with either is refused.
    """
    if not target or not target.startswith(first) or target[1:2] in ("/", "\\"):
        return first
    if any(ord(char) < 0x21 or char == "\\" for char in target) or urlsplit(target).netloc:
        return first
    return target
