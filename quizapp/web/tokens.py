"""CSRF tokens that look different in every answer.

Pages go over the wire compressed, so their length tells what they repeat. Somebody who has a victim open pages with
words of their choice in them, and sees the lengths, could find a token by that if it were the same in every page
(BREACH, 2013). So each page's token is combined with random bytes that stand before it.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hmac import compare_digest
from urllib.parse import urlsplit

from flask import Flask, g, session
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFProtect, generate_csrf

from quizapp.web.database import SAFE_METHODS

FIELD, HEADER = "csrf_token", "X-CSRFToken"


class MaskedCsrf(CSRFProtect):
    """Flask-WTF's protection, with masked tokens in pages and in what is sent."""

    def init_app(self, app: Flask) -> None:
        """See CSRFProtect. Templates call `csrf_token()`."""
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = _token_of_page  # for macros
        app.context_processor(lambda: {"csrf_token": _token_of_page})  # for pages; after Flask-WTF's own, so it stands

    def protect(self, apply_exemptions: bool = False) -> None:
        """See CSRFProtect. A request with its session's own token may go on; Flask-WTF answers all others.

        The token needs no signature of its own, as Flask-WTF makes one: its session is in a signed cookie.
        """
        method = request_ctx.request.method
        if method not in SAFE_METHODS and self._is_own(self._get_csrf_token()) and _is_from_here():
            g.csrf_valid = True  # for the forms of Flask-WTF
            return
        super().protect(apply_exemptions)  # type: ignore[misc]

    def _is_own(self, token: str | None) -> bool:
        own = session.get(FIELD)
        return bool(token) and isinstance(own, str) and compare_digest(str(token).encode(), own.encode())

    def _get_csrf_token(self) -> str | None:
        """The token that was sent, in the form's own field or in a script's header, for Flask-WTF's check of it.

        Flask-WTF 1.3.0 would also take any other field whose name ends like that, and looks at each field for it.
        """
        request = request_ctx.request
        form = request.form
        # Werkzeug 3.1.9 makes an answer of 400 for a field that is asked for and not there, even if nobody sends it.
        sent = (FIELD in form and form[FIELD]) or request.headers.get(HEADER)
        return unmasked(sent) if sent else None


def is_own_form() -> bool:
    """Whether a form has the token of its session, also if nobody is signed in, and comes from a page of this site."""
    sent, own = request_ctx.request.form.get(FIELD), session.get(FIELD)
    token = unmasked(sent) if sent else None
    return token is not None and isinstance(own, str) and compare_digest(token, own) and _is_from_here()


def _is_from_here() -> bool:
    """Whether the page that sent this is the site's own, by its Referer. Looked at for HTTPS, as Flask-WTF does."""
    request = request_ctx.request
    if not request.is_secure:
        return True
    try:
        page = urlsplit(request.referrer or "")
    except ValueError:
        return False
    return (page.scheme, page.netloc.lower()) == ("https", request.host.lower())


def masked(token: str, pad: bytes) -> str:
    """A token combined with as many random bytes, `pad`, which come with it."""
    return urlsafe_b64encode(pad + _combined(token.encode(), pad)).decode()


def unmasked(sent: str) -> str | None:
    """The token that `masked` was given; None for anything else."""
    try:
        data = urlsafe_b64decode(sent)
        half = len(data) // 2
        return _combined(data[:half], data[half:]).decode("ascii")
    except ValueError:
        return None


def _combined(one: bytes, other: bytes) -> bytes:
    """The exclusive or of two pieces. Raises ValueError if they are not of the same length."""
    if len(one) != len(other):
        raise ValueError("a mask is as long as what it masks")
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(len(one))


def _token_of_page() -> str:
    """The masked token, one and the same in all forms of a page, since what is random does not compress."""
    if "masked_token" not in g:
        if FIELD not in session:
            generate_csrf()
        token = session[FIELD]
        g.masked_token = masked(token, secrets.token_bytes(len(token)))
    found: str = g.masked_token
    return found
