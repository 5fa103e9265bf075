"""The images of a cluster's nodes are pushed whole, by a real engine to a registry that only keeps what it gets."""

import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest

from quizapp.sandboxes.engine.docker import DockerConnection
from quizapp.sandboxes.engine.docker_publishing import DockerPublisher
from quizapp.sandboxes.recipe.image_build import ImageNotBuilt, SandboxImage, sandbox_image
from quizapp.sandboxes.recipe.template import LAB_UID, images_image

pytestmark = pytest.mark.sandbox


class Registry(ThreadingHTTPServer):
    """Keeps blobs by their hash, and manifests by their name."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Upload)
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, dict[str, object]] = {}
        self.refuses = False


class Upload(BaseHTTPRequestHandler):
    """One request of the distribution API, version 2: as much as a push asks for."""

    server: Registry
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        digest = self.path.rpartition("/")[2]
        self._say(200 if digest in self.server.blobs else 404, {"Docker-Content-Digest": digest})

    def do_GET(self) -> None:
        self._say(200 if self.path == "/v2/" else 404)

    def do_POST(self) -> None:
        self._body()
        self._say(403 if self.server.refuses else 202, {"Location": f"{self.path}{uuid4().hex}"})

    def do_PATCH(self) -> None:
        self.server.blobs[self.path] = self.server.blobs.get(self.path, b"") + self._body()
        length = len(self.server.blobs[self.path])
        self._say(202, {"Location": self.path, "Range": f"0-{length - 1}"})

    def do_PUT(self) -> None:
        body = self._body()
        if "/manifests/" in self.path:
            self.server.manifests[self.path] = json.loads(body)
            digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        else:
            place, _, query = self.path.partition("?")
            digest = query.partition("digest=")[2].replace("%3A", ":")
            self.server.blobs[digest] = self.server.blobs.pop(place, b"") + body
        self._say(201, {"Docker-Content-Digest": digest, "Location": self.path})

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        pieces = []
        while length := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(length))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def _say(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": "0"} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_the_inner_images_are_pushed_as_an_image_with_their_owners(engine_url: str, registry: Registry) -> None:
    """The image of half a gigabyte goes the same way, and is left out for its time."""
    address, api = f"127.0.0.1:{registry.server_port}/tests", DockerConnection(engine_url).api
    publisher, image = DockerPublisher(engine_url, address), sandbox_image()
    tag = f"quizapp-test-{uuid4().hex[:12]}:1"
    try:
        publisher.import_volume(image, tag)
        assert publisher.push(tag, lambda line: None) == f"{address}/{tag}"
    finally:
        api.remove_image(f"{address}/{tag}")
        api.remove_image(tag)
    (manifest,) = registry.manifests.values()
    (layer,) = manifest["layers"]  # type: ignore[misc, attr-defined]
    with tarfile.open(fileobj=io.BytesIO(registry.blobs[layer["digest"]])) as files:
        owners = {file.name.removeprefix("./"): file.uid for file in files}
    assert {"ready", "layers", "registry"} <= owners.keys(), "the folder's own name is not before them"
    assert set(owners.values()) == {LAB_UID}, "whom a Pod has as well: root of the sandbox"


def test_what_a_registry_refuses_is_said(engine_url: str, registry: Registry) -> None:
    registry.refuses = True
    publisher = DockerPublisher(engine_url, f"127.0.0.1:{registry.server_port}/tests")
    tag, api = f"quizapp-test-{uuid4().hex[:12]}:1", DockerConnection(engine_url).api
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as files:
        files.addfile(tarfile.TarInfo("a-file"))
    api.import_image_from_data(packed.getvalue(), repository=tag.partition(":")[0], tag="1")
    try:
        with pytest.raises(ImageNotBuilt, match="docker login"):
            publisher.push(tag, lambda line: None)
    finally:
        api.remove_image(f"127.0.0.1:{registry.server_port}/tests/{tag}")
        api.remove_image(tag)


def test_what_is_not_built_is_told(engine_url: str) -> None:
    nothing = SandboxImage(tag="quizapp-test-nothing:1", volume="quizapp-test-nothing")
    with pytest.raises(ImageNotBuilt, match="flask sandboxes build"):
        DockerPublisher(engine_url, "registry.example").import_volume(nothing, images_image(nothing.tag))
