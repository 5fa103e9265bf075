"""Finds a Docker engine that answers, or runs our own one while programs hold its lock. Knows no image."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ops.checkout import Checkout
from ops.console import Failed
from ops.docker_api import answers
from ops.image import IMAGE_PACKAGES
from ops.system import as_root, find_program, install_packages

NO_ENGINE = "none"
CLUSTER = "kubernetes:"  # QUIZAPP_ENGINE begins so where sandboxes run on a cluster
DEFAULT_ENGINE = "unix:///var/run/docker.sock"
PACKAGES = ("docker.io", *IMAGE_PACKAGES)
LEAVE_WAIT_S = 25.0  # the keeper kills the daemon after 20 s


@dataclass(frozen=True, kw_only=True)
class Place:
    """The folders of our own engine. All checkouts on the machine share the default ones."""

    run: Path = Path("/run/quizapp")
    data: Path = Path("/var/lib/quizapp/engine")

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Place":
        """The default folders, or two folders in QUIZAPP_ENGINE_HOME if that is set."""
        home = env.get("QUIZAPP_ENGINE_HOME")
        return cls(run=Path(home, "run"), data=Path(home, "data")) if home else cls()

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def socket(self) -> Path:
        return self.run / "docker.sock"

    @property
    def lock(self) -> Path:
        """Each program locks this file shared while it uses the engine; the keeper ends the engine once none does."""
        return self.run / "engine.lock"

    @property
    def pidfile(self) -> Path:
        return self.run / "engine.pid"

    @property
    def containerd_pidfile(self) -> Path:
        """Written by the daemon, for the containerd that it starts."""
        return self.run / "exec" / "containerd" / "containerd.pid"

    @property
    def keeper_pidfile(self) -> Path:
        return self.run / "keeper.pid"

    @property
    def log(self) -> Path:
        return self.run / "engine.log"


Engine = Place | str | None  # the place of our own, the address of another one that answers, or none


def is_cluster(url: str) -> bool:
    """Whether this address is a Kubernetes cluster's, in place of a Docker engine's."""
    return url.startswith(CLUSTER)


def names_cluster(env: Mapping[str, str]) -> bool:
    """Whether QUIZAPP_ENGINE names a Kubernetes cluster."""
    return is_cluster(env.get("QUIZAPP_ENGINE", ""))


def find(env: Mapping[str, str], *, is_up: Callable[[str], bool] = answers) -> str | None:
    """The address of an engine that is not ours and answers; None if there is none.

    If QUIZAPP_ENGINE is set, only that engine is tried; else DOCKER_HOST, then DEFAULT_ENGINE. Raises Failed if the
    engine of QUIZAPP_ENGINE does not answer.
    """
    named = env.get("QUIZAPP_ENGINE")
    if named:
        if not is_cluster(named) and not is_up(named):
            raise Failed(f"No Docker engine answers at {named}, which QUIZAPP_ENGINE names: start it or unset that.")
        return named
    return next((url for url in (env.get("DOCKER_HOST"), DEFAULT_ENGINE) if url and is_up(url)), None)


def choose(env: Mapping[str, str]) -> Engine:
    """Which engine to use, without starting anything. Raises Failed when QUIZAPP_ENGINE names one that is down."""
    if env.get("QUIZAPP_ENGINE") == NO_ENGINE:
        return None
    place = Place.from_env(env)
    return place if env.get("QUIZAPP_ENGINE") == place.url else find(env) or place


@contextmanager
def own_engine(place: Place, checkout: Checkout) -> Iterator[None]:
    """Run our own engine while the block runs; dockerd is installed first if the machine has none."""
    with ExitStack() as stack:
        stack.enter_context(_shared(place, checkout))
        if not answers(place.url):
            if find_program("dockerd") is None:
                install_packages(PACKAGES, reason="No Docker engine answers here", checkout=checkout)
            _start(place, checkout)
        yield


@contextmanager
def _shared(place: Place, checkout: Checkout) -> Iterator[None]:
    """Hold the engine's lock shared while the block runs, then wait for its end if no other program holds the lock."""
    if not place.lock.exists():
        make = 'mkdir -p "$1" && touch "$1/engine.lock" && chmod 644 "$1/engine.lock"'
        made = subprocess.run(as_root(["sh", "-c", make, "sh", str(place.run)]), cwd=checkout.root, check=False)
        if made.returncode != 0:
            raise Failed(f"{place.run} could not be made: run this as root, or as a user who may use sudo.")
    lock = place.lock.open("rb")
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)  # waits if a keeper is ending the engine now
        yield
    finally:
        was_last = _is_last(lock)
        lock.close()
        if was_last:
            _wait_until_ended(place)


def _is_last(lock: IO[bytes]) -> bool:
    """Whether no other program holds this lock; if so, this process holds it alone from now on."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_until_ended(place: Place) -> None:
    """Wait until no keeper runs, another program uses the engine, or LEAVE_WAIT_S is over."""
    deadline = time.monotonic() + LEAVE_WAIT_S
    while keeper_is_alive(place) and not _others_use(place) and time.monotonic() < deadline:
        time.sleep(0.05)


def _others_use(place: Place) -> bool:
    """Whether a program holds the lock shared: it cannot be locked alone, but shared, unlike during a keeper's lock."""
    with place.lock.open("rb") as lock:
        if _is_last(lock):
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def keeper_is_alive(place: Place) -> bool:
    """Whether the keeper of our engine runs."""
    try:
        pid = int(place.keeper_pidfile.read_text(encoding="ascii"))
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        return b"ops.daemon_keeper" in command or b"ops.keeper" in command  # its name in earlier versions
    except (OSError, ValueError):
        return False


def daemon_is_alive(place: Place) -> bool:
    """Whether the daemon of our engine runs, whether or not it answers."""
    try:
        pid = int(place.pidfile.read_text(encoding="ascii"))
        return str(place.pidfile).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return False


def _start(place: Place, checkout: Checkout) -> None:
    """Start keeper and daemon as root, and wait until the engine answers this user. Raises Failed if it does not."""
    command = [sys.executable, "-B", "-m", "ops.daemon_keeper", str(place.run), str(place.data), str(os.getuid())]
    started = subprocess.run(as_root(command), cwd=checkout.root, check=False)
    if started.returncode != 0 or not answers(place.url):
        raise Failed(
            f"The Docker engine at {place.socket} did not start, or runs and does not answer: see {place.log}, or set"
            " QUIZAPP_ENGINE=none to go without hands-on questions.",
            log=place.log,
        )
