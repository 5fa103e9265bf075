"""The two requests that set-up sends to a Docker engine: does it answer, and what does it have. Starts none."""

import http.client
import json
import socket
from urllib.parse import urlsplit

ANSWER_TIMEOUT_S = 3.0  # an engine answers /_ping in milliseconds, on a machine with a busy disk in a second or two


class _UnixConnection(http.client.HTTPConnection):
    """An HTTP connection over the unix socket at `path`."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=ANSWER_TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _connection(url: str) -> http.client.HTTPConnection:
    """A connection for `unix:///path` or `tcp://host:port`, not opened yet. Raises ValueError for any other address."""
    parts = urlsplit(url)
    if parts.scheme == "unix" and parts.path:
        return _UnixConnection(parts.path)
    if parts.scheme == "tcp" and parts.hostname:
        return http.client.HTTPConnection(parts.hostname, parts.port or 2375, timeout=ANSWER_TIMEOUT_S)
    raise ValueError(f"not an engine address: {url}")


def _get(url: str, path: str) -> bytes | None:
    """The body of one GET; None if there is no answer, its status is not 200, or this user may not open the socket."""
    try:
        connection = _connection(url)
    except ValueError:
        return None
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        return body if response.status == http.client.OK else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def answers(url: str) -> bool:
    """Whether a Docker engine answers at this address."""
    return _get(url, "/_ping") == b"OK"


def inventory(url: str, prefix: str) -> frozenset[str]:
    """The image tags and volumes whose names begin with `prefix`, as `image NAME:TAG` and `volume NAME`."""
    images = json.loads(_get(url, "/images/json") or "[]")
    volumes = json.loads(_get(url, "/volumes") or "{}")
    tags = {f"image {tag}" for image in images for tag in image.get("RepoTags") or () if tag.startswith(prefix)}
    names = {volume["Name"] for volume in volumes.get("Volumes") or () if volume["Name"].startswith(prefix)}
    return frozenset(tags | {f"volume {name}" for name in names})
