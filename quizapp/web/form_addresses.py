"""Addresses that are no page's but lead to one: of a form, in a tab that a browser restores, or with a slash more."""

from urllib.parse import quote

from flask import request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

PARTS_OF_FORMS = 2  # of the address of a form, behind its page's, as in `/trial/grade`


def page_of_form() -> str | None:
    """The page whose form is sent to the address that a GET asks for; None without one, and for other methods.

    It is at the beginning of the address: `/practice/…/3` of `/practice/…/3/answer`.
    """
    path, adapter = request.path, request_ctx.url_adapter
    if request.method != "GET" or adapter is None:
        return None
    for _ in range(PARTS_OF_FORMS):
        path = path.rpartition("/")[0]
        try:
            if path and adapter.match(path, method="GET"):
                return request.script_root + path
        except (HTTPException, RequestRedirect):
            continue
    return None


def page_without_slash() -> str | None:
    """The page that a GET asks for with a slash too many at its end; None without one, and for other methods."""
    path, adapter = request.path.rstrip("/"), request_ctx.url_adapter
    if request.method != "GET" or adapter is None or path in ("", request.path):
        return None
    try:
        adapter.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    query = request.query_string.decode("ascii", "replace")
    return f"{request.script_root}{quote(path)}" + (f"?{query}" if query else "")
