"""Somebody who uses an installation over HTTPS as a browser does: signs in by a link, learns, types into a lab's host.

`python -m installations.visit LINK CERTIFICATE` does it and says how long each part took. It runs on the machine of the
installation too, with the product's own packages alone.
"""

import http.client
import json
import ssl
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit
from uuid import uuid4

from websockets.sync.client import connect

from trust.forms import fields_of
from trust.person import Answer, Person

LAB = "app-cannot-reach-db"
NOTE = "/notes"
HOST_S = 120.0  # for a host to be there and set up, on a machine that has just started its first one
LOOK_S = 0.5
TYPED, SHOWN = b"echo $((6 * 7))answer\n", b"42answer"


class Visitor(Person):
    """A browser that trusts one certificate, of the installation's own making."""

    def __init__(self, link: str, certificate: str) -> None:
        parts = urlsplit(link)
        self.address, self.token, self._line = f"{parts.scheme}://{parts.netloc}", "", None
        self.mounted_at = parts.path.partition("/sign-in/")[0]
        self._cookie = ""
        self.trusts = ssl.create_default_context(cafile=certificate)
        self.look(parts.path)
        entered = self.post(parts.path, {"zone": "Europe/Berlin"})
        assert entered.status == 302, f"the link did not sign in: {entered.status} {entered.text[:300]}"
        self.take_cookie(entered)
        self.look("/account")

    def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """See Person.ask; over HTTPS forms are taken from pages of the site alone."""
        below = path if path.startswith(f"{self.mounted_at}/") else self.mounted_at + path
        return super().ask(method, below, body, {"Referer": self.address + below, **headers})

    def _new_line(self) -> http.client.HTTPConnection:
        return http.client.HTTPSConnection(urlsplit(self.address).netloc, timeout=HOST_S, context=self.trusts)


def learn(visitor: Visitor) -> None:
    """Take the questions of a note into one's reviews, and rate the first card."""
    notes = visitor.look(NOTE).text
    begin = f"{visitor.mounted_at}/notes/"
    note = next(part for part in notes.split('href="') if part.startswith(begin)).partition('"')[0]
    page = visitor.look(note).text
    added = visitor.post("/review/add", fields_of(page, ending="/review/add"))
    assert added.status in (302, 303), f"no card was added: {added.status}"
    card = visitor.look("/review").text
    sent = dict(fields_of(card, ending="/review")) | {"rating": 3, "review_id": uuid4(), "taken_ms": 900}
    rated = visitor.post("/review", sent, json=True)
    assert rated.status == 200, f"the rating was not taken: {rated.status} {rated.text[:300]}"
    assert '"outcome":"applied"' in rated.text, rated.text[:300]


def begun_run(visitor: Visitor) -> str:
    """The path of a run of LAB whose host is set up."""
    page = visitor.look(f"/labs/{LAB}").text
    started = visitor.post(f"/labs/{LAB}/prediction", fields_of(page, ending="/prediction"))
    run = urlsplit(started.location).path
    visitor.post(f"{run}/host", {})
    until = time.monotonic() + HOST_S
    while 'data-host-state="ready"' not in (state := visitor.get(f"{run}/host").text):
        assert time.monotonic() < until, f"no host within {HOST_S:.0f} s: {state[:500]}"
        if 'data-host-state="up"' in state:
            visitor.post(f"{run}/set-up", {})
        else:
            time.sleep(LOOK_S)
    return run


def type_into_host(visitor: Visitor) -> None:
    """Type a command into the terminal of a lab's host, over a WebSocket, and see what it prints."""
    run = begun_run(visitor)
    with connect(
        f"{visitor.address.replace('https:', 'wss:')}{run}/terminal?rows=24&columns=80",
        additional_headers={"Origin": visitor.address, "Cookie": visitor.cookie},
        ssl=visitor.trusts,
        open_timeout=HOST_S,
        proxy=None,
    ) as line:
        assert "open" in json.loads(line.recv(timeout=HOST_S))
        line.send(TYPED)
        shown = b""
        while SHOWN not in shown:
            message = line.recv(timeout=HOST_S)
            assert isinstance(message, bytes), message
            shown += message
            line.send(json.dumps({"ack": len(shown)}))
    visitor.post(f"{run}/end", {})


def timed(what: str, do: Callable[[Visitor], None], visitor: Visitor) -> None:
    """Do it, and say how long it took."""
    began = time.monotonic()
    do(visitor)
    print(f"{what}, {time.monotonic() - began:.1f} s", flush=True)


def main(arguments: Sequence[str]) -> int:
    """With a sign-in link and the file of a certificate, use the installation."""
    link, certificate = arguments
    visitor = Visitor(link, certificate)
    print("signed in over HTTPS", flush=True)
    timed("a review", learn, visitor)
    timed("a lab's terminal over a WebSocket", type_into_host, visitor)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
