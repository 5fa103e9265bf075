"""A product with an engine of its own, and what is done to its services. Knows nobody who uses it."""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from unittest import mock

from benchmarks.kills import SETTINGS
from benchmarks.kills_processes import LOOK_S, EngineProcess, Kept
from benchmarks.postgresql import Server
from benchmarks.product import wait_for
from ops.checkout import Checkout
from ops.children import Child
from ops.docker_api import answers
from ops.engine import Place
from ops.run import Installation, is_healthy, is_listening, migrate_and_import, sandboxd_command, web_command
from ops.running_product import free_port
from ops.system import find_program
from quizapp.labs.hosts.run_host import HostState

LAB = "app-cannot-reach-db"  # the content of the installation; to import all of it takes half a minute
WEB, SANDBOXD = "stricken-web", "stricken-sandboxd"  # their logs
NO_ENGINE = "it needs an engine of its own, which root starts from dockerd"
PATIENCE_S = 40.0  # from SIGTERM until it is killed: dockerd gives its containers 15 s
TERMINATED_S = 60.0  # for a process to end


class Deed(StrEnum):
    """What is done to a service."""

    STOP = "stopped"
    KILL = "killed"
    PAUSE = "paused"
    RESTART = "restarted"


class Service(StrEnum):
    """To what it is done."""

    ENGINE = "engine"
    SANDBOXD = "sandboxd"
    WEB = "web"
    DATABASE = "database"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One deed, and what a page may say of a host that was ready before."""

    service: Service
    deed: Deed

    @property
    def said(self) -> str:
        """It in two words."""
        return f"{self.service} {self.deed}"

    @property
    def away(self) -> frozenset[HostState]:
        """What is right while the service is away. A paused engine has not ended what runs, which goes on."""
        if self.service is Service.SANDBOXD:
            return frozenset({HostState.AWAY})
        return frozenset({HostState.AWAY, HostState.READY if self.deed is Deed.PAUSE else HostState.LOST})

    @property
    def back(self) -> HostState:
        """What is right once it is back: with a Docker engine its containers end, and with sandboxd none does."""
        ends_all = self.service is Service.ENGINE and self.deed is not Deed.PAUSE
        return HostState.LOST if ends_all else HostState.READY

    @property
    def lasts(self) -> bool:
        """Whether the service is away for a time, so that pages can be looked at meanwhile."""
        return self.deed in (Deed.STOP, Deed.PAUSE)


HOSTS: Sequence[Service] = (Service.ENGINE, Service.SANDBOXD)
"""The services that hosts need. A page that is shown needs the others."""
EVENTS: Sequence[Event] = [Event(service=service, deed=deed) for deed in Deed for service in HOSTS]


class Stricken:
    """The running product. `strike` begins an event, `mend` ends it."""

    def __init__(self, installation: Installation, engine: EngineProcess, *, app: str, database: Server | None) -> None:
        self.installation = installation
        self._engine, self._database = engine, database
        self._sandboxd = Kept("sandboxd", partial(self._child, SANDBOXD, sandboxd_command(installation)))
        *command, _ = web_command(installation)
        self._web = Kept("web", partial(self._child, WEB, [*command, app]))

    def wait(self) -> None:
        """Wait until all of it serves."""
        wait_for(self._engine_answers, "the engine answers")
        wait_for(lambda: is_listening(self.installation.socket), "sandboxd listens")
        wait_for(lambda: is_healthy(self.installation.port), "web and its database answer")

    def strike(self, event: Event) -> None:
        """Do it. Returns once the process is dead, or stands still."""
        match event.deed:
            case Deed.PAUSE:
                self._signal(event.service, signal.SIGSTOP)
            case Deed.KILL:
                self._signal(event.service, signal.SIGKILL)
                self._wait_for_death(event.service)
            case Deed.STOP | Deed.RESTART:
                self._signal(event.service, signal.SIGTERM)
                self._wait_for_death(event.service)

    def mend(self, event: Event) -> None:
        """Start the service again, or let it go on. Returns once it answers."""
        if event.deed is Deed.PAUSE:
            self._signal(event.service, signal.SIGCONT)
        else:
            self._kept(event.service).mend()
        self.wait()

    def end(self) -> None:
        """End web and sandboxd, even where one stands still."""
        for service in HOSTS:
            if not self._kept(service).is_dead:
                self._signal(service, signal.SIGCONT)
        for name, kept in ((WEB, self._web), (SANDBOXD, self._sandboxd)):
            kept.end()
            _tell(self.installation.checkout.log(name))

    def _engine_answers(self) -> bool:
        """Whether it does. One that has died is started again, as by whoever keeps it."""
        self._engine.mend()
        return answers(self.installation.engine or "")

    def _kept(self, service: Service) -> EngineProcess | Kept | Server:
        match service:
            case Service.ENGINE:
                return self._engine
            case Service.SANDBOXD:
                return self._sandboxd
            case Service.WEB:
                return self._web
            case Service.DATABASE:
                assert self._database is not None, "its database is a file"
                return self._database

    def _signal(self, service: Service, number: signal.Signals) -> None:
        """To dockerd alone, whose containerd ends and goes on by itself; to a gunicorn that stands still, to all of it.

        A gunicorn's parent passes SIGTERM on. PostgreSQL's own children see that their parent is gone.
        """
        kept = self._kept(service)
        if isinstance(kept, Kept) and number is not signal.SIGTERM:
            os.killpg(kept.pid, number)
        else:
            os.kill(kept.pid, number)

    def _wait_for_death(self, service: Service) -> None:
        until = time.monotonic() + TERMINATED_S
        while not self._kept(service).is_dead:
            assert time.monotonic() < until, f"{service} does not end"
            time.sleep(LOOK_S)

    def _child(self, name: str, command: Sequence[str]) -> Child:
        checkout = self.installation.checkout
        self.installation.socket.parent.mkdir(exist_ok=True, mode=0o700)
        # Sandboxes outlive a sandboxd that ends: `make run`, which ends all, is not what an operator runs.
        env = {**self.installation.env(), "QUIZAPP_SANDBOXD_ENDS_ALL": "0"}
        log = checkout.log(name)
        _tell(log)
        return Child.start(name, command, cwd=checkout.root, env=env, log=log, patience_s=PATIENCE_S)


def _tell(log: Path) -> None:
    """Say what a process has said that has ended: the next one begins the same file anew."""
    if log.exists():
        print(log.read_text(encoding="utf-8", errors="replace"), file=sys.stderr)
        log.unlink()


def why_not() -> str:
    """Why there can be no engine of its own here; empty if there can."""
    return "" if os.geteuid() == 0 and find_program("dockerd") else NO_ENGINE


@contextmanager
def engine_with_image() -> Iterator[tuple[EngineProcess, Place, Path]]:
    """An engine with the sandbox image, its place, and a short path beside it; removed after the block."""
    with tempfile.TemporaryDirectory(prefix="qe-") as home:
        place = Place.from_env({"QUIZAPP_ENGINE_HOME": home})
        with EngineProcess(place) as engine:
            engine.build_image(Checkout.here())
            yield engine, place, Path(home)


@contextmanager
def stricken(
    engine: EngineProcess, place: Place, folder: Path, *, app: str = "wsgi:app", database: Server | None = None
) -> Iterator[Stricken]:
    """A product on this engine that has nothing in `folder` yet; it serves while the block runs.

    Its database is that of `database`, which has none of the product's yet, or else a SQLite file.
    """
    instance, checkout = folder / "instance", Checkout.here()
    instance.mkdir(parents=True, mode=0o700)
    shutil.copytree(checkout.root / "content" / "labs" / LAB, folder / "content" / "labs" / LAB)
    url = database.url if database else ""
    env = {**SETTINGS, "QUIZAPP_CONTENT_DIR": str(folder / "content"), "QUIZAPP_PUBLIC_URL": "", "DATABASE_URL": url}
    with ExitStack() as using:
        using.enter_context(mock.patch.dict(os.environ, env))
        installation = Installation(checkout=checkout, port=free_port(), instance=instance, engine=place.url)
        migrate_and_import(installation, partial(print, file=sys.stderr))
        running = Stricken(installation, engine, app=app, database=database)
        using.callback(running.end)
        running.wait()
        yield running
