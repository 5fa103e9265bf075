"""The pictures of notes, which an import has copied. They run nothing, whatever is in them."""

from flask import Response

from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.catalogue.picture_rows import may_see
from quizapp.catalogue.pictures.pictures import kept
from quizapp.errors import NotFound
from quizapp.web.application import current_settings
from quizapp.web.database import get_db


@audience(Audience.LEARNER)
def show(name: str) -> Response:
    """A picture of a note that the person sees; its name says for good what it is. Raises NotFound.

    Whether somebody else's note shows it is not said: the answer is the same as for a name of no picture.
    """
    found = kept(current_settings().pictures_dir, name) if may_see(get_db(), user=current_user(), name=name) else None
    if found is None:
        raise NotFound("There is no such picture any more. Import its note again.")
    response = Response(found[0], mimetype=found[1])
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.vary.add("Cookie")  # the browser's copy is not for the next person who signs in there
    return response
