"""A stand-in for a Kubernetes API server with one node: HTTP and WebSockets on loopback, answering as 1.36.2 did.

It knows Pods, their logs and commands, Leases and events. A "container" prints what a test says, and its commands are
programs of this machine. What it answers was recorded of a real cluster; that a real one still does so, only a real one
can tell: see tests/sandbox/test_engine_contract.py.
"""

import copy
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import simple_websocket

from tests.unit.sandboxes.engine.pod_commands import PodCommands

TOKEN = "only-for-tests"
NAMESPACE = "quizapp-sandboxes"
PATH = re.compile(r"/(?:api/v1|apis/[\w.]+/v1)/namespaces/[\w-]+/(\w+)(?:/([\w.-]+))?(?:/(log|exec))?")
REASONS = {400: "BadRequest", 403: "Forbidden", 404: "NotFound", 409: "Conflict", 422: "Invalid", 500: "InternalError"}


class Refused(Exception):
    """An answer that is an error: a Status with this code."""

    def __init__(self, code: int, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason or REASONS[code]


class ApiServer(ThreadingHTTPServer):
    """What the cluster has, and what a test lets go wrong with it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.kept: dict[str, dict[str, dict[str, Any]]] = {"pods": {}, "leases": {}}
        self.events: list[dict[str, Any]] = []
        self.history: list[tuple[int, str, dict[str, Any]]] = []
        self.changed = threading.Condition()
        self.version = 1
        self.says_version = "1.36.2"
        self.prints: tuple[str, ...] = ("@step world", "@ready")
        self.denied: set[tuple[str, str]] = set()  # verb and resource
        self.drops: set[str] = set()  # fields of a Pod whose features are off
        self.waiting_reason = ""  # why no container can be made
        self.is_scheduled = True
        self.silent_at: set[str] = set()  # paths' last parts that get no answer
        self.writes_before_claim = 0  # statuses that a node writes just before a name is written
        self.cuts_log_after: int | None = None  # lines, once
        self.is_over = threading.Event()
        self.commands = PodCommands()
        self.asked: list[str] = []

    def kubeconfig(self, folder: Path) -> Path:
        """A kubeconfig in this folder that names the server."""
        file = folder / "kubeconfig"
        cluster = {"name": "tests", "cluster": {"server": f"http://127.0.0.1:{self.server_port}"}}
        user = {"name": "sandboxd", "user": {"token": TOKEN}}
        context = {"name": "tests", "context": {"cluster": "tests", "user": "sandboxd"}}
        said = {"apiVersion": "v1", "kind": "Config", "clusters": [cluster], "users": [user], "contexts": [context]}
        file.write_text(json.dumps(said | {"current-context": "tests"}))
        return file

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked has gone: that is for tests to do."""

    def put(self, kind: str, made: dict[str, Any]) -> dict[str, Any]:
        """Keep a new object. Raises Refused if its name is taken."""
        with self.changed:
            begin = made["metadata"].get("generateName", "")
            name = made["metadata"].setdefault("name", f"{begin[:58]}{uuid4().hex[:5]}")
            if name in self.kept[kind]:
                raise Refused(409, f'{kind} "{name}" already exists', "AlreadyExists")
            made["metadata"] |= {"uid": str(uuid4()), "creationTimestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
            self.kept[kind][name] = made
            self._note("ADDED", made)
            return copy.deepcopy(made)

    def get(self, kind: str, name: str) -> dict[str, Any]:
        """The object of this name. Raises Refused."""
        with self.changed:
            if name not in self.kept[kind]:
                raise Refused(404, f'{kind} "{name}" not found')
            return copy.deepcopy(self.kept[kind][name])

    def change(self, kind: str, name: str, patch: Any) -> dict[str, Any]:
        """Apply a JSON patch or a merge patch. Raises Refused, also for another version than the present one."""
        with self.changed:
            there = self.kept[kind].get(name)
            if there is None:
                raise Refused(404, f'{kind} "{name}" not found')
            if isinstance(patch, list):
                return self._ungate(there, patch)
            if self.writes_before_claim:
                self.writes_before_claim -= 1
                self._note("MODIFIED", there)
            wanted = patch["metadata"].get("resourceVersion")
            if wanted is not None and wanted != there["metadata"]["resourceVersion"]:
                raise Refused(409, "the object has been modified; please apply your changes to the latest version")
            there["metadata"].setdefault("annotations", {}).update(patch["metadata"].get("annotations", {}))
            self._note("MODIFIED", there)
            return copy.deepcopy(there)

    def _ungate(self, there: dict[str, Any], patch: list[Mapping[str, Any]]) -> dict[str, Any]:
        for step in patch:
            if step["op"] == "test" and there["metadata"]["uid"] != step["value"]:
                raise Refused(422, "the server rejected our request: testing value failed")
            if step["op"] == "remove" and "schedulingGates" not in there["spec"]:
                raise Refused(422, "the server rejected our request: unable to remove nonexistent key")
        del there["spec"]["schedulingGates"]
        self._note("MODIFIED", there)
        threading.Thread(target=self._run, args=(there["metadata"]["name"],), daemon=True).start()
        return copy.deepcopy(there)

    def _run(self, name: str) -> None:
        """Be the node: make the container and run it."""
        pod = self.kept["pods"][name]
        if not self.is_scheduled:
            self.events.append({"type": "Warning", "message": "0/1 nodes are available", "lastTimestamp": "2026"})
            return
        self._status(pod, "Pending", {"waiting": {"reason": self.waiting_reason or "ContainerCreating"}})
        if not self.waiting_reason:
            self._status(pod, "Running", {"running": {}})

    def end(self, name: str) -> None:
        """Let a Pod's container end by itself."""
        self._status(self.kept["pods"][name], "Succeeded", {"terminated": {"exitCode": 0}})

    def _status(self, pod: dict[str, Any], phase: str, state: dict[str, Any]) -> None:
        with self.changed:
            pod["status"] = {
                "phase": phase, "hostIP": "127.0.0.1", "containerStatuses": [{"name": "sandbox", "state": state}]
            }  # fmt: skip
            self._note("MODIFIED", pod)

    def delete(self, kind: str, name: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Remove the object; a Pod that runs takes a moment. Raises Refused."""
        with self.changed:
            there = self.kept[kind].get(name)
            if there is None:
                raise Refused(404, f'{kind} "{name}" not found')
            uid = options.get("preconditions", {}).get("uid")
            if uid not in (None, there["metadata"]["uid"]):
                raise Refused(409, "Precondition failed: UID in precondition")
            if kind == "pods":
                assert options.get("gracePeriodSeconds") == 1, "0 would say nothing of the processes"
            there["metadata"]["deletionTimestamp"] = "2026-11-28T10:00:00Z"
            self._note("MODIFIED", there)
            if kind == "pods" and there["status"]["phase"] == "Running":
                threading.Timer(0.05, self._gone, (kind, name)).start()
            else:
                self._gone(kind, name)
            return copy.deepcopy(there)

    def _gone(self, kind: str, name: str) -> None:
        with self.changed:
            gone = self.kept[kind].pop(name, None)
            if gone is not None:
                self.commands.end_all(gone["metadata"]["uid"])
                self._note("DELETED", gone)

    def _note(self, event: str, thing: dict[str, Any]) -> None:
        """Give the object its next version, and tell whoever watches. The caller holds the lock."""
        self.version += 1
        thing["metadata"]["resourceVersion"] = str(self.version)
        self.history.append((self.version, event, copy.deepcopy(thing)))
        self.changed.notify_all()


class Answer(BaseHTTPRequestHandler):
    """One request of the API."""

    server: ApiServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._about = urlsplit(self.path)
        self._query = {name: values[-1] for name, values in parse_qs(self._about.query).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._sent = json.loads(body) if body else {}
        self.server.asked.append(f"{self.command} {self._about.path}")
        if self._about.path.rsplit("/", 1)[-1] in self.server.silent_at:
            self.server.is_over.wait(30)
            self.close_connection = True
            return
        try:
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                raise Refused(403, "who is that?")
            self._serve()
        except Refused as error:
            said = {"kind": "Status", "status": "Failure", "code": error.code, "reason": error.reason}
            self._say(error.code, said | {"message": str(error)})

    do_POST = do_PATCH = do_DELETE = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        if self._about.path == "/version/":
            return self._say(200, {"gitVersion": f"v{self.server.says_version}"})
        if self._about.path.endswith("/selfsubjectaccessreviews"):
            asked = self._sent["spec"]["resourceAttributes"]
            resource = "/".join(filter(None, (asked["resource"], asked.get("subresource"))))
            return self._say(201, {"status": {"allowed": (asked["verb"], resource) not in self.server.denied}})
        found = PATH.fullmatch(self._about.path)
        assert found is not None, self._about.path
        kind, name, part = found.groups()
        for verb in self._verbs(name, part):
            resource = f"{kind}/{part}" if part else kind
            if (verb, resource) in self.server.denied:
                raise Refused(403, f'User "sandboxd" cannot {verb} resource "{resource}"')
        if part:
            return self._log(name) if part == "log" else self._exec(name)
        return self._one(kind, name) if name else self._all(kind)

    def _verbs(self, name: str | None, part: str | None) -> tuple[str, ...]:
        """What one must have the right to do. A command over WebSocket needs two, since 1.36."""
        if part == "exec":
            return ("get", "create")
        reads = "get" if name else "watch" if "watch" in self._query else "list"
        return ({"POST": "create", "PATCH": "patch", "DELETE": "delete"}.get(self.command, reads),)

    def _one(self, kind: str, name: str) -> None:
        match self.command:
            case "GET":
                self._say(200, self.server.get(kind, name))
            case "PATCH":
                self._say(200, self.server.change(kind, name, self._sent))
            case "DELETE":
                self._say(200, self.server.delete(kind, name, self._sent))

    def _all(self, kind: str) -> None:
        if self.command == "POST":
            made = self._valid(self._sent) if kind == "pods" else self._sent
            return self._say(201, made if self._query.get("dryRun") else self.server.put(kind, made))
        if kind == "events":
            return self._say(200, {"items": self.server.events})
        if "watch" in self._query:
            return self._watch()
        with self.server.changed:
            items = [copy.deepcopy(one) for one in self.server.kept[kind].values() if self._is_selected(one)]
        return self._say(200, {"items": items})

    def _valid(self, pod: dict[str, Any]) -> dict[str, Any]:
        """The new Pod as the server keeps it. Raises Refused."""
        container = pod["spec"]["containers"][0]
        if pod["spec"].get("hostUsers", True) and container["securityContext"].get("procMount") == "Unmasked":
            raise Refused(422, "spec.containers[0].securityContext.procMount: hostUsers must be false")
        if "hostUsers" in self.server.drops:
            pod["spec"].pop("hostUsers")
        for value in pod["metadata"]["labels"].values():
            if len(value) > 63:
                raise Refused(422, "metadata.labels: must be no more than 63 characters")
        gated = {"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}
        return pod | {"status": {"phase": "Pending", "conditions": [gated]}}

    def _is_selected(self, one: Mapping[str, Any]) -> bool:
        labels = dict(part.split("=", 1) for part in filter(None, self._query.get("labelSelector", "").split(",")))
        field = self._query.get("fieldSelector", "").removeprefix("metadata.name=")
        return labels.items() <= one["metadata"].get("labels", {}).items() and field in ("", one["metadata"]["name"])

    def _watch(self) -> None:
        self._begin()
        seen = int(self._query["resourceVersion"])
        until = float(self._query["timeoutSeconds"])
        while not self.server.is_over.is_set():
            with self.server.changed:
                news = [one for one in self.server.history if one[0] > seen and self._is_selected(one[2])]
                if not news and not self.server.changed.wait(until):
                    break
            for version, event, thing in news:
                self._chunk(json.dumps({"type": event, "object": thing}).encode() + b"\n")
                seen = version
        self._chunk(b"")

    def _log(self, name: str) -> None:
        pod = self.server.get("pods", name)
        if pod["status"]["phase"] == "Pending":
            raise Refused(400, f'container "sandbox" in pod "{name}" is waiting to start')
        self._begin()
        for number, text in enumerate(self.server.prints, start=1):
            self._chunk(f"2026-11-28T10:00:{number:02}.123456789Z {text}\n".encode())
            if number == self.server.cuts_log_after:
                self.server.cuts_log_after = None
                self.close_connection = True
                return
        with self.server.changed:  # it follows until the container has ended
            self.server.changed.wait_for(lambda: self._has_ended(name) or self.server.is_over.is_set(), 30)
        self._chunk(b"")

    def _has_ended(self, name: str) -> bool:
        there = self.server.kept["pods"].get(name)
        return there is None or there["status"]["phase"] != "Running"

    def _exec(self, name: str) -> None:
        pod = self.server.get("pods", name)
        if pod["status"]["phase"] != "Running":
            raise Refused(500, "container not found")
        words = parse_qs(self._about.query)["command"]
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": self._about.path,
            "HTTP_HOST": self.headers["Host"],
            "werkzeug.socket": self.connection,
            **{f"HTTP_{key.upper().replace('-', '_')}": value for key, value in self.headers.items()},
        }
        socket = simple_websocket.Server(environ, subprotocols=["v5.channel.k8s.io"])
        self.server.commands.run(socket, pod["metadata"]["uid"], words, tty=self._query["tty"] == "true")
        self.close_connection = True

    def _say(self, status: int, said: Mapping[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))


@contextmanager
def api_server() -> Iterator[ApiServer]:
    """The server, for as long as the block runs."""
    server = ApiServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        with server.changed:
            server.changed.notify_all()
        for pod in list(server.kept["pods"].values()):
            server.commands.end_all(pod["metadata"]["uid"])
        server.shutdown()
        thread.join()
        server.server_close()
