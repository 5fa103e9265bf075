"""The events of a run's timeline: a dataclass for each kind, and how each is stored as JSON. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

from pydantic import TypeAdapter

from quizapp.labs.judging.to_explain import ToExplain
from quizapp.verdicts import Verdict


class EventKind(StrEnum):
    """The names under which the kinds of event are stored."""

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
    """The learner made their predictions."""

    given: Mapping[str, str]
    """The predicted values by the predictions' names."""


@dataclass(frozen=True, kw_only=True)
class Started:
    """A sandbox was asked for; `sandbox` is its id."""

    sandbox: str


@dataclass(frozen=True, kw_only=True)
class Ready:
    """The set-up of the sandbox succeeded, so the task could begin."""


@dataclass(frozen=True, kw_only=True)
class NotReady:
    """The set-up failed; `reason` is a sentence for the learner."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Lost:
    """The sandbox ended, but not by the learner; `reason` is a sentence for the learner."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A command that was typed in a terminal, as the shell's history file has it, or given in the command box."""

    command: str
    printed: str = ""
    """What it printed, as plain text; of much the beginning and the end. Empty if that is not known."""
    exit_code: int | None = None
    """None if it is not known, or was stopped at its time limit."""
    networks: str = ""
    """The host's networks after it, as `network_map.COMMAND` prints them; empty if they were not read, or as before."""
    boxed: bool = False
    """Whether it was given in the command box."""


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """The verdict of one check of a grading, with the name that the author gave the check."""

    name: str
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class AspectDifference:
    """How a command's effect differs from the reference's, in one aspect; see `judging.effects.Difference`."""

    aspect: str
    """A value of Aspect."""
    missing: tuple[str, ...]
    """Facts that only the reference brought about."""
    extra: tuple[str, ...]
    """Facts that only the learner's command brought about."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The run was graded."""

    verdict: Verdict
    said: str
    """Markdown for the learner: the hint, or why it could not be checked; empty after a pass."""
    typed: str
    """The learner's answer or command; empty if the lab asks for neither."""
    checks: tuple[CheckResult, ...]
    differences: tuple[AspectDifference, ...] = ()
    """Of a command's effect from the reference's; empty for labs that ask for no command."""
    ending: str = ""
    """How a command ended that failed or ran too long, in a sentence; else empty."""
    printed: str = ""
    """What such a command printed; empty for labs that ask for no command."""
    recorded: bool = False
    """Whether the answer was compared with a recording and not with a host."""
    to_explain: ToExplain | None = None
    """After a right command of a lab with a question about it; else None."""


@dataclass(frozen=True, kw_only=True)
class Hinted:
    """One more hint was shown; `hint` is its number, from 1."""

    hint: int


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The solution was shown."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """The learner ended the run's sandbox."""


@dataclass(frozen=True, kw_only=True)
class Closed:
    """The learner left the run for a new one."""


@dataclass(frozen=True, kw_only=True)
class Explained:
    """The learner answered the question after a pass."""

    verdict: Verdict
    said: str
    """Markdown for the learner: the hint, or why it could not be checked; empty after a right answer."""
    typed: str
    """The answer."""
    seen: str
    """The value that the host printed."""


@dataclass(frozen=True, kw_only=True)
class Commanded:
    """The learner gave a command, which is graded by its effect."""

    command: str
    twins: Mapping[str, str]
    """The ids of the two sandboxes that it runs on, by the value of their Side."""


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


def networks_after(data: EventData, before: str) -> str:
    """The networks that are kept as those after this event, if those before it are `before`; empty for a new host."""
    match data:
        case Typed(networks=networks):
            return networks or before
        case Started() | Lost() | Ended():
            return ""
        case _:
            return before


class Event(Protocol):
    """An entry of a run's timeline. `sequence` numbers entries in the order in which they were added."""

    @property
    def sequence(self) -> int: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def data(self) -> EventData: ...


def kind_of(data: EventData) -> EventKind:
    """The name under which an event of this kind is stored."""
    return _KIND_OF[type(data)]


@cache
def _adapter(kind: EventKind) -> TypeAdapter[EventData]:
    """Made with the first event of its kind: all of them take a twentieth of the start of a process."""
    return TypeAdapter(KINDS[kind])


def to_json(data: EventData) -> dict[str, Any]:
    """The JSON data that is stored beside the kind. Fields with their default value are left out."""
    if isinstance(data, Predicted):
        return dict(data.given)  # the form in which the first version stored it
    kept: dict[str, Any] = _adapter(kind_of(data)).dump_python(data, mode="json", exclude_defaults=True)
    return kept


def from_json(kind: EventKind, kept: Mapping[str, Any]) -> EventData:
    """The event in stored JSON data. Raises pydantic's ValidationError, a ValueError, for data of no event."""
    if kind is EventKind.PREDICTED:
        return Predicted(given=dict(kept))
    return _adapter(kind).validate_python(kept)
