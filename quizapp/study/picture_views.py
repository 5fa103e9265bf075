"""The pictures of notes, which an import has copied. They run nothing, whatever is in them."""

from flask import Blueprint, Response

from quizapp.accounts.guards import Audience, audience
from quizapp.catalogue.pictures import kept
from quizapp.errors import NotFound
from quizapp.web.application import current_settings

bp = Blueprint("pictures", __name__, url_prefix="/pictures")


@bp.get("/<name>")
@audience(Audience.LEARNER)
def show(name: str) -> Response:
    """A picture, which its name says for good. Raises NotFound."""
    found = kept(current_settings().pictures_dir, name)
    if found is None:
        raise NotFound("There is no such picture any more. Import its note again.")
    response = Response(found[0], mimetype=found[1])
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
