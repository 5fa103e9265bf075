"""What a learner takes along: all that they did with cards, as a file."""

from flask import Blueprint, stream_with_context
from werkzeug.wrappers import Response

from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.errors import NotFound
from quizapp.review import log_export
from quizapp.review.log_export import LogFormat
from quizapp.web.database import get_db

bp = Blueprint("log", __name__)
_TYPES = {LogFormat.CSV: "text/csv", LogFormat.REVLOG: "text/csv", LogFormat.JSON: "application/json"}


@bp.get("/account/reviews.<form>")
@audience(Audience.LEARNER)
def export(form: str) -> Response:
    """The file, sent while it is read."""
    if form not in set(LogFormat):
        raise NotFound("There is no such form. Choose csv, json or revlog.")
    user, chosen = current_user(), LogFormat(form)
    name = log_export.file_name(user, chosen)
    pieces = stream_with_context(log_export.export(get_db(), user=user, form=chosen))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pieces, headers=headers, content_type=f"{_TYPES[chosen]}; charset=utf-8")
