"""Lends this process's own terminal to a shell in a sandbox. Knows no sandbox and no engine's SDK."""

import os
import shutil
import signal
import sys
import termios
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from quizapp.sandboxes.engine.protocol import Shell

READ_BYTES = 4096  # typed at once; a paste comes in several pieces
WAIT_S = 5.0  # for the shell to take what was typed; one that reads nothing loses the rest


def window() -> tuple[int, int]:
    """Rows and columns of this process's terminal; those of the oldest terminals where there is none."""
    size = shutil.get_terminal_size()
    return size.lines, size.columns


def lend(shell: Shell) -> None:
    """Type here what is typed there, and show what it shows, until the shell ends."""
    with _raw(), _resizing(shell):
        threading.Thread(target=_type, args=(shell,), daemon=True).start()
        while (shown := shell.receive()) is not None:
            sys.stdout.buffer.write(shown)
            sys.stdout.buffer.flush()


def _type(shell: Shell) -> None:
    """Send what is typed. The end of the input is Ctrl-D, as it is in front of a terminal."""
    while typed := os.read(sys.stdin.fileno(), READ_BYTES):
        shell.send(typed, wait_s=WAIT_S)
    shell.send(b"\x04", wait_s=WAIT_S)


@contextmanager
def _raw() -> Iterator[None]:
    """Every key goes to the shell, Ctrl-C as well; input that is no terminal has nothing to switch."""
    if not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setraw(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


@contextmanager
def _resizing(shell: Shell) -> Iterator[None]:
    """The shell's window follows this one."""

    def resize(number: int, frame: FrameType | None) -> None:
        shell.resize(*window())

    before = signal.signal(signal.SIGWINCH, resize)
    try:
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)
