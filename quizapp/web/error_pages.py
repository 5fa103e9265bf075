"""Answers every error with a page or a JSON object: what happened, what to do, a reference to the log line."""

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, jsonify, make_response, redirect, render_template, request
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, SQLAlchemyError, TimeoutError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header

from quizapp.db import sqlite_file
from quizapp.errors import TO_TODAY, Conflict, QuizappError, WayOn
from quizapp.process_figures import MEASURES, Counted, LoggedFault
from quizapp.web import security_log, socket_routes
from quizapp.web.database import SAFE_METHODS
from quizapp.web.disk import is_full_disk, room_at
from quizapp.web.form_addresses import page_of_form, page_without_slash
from quizapp.web.mounting import home

logger = logging.getLogger("quizapp.web")

_SENTENCES: Mapping[int, tuple[str, str]] = {
    400: ("That did not work", "The request could not be understood. Go back, reload the page and try again."),
    403: ("Not for this account", "Your account may not do this. Sign in with another one, or ask the owner."),
    404: (
        "Not found",
        "There is nothing at this address. It may have moved or been deleted: search for it, or look in its list.",
    ),
    405: ("Not here", "This address does not take that kind of request. Go back and use the button on the page."),
    413: ("Too large", "What you sent is larger than this page takes. Shorten it and send it again."),
    429: ("Too many requests", "You were faster than this page allows. Wait a minute, then try again."),
    500: ("Something went wrong", "The fault is ours and has been logged. What you saved before is safe; try again."),
}
_CSRF_SENTENCE = (
    "This page was open for too long or in another sign-in. Go back to it and send it again; the browser keeps an "
    "answer that you typed."
)
_HOST_SENTENCE = "This server does not go by the name that you asked for. Use the address that you were given.\n"
_DATABASE_SENTENCE = "The database does not answer. What you saved before is safe; try again in a moment."
_FULL_SENTENCE = (
    "The disk of this site is full, so this could not be saved. What you saved before is safe. Go back and send it "
    "again once the operator has made room; the browser keeps an answer that you typed."
)
_GONE_SENTENCE = "Somebody removed what this is about while you sent it, so nothing was saved. Open its page anew."
RETRY_DATABASE_S = 5
RETRY_FULL_S = 30  # somebody has to make room first
POSTGRESQL_READ_ONLY = "25006"  # read_only_sql_transaction: a standby, or default_transaction_read_only is on
NOTHING_LEFT_BYTES = 256 * 1024  # SQLite names other errors than a full disk too, where it has so little
_TOLD = frozenset({401, 403, 429})  # refusals that an operator may look for
# Bytes of the address that a redirect leads to: gunicorn reads 4,094 of method, address and version, nginx 8 KiB.
# To a longer one nobody gets, and what is behind it is a page that is not ours.
ADDRESS_MAX_BYTES = 4_000
_ADDRESS_SENTENCE = (
    "What you typed is longer than the address of a page may be, and has to stand in one. Shorten it and send it again."
)
ACCEPTS_KEPT = 64  # headers that say what a browser takes: each sends a few

Explains = Callable[[], QuizappError | None]


def init_app(app: Flask) -> None:
    """Register one handler for each kind of error."""
    app.register_error_handler(QuizappError, answer_to)
    app.register_error_handler(CSRFError, lambda error: page_too_old())
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(InternalError, _internal_error)
    app.register_error_handler(TimeoutError, _database_error)  # no connection was free in time
    app.register_error_handler(ConnectionError, _connection_error)
    app.register_error_handler(Exception, _unexpected)
    app.after_request(_hold_address)


def explained_by(app: Flask, explain: Explains) -> None:
    """Ask `explain` of an error of the database that nobody expected; None leaves it a fault of ours."""
    app.extensions.setdefault("explains", []).append(explain)


def wants_json() -> bool:
    """Whether the request comes from a script of the product, which reads JSON, and not from a page or a form."""
    return _is_json_best(request.headers.get("Accept", ""))


@lru_cache(maxsize=ACCEPTS_KEPT)
def _is_json_best(accept: str) -> bool:
    return parse_accept_header(accept, MIMEAccept).best == "application/json"


def is_swapped_in() -> bool:
    """Whether the answer is put into a page that is shown already, by htmx: a redirect would put a whole page there."""
    return "HX-Request" in request.headers


def answer_to(error: QuizappError) -> Response:
    """The page or the JSON object of an error that a room has raised."""
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR and is_full_disk(error):  # as of an import that it has stopped
        return _full_disk(error)
    note_refusal(error.status, error.title)
    retry_after_s: int | None = getattr(error, "retry_after_s", None)
    return _answer(error.status, error.title, str(error), retry_after_s=retry_after_s, way_on=_way_on(error))


def _hold_address(response: Response) -> Response:
    """The response, or why it cannot be followed: some redirects keep in their address what was typed into a form."""
    if len(response.headers.get("Location", "")) <= ADDRESS_MAX_BYTES:
        return response
    return _answer(HTTPStatus.BAD_REQUEST, "Too long", _ADDRESS_SENTENCE, way_on=_page_before() or TO_TODAY)


def _way_on(error: QuizappError) -> WayOn:
    """Where the page of an error leads: of a form that was refused, and that says nothing else, to the form's page."""
    is_of_form = request.method == "POST" and error.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT)
    return (_page_before() if is_of_form and error.way_on is TO_TODAY else None) or error.way_on


def note_refusal(status: int, title: str) -> None:
    """Note it for operators, if it is one that they may look for."""
    if status in _TOLD:
        security_log.note(f"refused with {status}: {title}")


def page_too_old() -> Response:
    """The answer to a form whose token is not the session's."""
    security_log.note("refused with 400: no valid CSRF token")
    return _answer(400, "That page was too old", _CSRF_SENTENCE, way_on=_page_before() or TO_TODAY)


def _page_before() -> WayOn | None:
    """The page of this site whose form was sent: opened anew, its form is of the present sign-in. None if unknown."""
    try:
        page = urlsplit(request.referrer or "")
    except ValueError:
        return None
    is_ours = page.netloc == request.host and page.path.startswith(home()) and not page.path.startswith("//")
    address = page._replace(scheme="", netloc="", fragment="").geturl()
    if not is_ours or "\\" in address or not address.isprintable():
        return None
    return WayOn(name="Back to the page", url=address)


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:  # whoever raised the error has made the answer, such as a redirect
        return make_response(error.response)
    if request_ctx.url_adapter is None:  # of a host that is not ours Flask 3.1.3 makes none, and a page has addresses
        return Response(_HOST_SENTENCE, status=error.code, mimetype="text/plain")
    status = error.code or 500
    if status == HTTPStatus.METHOD_NOT_ALLOWED and not (wants_json() or is_swapped_in()) and (page := page_of_form()):
        return make_response(redirect(page))
    if status == HTTPStatus.NOT_FOUND and (page := page_without_slash()):
        return make_response(redirect(page, HTTPStatus.PERMANENT_REDIRECT))
    title, sentence = _SENTENCES.get(status, _SENTENCES[400 if status < 500 else 500])
    note_refusal(status, title)
    return _answer(status, title, sentence)


def _database_error(error: OperationalError | InternalError | TimeoutError) -> Response:
    if is_full_disk(error) or _has_no_room():
        return _full_disk(error)
    reference = _noted(error)
    logger.error("database, reference %s: %s", reference, getattr(error, "orig", error))
    return _answer(503, "The database is away", _DATABASE_SENTENCE, retry_after_s=RETRY_DATABASE_S, reference=reference)


def _internal_error(error: InternalError) -> Response:
    """A server of PostgreSQL that takes no writes is away for a form. A page that would write is a fault of ours."""
    is_read_only = getattr(error.orig, "sqlstate", None) == POSTGRESQL_READ_ONLY
    return _database_error(error) if is_read_only and request.method not in SAFE_METHODS else _unexpected(error)


def _has_no_room() -> bool:
    file = sqlite_file(current_app.extensions["engine"].url)
    room = None if file is None else room_at(file.parent)
    return room is not None and room.free < NOTHING_LEFT_BYTES


def _full_disk(error: Exception) -> Response:
    MEASURES.count(Counted.FULL_DISK)
    reference = _noted(error)
    said = error.orig if isinstance(error, DBAPIError) else error
    logger.error("full disk, reference %s, %s %s: %s", reference, request.method, security_log.address(), said)
    way_on = _page_before() or TO_TODAY
    return _answer(
        503, "The disk is full", _FULL_SENTENCE, retry_after_s=RETRY_FULL_S, reference=reference, way_on=way_on
    )


def _noted(error: Exception) -> str:
    """A reference for the page and the log line of an error, which the owner's page lists too."""
    reference, kind = secrets.token_hex(4), type(getattr(error, "orig", None) or error).__name__
    endpoint = request.endpoint or "nowhere"
    MEASURES.note(LoggedFault(at=time.time(), reference=reference, endpoint=endpoint, kind=kind))
    return reference


def _connection_error(error: ConnectionError) -> Response:
    try:
        return socket_routes.left_early(error)
    except ConnectionError:
        return _unexpected(error)


def _explained(error: Exception) -> QuizappError | None:
    """What an error of the database comes of, where rows were removed since the request had read them."""
    if not isinstance(error, SQLAlchemyError):
        return None
    told = _explanations()
    is_gone = isinstance(error, ObjectDeletedError | StaleDataError)
    return told[0] if told else Conflict(_GONE_SENTENCE) if is_gone else None


def _explanations() -> list[QuizappError]:
    explains: list[Explains] = current_app.extensions.get("explains", [])
    return [said for explain in explains if (said := explain()) is not None]


def _unexpected(error: Exception) -> Response:
    if is_full_disk(error):
        return _full_disk(error)
    if (explained := _explained(error)) is not None:
        logger.info("%s %s, rows were removed meanwhile: %s", request.method, security_log.address(), error)
        return answer_to(explained)
    title, sentence = _SENTENCES[500]
    reference = _noted(error)
    where = request.method, security_log.address()
    logger.exception("unexpected fault, reference %s, %s %s, account %s", reference, *where, g.get("user_id"))
    return _answer(500, title, sentence, reference=reference)


def _answer(
    status: int,
    title: str,
    sentence: str,
    *,
    retry_after_s: int | None = None,
    reference: str | None = None,
    way_on: WayOn = TO_TODAY,
) -> Response:
    if wants_json():
        response = jsonify(error=title, message=sentence, reference=reference)
    else:
        page = {"status": status, "title": title, "sentence": sentence, "reference": reference, "way_on": way_on}
        response = make_response(_drawn(page))
    response.status_code = status
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


def _drawn(page: Mapping[str, object]) -> str:
    """The page of an error; for nobody if whoever was signed in has been deleted since."""
    try:
        return render_template("errors/page.html", **page)
    except ObjectDeletedError:
        _explanations()
        return render_template("errors/page.html", **page)
