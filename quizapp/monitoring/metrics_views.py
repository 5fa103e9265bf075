"""GET /metrics: the figures of web, and those of sandboxd, which Prometheus cannot ask at its unix socket."""

from typing import Any

from flask import Response, current_app, request

from quizapp.accounts.guards import Audience, audience
from quizapp.errors import Forbidden, NotFound
from quizapp.monitoring.installation import Installed, installed
from quizapp.process_figures import MEASURES
from quizapp.sandboxes.client import SandboxClient
from quizapp.web.application import current_settings
from quizapp.web.database import get_db
from quizapp.web.health import trouble
from quizapp.web.metrics_access import may_watch


class NoWatcher(Forbidden):
    """A token was sent that is not the one of this installation."""

    status = 401


@audience(Audience.ANYONE)
def show() -> Response:
    """The figures of the web processes of this server, also while the database is away."""
    _refuse_others()
    from quizapp.monitoring.exposition import exposed  # with its library, which takes longer to load than Flask

    accept = request.headers.get("Accept", "")
    site: Any = current_app  # a `Site`
    text, content_type = exposed(MEASURES, site.request_times, _installed, accept=accept)
    return Response(text, content_type=content_type)


@audience(Audience.ANYONE)
def show_sandboxd() -> Response:
    """The figures of sandboxd. Answers 503 if it is away."""
    _refuse_others()
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

    client: SandboxClient = current_app.extensions["sandboxes"]
    return Response(client.metrics(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _installed() -> Installed:
    is_up = trouble() is None
    return installed(get_db(), current_settings(), is_up=is_up)


def _refuse_others() -> None:
    """Raise NotFound, as if there were no such page; but whoever sends a wrong token is told so."""
    if may_watch(current_settings()):
        return
    if "Authorization" in request.headers:
        raise NoWatcher("This is not the token of QUIZAPP_METRICS_TOKEN. See that both sides have the same.")
    raise NotFound("There is nothing at this address.")
