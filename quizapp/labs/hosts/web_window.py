"""A look at what a port of a run's host answers over HTTP: one request, asked by a program of the host's machine.

What it says comes from the learner's host, so nothing of it is trusted: see `study/hands_on/window_views.py`.
"""

import base64
import binascii
import shlex
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from quizapp.errors import Invalid, Unavailable
from quizapp.sandboxes.client import SandboxClient

ASK_S = 8  # a page that takes longer is one whose program hangs
COMMAND_S = 10.0  # for the request and the program that makes it
ANSWER_BYTES = 45_000  # of an answer, head and body; more does not fit into what sandboxd gives back
OUTPUT_BYTES = 64 * 1024  # for the same in base64
TARGET_CHARS = 2_000  # as long as an address that browsers and servers take everywhere
HEAD_BYTES = 8_000  # of an answer; no program on these hosts sends one
HOST = "127.0.0.1"  # the learner's host itself: published ports are bound there too
PORT_CHARS = 5
PORTS = range(1, 65_536)
TOO_LARGE = 63  # curl's exit code for an answer over its limit

# One request to the learner's host itself, by the image's own curl, which the learner cannot replace.
_ASK = (
    "set -o pipefail; curl -q -sS -i --http1.1 {head}--noproxy '*' --proto =http --max-time {seconds} "
    "--max-filesize {most} "
    "--globoff --path-as-is -A quizapp -H 'Connection: close' {address} 2> /dev/null | head -c {most} | base64 -w0"
)


class PortSilent(Unavailable):
    """Nothing on the host answered at the port over HTTP, or not in a way that can be shown."""

    title = "Nothing to show"


class BadPort(Invalid):
    """What was asked for is no port, or the rest of its address is too long."""

    title = "No such port"


@dataclass(frozen=True, kw_only=True)
class PortAnswer:
    """What a port answered."""

    status: int
    content_type: str
    """As the program said it; text/plain if it said none."""
    location: str
    """Where it leads; empty if it leads nowhere."""
    body: bytes


def ask(client: SandboxClient, sandbox_id: str, *, port: int, target: str, head: bool) -> PortAnswer:
    """What the port of this sandbox's host answers to a GET, or a HEAD, of `target`, a path with its query.

    Raises BadPort, PortSilent, and what SandboxClient.run raises.
    """
    if port not in PORTS or len(target) > TARGET_CHARS:
        raise _bad()
    command = _ASK.format(
        head="--head " if head else "",
        seconds=ASK_S,
        most=ANSWER_BYTES,
        address=shlex.quote(f"http://{HOST}:{port}{target}"),
    )
    (result,) = client.run(sandbox_id, [command], learner=False, each_s=COMMAND_S, output_bytes=OUTPUT_BYTES)
    if result.exit_code == TOO_LARGE:
        raise _silent("Its answer is larger than can be shown here; curl on the host shows all of it")
    try:
        return read(base64.b64decode(result.output, validate=True), asked=f"http://{HOST}:{port}{target}")
    except (binascii.Error, ValueError):
        raise _silent(f"Nothing answered at port {port} of your host over HTTP") from None


def port_in(text: str) -> int:
    """The port that was typed. Raises BadPort."""
    if not text.isdecimal() or len(text) > PORT_CHARS or int(text) not in PORTS:
        raise _bad()
    return int(text)


def read(answer: bytes, *, asked: str) -> PortAnswer:
    """The answer in what curl prints with `-i` for the address `asked`. Raises ValueError if it is none of HTTP."""
    top, gap, body = answer.partition(b"\r\n\r\n")
    first, *lines = top[:HEAD_BYTES].decode("latin-1").split("\r\n")
    version, _, said = first.partition(" ")
    if not gap or not version.startswith("HTTP/"):
        raise ValueError("no answer of HTTP")
    status = int(said[:3])
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return PortAnswer(
        status=status,
        content_type=_printable(fields.get("content-type", "")) or "text/plain",
        location=_within(_printable(fields.get("location", "")), asked=asked),
        body=body,
    )


def _within(location: str, *, asked: str) -> str:
    """Where a redirect leads, as a path of the host and port that were asked; empty for any other place."""
    here, there = urlsplit(asked), urlsplit(urljoin(asked, location))
    is_here = (there.scheme, there.netloc) in ((here.scheme, here.netloc), (here.scheme, f"localhost:{here.port}"))
    # A browser takes `%2e%2e` for two full stops, which would lead out of the window's own address.
    if not location or not is_here or ".." in unquote(there.path).split("/") or "\\" in unquote(there.path):
        return ""
    return (there.path or "/") + (f"?{there.query}" if there.query else "")


def _printable(value: str) -> str:
    """A header's value, if it can stand in a header of ours."""
    return value if value.isascii() and value.isprintable() and len(value) <= TARGET_CHARS else ""


def _bad() -> BadPort:
    return BadPort("A port is a number from 1 to 65535, and what is asked of it is short. Type another one.")


def _silent(why: str) -> PortSilent:
    return PortSilent(f"{why}.", retry_after_s=1)
