"""What can happen in a run, for its timeline. Knows no database."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class EventKind(StrEnum):
    """What happened in a run."""

    PREDICTED = "predicted"
    STARTED = "started"  # a sandbox was asked for
    READY = "ready"  # set-up ran, the task can begin
    NOT_READY = "not-ready"  # set-up went wrong
    LOST = "lost"  # the sandbox ended without the learner's doing
    TYPED = "typed"  # commands in a terminal, as its shell remembers them
    CHECKED = "checked"
    HINTED = "hinted"
    SHOWN = "shown"  # the solution was shown
    ENDED = "ended"  # the learner ended the sandbox
    CLOSED = "closed"  # the learner left the run for a new one
    EXPLAINED = "explained"  # the question after a pass was answered
    COMMANDED = "commanded"  # a command was given, to be graded by its effect


class Event(Protocol):
    """One thing that happened; `data` is what its kind needs. `sequence` is the order in which it was noted."""

    @property
    def sequence(self) -> int: ...
    @property
    def happened_at(self) -> datetime: ...
    @property
    def kind(self) -> EventKind: ...
    @property
    def data(self) -> Mapping[str, Any]: ...
