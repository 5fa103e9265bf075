"""What set-up asks an engine, against a stand-in on a real unix socket."""

import json
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from ops.docker_api import answers, inventory

IMAGES = [{"RepoTags": ["quizapp-sandbox:1a", "other:1"]}, {"RepoTags": None}]
VOLUMES = {"Volumes": [{"Name": "quizapp-images"}, {"Name": "theirs"}]}


class Engine(BaseHTTPRequestHandler):
    """Answers like an engine."""

    replies = {"/_ping": "OK", "/images/json": json.dumps(IMAGES), "/volumes": json.dumps(VOLUMES)}  # noqa: RUF012 - tests replace it whole

    def do_GET(self) -> None:
        body = self.replies.get(self.path)
        self.send_response(404 if body is None else 200)
        self.end_headers()
        self.wfile.write((body or "").encode())

    def address_string(self) -> str:
        return "a unix socket"

    def log_message(self, *args: object) -> None:
        """Stay quiet."""


@pytest.fixture
def url() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="quizapp-") as folder:
        path = Path(folder, "e.sock")
        with socketserver.UnixStreamServer(str(path), Engine) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            yield f"unix://{path}"
            server.shutdown()
            thread.join()


def test_an_engine_answers(url: str) -> None:
    assert answers(url)


def test_inventory_is_ours_alone(url: str) -> None:
    assert inventory(url, "quizapp") == {"image quizapp-sandbox:1a", "volume quizapp-images"}


def test_an_engine_that_holds_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "replies", {"/images/json": "[]", "/volumes": '{"Volumes": null}'})
    assert inventory(url, "quizapp") == frozenset()


def test_another_server_on_that_socket_is_no_engine(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "replies", {})
    assert not answers(url)


@pytest.mark.parametrize("nobody", ["unix:///no/such.sock", "ssh://host", "tcp://127.0.0.1:1", "nonsense", ""])
def test_nobody_answers(nobody: str) -> None:
    assert not answers(nobody)
    assert inventory(nobody, "quizapp") == frozenset()
