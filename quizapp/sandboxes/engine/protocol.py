"""What sandboxd needs of an engine, as a Protocol with its types. Knows no Docker SDK and no pool.

Every method but `health` may raise EngineOff and EngineFault. A `ref` is the id that the engine gave to a container; it
is never given to another one.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from quizapp.errors import QuizappError
from quizapp.sandboxes.client import Health
from quizapp.sandboxes.recipe.template import Template


class NameTaken(QuizappError):
    """The engine has a container of this name already."""


class NoContainer(QuizappError):
    """The engine has no running container with this ref."""


@dataclass(frozen=True, kw_only=True)
class NewContainer:
    """A container to create."""

    name: str
    labels: Mapping[str, str]
    template: Template
    lease_s: int
    """Seconds from its start until its first process ends it, unless the script LEASE sets another number."""
    life_s: int
    """Seconds from its start until its first process ends it in any case."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A container in the engine's list. It has ended if it is neither `running` nor `fresh`."""

    ref: str
    name: str
    """Its present name, which `Engine.claim` changes."""
    labels: Mapping[str, str]
    """Its labels, unchanged since it was created."""
    created_at: datetime
    """By the engine's clock, in whole seconds."""
    running: bool
    fresh: bool
    """Whether it was created and never started."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line that a container printed."""

    at: datetime
    """When the engine received it, by the engine's clock."""
    text: str


class Prestarted(Protocol):
    """A command that was started before a client needs it, and goes on once it reads a line that begins with GO."""

    def answers(self) -> bool:
        """Send it an empty line; whether it answers, which shows that the connection to it works too."""
        ...

    def close(self) -> None:
        """Close the connection, which ends the command."""
        ...


class Exec(Prestarted, Protocol):
    """A command in a container that was sent no input yet."""

    def finish(self, stdin: bytes, *, give_up_s: float, most_bytes: int) -> bytes:
        """Send all of its input and return all of its output. Raises NoClearAnswer past either limit."""
        ...


class Shell(Prestarted, Protocol):
    """A shell on a terminal of its own in a container. One thread may send while another receives."""

    def send(self, data: bytes, *, wait_s: float) -> bytes:
        """Send `data` as typed; returns the bytes not sent after `wait_s` seconds, or none if the shell has ended."""
        ...

    def resize(self, rows: int, columns: int) -> None:
        """Set the size of its window, in characters."""
        ...

    def receive(self) -> bytes | None:
        """Wait for the next output; None once the shell has ended."""
        ...

    def close(self) -> None:
        """Kill the shell with every process on its terminal."""
        ...


class Engine(Protocol):
    """The engine that sandboxes run on."""

    def require(self) -> None:
        """Raises EngineOff or ImageMissing, unless a sandbox could be created now."""
        ...

    def create(self, new: NewContainer) -> str:
        """Create the container without starting it, and return its ref. Raises NameTaken, ImageMissing."""
        ...

    def claim(self, ref: str, owner: str) -> None:
        """Give the container to an owner, atomically. `owner` is the owner's container name, which it has from then on.

        Raises NameTaken, NoContainer.
        """
        ...

    def start(self, ref: str) -> None:
        """Start the container; does nothing if it runs. Raises NoContainer."""
        ...

    def follow(self, ref: str, *, give_up_s: float) -> Generator[Line, None, None]:
        """The lines the container prints, from its first one until it ends or `give_up_s` seconds have passed.

        The caller closes the generator. Raises NoContainer.
        """
        ...

    def open(self, ref: str, command: tuple[str, ...]) -> Exec:
        """Start `command` in the container, without a terminal. Raises NoContainer."""
        ...

    def exec(self, ref: str, command: tuple[str, ...], *, stdin: bytes, give_up_s: float, most_bytes: int) -> bytes:
        """The output of `command` in the container. Raises NoContainer; NoClearAnswer past either limit."""
        ...

    def shell(self, ref: str, command: tuple[str, ...], *, rows: int, columns: int) -> Shell:
        """Start `command` on a terminal of its own in the container. Raises NoContainer."""
        ...

    def end_shells(self, ref: str) -> None:
        """Kill every shell in the container with every process on its terminal. Raises NoContainer."""
        ...

    def remove(self, ref: str) -> None:
        """Kill the container and remove it with its volumes; returns once it is removed, or if there is none."""
        ...

    def list(self, label: str, value: str) -> tuple[Found, ...]:
        """Every container whose label `label` is `value`, in any state, ordered by name."""
        ...

    def health(self) -> Health:
        """Whether sandboxes could be created, and what to do if not. Raises nothing."""
        ...
