"""Addresses that only forms are sent to, opened by a browser itself, as it does with a tab that it restores."""

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
