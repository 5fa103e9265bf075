"""Stops a process for a while, as a machine does that is out of memory. Knows no engine."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STOP_S = 60.0


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """The process takes no breath for as long as the block runs."""
    os.kill(pid, signal.SIGSTOP)
    try:
        until = time.monotonic() + STOP_S
        while not _all_stand(pid):  # on a busy machine a thread may answer a request after the signal was sent
            assert time.monotonic() < until, "it does not stop"
            time.sleep(0.01)
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _all_stand(pid: int) -> bool:
    threads = Path(f"/proc/{pid}/task").glob("*/stat")
    return all(thread.read_text().rpartition(")")[2].split()[0] == "T" for thread in threads)
