"""Forms of pages that were open in another tab while this browser signed in or out.

A form of a signed-in person has a token of theirs. It stays theirs when they sign in again in this browser, so that
what they sent from a page of before goes on; a form of somebody else's page never does. What signs in or out needs no
token if that has happened already: it leads on.

A form of somebody who has been signed out meanwhile is kept on the page that says so, and goes on from there.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Flask, current_app, flash, redirect, render_template, request, session
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from quizapp.accounts.guards import TOKEN, SignInFirst, local_path, signed_in_user
from quizapp.accounts.models import User
from quizapp.web.error_pages import answer_to, is_swapped_in, note_refusal, page_too_old, wants_json
from quizapp.web.tokens import FIELD, is_own_form

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
SECRETS = ("password", "code")  # parts of the names of fields that are written into no page
AGAIN = "This page was open for long, or beside another sign-in; or this browser keeps no cookies. Enter it once more."


def init_app(app: Flask) -> None:
    """Answer a form without a valid token, and one of somebody who is signed out; all else, `web.error_pages` does."""
    app.register_error_handler(CSRFError, _answer)
    app.register_error_handler(SignInFirst, _keep)


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


def _keep(error: SignInFirst) -> Response | tuple[str, int]:
    """The page of a form that waits for a sign-in, and is then sent again as it was."""
    try:
        kept = _kept()
    except HTTPException:  # its body breaks off or is too large, and could not be sent again either
        kept = None
    if kept is None:
        return answer_to(error)
    note_refusal(error.status, error.title)
    page = {"whose": UUID(session[OF]), "kept": kept, "error": error}
    return render_template("accounts/send_again.html", **page), error.status


def _kept() -> Sequence[tuple[str, str]] | None:
    """The fields of a form that a page of this site has sent for the session's person; None for anything else.

    A form that another site sends must not go on by itself after a sign-in. Files and passwords stay with the browser.
    """
    is_form = request.method == "POST" and not (wants_json() or is_swapped_in() or request.files)
    if not is_form or OF not in session or not is_own_form():
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != FIELD]
    return None if any(secret in name for name, _ in fields for secret in SECRETS) else fields
