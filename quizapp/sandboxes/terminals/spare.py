"""What is begun in a sandbox before anybody asks for it. Knows the engine's Protocol, and no sandbox's state.

An engine takes a twentieth of a second, or two of them, to begin a command in a container, which is most of what a
terminal or a check takes. So one is begun ahead, and waits for its first line outside of the learner's reach: it joins
the learner's host when that comes.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from quizapp.sandboxes.engine.protocol import Engine, Prestarted, Shell
from quizapp.sandboxes.recipe.template import AWAIT, GO, SHELL

ROWS, COLUMNS = 24, 80  # until the window is known
TYPED_S = 1.0  # nothing was typed before: there is room for a line
READY_WITHIN_S = 10.0  # it takes a tenth of a second, or for ever while the engine hangs

Kind = TypeVar("Kind", bound=Prestarted)


class Spare(Generic[Kind]):
    """At most one command that waits for whoever comes next. Safe to call from any thread."""

    def __init__(self) -> None:
        self._one: Kind | None = None
        self._is_closed = False
        self._lock = threading.Lock()  # held while one is begun: whoever comes meanwhile gets that

    def fill(self, begin: Callable[[], Kind]) -> None:
        """Begin one, unless one waits already or nobody will come any more. Raises as `begin`."""
        with self._lock:
            if self._one is None and not self._is_closed:
                self._one = begin()

    def take(self) -> Kind | None:
        """The one that waits; None if none does."""
        with self._lock:
            one, self._one = self._one, None
        if one is None or one.answers():
            return one
        one.close()
        return None

    def close(self) -> None:
        """Nobody will come any more."""
        with self._lock:
            self._is_closed = True
            one, self._one = self._one, None
        if one is not None:
            one.close()


def shell(engine: Engine, ref: str) -> Shell:
    """A shell that waits for its window. Raises as Engine.shell."""
    opened = engine.shell(ref, (AWAIT, SHELL), rows=ROWS, columns=COLUMNS)
    alarm = threading.Timer(READY_WITHIN_S, opened.close)
    alarm.daemon = True
    alarm.start()
    opened.receive()  # it says so when what it gets is not echoed any more; one that is closed has ended
    alarm.cancel()
    return opened


def begin(opened: Shell, *, rows: int, columns: int) -> None:
    """Let a shell that waited have its window and go."""
    opened.resize(rows, columns)
    opened.send(GO + b"\n", wait_s=TYPED_S)
