"""CSRF tokens that look different in every answer.

Pages go over the wire compressed, so their length tells what they repeat. Somebody who has a victim open pages with
words of their choice in them, and sees the lengths, could find a token by that if it were the same in every page
(BREACH, 2013). So each page's token is combined with random bytes that stand before it.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import Flask, g, request
from flask_wtf.csrf import CSRFProtect, generate_csrf

FIELD, HEADER = "csrf_token", "X-CSRFToken"


class MaskedCsrf(CSRFProtect):
    """Flask-WTF's protection, with masked tokens in pages and in what is sent."""

    def init_app(self, app: Flask) -> None:
        """See CSRFProtect. Templates call `csrf_token()`."""
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = _token_of_page  # for macros
        app.context_processor(lambda: {"csrf_token": _token_of_page})  # for pages; after Flask-WTF's own, so it stands

    def _get_csrf_token(self) -> str | None:
        """The token that was sent, in the form's own field or in a script's header, for Flask-WTF's check of it.

        Flask-WTF 1.3.0 would also take any other field whose name ends like that, and looks at each field for it.
        """
        sent = request.form.get(FIELD) or request.headers.get(HEADER)
        return unmasked(sent) if sent else None


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
        token = generate_csrf()
        g.masked_token = masked(token, secrets.token_bytes(len(token)))
    found: str = g.masked_token
    return found
