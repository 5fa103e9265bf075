"""The application under gunicorn, as `make run` starts it, and requests to it byte by byte. Knows no route."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops.checkout import Checkout
from ops.run import Installation, is_healthy, web_command
from ops.running_product import free_port

IMPATIENT_WORKER = "tests.impatient.Worker"
START_S = 60.0  # on a machine that is busy with other tests
ANSWER_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Site:
    """A running web server and its SQLite file."""

    port: int
    database_url: str
    sandboxd: Path
    """The unix socket at which it looks for sandboxd; nobody listens there."""

    @property
    def address(self) -> str:
        """As `http://host:port`."""
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        """A connection; whoever asks for it closes it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=ANSWER_S)

    def health_s(self) -> float:
        """Seconds until /health says that all is well."""
        began = time.monotonic()
        while not is_healthy(self.port):
            assert time.monotonic() < began + ANSWER_S, "nobody answers"
        return time.monotonic() - began

    def answer_to(self, *pieces: bytes) -> bytes:
        """Send the pieces and nothing more, as if the connection broke off then; all that comes back."""
        with self.connect() as line:
            for piece in pieces:
                line.sendall(piece)
            line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(65536), b""))


@contextmanager
def running_site(sqlite: Path, instance: Path) -> Iterator[Site]:
    """A web server on a copy of the database file, without hands-on questions; it is ended after the block.

    It is as `make run` starts it, but for the seconds that it gives a client.
    """
    shutil.copy(sqlite, instance / "quizapp.sqlite3")
    installation = Installation(checkout=Checkout.here(), port=free_port(), instance=instance, engine=None)
    command = [*web_command(installation), "--worker-class", IMPATIENT_WORKER]
    log = instance / "web.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=installation.checkout.root,
            env=installation.env(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + START_S
        while not is_healthy(installation.port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        url = f"sqlite:///{instance / 'quizapp.sqlite3'}"
        yield Site(port=installation.port, database_url=url, sandboxd=installation.socket)
    finally:
        process.terminate()
        process.wait()
