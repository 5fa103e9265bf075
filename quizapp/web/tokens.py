"""CSRF tokens that look different in every answer.

Pages go over the wire compressed, so their length tells what they repeat. Somebody who has a victim open pages with
words of their choice in them, and sees the lengths, could find a token by that if it were the same in every page
(BREACH, 2013). So each page's token is combined with random bytes that stand before it.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect, generate_csrf


class MaskedCsrf(CSRFProtect):
    """Flask-WTF's protection, with masked tokens in pages and in what is sent."""

    def init_app(self, app: Flask) -> None:
        """See CSRFProtect. Templates call `csrf_token()`."""
        super().init_app(app)
        app.jinja_env.globals["csrf_token"] = _token_of_page  # for macros
        app.context_processor(lambda: {"csrf_token": _token_of_page})  # for pages; after Flask-WTF's own, so it stands

    def _get_csrf_token(self) -> str | None:
        """The token that was sent, for the check that Flask-WTF 1.3.0 makes of it."""
        sent = super()._get_csrf_token()
        return unmasked(sent) if sent else sent


def masked(token: str, pad: bytes) -> str:
    """A token combined with as many random bytes, `pad`, which come with it."""
    combined = bytes(one ^ other for one, other in zip(token.encode(), pad, strict=True))
    return urlsafe_b64encode(pad + combined).decode()


def unmasked(sent: str) -> str | None:
    """The token that `masked` was given; None for anything else."""
    try:
        data = urlsafe_b64decode(sent)
        half = len(data) // 2
        return bytes(one ^ other for one, other in zip(data[:half], data[half:], strict=True)).decode("ascii")
    except ValueError:
        return None


def _token_of_page() -> str:
    """The masked token, one and the same in all forms of a page, since what is random does not compress."""
    if "masked_token" not in g:
        token = generate_csrf()
        g.masked_token = masked(token, secrets.token_bytes(len(token)))
    found: str = g.masked_token
    return found
