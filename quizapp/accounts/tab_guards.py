"""Forms of pages that were open in another tab while this browser signed in or out.

A form of a signed-in person has a token of theirs. It stays theirs when they sign in again in this browser, so that
what they sent from a page of before goes on; a form of somebody else's page never does. What signs in or out needs no
token if that has happened already: it leads on.
"""

from typing import Any

from flask import Flask, current_app, flash, redirect, request, session
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from quizapp.accounts.guards import TOKEN, local_path, signed_in_user
from quizapp.accounts.models import User
from quizapp.web.error_pages import page_too_old
from quizapp.web.tokens import FIELD

OF = "of"  # in the session: whose the token of forms is, also while they are signed out
SIGN_IN = "accounts.sign_in_with_password"
ENTERING = frozenset(
    {
        SIGN_IN,
        "accounts.sign_in_by_link",
        "accounts.enter_by_code",
        "accounts.enter_by_openid",
        "accounts.sign_out",
    }
)
AGAIN = "This page was open for long, or beside another sign-in; or this browser keeps no cookies. Enter it once more."


def init_app(app: Flask) -> None:
    """Answer a form without a valid token; `web.error_pages` does so for all that sign nobody in or out."""
    app.register_error_handler(CSRFError, _answer)


def renew_session(user: User, **said: Any) -> None:
    """Empty the session but for `said` and, if it was this person's, the token of forms."""
    token = session.get(FIELD) if session.get(OF) == user.id.hex else None
    session.clear()
    session.update(said)
    session[OF] = user.id.hex
    if token is not None:
        session[FIELD] = token


def leave_session(user: User) -> None:
    """Empty the session, so that nobody is signed in."""
    renew_session(user)
    session.permanent = False


def _answer(error: CSRFError) -> Response | tuple[str, int]:
    is_page = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"  # a script asks for a token by itself
    endpoint = request_ctx.request.endpoint
    if endpoint not in ENTERING or not is_page:
        return page_too_old()
    user = signed_in_user() if TOKEN in session else None
    if user is not None:
        flash(f"You are signed in as {user.name}: another tab of this browser has done that meanwhile.")
        return redirect(local_path(request.args.get("next")))
    if endpoint != SIGN_IN:
        return page_too_old()
    page: Any = current_app.view_functions["accounts.show_sign_in"](why=AGAIN)
    return page, 400
