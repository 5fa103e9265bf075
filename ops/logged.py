"""What a long command and its children say goes to a file, while a person sees that the work goes on."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.console import beat

BEAT_S = 1.0  # how often a person sees that the work goes on


@contextmanager
def written_to(log: Path) -> Iterator[None]:
    """Everything that this process and its children say goes to `log`, but for what is printed to `sys.stdout`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    ours = sys.stdout, sys.stderr
    kept = os.dup(1), os.dup(2)
    with (
        log.open("w", buffering=1, encoding="utf-8") as file,
        os.fdopen(os.dup(1), "w", encoding=ours[0].encoding, errors="replace") as screen,
    ):
        for number in (1, 2):
            os.dup2(file.fileno(), number)
        sys.stdout, sys.stderr = screen, file
        try:
            yield
        finally:
            sys.stdout, sys.stderr = ours
            for number, was in enumerate(kept, start=1):
                os.dup2(was, number)
                os.close(was)


@contextmanager
def beating() -> Iterator[None]:
    """Let a person see that the work goes on."""
    ended = threading.Event()

    def keep_beating() -> None:
        while not ended.wait(BEAT_S):
            beat()

    thread = threading.Thread(target=keep_beating, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
