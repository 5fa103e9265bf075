"""What a browser keeps of the review page for a reload without a connection: its service worker, and an empty page."""

from flask import Response, render_template

from quizapp.accounts.guards import Audience, audience
from quizapp.web.assets import built_file
from quizapp.web.mounting import mounted_at

SCOPE = "/review"  # the page itself: by its address alone, the worker could answer only what is below "/review/"


@audience(Audience.LEARNER)
def worker() -> Response:
    """The service worker, which is the same for everybody; its address names the list of files that it keeps."""
    response = Response(built_file("worker.js"), mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = mounted_at() + SCOPE
    return response


@audience(Audience.LEARNER)
def offline() -> str:
    """The review page without a card. It takes no message that waits for the next page, and has no token."""
    return render_template("review/offline.html", csrf_token=lambda: "", get_flashed_messages=lambda **_: [])
