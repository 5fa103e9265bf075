"""/health, for monitoring: whether this process answers and reaches its database. Knows no domain and no sandbox."""

from flask import Response
from sqlalchemy import select

from quizapp.web.database import get_db


def show() -> Response:
    """`ok` in plain text. Raises OperationalError, answered with 503, if the database does not answer."""
    get_db().execute(select(1))
    return Response("ok\n", mimetype="text/plain")
