"""Connects this process's own terminal to a shell in a sandbox. Knows no state of a sandbox and no Docker SDK."""

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

READ_BYTES = 4096  # of input sent at once; a longer paste is sent in several pieces
WAIT_S = 5.0  # for the shell to read its input; what it has not read by then is dropped


def window() -> tuple[int, int]:
    """Rows and columns of this process's terminal; 24 and 80 if there is none."""
    size = shutil.get_terminal_size()
    return size.lines, size.columns


def lend(shell: Shell) -> None:
    """Send this terminal's input to the shell and write the shell's output to this terminal, until the shell ends."""
    with _raw(), _resizing(shell):
        threading.Thread(target=_type, args=(shell,), daemon=True).start()
        while (shown := shell.receive()) is not None:
            sys.stdout.buffer.write(shown)
            sys.stdout.buffer.flush()


def _type(shell: Shell) -> None:
    """Send standard input to the shell, and Ctrl-D at its end."""
    while typed := os.read(sys.stdin.fileno(), READ_BYTES):
        shell.send(typed, wait_s=WAIT_S)
    shell.send(b"\x04", wait_s=WAIT_S)


@contextmanager
def _raw() -> Iterator[None]:
    """Raw mode for the block, so that Ctrl-C goes to the shell too. Does nothing if standard input is no terminal."""
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
    """For the block, resize the shell's window whenever this terminal's window changes its size."""

    def resize(number: int, frame: FrameType | None) -> None:
        shell.resize(*window())

    before = signal.signal(signal.SIGWINCH, resize)
    try:
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)
