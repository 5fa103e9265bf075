"""A Docker Engine that knows one container and falls silent where a test says so: HTTP on a unix socket."""

import json
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer

ANSWERS = {
    "version": {"ApiVersion": "1.43", "Version": "only for tests"},
    "create": {"Id": "the-container"},
    "json": {"Config": {"Tty": False}},
    "wait": {"StatusCode": 0},
}


class SilentEngine(ThreadingMixIn, UnixStreamServer):
    """Answers all but what is in `silent_at`, by the last part of its address; of `logs` it says one line first."""

    daemon_threads = True

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), Answer)
        self.url = f"unix://{path}"
        self.silent_at: set[str] = set()
        self.asked: list[str] = []
        self.is_over = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever waited has given up, and is not there any more to be answered."""

    def go_on(self, what: str) -> None:
        """Return at once, or only at the end of the test."""
        if what in self.silent_at:
            self.is_over.wait(30)


class Answer(BaseHTTPRequestHandler):
    """One request of the Docker Engine's API."""

    server: SilentEngine
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        what = self._taken()
        if what == "logs":
            self._begin({"Transfer-Encoding": "chunked"})
            self._chunk(struct.pack(">BxxxL", 1, 6) + b"begun\n")
            self.server.go_on(what)
            self._chunk(b"")
        else:
            self._say(what)

    do_POST = do_DELETE = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _taken(self) -> str:
        """What is asked for, its body read."""
        if self.headers.get("Transfer-Encoding"):
            while self.rfile.readline().strip() != b"0":
                pass
            self.rfile.readline()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        what = self.path.partition("?")[0].rpartition("/")[2]
        self.server.asked.append(what)
        return what

    def _say(self, what: str) -> None:
        self.server.go_on(what)
        body = json.dumps(ANSWERS.get(what, {})).encode()
        self._begin({"Content-Length": str(len(body)), "Content-Type": "application/json"})
        self.wfile.write(body)

    def _begin(self, headers: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))


@contextmanager
def silent_engine(folder: Path) -> Iterator[SilentEngine]:
    """The engine, for as long as the block runs."""
    engine = SilentEngine(folder / "s")
    thread = threading.Thread(target=engine.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield engine
    engine.is_over.set()
    engine.shutdown()
    thread.join()
    engine.server_close()
