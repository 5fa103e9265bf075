"""What a browser and a learner's terminal say to each other while a teacher looks on. Knows no run and no database.

To the browser go `{"open": …}` first, and binary messages of what is shown. At the end `{"ended": why}` says that it is
over, `{"away": why}` that the page may ask again later. What comes from the browser is thrown away.
"""

import time
from collections.abc import Callable

from quizapp.sandboxes.client import Terminal

CHECK_S = 1.0  # the longest time that is still shown after a learner ended it; one short query each

ENDED_BY_LEARNER = "The learner ended this, or the run is over."


class OnlookerBridge:
    """The SocketPeer of a teacher's browser; `is_allowed` returns whether they may still look on."""

    def __init__(self, terminal: Terminal, *, is_allowed: Callable[[], bool]) -> None:
        self._terminal = terminal
        self._is_allowed = is_allowed
        self._asked_at = time.monotonic()
        self._refused = False

    def greeting(self) -> object:
        """That it begins."""
        return {"open": {}}

    def receive(self) -> bytes | None:
        """What is shown next; None once there is no more."""
        return self._terminal.receive()

    def farewell(self) -> object | None:
        """Why it has ended; None if the connection was lost."""
        if self._refused:
            return {"ended": ENDED_BY_LEARNER}
        return {"away": self._terminal.ended} if self._terminal.ended else None

    def send(self, data: bytes) -> None:
        """Throw away what is typed."""

    def control(self, message: object) -> None:
        """Throw away what is asked."""

    def goes_on(self) -> bool:
        """Whether the teacher may still look on; it is asked every CHECK_S."""
        if time.monotonic() - self._asked_at < CHECK_S:
            return True
        self._asked_at = time.monotonic()
        self._refused = not self._is_allowed()
        return not self._refused

    def leave(self) -> None:
        """Look on no more."""
        self._terminal.leave()
