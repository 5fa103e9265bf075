"""The processes that are killed, and a guard that starts each again once it is dead. Knows no learner."""

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from ops import daemon_keeper
from ops.checkout import Checkout
from ops.children import Child
from ops.console import run_logged
from ops.docker_api import answers
from ops.engine import Place

LOOK_S = 0.05  # between two looks at all processes
START_S = 60.0  # for an engine to start


class Killable(Protocol):
    """A service of one or more processes, which can be killed and started again."""

    name: str

    def strike(self, chance: random.Random) -> str:
        """Kill one of its processes with SIGKILL; returns that one's name."""
        ...

    def mend(self) -> None:
        """Start it again if it is dead."""
        ...

    def end(self) -> None:
        """End it, without SIGKILL if it ends in time."""
        ...


class Kept:
    """A gunicorn of the product, of which the main process or a worker is killed."""

    def __init__(self, name: str, start: Callable[[], Child]) -> None:
        self.name = name
        self._start = start
        self._child = start()

    @property
    def pid(self) -> int:
        """The number of its main process, which leads a process group."""
        return self._child.process.pid

    @property
    def is_dead(self) -> bool:
        """Whether its main process has ended."""
        return self._child.has_died()

    def strike(self, chance: random.Random) -> str:
        """See Killable.strike."""
        first = self._child.process.pid
        victim = chance.choice([first, *daemon_keeper.children_of(first)])
        _kill(victim)
        return self.name if victim == first else f"{self.name}'s worker"

    def mend(self) -> None:
        """See Killable.mend."""
        if self.is_dead:
            self._child = self._start()

    def end(self) -> None:
        """See Killable.end."""
        self._child.end()


class EngineProcess:
    """A Docker engine for this benchmark alone, of which dockerd or its containerd is killed.

    `down_at` is when dockerd was killed last, and the containers that ran ended with it, as its documentation says.
    """

    name = "dockerd"

    def __init__(self, place: Place) -> None:
        self.down_at = datetime.min.replace(tzinfo=UTC)
        self._place = place
        place.run.mkdir(parents=True)
        place.data.mkdir(parents=True)
        (place.run / "engine.json").write_text("{}", encoding="ascii")
        self._daemon = self._start()

    def __enter__(self) -> "EngineProcess":
        until = time.monotonic() + START_S
        while not answers(self._place.url):
            assert time.monotonic() < until, f"the engine did not start: see {self._place.log}"
            time.sleep(LOOK_S)
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """The number of dockerd's process."""
        return self._daemon.pid

    @property
    def is_dead(self) -> bool:
        """Whether dockerd has ended."""
        return self._daemon.poll() is not None

    def build_image(self, checkout: Checkout) -> None:
        """Build the sandbox image on the engine."""
        log = checkout.log("kills-image")
        run_logged(
            [checkout.tool("flask"), "--app", "wsgi", "sandboxes", "build"],
            cwd=checkout.root,
            env={"QUIZAPP_ENGINE": self._place.url},
            log=log,
            mend=f"The sandbox image could not be built: see {log}.",
            show=lambda _: None,
        )

    def strike(self, chance: random.Random) -> str:
        """See Killable.strike."""
        containerd = daemon_keeper.children_of(self._daemon.pid)
        if containerd and chance.random() < 0.3:
            _kill(containerd[0])
            return "containerd"
        self.down_at = datetime.now(UTC)
        _kill(self._daemon.pid)
        return self.name

    def mend(self) -> None:
        """See Killable.mend."""
        if self.is_dead:
            self._daemon = self._start()

    def end(self) -> None:
        """See Killable.end. Also ends the shims and removes the mounts that killed engines have left."""
        daemon_keeper.end(self._daemon)
        daemon_keeper.end_left_containers(self._place)
        mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
        ours = (str(self._place.data), str(self._place.run))  # image layers and network namespaces are mounted there
        for mount in reversed([mount for mount in mounts if mount.startswith(ours)]):
            subprocess.run(["umount", "--lazy", mount], check=True)

    def forgotten(self, known: Collection[str]) -> list[str]:
        """The containers that run but are not in `known`, the ids in the engine's list; a few words for each."""
        running = daemon_keeper.running_containers(self._place).items()
        return [f"container {name}, which the engine forgot" for _, name in running if name not in known]

    def _start(self) -> subprocess.Popen[bytes]:
        daemon_keeper.forget_dead_daemon(self._place)
        daemon_keeper.end_left_containers(self._place)
        path = f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"
        with self._place.log.open("ab") as log:
            return subprocess.Popen(
                daemon_keeper.daemon_command(self._place),
                env={**os.environ, "PATH": path},
                cwd="/",
                stdout=log,
                stderr=log,
            )


class Guard:
    """Kills one process at a time, and starts the dead ones again."""

    def __init__(self, engine: EngineProcess, *product: Kept) -> None:
        self.engine = engine
        self._product = product
        self._kept: Sequence[Killable] = (engine, *product)
        self._lock = threading.Lock()  # held during a start and during a kill, so that no start is interrupted
        self._off_duty = threading.Event()

    def strike(self, chance: random.Random) -> str:
        """Kill a process of a service that `chance` picks; returns the name of the process."""
        with self._lock:
            return chance.choice(self._kept).strike(chance)

    @contextmanager
    def on_duty(self) -> Iterator[None]:
        """Start dead services again while the block runs; then end the product's services, not the engine."""
        watch = threading.Thread(target=self._watch)
        watch.start()
        try:
            yield
        finally:
            self._off_duty.set()
            watch.join()
            for one in reversed(self._product):
                one.end()

    def _watch(self) -> None:
        while not self._off_duty.wait(LOOK_S):
            with self._lock:
                for one in self._kept:
                    one.mend()


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
