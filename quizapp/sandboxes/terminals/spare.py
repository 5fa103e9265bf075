"""Commands started in a container before a client asks for one. Knows the engine's Protocol and no state of a sandbox.

An engine takes 0.05 to 0.1 s to start a command in a container, which is most of the time of a terminal or a check. So
one command is started ahead. It waits outside the learner's namespaces, a shell in AWAIT, and joins them when it reads
a line that begins with GO.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from quizapp.sandboxes.engine.protocol import Engine, Prestarted, Shell
from quizapp.sandboxes.recipe.template import AWAIT, GO, SHELL

ROWS, COLUMNS = 24, 80  # of a prestarted shell; `begin` sets the client's
TYPED_S = 1.0  # to send one line; the buffers on its way are empty, since nothing was typed before
READY_WITHIN_S = 10.0  # for AWAIT to start: usually 0.1 s, without end if the engine hangs

Kind = TypeVar("Kind", bound=Prestarted)


class Spare(Generic[Kind]):
    """Holds at most one prestarted command, for the next client. Safe to call from any thread."""

    def __init__(self) -> None:
        self._one: Kind | None = None
        self._is_closed = False
        self._lock = threading.Lock()  # held while a command is started, so that `take` waits for it

    def fill(self, begin: Callable[[], Kind]) -> None:
        """Start a command with `begin`, unless one is held or this is closed. Raises what `begin` raises."""
        with self._lock:
            if self._one is None and not self._is_closed:
                self._one = begin()

    def take(self) -> Kind | None:
        """Give away the held command; None if there is none, or if it does not answer, and is closed."""
        with self._lock:
            one, self._one = self._one, None
        if one is None or one.answers():
            return one
        one.close()
        return None

    def close(self) -> None:
        """Close the held command, and hold none from now on."""
        with self._lock:
            self._is_closed = True
            one, self._one = self._one, None
        if one is not None:
            one.close()


def shell(engine: Engine, ref: str) -> Shell:
    """A prestarted shell, which waits for `begin`. Raises what Engine.shell raises."""
    opened = engine.shell(ref, (AWAIT, SHELL), rows=ROWS, columns=COLUMNS)
    alarm = threading.Timer(READY_WITHIN_S, opened.close)
    alarm.daemon = True
    alarm.start()
    opened.receive()  # AWAIT prints one line once echo is off; None if the alarm closed the shell
    alarm.cancel()
    return opened


def begin(opened: Shell, *, rows: int, columns: int) -> None:
    """Set the window's size of a prestarted shell, and let it join the learner's host."""
    opened.resize(rows, columns)
    opened.send(GO + b"\n", wait_s=TYPED_S)
