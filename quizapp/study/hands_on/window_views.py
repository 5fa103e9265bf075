"""A window to a port of a run's host: what a program there answers over HTTP, in a browser.

Whatever runs on that host may be hostile, and its answers come from our own address. So each is sent with a policy
that gives its page an origin of its own (CSP `sandbox` without `allow-same-origin`): it reads no cookie and no page of
ours. From such an origin a browser sends our session cookie with nothing but a link that is followed, and no page
changes anything by a GET. The page may load what is below its own address and nothing else. That address has a key,
since what the page loads comes without a cookie; a key is good for one sandbox and for WINDOW_LIFE. The page itself is
for its learner alone, who is signed in: nobody can show somebody else a page under our address, such as one that asks
for a password. No cookie goes to the host or comes from it.
"""

from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user, signed_in_user
from quizapp.errors import NotFound
from quizapp.labs.hosts import web_window
from quizapp.labs.hosts.web_window import PortAnswer, PortSilent
from quizapp.labs.runs import service
from quizapp.labs.slots import NoSlot
from quizapp.labs.wiring import request_shares, sandboxes
from quizapp.study.hands_on.blueprint import TooManyAtOnce
from quizapp.web.database import get_db

WINDOW_LIFE = timedelta(hours=2)  # as long as a sandbox lives at most
# What a page loads, as browsers say in a header (Fetch Metadata, W3C); neither pages nor frames.
PARTS = frozenset({"audio", "empty", "font", "image", "manifest", "script", "style", "track", "video", "worker"})
SAFE_IN_PATH = "/!$&'()*+,;=:@-._~"  # stand in a path as they are (RFC 3986)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Of every answer of a host. `'unsafe-inline'` and `'unsafe-eval'` harm nobody: the page has no origin but its own.
_POLICY = (
    "sandbox allow-scripts allow-forms; default-src {base} 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "form-action {base}; base-uri {base}; frame-ancestors 'none'; object-src 'none'"
)


@audience(Audience.LEARNER)
def open_port(run_id: UUID) -> Response:
    """Lead to the window of `?port=` of the run's host, under a new key. Raises NotFound for anybody else's run."""
    ticket = service.ticket_of(get_db(), user_id=current_user().id, run_id=run_id)
    if ticket.sandbox_id is None or not ticket.is_ready:
        flash("The host of this run is not ready yet. Wait until the page says so.", "warning")
        return redirect(url_for("hands_on.show_run", run_id=run_id))
    until = int((clock.now() + WINDOW_LIFE).timestamp())
    key = str(_keys().dumps([ticket.sandbox_id, ticket.owner, until]))
    port = web_window.port_in(request.args.get("port", ""))
    return redirect(url_for("hands_on.window_top", key=key, port=port))


@audience(Audience.ANYONE)
def window_top(key: str, port: int) -> Response:
    """What the port answers at `/`. Raises as `window` does."""
    return window(key, port, "")


@audience(Audience.ANYONE)
def window(key: str, port: int, target: str) -> Response:
    """What the port answers. Raises NotFound for a key that is wrong or too old, or whose host is gone.

    Also for a page that somebody else asks for; what a page has loaded comes without a cookie.
    """
    sandbox_id, owner = _opened(key, now=clock.now())
    if request.headers.get("Sec-Fetch-Dest", "document") not in PARTS:
        user = signed_in_user()
        if user is None or user.id != owner:
            raise _closed()
        get_db().rollback()  # nothing is locked while the sandbox works
    path = quote(f"/{target}", safe=SAFE_IN_PATH) + ("?" + request.query_string.decode("latin-1")).rstrip("?")
    shares = request_shares()
    try:
        shares.take(owner)
    except NoSlot:
        raise TooManyAtOnce("Too many things are under way on this host. Try again.", retry_after_s=1) from None
    try:
        found = web_window.ask(sandboxes(), sandbox_id, port=port, target=path, head=request.method == "HEAD")
    finally:
        shares.give_back(owner)
    return _shown(found, key=key, port=port)


def _shown(found: PortAnswer, *, key: str, port: int) -> Response:
    """The host's answer as ours: its status, its body, what kind it is, and where it leads on the same port."""
    base = url_for("hands_on.window_top", key=key, port=port, _external=True)
    answer = Response(found.body, status=found.status, content_type=found.content_type)
    if found.status in REDIRECTS:
        if not found.location:
            raise PortSilent("It leads to another place than this port, which is not followed here.", retry_after_s=1)
        answer = redirect(base + found.location.lstrip("/"), found.status)
    answer.headers["Content-Security-Policy"] = _POLICY.format(base=base)
    answer.headers["Access-Control-Allow-Origin"] = (
        "*"  # the page's own parts: its origin is none, and the key is in them
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _keys() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="a window to a port")


def _opened(key: str, *, now: datetime) -> tuple[str, UUID]:
    """The sandbox of a key, and its owner. Raises NotFound."""
    try:
        sandbox_id, owner, until = _keys().loads(key)
    except BadSignature:
        raise _closed() from None
    if until < now.timestamp():
        raise _closed()
    return sandbox_id, UUID(owner)


def _closed() -> NotFound:
    return NotFound("This window is closed. Open the port again on the page of your lab.")
