"""The whole product as `make run` starts it, for tests and benchmarks that drive it from outside."""

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
START_S = 120  # a machine that is busy with other tests; on its own it takes three seconds
END_S = 60


@dataclass(frozen=True, kw_only=True)
class RunningProduct:
    """A running product: its address, the owner's sign-in link, its folder."""

    address: str
    link: str
    instance: Path

    @property
    def socket(self) -> Path:
        """Where its sandboxd listens."""
        return self.instance / "sandboxd" / "sandboxd.sock"


@contextmanager
def running_product(**settings: str) -> Iterator[RunningProduct]:
    """Start everything with `make run`'s own program and these settings, and end it as Ctrl-C does."""
    # A short path of our own: the name of a unix socket has at most 107 bytes.
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
    """Read the output up to the link, then keep reading so that the program never waits for us."""
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
        pass  # closed at the end of the test


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
