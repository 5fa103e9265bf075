"""What a run wants of a sandbox, carried from the database to the sandbox and back. Knows neither."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.errors import Conflict
from quizapp.sandboxes.client import Sandbox


class RunOver(Conflict):
    """The run has been passed, given up or left; another go is another run."""

    title = "This run is over"

    def __init__(self) -> None:
        super().__init__("This run is over. Its result stays; do the lab again for another go.")


class PredictFirst(Conflict):
    """The sandbox is not started before the prediction is made."""

    title = "Predict first"


class NothingToExplain(Conflict):
    """The run is not passed, its lab asks nothing afterwards, or its host is gone."""

    title = "Nothing to explain"

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to explain here: the host of this run is gone, or the run is not passed yet."
        )


class HostTaken(Conflict):
    """The learner's one sandbox serves another lab."""

    title = "Your host is in use"


@dataclass(frozen=True, kw_only=True)
class OtherRun:
    """Another run of the same learner that has a sandbox, or had one when it was last looked at."""

    run_id: UUID
    slug: str
    title: str
    sandbox_id: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class RunTicket:
    """What asking a sandbox on behalf of a run needs. `lab` has the run's `values` in it.

    `is_ready` and `trouble` are of the present sandbox: whether it was set up, and why that failed, if it did.
    """

    run_id: UUID
    owner: str
    lab: LabDefinition
    values: Mapping[str, str]
    sandbox_id: str | None
    is_ready: bool
    trouble: str
    is_open: bool
    has_predicted: bool
    others: tuple[OtherRun, ...]


@dataclass(frozen=True, kw_only=True)
class HostGranted:
    """A sandbox for a run, starting or up. `lost` says why the run's former one ended by itself, None if it did not."""

    sandbox: Sandbox
    lost: str | None
