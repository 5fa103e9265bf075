"""Sandboxes as Pods of a Kubernetes cluster. Knows no pool, and of the API what `kubernetes_api` passes on.

A Pod cannot be renamed. Its own name is the cluster's choice; its present name is an annotation, and a Lease of that
name, which there is only once, makes it the Pod's own.
"""

import json
import secrets
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from typing import Any

from websockets.sync.client import ClientConnection

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import EngineFault, Health, ImageMissing
from quizapp.sandboxes.engine.kubernetes_api import ApiAnswer, KubernetesApi
from quizapp.sandboxes.engine.kubernetes_pod import (
    CONTAINER,
    GRACE_S,
    NAME,
    PodImages,
    PodRef,
    found,
    has_started,
    is_fresh,
    lease_body,
    phase,
    pod_body,
    present_name,
    waits_for,
)
from quizapp.sandboxes.engine.kubernetes_stream import PodExec, PodShell, PodStream
from quizapp.sandboxes.engine.output import moment
from quizapp.sandboxes.engine.protocol import Found, Line, NameTaken, NewContainer, NoContainer, Shell
from quizapp.sandboxes.engine.terminal_mark import KILL_TERMINALS, TERMINAL_MARK

RETRY_S = 10
TIMEOUT_S = 10.0  # for a command that only kills
REMOVAL_S = 45.0  # for a removal: 2 s on a node of 1.36, 13 on a busy one of 1.20
POLL_S = 0.1  # between two looks at a Pod that goes
WATCH_S = 30.0  # the longest that one watch lasts; then the Pod is read again
CLAIMS = 10  # tries to write an owner's name, since a node writes to the Pod meanwhile
IMAGE_TROUBLE_S = 60.0  # for so long after a start that failed by its image, nobody is let wait for another
# A node gives these reasons while it tries and tries again: an operator has to do something first.
IMAGE_REASONS = ("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError")
CONTAINER_REASONS = ("CreateContainerConfigError", "CreateContainerError", "RunContainerError")
JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"


class KubernetesEngine:
    """The Engine of sandboxd on a cluster. A sandbox's images are those of its template's name in `images`.

    Pods are in `namespace`, under the RuntimeClass `runtime` unless that is empty.
    """

    def __init__(
        self, api: KubernetesApi, namespace: str, images: Mapping[str, PodImages], *, runtime: str = ""
    ) -> None:
        self.api = api
        self.namespace = namespace
        self._images = images
        self._runtime = runtime
        self._version = ""  # as it was first answered
        self._image_trouble: tuple[float, str] | None = None  # time.monotonic(), and what was missing

    def require(self) -> None:
        """See Engine.require. Whether the nodes have the images, only a start shows: the last one is what is known."""
        self.api.ask(self.api.core.list_namespaced_pod, self.namespace, limit=1)
        if self._image_trouble is not None and time.monotonic() - self._image_trouble[0] < IMAGE_TROUBLE_S:
            raise ImageMissing(self._image_trouble[1], retry_after_s=RETRY_S)

    def health(self) -> Health:
        """See Engine.health."""
        try:
            self.require()
        except ImageMissing as error:
            return Health(engine=True, image=False, reason=str(error))
        except QuizappError as error:
            return Health(engine=False, image=False, reason=str(error))
        with suppress(QuizappError):
            self._version = self._version or f"Kubernetes {self.server_version()}"
        return Health(engine=True, image=True, reason=None, version=self._version)

    def server_version(self) -> str:
        """The API server's version, such as 1.36.2."""
        return str(self.api.ask(self.api.version.get_code).body.get("gitVersion", "")).removeprefix("v")

    def body(self, new: NewContainer) -> dict[str, Any]:
        """The Pod that `create` asks for."""
        images = self._images.get(new.template.name)
        if images is None:
            raise EngineFault(f"The template {new.template.name} does not run on a cluster.", retry_after_s=RETRY_S)
        return pod_body(new, images, runtime=self._runtime)

    def create(self, new: NewContainer) -> str:
        """See Engine.create. Never raises ImageMissing."""
        pod = _ref_of(self.api.ask(self.api.core.create_namespaced_pod, self.namespace, self.body(new)).body)
        try:
            self._take_name(new.name, pod)
        except QuizappError:
            self._delete(pod)
            raise
        return str(pod)

    def claim(self, ref: str, owner: str) -> None:
        """See Engine.claim. The Lease decides between owners, the Pod's version between claims of one Pod."""
        pod = PodRef.parsed(ref)
        before = self._read(pod)
        self._take_name(owner, pod)
        try:
            self._write_name(pod, owner, before)
        except QuizappError:
            self._free_name(owner, pod)
            raise

    def start(self, ref: str) -> None:
        """See Engine.start."""
        pod = PodRef.parsed(ref)
        patch = [
            {"op": "test", "path": "/metadata/uid", "value": pod.uid},
            {"op": "remove", "path": "/spec/schedulingGates"},
        ]
        answer = self.api.ask(
            self.api.core.patch_namespaced_pod,
            pod.name,
            self.namespace,
            patch,
            _content_type=JSON_PATCH,
            also=(404, 422),
        )
        if answer.status != 200 and is_fresh(self._read(pod)):
            raise EngineFault(f"The cluster refused: {answer.message}", retry_after_s=RETRY_S)

    def follow(self, ref: str, *, give_up_s: float) -> Generator[Line, None, None]:
        """See Engine.follow. Raises ImageMissing, and EngineFault with the node's reason if it never runs."""
        pod, until = PodRef.parsed(ref), time.monotonic() + give_up_s
        if not self._await_container(pod, until):
            raise EngineFault(self._why_not(pod), retry_after_s=RETRY_S)
        seen = 0
        while (left := until - time.monotonic()) > 0:
            for number, line in enumerate(self._log(pod, left), start=1):
                if number > seen:
                    seen = number
                    yield line
            # The connection may have been lost, with a node or an API server that starts anew.
            if phase(self._read(pod)) != "Running":
                return
            time.sleep(POLL_S)

    def open(self, ref: str, command: tuple[str, ...]) -> PodExec:
        """See Engine.open."""
        pod = PodRef.parsed(ref)
        return PodExec(self._attach(pod, command, tty=False), missing=lambda: self._missing(pod))

    def exec(self, ref: str, command: tuple[str, ...], *, stdin: bytes, give_up_s: float, most_bytes: int) -> bytes:
        """See Engine.exec."""
        return self.open(ref, command).finish(stdin, give_up_s=give_up_s, most_bytes=most_bytes)

    def shell(self, ref: str, command: tuple[str, ...], *, rows: int, columns: int) -> Shell:
        """See Engine.shell. A command in a Pod has no environment of its own, so `env` begins it."""
        mark = f"{TERMINAL_MARK}={secrets.token_hex(8)}"
        pod = PodRef.parsed(ref)
        stream = self._attach(pod, ("env", mark, "TERM=xterm-256color", *command), tty=True)
        stream.resize(rows, columns)
        return PodShell(stream, kill=lambda: self._kill_terminals(ref, mark))

    def end_shells(self, ref: str) -> None:
        """See Engine.end_shells."""
        self._kill_terminals(ref, f"{TERMINAL_MARK}=")

    def remove(self, ref: str) -> None:
        """See Engine.remove. A Pod whose node is lost is not forced away: its processes may run on there."""
        pod = PodRef.parsed(ref)
        there = self._present(pod)
        self._delete(pod)
        until = time.monotonic() + REMOVAL_S
        while there is not None and self._present(pod) is not None:
            if time.monotonic() > until:
                raise EngineFault("The cluster does not finish removing a Pod.", retry_after_s=RETRY_S)
            time.sleep(POLL_S)
        if there is not None:
            self._free_name(present_name(there), pod)  # so that the name can be had at once, not in some seconds

    def list(self, label: str, value: str) -> tuple[Found, ...]:
        """See Engine.list."""
        answer = self.api.ask(self.api.core.list_namespaced_pod, self.namespace, label_selector=f"{label}={value}")
        return tuple(sorted(map(found, answer.body["items"]), key=lambda one: (one.name, one.ref)))

    def node_address(self, ref: str) -> str:
        """The address of the node that the Pod is on; empty if it is on none. Raises NoContainer."""
        return str(self._read(PodRef.parsed(ref)).get("status", {}).get("hostIP", ""))

    def _take_name(self, name: str, pod: PodRef) -> None:
        """Make the name this Pod's own. Raises NameTaken if it is that of another Pod which is there."""
        for _ in range(2):
            lease = lease_body(name, pod)
            made = self.api.ask(self.api.coordination.create_namespaced_lease, self.namespace, lease, also=(409,))
            if made.status != 409:
                return
            holder = self._holder(name)
            if holder == pod:
                return
            if holder is not None and self._present(holder) is not None:
                break
            if holder is not None:
                self._free_name(name, holder)  # of a Pod that is gone, whose Lease the cluster has not removed yet
        raise self._name_taken(name)

    def _holder(self, name: str) -> PodRef | None:
        """The Pod whose name this is; None if nobody has it."""
        lease = self.api.ask(self.api.coordination.read_namespaced_lease, name, self.namespace, also=(404,))
        owners = lease.body.get("metadata", {}).get("ownerReferences") or [{}] if lease.status == 200 else [{}]
        return PodRef(name=owners[0]["name"], uid=owners[0]["uid"]) if owners[0] else None

    def _free_name(self, name: str, pod: PodRef) -> None:
        """Let the name go, if it is this Pod's."""
        lease = self.api.ask(self.api.coordination.read_namespaced_lease, name, self.namespace, also=(404,))
        owners = [owner["uid"] for owner in lease.body.get("metadata", {}).get("ownerReferences", ())]
        if lease.status == 200 and owners == [pod.uid]:
            gone = {"preconditions": {"uid": lease.body["metadata"]["uid"]}}
            self.api.ask(
                self.api.coordination.delete_namespaced_lease, name, self.namespace, body=gone, also=(404, 409)
            )

    def _write_name(self, pod: PodRef, name: str, read: Mapping[str, Any]) -> None:
        """Write the name into the Pod as it was read. Raises NoContainer if another claim was earlier."""
        before = present_name(read)
        for _ in range(CLAIMS):
            version = read["metadata"]["resourceVersion"]
            patch = {"metadata": {"resourceVersion": version, "annotations": {NAME: name}}}
            written = self.api.ask(
                self.api.core.patch_namespaced_pod,
                pod.name,
                self.namespace,
                patch,
                _content_type=MERGE_PATCH,
                also=(404, 409),
            )
            if written.status == 200:
                return
            read = self._read(pod)  # a node has written its status meanwhile, or somebody a name
            if present_name(read) != before:
                raise NoContainer(f"The Pod {pod.name} was given to somebody else.")
        raise EngineFault(f"The Pod {pod.name} is written to all the time.", retry_after_s=RETRY_S)

    def _delete(self, pod: PodRef) -> None:
        """Begin to remove the Pod, if it is there."""
        options = {"gracePeriodSeconds": GRACE_S, "preconditions": {"uid": pod.uid}}
        self.api.ask(self.api.core.delete_namespaced_pod, pod.name, self.namespace, body=options, also=(404, 409))

    def _present(self, pod: PodRef) -> Mapping[str, Any] | None:
        """The Pod as it is now; None if it is gone, and if another one has its name."""
        if not pod.uid:
            return None
        answer = self.api.ask(self.api.core.read_namespaced_pod, pod.name, self.namespace, also=(404,))
        if answer.status == 404 or answer.body["metadata"]["uid"] != pod.uid:
            return None
        return answer.body

    def _read(self, pod: PodRef) -> Mapping[str, Any]:
        """The Pod as it is now. Raises NoContainer."""
        there = self._present(pod)
        if there is None:
            raise self._gone(pod)
        return there

    def _await_container(self, pod: PodRef, until: float) -> bool:
        """Wait until the Pod's container exists; whether it does before `until`. Raises NoContainer, ImageMissing."""
        while (left := until - time.monotonic()) > 0:
            read = self._read(pod)
            if self._has_container(read):
                return True
            for changed in self._changes(pod, str(read["metadata"]["resourceVersion"]), min(left, WATCH_S)):
                if self._has_container(changed):
                    return True
        return False

    def _has_container(self, pod: Mapping[str, Any]) -> bool:
        """Whether its container runs or ran. Raises ImageMissing and EngineFault if it waits for an operator."""
        if phase(pod) in ("Running", "Succeeded", "Failed"):
            self._image_trouble = None
            return True
        reason, said = waits_for(pod)
        if reason in IMAGE_REASONS:
            text = (
                f"A node has no image for the sandbox ({reason}). The operator brings it there: flask sandboxes publish"
            )
            self._image_trouble = (time.monotonic(), text)
            raise ImageMissing(text, retry_after_s=RETRY_S)
        if reason in CONTAINER_REASONS:
            raise EngineFault(f"The node cannot start a sandbox: {said or reason}", retry_after_s=RETRY_S)
        return False

    def _changes(self, pod: PodRef, version: str, within_s: float) -> Iterator[Mapping[str, Any]]:
        """The Pod as it becomes after this version, until it is gone, the time is up or the connection is lost."""
        with self.api.lines(
            self.api.core.list_namespaced_pod,
            self.namespace,
            field_selector=f"metadata.name={pod.name}",
            resource_version=version,
            timeout_seconds=max(1, int(within_s)),
            watch=True,
            give_up_s=within_s,
        ) as events:
            for event in map(json.loads, events):
                if event["type"] not in ("ADDED", "MODIFIED") or event["object"]["metadata"]["uid"] != pod.uid:
                    return  # it is gone, or its version is too old for the server: it is read anew
                yield event["object"]

    def _log(self, pod: PodRef, give_up_s: float) -> Iterator[Line]:
        """The lines that the container prints, from its first one, while the connection holds."""
        with self.api.lines(
            self.api.core.read_namespaced_pod_log,
            pod.name,
            self.namespace,
            container=CONTAINER,
            follow=True,
            timestamps=True,
            give_up_s=give_up_s,
        ) as texts:
            for text in texts:
                stamp, _, rest = text.partition(" ")
                try:
                    yield Line(at=moment(stamp), text=rest)
                except ValueError:
                    return  # what a node says when it cannot read on, or a line that was cut with the connection

    def _why_not(self, pod: PodRef) -> str:
        """Why the Pod does not run: what the cluster last said of it."""
        selector = f"involvedObject.uid={pod.uid}"
        answer = self.api.ask(self.api.core.list_namespaced_event, self.namespace, field_selector=selector, also=(403,))
        said = [event for event in answer.body.get("items", ()) if event.get("type") == "Warning"]
        last = max(said, key=lambda event: str(event.get("lastTimestamp") or ""), default=None)
        reason = "The operator sees why with: kubectl describe pod" if last is None else str(last.get("message", ""))
        return f"The cluster did not start the sandbox in time. {reason[:300]}"

    def _attach(self, pod: PodRef, command: tuple[str, ...], *, tty: bool) -> PodStream:
        """Start `command` in the Pod's container; the connection to its input and output. Raises NoContainer."""
        query = [("container", CONTAINER), *(("command", word) for word in command)]
        query += [("stdin", "true"), ("stdout", "true"), ("stderr", str(not tty).lower()), ("tty", str(tty).lower())]
        opened = self.api.stream(f"/api/v1/namespaces/{self.namespace}/pods/{pod.name}/exec", query)
        if isinstance(opened, ClientConnection):
            return PodStream(opened)
        raise self._missing(pod) or self._refused(opened)

    def _missing(self, pod: PodRef) -> NoContainer | None:
        """The error if the Pod has no running container."""
        there = self._present(pod)
        return None if there is not None and has_started(there) and phase(there) == "Running" else self._gone(pod)

    def _kill_terminals(self, ref: str, mark: str) -> None:
        """Kill every process of the terminals whose mark begins with `mark`."""
        command = ("/bin/sh", "-c", KILL_TERMINALS, "kill", mark)
        self.exec(ref, command, stdin=b"", give_up_s=TIMEOUT_S, most_bytes=4096)

    @staticmethod
    def _refused(answer: ApiAnswer) -> EngineFault:
        rights = " It needs get and create of pods/exec." if answer.status == 403 else ""
        return EngineFault(f"The cluster refused a command: {answer.message}.{rights}", retry_after_s=RETRY_S)

    @staticmethod
    def _gone(pod: PodRef) -> NoContainer:
        return NoContainer(f"There is no running Pod {pod.name}.")

    @staticmethod
    def _name_taken(name: str) -> NameTaken:
        return NameTaken(f"The cluster has a Pod {name} already. The operator can remove it.")


def _ref_of(body: Mapping[str, Any]) -> PodRef:
    return PodRef(name=body["metadata"]["name"], uid=body["metadata"]["uid"])
