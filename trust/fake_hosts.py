"""The web application with sandboxes in memory, and sandboxd's own HTTP beside it below SANDBOXD. Needs no engine."""

from contextlib import nullcontext
from typing import Any, cast

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from quizapp import clock, create_app
from quizapp.labs import wiring
from quizapp.sandboxes.client import Sandbox, Terminal
from quizapp.sandboxes.daemon.app import create_sandboxd
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.sandboxes.pool.pool import Pool
from quizapp.settings import Settings

SANDBOXD = "/sandboxd-of-this-row"
MOST = 1_000
LIVE_KEPT, ENDED_KEPT = 300, 20  # more than any row has at once, and those whose pages may be open still
PRINTED = "printed-by-shells"  # a file in the instance folder, whose bytes each new shell shows first


class _Printing(FakeSandboxClient):
    """Sandboxes in memory whose shells begin with what stands in PRINTED. It forgets those that have ended long ago."""

    def ask(self, **wishes: Any) -> Sandbox:
        """See SandboxClient.ask."""
        self._forget()
        return super().ask(**wishes)

    def terminal(self, sandbox_id: str, **wishes: Any) -> Terminal:
        """See SandboxClient.terminal."""
        opened = super().terminal(sandbox_id, **wishes)
        file = _settings.instance_dir / PRINTED
        if wishes.get("resume") is None and file.exists():
            opened.send(file.read_bytes())
        return opened

    def _forget(self) -> None:
        """Else a row that looks at the memory of the product would see what this stand-in keeps for tests.

        Nor does a lease of it end, so those of people who went away are ended here.
        """
        self.ran.clear()
        for one in self.list()[:-LIVE_KEPT]:
            self.end(one.id)
        with self._lock:
            ended = [one.id for one in self._sandboxes.values() if not one.state.is_live]
            for sandbox_id in ended[:-ENDED_KEPT]:
                for held in (self._sandboxes, self._polls, self._shells, self._echoes, self._put_off):
                    held.pop(sandbox_id, None)


_settings = Settings.from_env().model_copy(update={"engine": ""})  # hands-on questions are on
_client = _Printing(now=clock.now, most=MOST)
app = create_app(_settings, sandboxes=_client)
wiring.init_app(app, _settings, sandboxes=_client, workshop=lambda: nullcontext(_client))
# What sandboxd asks of a pool is what a client can be asked, but for figures.
_sandboxd: Any = create_sandboxd(cast(Pool, _client))
app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {SANDBOXD: _sandboxd})  # type: ignore[method-assign]
