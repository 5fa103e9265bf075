"""Whether this process serves and reaches its database, for those who watch it. Knows no domain and no sandbox."""

from flask import Response
from sqlalchemy import select

from quizapp.web.database import get_db


def show() -> Response:
    """Say `ok` in plain text; a database that does not answer raises, and the error page says so with 503."""
    get_db().execute(select(1))
    return Response("ok\n", mimetype="text/plain")
