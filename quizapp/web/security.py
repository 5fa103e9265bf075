"""What every answer and every unsafe request must have: CSRF tokens, security headers, safe cookies, size limits."""

from datetime import timedelta

from flask import Flask, Response, abort, request
from flask_wtf import CSRFProtect

from quizapp.settings import Settings
from quizapp.web.database import SAFE_METHODS

MAX_BODY_BYTES = (
    1024 * 1024
)  # the largest form is a question in the editor, a few kilobytes; a note is under 5 MB by CLI

# xterm.js styles its rows through elements it makes itself and has no nonce option, so pages with a terminal allow
# inline style. Scripts are never inline anywhere.
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'{inline_style}; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)

csrf = CSRFProtect()


def init_app(app: Flask, settings: Settings) -> None:
    """Set the cookie and size limits and guard every request and answer."""
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        SESSION_COOKIE_NAME="__Host-quizapp" if settings.secure_cookies else "quizapp",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.sign_in_days),
        WTF_CSRF_TIME_LIMIT=None,  # a card left open over lunch must still be accepted; the token ends with the cookie
    )
    csrf.init_app(app)
    app.before_request(_refuse_cross_site)
    app.before_request(_refuse_nul)
    app.after_request(_add_headers)


def allow_inline_style(response: Response) -> Response:
    """Loosen the style policy of one answer, for a page with a terminal."""
    response.headers["Content-Security-Policy"] = _CSP.format(inline_style=" 'unsafe-inline'")
    return response


def _refuse_cross_site() -> None:
    """A second fence beside the CSRF token, told by the browser itself (Fetch Metadata, W3C)."""
    if request.method not in SAFE_METHODS and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)


def _refuse_nul() -> None:
    """No text of ours holds a NUL, and PostgreSQL cannot even compare with one."""
    values = (value for fields in (request.args, request.form) for _, value in fields.items(multi=True))
    if any("\0" in text for text in (request.path, *values)):
        abort(400)


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _CSP.format(inline_style=""))
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    headers.setdefault("Cache-Control", "no-store")  # pages are a person's own; built assets never pass here
    return response
