"""What can happen in a run, for its timeline: a dataclass for each kind, and how it is kept as JSON. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from pydantic import TypeAdapter

from quizapp.verdicts import Verdict


class EventKind(StrEnum):
    """The name under which each kind is kept."""

    PREDICTED = "predicted"
    STARTED = "started"
    READY = "ready"
    NOT_READY = "not-ready"
    LOST = "lost"
    TYPED = "typed"
    CHECKED = "checked"
    HINTED = "hinted"
    SHOWN = "shown"
    ENDED = "ended"
    CLOSED = "closed"
    EXPLAINED = "explained"
    COMMANDED = "commanded"


@dataclass(frozen=True, kw_only=True)
class Predicted:
    """The learner's predictions, by their names."""

    given: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Started:
    """A sandbox was asked for; `sandbox` is its id."""

    sandbox: str


@dataclass(frozen=True, kw_only=True)
class Ready:
    """The set-up ran, the task can begin."""


@dataclass(frozen=True, kw_only=True)
class NotReady:
    """The set-up failed; `reason` is a sentence for the learner."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Lost:
    """The sandbox ended without the learner's doing; `reason` is a sentence for them."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A command in a terminal, as its shell remembers it."""

    command: str


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One check of a grading, by the name that its author gave it."""

    name: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class AspectDifference:
    """In what a command's effect differs from the reference's, in one aspect: what only one of the two has."""

    aspect: str
    missing: tuple[str, ...]
    extra: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A grading. `said` is Markdown, `typed` the learner's answer or command.

    `differences` and `printed`, what a command that failed said, are of a command; `recorded` if a recording was asked
    in place of a host.
    """

    verdict: Verdict
    said: str
    typed: str
    checks: tuple[CheckResult, ...]
    differences: tuple[AspectDifference, ...] = ()
    printed: str = ""
    recorded: bool = False


@dataclass(frozen=True, kw_only=True)
class Hinted:
    """One more hint was shown; `hint` is its number, from 1."""

    hint: int


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The solution was shown."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The learner ended the sandbox."""


@dataclass(frozen=True, kw_only=True)
class Closed:
    """The learner left the run for a new one."""


@dataclass(frozen=True, kw_only=True)
class Explained:
    """The question after a pass was answered. `said` is Markdown; `seen` is what the host showed."""

    verdict: Verdict
    said: str
    typed: str
    seen: str


@dataclass(frozen=True, kw_only=True)
class Commanded:
    """A command was given, to be graded by its effect; `twins` has the sandbox of each side."""

    command: str
    twins: Mapping[str, str]


EventData = (
    Predicted
    | Started
    | Ready
    | NotReady
    | Lost
    | Typed
    | Checked
    | Hinted
    | Shown
    | Ended
    | Closed
    | Explained
    | Commanded
)

KINDS: Mapping[EventKind, type[EventData]] = {
    EventKind.PREDICTED: Predicted,
    EventKind.STARTED: Started,
    EventKind.READY: Ready,
    EventKind.NOT_READY: NotReady,
    EventKind.LOST: Lost,
    EventKind.TYPED: Typed,
    EventKind.CHECKED: Checked,
    EventKind.HINTED: Hinted,
    EventKind.SHOWN: Shown,
    EventKind.ENDED: Ended,
    EventKind.CLOSED: Closed,
    EventKind.EXPLAINED: Explained,
    EventKind.COMMANDED: Commanded,
}
_KIND_OF = {kept: kind for kind, kept in KINDS.items()}
_ADAPTERS: Mapping[EventKind, TypeAdapter[EventData]] = {kind: TypeAdapter(kept) for kind, kept in KINDS.items()}


class Event(Protocol):
    """One thing that happened. `sequence` is the order in which it was noted."""

    @property
    def sequence(self) -> int: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def data(self) -> EventData: ...


def kind_of(data: EventData) -> EventKind:
    """The name under which it is kept."""
    return _KIND_OF[type(data)]


def to_json(data: EventData) -> dict[str, Any]:
    """What is kept of it beside its kind; what has its default value is left out."""
    if isinstance(data, Predicted):
        return dict(data.given)  # kept so since the first version
    kept: dict[str, Any] = _ADAPTERS[kind_of(data)].dump_python(data, mode="json", exclude_defaults=True)
    return kept


def from_json(kind: EventKind, kept: Mapping[str, Any]) -> EventData:
    """The event that was kept so. Raises pydantic's ValidationError, a ValueError, for what was never kept so."""
    if kind is EventKind.PREDICTED:
        return Predicted(given=dict(kept))
    return _ADAPTERS[kind].validate_python(kept)
