"""The web application with sandboxes in memory, and sandboxd's own HTTP beside it below SANDBOXD. Needs no engine."""

from contextlib import nullcontext
from typing import Any, cast

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from quizapp import clock, create_app
from quizapp.labs import wiring
from quizapp.sandboxes.daemon.app import create_sandboxd
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.sandboxes.pool.pool import Pool
from quizapp.settings import Settings

SANDBOXD = "/sandboxd-of-this-row"
MOST = 1_000

_settings = Settings.from_env().model_copy(update={"engine": ""})  # hands-on questions are on
_client = FakeSandboxClient(now=clock.now, most=MOST)
app = create_app(_settings, sandboxes=_client)
wiring.init_app(app, _settings, sandboxes=_client, workshop=lambda: nullcontext(_client))
# What sandboxd asks of a pool is what a client can be asked, but for figures.
_sandboxd: Any = create_sandboxd(cast(Pool, _client))
app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {SANDBOXD: _sandboxd})  # type: ignore[method-assign]
