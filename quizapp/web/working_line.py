"""A line on the terminal that says what a command does at the moment, for one that takes more than a second."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

SILENT_S = 1.0  # a command that is done by then says nothing
PAUSE_S = 0.1  # between two changes of the line: faster nobody reads


@contextmanager
def working_line(stream: TextIO, *, monotonic: Callable[[], float] = time.monotonic) -> Iterator[Callable[[str], None]]:
    """What shows a text in the line, which is gone at the end. Where `stream` is no terminal, it shows nothing."""
    if not stream.isatty():
        yield lambda _text: None
        return
    line = _Line(stream, monotonic)
    try:
        yield line.show
    finally:
        line.erase()


class _Line:
    def __init__(self, stream: TextIO, monotonic: Callable[[], float]) -> None:
        self._stream = stream
        self._monotonic = monotonic
        self._next_at = monotonic() + SILENT_S
        self._is_shown = False

    def show(self, text: str) -> None:
        now = self._monotonic()
        if now < self._next_at:
            return
        self._next_at, self._is_shown = now + PAUSE_S, True
        room = shutil.get_terminal_size().columns - 1
        one_line = "".join(letter if letter.isprintable() else "?" for letter in text)
        self._stream.write(f"\r\033[K{one_line[:room]}")
        self._stream.flush()

    def erase(self) -> None:
        if self._is_shown:
            self._stream.write("\r\033[K")
            self._stream.flush()
