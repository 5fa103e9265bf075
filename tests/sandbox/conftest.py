"""A sandboxd of the tests' own on the real engine: another key, another socket, and nothing left at the end."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from quizapp import clock
from quizapp.sandboxes.client import Sandbox, SandboxClient, SandboxState
from quizapp.sandboxes.daemon import wiring
from quizapp.sandboxes.engine.docker import DockerEngine
from quizapp.sandboxes.engine.probe import EACH_S_MOST
from quizapp.sandboxes.engine.protocol import Engine
from quizapp.sandboxes.pool import reaper
from quizapp.sandboxes.pool.ownership import Signer
from quizapp.sandboxes.recipe.template import AWAIT, PROBE
from quizapp.sandboxes.remote.http_client import HttpSandboxClient
from quizapp.settings import Settings

KUBECONFIG = "QUIZAPP_TEST_KUBECONFIG"  # what names a cluster for tests
MOST = 3  # sandboxes at once, so that a full house is quickly reached
QUEUE = 2
MANY = 10_000  # starts within an hour: what one learner of these tests asks for
# For whatever comes in a moment on a machine that does nothing else: a long limit costs nothing when things go well.
# What must come within seconds is measured in the part `alone` or by the benchmarks.
PATIENCE_S = 60.0
EACH_S = EACH_S_MOST  # for a command that need not be quick: as long as one may take at all
LOOK_EVERY_S = 0.05  # a question to sandboxd takes some milliseconds of the processor, and a start a second


class Sandboxd:
    """A sandboxd process. It may be killed and started again; its sandboxes carry this installation's signature."""

    def __init__(self, folder: Path, engine_url: str) -> None:
        self.settings = Settings(
            instance_dir=folder,
            secret_key=SecretStr("only for tests " + folder.name.ljust(32, "x")),
            engine=engine_url,
            max_sandboxes=MOST,
            sandbox_queue=QUEUE,
            sandbox_warm=0,  # so that a test sees each start; the tests of warm ones say so
            sandbox_starts_an_hour=MANY,
        ).completed()
        self.client = HttpSandboxClient(self.settings.sandboxd_socket)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The worker's process id: the one process below the master."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return int(children.read_text().split()[0])

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.settings.sandboxd_socket.parent.mkdir(mode=0o700, exist_ok=True)
        env = os.environ | {
            "QUIZAPP_INSTANCE_DIR": str(self.settings.instance_dir),
            "QUIZAPP_ENGINE": self.settings.engine,
            "QUIZAPP_MAX_SANDBOXES": str(MOST),
            "QUIZAPP_SANDBOX_QUEUE": str(QUEUE),
            "QUIZAPP_SANDBOX_STARTS_AN_HOUR": str(MANY),
            "SANDBOX_WARM": "0",
            "SECRET_KEY": self.settings.secret_key.get_secret_value(),
            "QUIZAPP_SANDBOXD_ENDS_ALL": "1",
        }
        command = [sys.executable, "-m", "gunicorn", "--config", "python:quizapp.gunicorn_sandboxd"]
        command += ["--bind", f"unix:{self.settings.sandboxd_socket}", "--threads", "32"]
        with (self.settings.instance_dir / "sandboxd.log").open("ab") as log:
            self._process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
        wait_until(lambda: self.client.health().engine)

    def kill(self) -> None:
        """Kill it with everything that belongs to it, giving it no moment."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(60)


def wait_until(is_so: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Look again and again until it is so; fails after so many seconds."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"it did not happen within {seconds:g} s"
        time.sleep(LOOK_EVERY_S)


def ready(client: SandboxClient, owner: str) -> Sandbox:
    """The owner's sandbox, ready."""
    sandbox = client.ask(owner=owner)
    seen = [sandbox]

    def is_settled() -> bool:
        seen[0] = client.get(sandbox.id)
        return not seen[0].state.is_live or seen[0].state is SandboxState.CLAIMED

    wait_until(is_settled)
    assert seen[0].state is SandboxState.CLAIMED, seen[0].reason
    return seen[0]


def is_ready(client: SandboxClient, sandbox_id: str) -> bool:
    return client.get(sandbox_id).state is SandboxState.CLAIMED


def waiting(engine: DockerEngine, ref: str) -> list[str]:
    """The programs that were begun ahead in this container and wait for their first line."""
    command = ("pgrep", "--list-full", "--full", f"^/bin/sh {AWAIT} |{PROBE} --await")
    found = engine.exec(ref, command, stdin=b"", give_up_s=PATIENCE_S, most_bytes=4096).decode()
    return sorted(line.removesuffix(" --await").split()[-1] for line in found.splitlines())


@contextmanager
def running(engine: str) -> Iterator[Sandboxd]:
    """A sandboxd with this engine, for as long as the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="quizapp-"))  # a short path: a socket's name has at most 107 bytes
    sandboxd = Sandboxd(folder, engine)
    sandboxd.start()
    yield sandboxd
    sandboxd.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def sandboxd(engine_url: str) -> Iterator[Sandboxd]:
    """A running sandboxd, shared by all tests; one that kills it starts it again."""
    with running(engine_url) as sandboxd:
        yield sandboxd


@pytest.fixture(scope="session")
def kubeconfig() -> str:
    """The kubeconfig of a cluster whose nodes have the images; without one the test is skipped."""
    named = os.environ.get(KUBECONFIG)
    if not named:
        pytest.skip(f"no cluster: {KUBECONFIG} names none")
    return named


@pytest.fixture(scope="session")
def sandboxd_of_cluster(kubeconfig: str) -> Iterator[Sandboxd]:
    """A running sandboxd whose sandboxes are Pods."""
    with running(f"kubernetes:{kubeconfig}") as sandboxd:
        yield sandboxd


@pytest.fixture
def engine(sandboxd: Sandboxd) -> DockerEngine:
    """The engine, without sandboxd in between."""
    return wiring.engine(sandboxd.settings)


@pytest.fixture
def signer(sandboxd: Sandboxd) -> Signer:
    """Signs as the tests' sandboxd does."""
    return wiring.signer(sandboxd.settings)


@pytest.fixture
def real(sandboxd: Sandboxd, engine: DockerEngine, signer: Signer) -> Iterator[SandboxClient]:
    """A client of the real thing. Whatever the test leaves is ended, and nothing stays on the engine."""
    yield sandboxd.client
    leave_nothing(sandboxd, engine, signer)


@pytest.fixture(scope="module")
def kept(sandboxd: Sandboxd) -> Iterator[SandboxClient]:
    """The same for tests that leave their hosts as they were: what an owner was given, the next test finds there."""
    yield sandboxd.client
    leave_nothing(sandboxd, wiring.engine(sandboxd.settings), wiring.signer(sandboxd.settings))


@pytest.fixture
def on_cluster(sandboxd_of_cluster: Sandboxd) -> Iterator[SandboxClient]:
    """The same of a cluster."""
    settings = sandboxd_of_cluster.settings
    yield sandboxd_of_cluster.client
    leave_nothing(sandboxd_of_cluster, wiring.engine(settings), wiring.signer(settings))


def leave_nothing(sandboxd: Sandboxd, engine: Engine, signer: Signer) -> None:
    """End every sandbox, and find nothing else on the engine."""
    for sandbox in sandboxd.client.list():
        sandboxd.client.end(sandbox.id)
    wait_until(lambda: sandboxd.client.list() == ())
    left = reaper.sweep(engine, signer, everything=True, now=clock.now())
    assert left == (), "containers that sandboxd knew nothing of"
