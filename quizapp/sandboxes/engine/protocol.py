"""What sandboxd needs of a Docker Engine, as a Protocol with its types. Knows no Docker SDK and no owner.

Every method may raise EngineOff. A `ref` is the engine's own id of a container, which is never used again.
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
    """A container to create. After `lease_s` seconds its own first process ends it, unless told otherwise.

    After `life_s` seconds it ends in any case.
    """

    name: str
    labels: Mapping[str, str]
    template: Template
    lease_s: int
    life_s: int


@dataclass(frozen=True, kw_only=True)
class Found:
    """A container in the engine's list. `fresh`: never started; neither fresh nor `running`: it has ended."""

    ref: str
    name: str
    labels: Mapping[str, str]
    created_at: datetime
    running: bool
    fresh: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line that a container printed, and when."""

    at: datetime
    text: str


class Prestarted(Protocol):
    """A command that was begun before anybody needs it, by AWAIT."""

    def answers(self) -> bool:
        """Whether it still does: it answers when it is asked, so that whatever lies between works as well."""
        ...

    def close(self) -> None:
        """Let go of it; it ends."""
        ...


class Exec(Prestarted, Protocol):
    """A command in a container that has no input yet."""

    def finish(self, stdin: bytes, *, give_up_s: float, most_bytes: int) -> bytes:
        """Give it all of its input and return what it prints to its end. Raises NoClearAnswer past either limit."""
        ...


class Shell(Prestarted, Protocol):
    """A shell on a terminal of its own in a container. One thread may send while another receives."""

    def send(self, data: bytes, *, wait_s: float) -> bytes:
        """Type `data`; returns what the shell has not taken after `wait_s` seconds. An ended one takes everything."""
        ...

    def resize(self, rows: int, columns: int) -> None:
        """Set the size of its window."""
        ...

    def receive(self) -> bytes | None:
        """Wait for the next output; None once the shell has ended."""
        ...

    def close(self) -> None:
        """Kill the shell with all it started on its terminal."""
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
        """Give it to an owner, at once or not at all. `owner` is the name that their one container has from then on.

        Raises NameTaken, NoContainer.
        """
        ...

    def start(self, ref: str) -> None:
        """Start it; a started one is fine. Raises NoContainer."""
        ...

    def follow(self, ref: str, *, give_up_s: float) -> Generator[Line, None, None]:
        """What it prints, from its first line until it ends or `give_up_s` seconds have passed. Close it when done."""
        ...

    def open(self, ref: str, command: tuple[str, ...]) -> Exec:
        """Begin `command` in the container. Raises NoContainer."""
        ...

    def exec(self, ref: str, command: tuple[str, ...], *, stdin: bytes, give_up_s: float, most_bytes: int) -> bytes:
        """What `command` prints in the container. Raises NoContainer; NoClearAnswer past either limit."""
        ...

    def shell(self, ref: str, command: tuple[str, ...], *, rows: int, columns: int) -> Shell:
        """Run `command` on a terminal in the container. Raises NoContainer."""
        ...

    def end_shells(self, ref: str) -> None:
        """Kill every shell in the container with all that was started on its terminal. Raises NoContainer."""
        ...

    def remove(self, ref: str) -> None:
        """Kill and remove it with its volumes, and return when it is gone. One that is not there is fine."""
        ...

    def list(self, label: str, value: str) -> tuple[Found, ...]:
        """Every container with this label, in whatever state, ordered by name."""
        ...

    def health(self) -> Health:
        """Whether sandboxes could be created, and what to do if not. Raises nothing."""
        ...
