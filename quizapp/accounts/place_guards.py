"""Where somebody signs in from: the address, and a cookie by which a browser is known that has signed in before.

The cookie lets nobody in and names nobody. Whoever has it may guess as often as the person themselves: see guessing.
"""

import re
import secrets
from dataclasses import replace

from flask import current_app, request
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts import guessing
from quizapp.accounts.guessing import FAMILIAR_FOR, SignInPlace
from quizapp.accounts.models import User
from quizapp.web.application import current_settings
from quizapp.web.database import get_db

TOKEN_BYTES = 16
_TOKEN = re.compile(r"[\w-]{22}", re.ASCII)  # TOKEN_BYTES, as token_urlsafe writes them


def here() -> SignInPlace:
    """Where this request comes from."""
    sent = request.cookies.get(_cookie_name(), "")
    return SignInPlace(address=request.remote_addr or "", browser=sent if _TOKEN.fullmatch(sent) else "")


def remember(user: User, answer: Response) -> None:
    """Remember that `user` has signed in from here; `answer` gives the browser its cookie. The caller commits."""
    came_from = here()
    if not came_from.browser:
        came_from = replace(came_from, browser=secrets.token_urlsafe(TOKEN_BYTES))
    secret = current_settings().secret_key.get_secret_value()
    guessing.remember(get_db(), name=user.name, place=came_from, secret=secret, now=clock.now())
    sessions = current_app.session_interface
    answer.set_cookie(
        _cookie_name(),
        came_from.browser,
        max_age=FAMILIAR_FOR,
        path=sessions.get_cookie_path(current_app),
        secure=sessions.get_cookie_secure(current_app),
        httponly=True,
        samesite="Lax",
    )


def _cookie_name() -> str:
    """The session cookie's with an ending, so that it begins with `__Host-` where that one does."""
    return f"{current_app.config['SESSION_COOKIE_NAME']}-browser"
