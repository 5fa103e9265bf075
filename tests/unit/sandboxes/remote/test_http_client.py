"""What the client makes of a service that is away, slow to speak, or speaks nonsense: always SandboxdAway."""

import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quizapp.sandboxes.client import SandboxClient, SandboxdAway, SandboxGone
from quizapp.sandboxes.remote.http_client import HttpSandboxClient

CALLS: list[Callable[[SandboxClient], object]] = [
    lambda client: client.ask(owner="ada"),
    lambda client: client.get("abc"),
    lambda client: client.run("abc", ["true"], each_s=1, output_bytes=10),
    lambda client: client.extend("abc"),
    lambda client: client.end_soon("abc"),
    lambda client: client.end("abc"),
    lambda client: client.list(),
    lambda client: client.terminal("abc", rows=24, columns=80),
]
NAMES = ["ask", "get", "run", "extend", "end_soon", "end", "list", "terminal"]
ANSWERS = [
    b"",
    b"hello\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[{",
    b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n[{}, 1",
    b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
    b"HTTP/1.1 500 Oh\r\nContent-Length: 15\r\n\r\n<h1>Fault</h1>\n",
    b'HTTP/1.1 503 Off\r\nContent-Length: 19\r\n\r\n{"kind": "KeyError"}',
]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="quizapp-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def speak(folder: Path) -> Iterator[Callable[[bytes], HttpSandboxClient]]:
    """Makes a client of a service that answers everything with the same bytes and hangs up."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(folder / "s"))
    server.listen()
    threads: list[threading.Thread] = []

    def make(answer: bytes) -> HttpSandboxClient:
        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        threads.append(threading.Thread(target=serve))
        threads[-1].start()
        return HttpSandboxClient(folder / "s")

    yield make
    for thread in threads:
        thread.join(60)
    server.close()


@pytest.mark.parametrize("call", CALLS, ids=NAMES)
def test_nobody_there(call: Callable[[SandboxClient], object], folder: Path) -> None:
    with pytest.raises(SandboxdAway) as away:
        call(HttpSandboxClient(folder / "s"))
    assert away.value.retry_after_s > 0


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
@pytest.mark.parametrize("call", CALLS, ids=NAMES)
def test_nonsense(
    call: Callable[[SandboxClient], object], answer: bytes, speak: Callable[[bytes], HttpSandboxClient]
) -> None:
    client = speak(answer)
    with pytest.raises(SandboxdAway):
        call(client)


def test_health_says_it_without_raising(folder: Path) -> None:
    health = HttpSandboxClient(folder / "s").health()
    assert not health.engine
    assert health.reason is not None
    assert "operator" in health.reason


@pytest.mark.parametrize("sandbox_id", ["", "../health", "..", "a/b", "a?b", "a#b", "a%2fb", "\u0661", "a\r\nb"])
def test_an_id_cannot_lead_to_another_address(sandbox_id: str, folder: Path) -> None:
    client = HttpSandboxClient(folder / "s")  # nobody is there to be asked
    with pytest.raises(SandboxGone):
        client.get(sandbox_id)
    client.end(sandbox_id)
