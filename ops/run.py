"""`make run`: the whole product on one machine, until Ctrl-C. Knows its processes by their commands alone."""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops.checkout import Checkout
from ops.children import Child
from ops.command import as_command
from ops.console import Failed, Progress, check_wanted, child_env, say
from ops.engine import NO_ENGINE, Engine, Place, choose, is_cluster
from ops.image import IMAGE
from ops.setup import ASSETS, CLUSTER, PACKAGES, engine_steps, product_steps
from ops.steps import EachTime, Step, bring_up_to_date

DEFAULT_PORT = 8000
GRACEFUL_S = 3  # after which gunicorn ends, as both configurations say
START_WAIT_S = 60.0  # a cold disk reads the packages slowly
END_SANDBOXES_S = 30.0  # removing all sandboxes of a full machine, two seconds each, several at a time
SOCKET_PATH_MAX = 100  # the kernel takes 107 bytes; gunicorn and a temporary suffix want a few
ADDRESS = "address"  # the file in which commands of a person's own find the address, as settings.ADDRESS
WEB, SANDBOXD = "web", "sandboxd"
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Where one running product lives."""

    checkout: Checkout
    port: int
    instance: Path
    engine: str | None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket(self) -> Path:
        return self.instance / "sandboxd" / "sandboxd.sock"

    def env(self) -> dict[str, str]:
        """The settings that every process of this installation shares; what the person set stays."""
        return child_env(
            {
                "QUIZAPP_PUBLIC_URL": os.environ.get("QUIZAPP_PUBLIC_URL") or self.address,
                "QUIZAPP_INSTANCE_DIR": str(self.instance),
                "QUIZAPP_SANDBOXD_SOCKET": str(self.socket),
                "QUIZAPP_ENGINE": self.engine or NO_ENGINE,
                "QUIZAPP_SANDBOXD_ENDS_ALL": "1",
            }
        )


def main() -> None:
    """Set up, start everything, print the address, and end everything on Ctrl-C or when a process dies."""
    checkout = Checkout.here()
    port = port_from(os.environ)
    instance = Path(os.environ.get("QUIZAPP_INSTANCE_DIR") or checkout.instance).absolute()
    with only_one(instance):
        claim_nothing_taken(port)
        engine = choose(os.environ)
        url = engine.url if isinstance(engine, Place) else engine
        installation = Installation(checkout=checkout, port=port, instance=instance, engine=url)
        (instance / ADDRESS).write_text(installation.env()["QUIZAPP_PUBLIC_URL"])
        live(installation, engine)


def port_from(env: Mapping[str, str]) -> int:
    """The port that QUIZAPP_PORT names, or the usual one; raises Failed when it is no port."""
    text = env.get("QUIZAPP_PORT") or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Failed(f"QUIZAPP_PORT is {text!r}, which is no port: set it to a number from 1 to 65535.")
    return int(text)


def claim_nothing_taken(port: int) -> None:
    """Raise Failed, before anything is started, when the port is not to be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Failed(f"Port {port} needs root rights: choose one above 1023, as in QUIZAPP_PORT=8001.") from error
        except OSError as error:
            other = port + 1 if port < 65535 else DEFAULT_PORT
            raise Failed(
                f"Port {port} is taken: end what listens there, or choose another, as in QUIZAPP_PORT={other} make run."
            ) from error


@contextmanager
def only_one(instance: Path) -> Iterator[None]:
    """Hold this instance folder: two products on one database file and one socket would disturb each other."""
    if len(str(instance)) > SOCKET_PATH_MAX - len("/sandboxd/sandboxd.sock"):
        raise Failed(f"{instance} is too long a path for a socket: move the checkout, or set QUIZAPP_INSTANCE_DIR.")
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (instance / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Failed(f"quizapp already runs on {instance}: end it there first, with Ctrl-C.") from error
        yield


def live(installation: Installation, engine: Engine) -> None:
    """Set up and start everything side by side, say where the product is, and wait for its end."""
    ended = threading.Event()
    checkout, processes = installation.checkout, Processes(installation)
    with ExitStack() as using:
        try:
            needed = [*product_steps(checkout), *engine_steps(checkout, engine, using)]
            bring_up_to_date([*needed, *processes.steps()])
            wait_until_healthy(installation, processes.started())
            for ending in ENDINGS:
                signal.signal(ending, lambda *_: ended.set())
            say(f"  ok   quizapp is ready, and this link signs you in once: {processes.link}")
            while not ended.wait(0.2):
                tell_the_dead(processes.started())
        finally:
            end_in_order(processes.started())  # while the engine is there, since sandboxd removes its sandboxes


class Processes:
    """The processes of one installation, each started by a step of its own."""

    def __init__(self, installation: Installation) -> None:
        self.link = ""
        self._installation = installation
        self._started: dict[str, Child] = {}
        # A process ends with the thread that has started it, so all are started by one that stays.
        self._starter = ThreadPoolExecutor(1)

    def started(self) -> list[Child]:
        """Those that were started, in the order in which they depend on each other."""
        return [self._started[name] for name in (SANDBOXD, WEB) if name in self._started]

    def steps(self) -> list[Step]:
        """Migrate, import, start: the web server beside the first two, since it loads for as long as they take.

        Who asks it too early is told to come back soon.
        """
        built = (PACKAGES, ASSETS)  # bringing up keeps a copy of the scripts and styles, which a build replaces
        up = Step(title="Database and content", record=EachTime(), work=self._bring_up, after=built)
        web = Step(title="Web server", record=EachTime(), work=self._start_web, after=built)
        engine = self._installation.engine
        if engine is None:
            return [up, web]
        first = CLUSTER if is_cluster(engine) else IMAGE
        sandboxd = Step(title="Sandbox service", record=EachTime(), work=self._start_sandboxd, after=(PACKAGES, first))
        return [up, web, sandboxd]

    def _bring_up(self, progress: Progress) -> None:
        self.link = migrate_and_import(self._installation, progress.note)

    def _start_web(self, _: Progress) -> None:
        self._started[WEB] = self._starter.submit(start_web, self._installation).result()
        log, port = self._installation.checkout.log(WEB), self._installation.port
        # Its health is asked for once the database is there too: a migration may take long.
        wait_until(lambda: health_of(port) is not None, "The web server", log, self.started())

    def _start_sandboxd(self, _: Progress) -> None:
        self._started[SANDBOXD] = self._starter.submit(start_sandboxd, self._installation).result()
        log = self._installation.checkout.log(SANDBOXD)
        wait_until(lambda: is_listening(self._installation.socket), "The sandbox service", log, self.started())


def gunicorn(installation: Installation, *, bind: str, config: str, app: Sequence[str] = ()) -> list[str]:
    """One gunicorn, by the product's own configuration for it."""
    return [installation.checkout.tool("gunicorn"), "--bind", bind, "--config", f"python:{config}", *app]


def start_sandboxd(installation: Installation) -> Child:
    """The only process that opens the engine's socket; its own socket is open to this user alone."""
    installation.socket.parent.mkdir(exist_ok=True, mode=0o700)
    return start(installation, SANDBOXD, sandboxd_command(installation), patience_s=END_SANDBOXES_S)


def sandboxd_command(installation: Installation) -> list[str]:
    """What sandboxd is started by."""
    return gunicorn(installation, bind=f"unix:{installation.socket}", config="quizapp.gunicorn_sandboxd")


def start_web(installation: Installation) -> Child:
    """The web server."""
    return start(installation, WEB, web_command(installation), patience_s=GRACEFUL_S + 5)


def web_command(installation: Installation) -> list[str]:
    """What the web server is started by; the last word is what it serves."""
    bind = f"127.0.0.1:{installation.port}"
    return gunicorn(installation, bind=bind, config="quizapp.gunicorn_web", app=("wsgi:app",))


def start(installation: Installation, name: str, command: list[str], *, patience_s: float) -> Child:
    """One process of the installation, with its log."""
    log = installation.checkout.log(name)
    return Child.start(
        name, command, cwd=installation.checkout.root, env=installation.env(), log=log, patience_s=patience_s
    )


def migrate_and_import(installation: Installation, note: Callable[[str], None]) -> str:
    """Bring the database and the content up to date; returns the owner's one-use sign-in link. `note` gets warnings."""
    log = installation.checkout.log("up")
    command = [installation.checkout.tool("flask"), "--app", "quizapp.up", "up"]
    up = subprocess.run(
        command,
        cwd=installation.checkout.root,
        env=installation.env(),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    log.write_text(up.stderr, encoding="utf-8")  # not the output: the link in it is a key
    if up.returncode != 0 or not up.stdout.strip():
        raise Failed(f"The database or the content could not be brought up to date: see {log}.", log=log)
    for line in up.stderr.splitlines():
        if not line.startswith("INFO "):  # what libraries tell each other is for the log
            note(line)
    return up.stdout.splitlines()[-1]


def wait_until_healthy(installation: Installation, children: Sequence[Child]) -> None:
    """Wait until the web server answers /health; raises Failed when a process dies or nothing answers."""
    wait_until(lambda: is_healthy(installation.port), "The web server", installation.checkout.log(WEB), children)


def wait_until(is_so: Callable[[], bool], who: str, log: Path, children: Sequence[Child]) -> None:
    """Wait for a process to answer; raises Failed when one of `children` dies or START_WAIT_S are over."""
    deadline = time.monotonic() + START_WAIT_S
    while not is_so():
        check_wanted()
        tell_the_dead(children)
        if time.monotonic() > deadline:
            raise Failed(f"{who} does not answer after {START_WAIT_S:.0f} s: see {log}.", log=log)
        time.sleep(0.03)


def is_listening(path: Path) -> bool:
    """Whether somebody takes connections at this unix socket; what is asked before it is loaded waits for that."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(str(path))
        except OSError:
            return False
        return True


def is_healthy(port: int) -> bool:
    """Whether /health says so."""
    return health_of(port) == http.client.OK


def health_of(port: int) -> int | None:
    """The status of /health; None if nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def tell_the_dead(children: Sequence[Child]) -> None:
    """Raise Failed for the first process that ended by itself."""
    for child in children:
        if child.has_died():
            raise Failed(f"{child.name} ended by itself, so everything ends: see {child.log}.", log=child.log)


def end_in_order(children: Sequence[Child]) -> None:
    """End the web server first, so that nobody asks for a sandbox any more, then sandboxd, which removes them all."""
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)  # a second Ctrl-C must not cut short what is bounded in time anyway
    for child in reversed(children):
        say(f"       Ending {child.name}")
        child.end()


if __name__ == "__main__":
    as_command(main)
