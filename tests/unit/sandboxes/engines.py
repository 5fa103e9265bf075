"""An engine in memory, for tests of the pool: what its containers print, and when, is up to the test."""

import itertools
import queue
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import EngineOff, Health
from quizapp.sandboxes.engine.protocol import Found, Line, NameTaken, NewContainer, NoContainer
from quizapp.sandboxes.recipe.template import AWAIT, USERNS

STARTS = (*(f"@step {step.name}" for step in USERNS.steps), "@ready")
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class FakeShell:
    """A shell that shows what is typed; `closed` says whether it was killed."""

    def __init__(self) -> None:
        self.output: queue.Queue[bytes | None] = queue.Queue()
        self.closed = threading.Event()
        self.sizes: list[tuple[int, int]] = []
        self.takes_input = True

    def answers(self) -> bool:
        return self.output.empty()

    def send(self, data: bytes, *, wait_s: float) -> bytes:
        if not self.takes_input:
            self.closed.wait(min(wait_s, 0.001))
            return data
        self.output.put(data)
        return b""

    def resize(self, rows: int, columns: int) -> None:
        self.sizes.append((rows, columns))

    def receive(self) -> bytes | None:
        return self.output.get()

    def close(self) -> None:
        self.closed.set()
        self.output.put(None)


class FakeExec:
    """A command that waits for its input until it gets it, or `ended` says that it does not."""

    def __init__(self, run: Callable[[bytes], bytes]) -> None:
        self._run = run
        self.ended = False
        self.closed = threading.Event()

    def answers(self) -> bool:
        return not self.ended

    def finish(self, stdin: bytes, *, give_up_s: float, most_bytes: int) -> bytes:
        return self._run(stdin)

    def close(self) -> None:
        self.closed.set()


class FakeEngine:
    """Keeps containers as `Found`. A start prints `prints`, each line once it may `go`."""

    def __init__(self) -> None:
        self.containers: dict[str, Found] = {}
        self.prints: tuple[str, ...] = STARTS
        self.go = threading.Event()
        self.go.set()
        self.may_remove = threading.Event()
        self.may_remove.set()
        self.require_s = 0.0
        self.is_off = False
        self.answer = b""
        self.execs: list[tuple[str, ...]] = []  # those that got their input
        self.opened: list[FakeExec] = []
        self.exec_fault: QuizappError | None = None
        self.claim_fault: QuizappError | None = None
        self.creates = 0
        self.shells: list[FakeShell] = []
        self.shells_ended: list[str] = []
        self._refs = itertools.count()
        self._lock = threading.Lock()

    def require(self) -> None:
        time.sleep(self.require_s)
        if self.is_off:
            raise EngineOff("The engine is off.", retry_after_s=1)

    def health(self) -> Health:
        return Health(engine=not self.is_off, image=not self.is_off, reason="off" if self.is_off else None)

    def create(self, new: NewContainer) -> str:
        self.require()
        with self._lock:
            self.creates += 1
            if any(found.name == new.name for found in self.containers.values()):
                raise NameTaken("The name is taken.")
            return self.put(new.name, dict(new.labels), running=False, fresh=True)

    def put(self, name: str, labels: dict[str, str], *, running: bool, fresh: bool = False) -> str:
        """Add a container as if another sandboxd had, and return its ref."""
        ref = f"ref-{next(self._refs)}"
        self.containers[ref] = Found(ref=ref, name=name, labels=labels, created_at=EPOCH, running=running, fresh=fresh)
        return ref

    def claim(self, ref: str, owner: str) -> None:
        found = self._running(ref)
        if self.claim_fault is not None:
            raise self.claim_fault
        with self._lock:
            if any(other.name == owner for other in self.containers.values()):
                raise NameTaken("The name is taken.")
            self.containers[ref] = replace(found, name=owner)

    def start(self, ref: str) -> None:
        self.require()
        self.containers[ref] = replace(self._running(ref, fresh=True), running=True, fresh=False)

    def follow(self, ref: str, *, give_up_s: float) -> Generator[Line, None, None]:
        for text in self.prints:
            if not self.go.wait(give_up_s) or ref not in self.containers:
                return
            yield Line(at=EPOCH, text=text)

    def open(self, ref: str, command: tuple[str, ...]) -> FakeExec:
        def run(stdin: bytes) -> bytes:
            self._running(ref)
            self.execs.append(command)
            if self.exec_fault is not None:
                raise self.exec_fault
            return self.answer

        self._running(ref)
        self.opened.append(FakeExec(run))
        return self.opened[-1]

    def exec(self, ref: str, command: tuple[str, ...], *, stdin: bytes, give_up_s: float, most_bytes: int) -> bytes:
        return self.open(ref, command).finish(stdin, give_up_s=give_up_s, most_bytes=most_bytes)

    def shell(self, ref: str, command: tuple[str, ...], *, rows: int, columns: int) -> FakeShell:
        self._running(ref)
        self.shells.append(FakeShell())
        if command[0] == AWAIT:
            self.shells[-1].output.put(b"\r\n")
        return self.shells[-1]

    def end_shells(self, ref: str) -> None:
        self.shells_ended.append(ref)

    def remove(self, ref: str) -> None:
        self.may_remove.wait(5)
        self.require()
        self.containers.pop(ref, None)

    def list(self, label: str, value: str) -> tuple[Found, ...]:
        self.require()
        return tuple(found for found in self.containers.copy().values() if found.labels.get(label) == value)

    def stop(self, ref: str) -> None:
        """Let a container end by itself, without going away."""
        self.containers[ref] = replace(self.containers[ref], running=False)

    def _running(self, ref: str, *, fresh: bool = False) -> Found:
        self.require()
        found = self.containers.get(ref)
        if found is None or not (found.running or (fresh and found.fresh)):
            raise NoContainer("It does not run.")
        return found
