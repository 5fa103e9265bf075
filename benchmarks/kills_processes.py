"""The processes that are killed: each is started again as soon as it is seen dead. Knows no learner."""

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

LOOK_S = 0.05
START_S = 60.0


class Killable(Protocol):
    """Something that comes back when it is killed."""

    name: str

    def strike(self, chance: random.Random) -> str:
        """Kill one of its processes with SIGKILL; returns which."""
        ...

    def mend(self) -> None:
        """Start it again if it is dead."""
        ...

    def end(self) -> None:
        """End it in good order."""
        ...


class Kept:
    """A gunicorn of the product: its first process or its worker is killed."""

    def __init__(self, name: str, start: Callable[[], Child]) -> None:
        self.name = name
        self._start = start
        self._child = start()

    def strike(self, chance: random.Random) -> str:
        """See Killable.strike."""
        first = self._child.process.pid
        victim = chance.choice([first, *daemon_keeper.children_of(first)])
        _kill(victim)
        return self.name if victim == first else f"{self.name}'s worker"

    def mend(self) -> None:
        """See Killable.mend."""
        if self._child.has_died():
            self._child = self._start()

    def end(self) -> None:
        """See Killable.end."""
        self._child.end()


class EngineProcess:
    """A Docker engine of one's own: dockerd itself is killed, or its containerd.

    `down_at` is when dockerd was killed last: with it go the containers that ran then, as its documentation says.
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

    def build_image(self, checkout: Checkout) -> None:
        """Make the sandbox image in it."""
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
        if self._daemon.poll() is not None:
            self._daemon = self._start()

    def end(self) -> None:
        """See Killable.end. What a killed engine leaves of itself is cleared away: empty shims and mounts."""
        daemon_keeper.end(self._daemon)
        daemon_keeper.end_left_containers(self._place)
        mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
        ours = (str(self._place.data), str(self._place.run))  # layers in the one, network namespaces in the other
        for mount in reversed([mount for mount in mounts if mount.startswith(ours)]):
            subprocess.run(["umount", "--lazy", mount], check=True)

    def forgotten(self, known: Collection[str]) -> list[str]:
        """The containers that run, though they are not among those that the engine knows."""
        running = daemon_keeper.running_containers(self._place).items()
        return [f"container {name}, which the engine forgot" for _, name in running if name not in known]

    def _start(self) -> subprocess.Popen[bytes]:
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
    """Kills one of them at a time, and starts again whichever is dead."""

    def __init__(self, engine: EngineProcess, *product: Kept) -> None:
        self.engine = engine
        self._product = product
        self._kept: Sequence[Killable] = (engine, *product)
        self._lock = threading.Lock()  # nothing is killed while it is being started
        self._off_duty = threading.Event()

    def strike(self, chance: random.Random) -> str:
        """Kill a process of whichever chance points to; returns which it was."""
        with self._lock:
            return chance.choice(self._kept).strike(chance)

    @contextmanager
    def on_duty(self) -> Iterator[None]:
        """Start again what dies for as long as the block runs; then end the product, not the engine."""
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
