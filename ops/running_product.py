"""The whole product as `make run` starts it, for tests and benchmarks that use it over HTTP. Knows no test."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_S = 120  # on a machine that is busy with other tests; without them a start takes three seconds
END_S = 60  # from Ctrl-C until the product has ended


@dataclass(frozen=True, kw_only=True)
class RunningProduct:
    """A running product."""

    address: str
    """Of its web server, as `http://host:port`."""
    link: str
    """The link that signs its owner in."""
    instance: Path
    """Its instance folder, which is removed when the product ends."""

    @property
    def socket(self) -> Path:
        """The unix socket of its sandboxd."""
        return self.instance / "sandboxd" / "sandboxd.sock"


@contextmanager
def running_product(**settings: str) -> Iterator[RunningProduct]:
    """Start the product with `make run`'s own program and these settings; end it by Ctrl-C (SIGINT) after the block."""
    # A short path, since the name of a unix socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="qz-") as folder:
        port = free_port()
        own = {"QUIZAPP_INSTANCE_DIR": folder, "QUIZAPP_PORT": str(port)}
        env = {**os.environ, **own, **settings}
        process = subprocess.Popen(
            [sys.executable, "-m", "ops.run"],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            link = _wait_for_link(process)
            yield RunningProduct(address=f"http://127.0.0.1:{port}", link=link, instance=Path(folder))
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=END_S) == 0, "Ctrl-C must end it in good order"
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            assert process.stdout is not None
            process.stdout.close()


def _wait_for_link(process: subprocess.Popen[str]) -> str:
    """The sign-in link in the program's output. A thread reads the rest, so that a full pipe never stops the program.

    Raises AssertionError with the output if the program ends before, or after START_S.
    """
    assert process.stdout is not None
    killer = threading.Timer(START_S, process.kill)
    killer.start()
    lines = []
    for line in process.stdout:
        lines.append(line)
        if found := re.search(r"http://\S+/sign-in/\S+", line):
            killer.cancel()
            threading.Thread(target=_drain, args=(process,), daemon=True).start()
            return found[0]
    raise AssertionError("it ended before it was ready:\n" + "".join(lines))


def _drain(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    try:
        for _ in process.stdout:
            pass
    except ValueError:
        pass  # `running_product` has closed the pipe


def free_port() -> int:
    """A TCP port of this machine that no program listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
