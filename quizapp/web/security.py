"""CSRF tokens, security headers and cookie flags, for every request and every answer."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any, TypeVar

from flask import Flask, Request, Response, current_app
from flask.globals import request_ctx
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, Signer, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import want_bytes
from werkzeug.http import parse_cookie

from quizapp.errors import Forbidden, Invalid
from quizapp.settings import Settings
from quizapp.web.database import SAFE_METHODS
from quizapp.web.tokens import MaskedCsrf

# No page allows scripts or styles that stand in the page itself.
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)

View = TypeVar("View", bound=Callable[..., object])

# Of every answer, unless its view says otherwise.
_HEADERS = (
    ("Content-Security-Policy", _CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cache-Control", "no-store"),  # pages show personal data; built assets do not come through Flask
)

# Two years, and not for the names below this one, which may serve something else. Sent behind HTTPS alone: elsewhere
# browsers take no notice of it (RFC 6797, 8.1).
_HTTPS_ONLY = ("Strict-Transport-Security", "max-age=63072000")

COOKIES_KEPT = 1_000  # half a kilobyte each, of as many people as learn at once; at most 8 KB each, as gunicorn takes
KEYS_KEPT = 8  # one for sessions; more where several applications are in a process, as in tests

csrf = MaskedCsrf()


class FromElsewhere(Forbidden):
    """A page of another origin sent something that might change what is stored here."""

    title = "Not from there"


class LastingSigner(TimestampSigner):
    """Signatures that are good for as long as the key is, whatever the clock says.

    itsdangerous 2.2.0 refuses a signature from the future, so that a clock set back by three seconds ended sessions,
    and Flask then replaced their cookies for good. What must end ends in the database: see accounts.models.SignIn.
    """

    def unsign(self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        """The value that was signed, with its time if `return_timestamp`. Raises BadSignature; never for its age."""
        return super().unsign(signed_value, return_timestamp=return_timestamp)  # type: ignore[call-overload]

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """See Signer. A key is computed once, not for each signature."""
        secret = self.secret_keys[-1] if secret_key is None else want_bytes(secret_key)
        return _derived_key(secret, self.salt, self.key_derivation, self.digest_method)


@lru_cache(maxsize=KEYS_KEPT)
def _derived_key(secret: bytes, salt: bytes, derivation: str, digest: Callable[..., Any]) -> bytes:
    return Signer(secret, salt=salt, key_derivation=derivation, digest_method=digest).derive_key()


class LastingSessions(SecureCookieSessionInterface):
    """Flask's sessions in a cookie, signed by LastingSigner. Browsers drop the cookie when its time is over.

    What cookies say is kept by all that a browser sends of them, signature included, once the signature was right: it
    sends the same with each request. What is wrong is looked at anew each time, and another key forgets all.
    """

    def __init__(self) -> None:
        self._key: Any = None
        self._serializer: URLSafeTimedSerializer | None = None
        self._read: Callable[[str], dict[str, Any]] = lambda _: {}  # until there is a key

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """See SecureCookieSessionInterface. Made once for a secret key."""
        if self._serializer is None or self._key != app.secret_key:
            serializer = super().get_signing_serializer(app)
            if serializer is not None:
                serializer.signer = LastingSigner
                self._read = lru_cache(maxsize=COOKIES_KEPT)(partial(_said, app, self, serializer))
            self._serializer, self._key = serializer, app.secret_key
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """See SecureCookieSessionInterface. The session is this request's own, however often its cookie was read.

        It is `new` if no cookie says what is in it.
        """
        if self.get_signing_serializer(app) is None:
            return None
        try:
            said = self._read(request.environ.get("HTTP_COOKIE", ""))
        except BadSignature:  # which is not kept
            fresh = self.session_class()
            fresh.new = True
            return fresh
        return self.session_class({name: _own(value) for name, value in said.items()})

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """See SecureCookieSessionInterface. Most answers leave the session as it is, and then say so at once.

        Of a form that came without the cookie, none is kept: browsers leave it out where the page of another origin
        sends the form, and take one from the answer, which would end the sign-in that is there.
        """
        if session.new and request_ctx.request.method not in SAFE_METHODS:
            return
        if session.modified or app.config["SESSION_REFRESH_EACH_REQUEST"]:
            super().save_session(app, session, response)
        elif session.accessed:
            varies = response.headers.get("Vary")
            response.headers["Vary"] = f"{varies}, Cookie" if varies else "Cookie"


def _said(app: Flask, sessions: LastingSessions, serializer: URLSafeTimedSerializer, cookies: str) -> dict[str, Any]:
    """What the session's cookie says, of all that were sent. Raises BadSignature, also without one: neither is kept."""
    said: dict[str, Any] = serializer.loads(parse_cookie(cookies).get(sessions.get_cookie_name(app), ""))
    return said


def _own(value: Any) -> Any:
    """A value that can be changed without changing the one that is kept."""
    return value if isinstance(value, str | int | None) else deepcopy(value)


def init_app(app: Flask, settings: Settings) -> None:
    """Set the cookie flags, check every request, and add headers to every answer."""
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SESSION_COOKIE_NAME="__Host-quizapp" if settings.secure_cookies else "quizapp",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.sign_in_days),
        # The cookie lives as long as the sign-in in it, whose end the database keeps: to send it again changes nothing.
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # a page left open for hours must still be accepted; the token ends with the cookie
    )
    app.session_interface = LastingSessions()
    app.before_request(_refuse_cross_site)  # says more than that there is no token
    csrf.init_app(app)
    app.before_request(_refuse_nul)
    app.after_request(partial(_add_headers, (*_HEADERS, _HTTPS_ONLY) if settings.secure_cookies else _HEADERS))


def allow_recordings(response: Response, *, microphone: bool = False) -> Response:
    """Allow one answer to play sound that was recorded in the browser, and with `microphone` to record it."""
    response.headers["Content-Security-Policy"] = _CSP + "; media-src blob:"
    if microphone:
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self)"
    return response


def _refuse_cross_site() -> None:
    """Answer 403 to an unsafe request that the browser marks as cross-site (Fetch Metadata, W3C), CSRF token or not."""
    request = request_ctx.request
    if request.method not in SAFE_METHODS and request.environ.get("HTTP_SEC_FETCH_SITE") == "cross-site":
        raise FromElsewhere(
            "A page that is none of this site's sent this, such as one of a lab's host, so nothing was done with it. "
            "Go back."
        )


def tells_of_nul(view: View) -> View:
    """Declare that a view says itself, in its form, that a text has a NUL, so that nothing typed is lost."""
    view.tells_of_nul = True  # type: ignore[attr-defined]
    return view


def _refuse_nul() -> None:
    """Answer 400 to a request with a NUL in it: no stored text has one, and PostgreSQL refuses to compare with one.

    Most have none in their bytes, as it is or escaped, and so none in any value.
    """
    request = request_ctx.request
    body, query = request.get_data(), request.query_string
    if b"\0" not in body and b"%00" not in body and b"%00" not in query and "\0" not in request.path:
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "tells_of_nul", False):
        return
    values = (value for fields in (request.args, request.form) for _, value in fields.items(multi=True))
    if any("\0" in text for text in (request.path, *values)):
        raise Invalid("What you sent holds a NUL character, which no text has. Remove it and send it again.")


def _add_headers(wanted: Sequence[tuple[str, str]], response: Response) -> Response:
    headers = response.headers
    said = {name.lower() for name, _ in headers}
    headers.extend(header for header in wanted if header[0].lower() not in said)
    return response
