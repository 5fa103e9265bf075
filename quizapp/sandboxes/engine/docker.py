"""Sandboxes on a Docker Engine, through the Docker SDK, which no other file imports.

Knows no pool. Exceptions of the SDK become QuizappErrors here.
"""

import os
import secrets
import threading
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import docker
from docker.errors import APIError, DockerException
from docker.types import LogConfig, Mount
from requests import PreparedRequest, Response
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import EngineFault, EngineOff, Health, ImageMissing
from quizapp.sandboxes.engine.docker_stream import DockerExec, DockerShell, Stream
from quizapp.sandboxes.engine.output import lines, moment
from quizapp.sandboxes.engine.protocol import Found, Line, NameTaken, NewContainer, NoContainer, Shell
from quizapp.sandboxes.engine.terminal_mark import KILL_TERMINALS, TERMINAL_MARK
from quizapp.sandboxes.recipe.template import IMAGES_DIR, START, MemoryFolder, Template, images_volume

TIMEOUT_S = 10  # for one answer; a removal under load takes a second or two
RETRY_S = 10
POOL = 32  # connections kept open: one for each terminal and each start, the others for short requests
REMOVAL_S = 20  # for a removal, with all its tries
SAID_CHARS = 300  # of the engine's error message, as many as a page has space for
POLL_S = 0.05  # between two tries to remove a container
HOST_NAME = "docker-host"  # what the learner's prompt shows
USUAL_CPU_SHARES = 1024  # Docker's default weight
KVM_RULE = "c 10:232 rw"  # allows the device with KVM's numbers, whatever file of the container has them
# The engine takes these keys out of what is typed and lets go of the shell when all of them came; by default they are
# Ctrl-P and Ctrl-Q, which shells, editors and the learner's own `docker run -it` have uses for. None cannot be asked
# for, so these are some that nobody types. The first is kept back until the next key; alone it shows nothing anyway.
NEVER_DETACH = ",".join(["ctrl-@", "ctrl-^"] * 8)


class EngineConflict(NoContainer):
    """The engine answered 409: the name is taken, the container has stopped, or it is being removed already."""


class TimedClient(docker.APIClient):
    """The SDK's client with a time limit on every request: the SDK sets none for `wait`, `pull` and an import.

    The limit is on the time between two pieces of an answer, not on the whole. It does not hold while the output of a
    container is followed: see `followed`.
    """

    def send(self, request: PreparedRequest, **options: Any) -> Response:
        """See requests.Session.send."""
        if options.get("timeout") is None:
            options["timeout"] = self.timeout
        return super().send(request, **options)


class DockerConnection:
    """A connection to the engine at `url`, opened at its first use. Raises EngineOff if the engine does not answer."""

    def __init__(self, url: str, *, timeout_s: int = TIMEOUT_S) -> None:
        self.url = url
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._api: docker.APIClient | None = None

    @property
    def api(self) -> docker.APIClient:
        """The SDK's client, made at its first use, since making it asks the engine for its version."""
        with self._lock, self.faults():
            if self._api is None:
                self._api = TimedClient(base_url=self.url, timeout=self._timeout_s, max_pool_size=POOL)
            return self._api

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turn the SDK's exceptions into NoContainer (404), EngineConflict (409), EngineFault or EngineOff."""
        try:
            yield
        except APIError as error:
            raise self._refused(error) from error
        except (RequestException, DockerException, HTTPError) as error:
            raise EngineOff(self._out_of_reach(), retry_after_s=RETRY_S) from error

    def _out_of_reach(self) -> str:
        """Why the engine cannot be asked, and what to do."""
        socket = Path(self.url.removeprefix("unix://"))
        if self.url.startswith("unix://") and socket.exists() and not os.access(socket, os.R_OK | os.W_OK):
            return f"This user may not use the Docker Engine at {self.url}. Put it into the group of that socket."
        return f"The Docker Engine at {self.url} does not answer. Start it, or set QUIZAPP_ENGINE to one that runs."

    def remove(self, ref: str) -> None:
        """Kill a container and remove it with its volumes; returns once it is removed, or if there is none.

        Raises EngineFault after REMOVAL_S.
        """
        until = time.monotonic() + REMOVAL_S
        while time.monotonic() < until:
            try:
                with self.faults():
                    self.api.remove_container(ref, v=True, force=True)
                return
            except EngineConflict:
                time.sleep(POLL_S)  # another removal has begun: by another caller, or by auto_remove at its end
            except NoContainer:
                return
        raise EngineFault("The Docker Engine does not finish removing a container.", retry_after_s=RETRY_S)

    @staticmethod
    def _refused(error: APIError) -> QuizappError:
        message = f"The Docker Engine refused: {str(error.explanation).strip()[:SAID_CHARS]}"
        match error.status_code:
            case 404:
                return NoContainer(message)
            case 409:
                return EngineConflict(message)
            case _:
                return EngineFault(message, retry_after_s=RETRY_S)


class DockerEngine:
    """The Engine of sandboxd on Docker. A container's image is that of its template's name in `images`, else `image`.

    Containers run under the Docker Engine's default runtime, or under `runtime` unless that is empty.
    """

    def __init__(
        self, connection: DockerConnection, image: str, *, images: Mapping[str, str] | None = None, runtime: str = ""
    ) -> None:
        self._docker = connection
        self._image = image
        self._images = images or {}
        self._runtime = runtime
        self._version = ""  # what the engine said that it is, once it was asked

    def require(self) -> None:
        """See Engine.require."""
        self._require(self._image)

    def runtime_trouble(self) -> str | None:
        """Why sandboxes cannot run under `runtime`, and what to do; None if they can. Raises EngineOff."""
        if not self._runtime:
            return None
        with self._docker.faults():
            known = sorted(self._docker.api.info()["Runtimes"])
        return None if self._runtime in known else f"{self._no_runtime()} It has {', '.join(known)}."

    def health(self) -> Health:
        """See Engine.health."""
        try:
            self.require()
        except ImageMissing as error:
            return Health(engine=True, image=False, reason=str(error))
        except QuizappError as error:
            self._version = ""  # another one may come in its place
            return Health(engine=False, image=False, reason=str(error))
        with suppress(QuizappError), self._docker.faults():
            self._version = self._version or f"Docker {self._docker.api.version()['Version']}"
        return Health(engine=True, image=True, reason=None, version=self._version)

    def create(self, new: NewContainer) -> str:
        """See Engine.create."""
        image = self._images.get(new.template.name, self._image)
        if image != self._image:
            self._require(image)
        try:
            with self._docker.faults():
                made = self._docker.api.create_container(
                    image,
                    command=[START],
                    name=new.name,
                    labels=dict(new.labels),
                    user=new.template.user,
                    environment={
                        "SANDBOX_LEASE_S": str(new.lease_s),
                        "SANDBOX_LIFE_S": str(new.life_s),
                        "SANDBOX_NAME": HOST_NAME,
                    },
                    host_config=host_config(
                        self._docker.api,
                        new.template,
                        [volume_mount(images_volume(image), IMAGES_DIR, read_only=True)],
                        auto_remove=True,
                        runtime=self._runtime,
                    ),
                )
        except EngineConflict:
            raise self._name_taken(new.name) from None
        except NoContainer:  # the engine answers a creation with 404 if it lacks the image
            raise self._image_missing() from None
        except EngineFault as error:
            if self._runtime and "runtime" in str(error).lower():
                raise EngineFault(self._no_runtime(), retry_after_s=RETRY_S) from error
            raise
        return str(made["Id"])

    def claim(self, ref: str, owner: str) -> None:
        """See Engine.claim. Docker's rename is atomic, and no two containers have the same name."""
        try:
            with self._docker.faults():
                self._docker.api.rename(ref, owner)
        except EngineConflict:
            raise self._name_taken(owner) from None

    def start(self, ref: str) -> None:
        """See Engine.start."""
        with self._docker.faults():
            self._docker.api.start(ref)

    def follow(self, ref: str, *, give_up_s: float) -> Generator[Line, None, None]:
        """See Engine.follow."""
        with self._docker.faults():
            output = self._docker.api.logs(ref, stdout=True, stderr=True, stream=True, follow=True, timestamps=True)
        with followed(output, give_up_s=give_up_s) as texts:
            for text in texts:
                stamp, _, rest = text.partition(" ")
                yield Line(at=moment(stamp), text=rest)

    def open(self, ref: str, command: tuple[str, ...]) -> DockerExec:
        """See Engine.open."""
        _, stream = self._attach(ref, command, tty=False)
        return DockerExec(stream)

    def exec(self, ref: str, command: tuple[str, ...], *, stdin: bytes, give_up_s: float, most_bytes: int) -> bytes:
        """See Engine.exec."""
        return self.open(ref, command).finish(stdin, give_up_s=give_up_s, most_bytes=most_bytes)

    def shell(self, ref: str, command: tuple[str, ...], *, rows: int, columns: int) -> Shell:
        """See Engine.shell."""
        mark = f"{TERMINAL_MARK}={secrets.token_hex(8)}"
        exec_id, stream = self._attach(ref, command, tty=True, environment=[mark, "TERM=xterm-256color"])

        def resize(rows: int, columns: int) -> None:
            with self._docker.faults():
                self._docker.api.exec_resize(exec_id, height=rows, width=columns)

        def kill() -> None:
            stream.hang_up()
            self._kill_terminals(ref, mark)

        shell = DockerShell(stream, resize=resize, kill=kill)
        shell.resize(rows, columns)
        return shell

    def end_shells(self, ref: str) -> None:
        """See Engine.end_shells."""
        self._kill_terminals(ref, f"{TERMINAL_MARK}=")

    def remove(self, ref: str) -> None:
        """See Engine.remove."""
        self._docker.remove(ref)

    def list(self, label: str, value: str) -> tuple[Found, ...]:
        """See Engine.list."""
        with self._docker.faults():
            rows = self._docker.api.containers(all=True, filters={"label": [f"{label}={value}"]})
        return tuple(sorted((_found(row) for row in rows), key=lambda found: (found.name, found.ref)))

    def _kill_terminals(self, ref: str, mark: str) -> None:
        """Kill every process of the terminals whose mark begins with `mark`."""
        command = ("/bin/sh", "-c", KILL_TERMINALS, "kill", mark)
        self.exec(ref, command, stdin=b"", give_up_s=TIMEOUT_S, most_bytes=4096)

    def _attach(
        self, ref: str, command: tuple[str, ...], *, tty: bool, environment: Sequence[str] = ()
    ) -> tuple[str, Stream]:
        """Start `command` in the container; returns the id of the exec and the connection to its input and output."""
        with self._docker.faults():
            api = self._docker.api
            made = api.exec_create(
                ref, list(command), stdin=True, tty=tty, environment=list(environment), detach_keys=NEVER_DETACH
            )
            connection = api.exec_start(made["Id"], tty=tty, socket=True)
        return made["Id"], Stream(cast(Any, connection)._response)

    def _require(self, image: str) -> None:
        """Raises ImageMissing unless the engine has this image, with its volume."""
        try:
            with self._docker.faults():
                self._docker.api.inspect_image(image)  # type: ignore[no-untyped-call]
                # Checked here, since creating a container would make a missing volume, and an empty one.
                self._docker.api.inspect_volume(images_volume(image))
        except NoContainer:
            raise self._image_missing() from None

    def _no_runtime(self) -> str:
        return (
            f"The Docker Engine has no runtime {self._runtime}, which QUIZAPP_SANDBOX_RUNTIME names. The operator adds"
            " it to the engine, or unsets that."
        )

    @staticmethod
    def _name_taken(name: str) -> NameTaken:
        return NameTaken(f"The engine has a container {name} already. The operator can remove it.")

    @staticmethod
    def _image_missing() -> ImageMissing:
        return ImageMissing(
            "The sandbox image is not built yet. The operator builds it with: flask sandboxes build",
            retry_after_s=RETRY_S,
        )


def volume_mount(volume: str, path: str, *, read_only: bool) -> Mount:
    """The named volume at `path`. The engine makes a missing one, and gives a writable one the image folder's owner."""
    return Mount(path, volume, read_only=read_only, no_copy=read_only)


def host_config(
    api: docker.APIClient, template: Template, mounts: Sequence[Mount], *, auto_remove: bool, runtime: str = ""
) -> Any:
    """Docker's flags for a container of this template with these mounts; `runtime` is empty for the default one."""
    config = api.create_host_config(
        cap_drop=["ALL"],
        cap_add=list(template.capabilities),
        security_opt=_security_options(template),
        device_cgroup_rules=[KVM_RULE] if template.kvm else [],
        network_mode="bridge" if template.has_network else "none",
        init=template.needs_init,
        read_only=not template.writes_to_image,
        tmpfs={folder.path: _tmpfs_options(folder) for folder in template.memory_folders},
        mem_limit=template.memory_bytes,
        memswap_limit=template.memory_bytes,  # both the same: no swap
        pids_limit=template.processes,
        cpu_shares=round(template.cpu_weight * USUAL_CPU_SHARES),
        log_config=_log_config(template),
        mounts=list(mounts),
        auto_remove=auto_remove,
        runtime=runtime or None,
    )
    if template.mounts:  # in the API, what `--security-opt systempaths=unconfined` is on Docker's command line
        config |= {"MaskedPaths": [], "ReadonlyPaths": []}
    return config


def _log_config(template: Template) -> LogConfig:
    return LogConfig(type=LogConfig.types.JSON, config={"max-size": str(template.output_bytes), "max-file": "1"})


def _security_options(template: Template) -> list[str]:
    options = [] if template.system_calls is None else [f"seccomp={template.system_calls}"]
    if template.mounts:
        options.append("apparmor=unconfined")  # Docker's default profile forbids mounts
    if not template.gains_privileges:
        options.append("no-new-privileges")
    return options


def _tmpfs_options(folder: MemoryFolder) -> str:
    return f"rw,nosuid,nodev,noexec,size={folder.size_bytes},uid={folder.uid},gid={folder.uid}"


@contextmanager
def followed(output: Any, *, give_up_s: float) -> Iterator[Iterator[str]]:
    """The lines of a container's output that the SDK follows, at most for `give_up_s` seconds.

    The SDK removes the time limit from this connection, and would wait without end for an engine that hangs.
    """
    stream = Stream(output._response)
    alarm = threading.Timer(give_up_s, stream.hang_up)
    alarm.daemon = True
    alarm.start()
    try:
        yield lines(output)
    finally:
        alarm.cancel()
        stream.close()


def _found(row: Mapping[str, Any]) -> Found:
    return Found(
        ref=row["Id"],
        name=row["Names"][0].removeprefix("/"),
        labels=row["Labels"] or {},
        created_at=datetime.fromtimestamp(row["Created"], UTC),
        running=row["State"] == "running",
        fresh=row["State"] == "created",
    )
