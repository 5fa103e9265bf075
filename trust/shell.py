"""A browser's terminal over the product's WebSocket: what is typed and shown; opened again when its line is lost.

Speaks the messages of the page's script. Knows no host and nobody who types.
"""

import json
import time
from contextlib import suppress

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from trust.person import Person

OPEN_S = 60.0  # for a terminal's greeting, and for what is typed to be shown
AGAIN_S = 0.02  # before a line that was lost is opened again
TAIL_BYTES = 1024  # of what is shown, in which an answer is looked for: it comes in pieces


class Shell:
    """The terminal of a run.

    `shells` has the ids of the shells that it was given, of which there is one as long as nothing but web processes is
    killed; `shown` is all that the last of them has shown, without a gap and nothing twice. `wrong` has a line for each
    thing that no kill explains, `ended` why a shell ended.
    """

    def __init__(self, person: Person, run: str) -> None:
        self.shells: list[str] = []
        self.shown = b""
        self.reconnected = 0
        self.wrong: list[str] = []
        self.ended: list[str] = []
        self._address = f"{person.address.replace('http:', 'ws:')}{run}/terminal?rows=24&columns=80"
        self._person = person
        self._line: ClientConnection | None = None

    def type(self, keys: bytes, *, until: bytes) -> bool:
        """Type, and wait until `until` is shown; whether it was. A line that broke is opened again by the next call."""
        try:
            line = self._line or self._opened()
            line.send(keys)
            while until not in self.shown[-TAIL_BYTES:]:
                self._take(line, line.recv(timeout=OPEN_S))
        except TimeoutError:
            self.wrong.append("what was typed is not shown")
            self._lose()
            return False
        except (OSError, WebSocketException):
            self._lose()
            return False
        return True

    def close(self) -> None:
        """Leave it."""
        line, self._line = self._line, None
        if line is not None:
            with suppress(OSError, WebSocketException):
                line.close()

    def _opened(self) -> ClientConnection:
        again = f"&terminal={self.shells[-1]}&have={len(self.shown)}" if self.shells else ""
        headers = {"Origin": self._person.address, "Cookie": self._person.cookie}
        line = connect(
            self._address + again,
            legacy=True,  # returns the connection, not a context manager
            additional_headers=headers,
            open_timeout=OPEN_S,
            close_timeout=1,
            proxy=None,
        )
        greeting = json.loads(line.recv(timeout=OPEN_S))
        if "open" not in greeting:
            line.close()
            if "ended" in greeting:
                self.ended.append(greeting["ended"])
            raise ConnectionClosed(None, None)
        self._begin(greeting["open"])
        self._line = line
        return line

    def _begin(self, opened: dict[str, str | int]) -> None:
        shell = str(opened["terminal"])
        if shell not in self.shells:
            self.shells.append(shell)
            self.shown = b""
        if opened["start"] != len(self.shown):
            self.wrong.append(f"{len(self.shown)} bytes were shown, and it goes on at {opened['start']}")

    def _take(self, line: ClientConnection, message: str | bytes) -> None:
        if isinstance(message, str):
            self.ended.append(message[:100])
            raise ConnectionClosed(None, None)
        self.shown += message
        line.send(json.dumps({"ack": len(self.shown)}))

    def _lose(self) -> None:
        if self._line is not None:
            self.reconnected += 1
        self.close()
        time.sleep(AGAIN_S)
