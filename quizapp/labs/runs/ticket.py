"""The data with which a run's sandbox is asked, and what it may raise. Reads no database and asks no sandbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from quizapp.catalogue.labs.lab_format import LabAnswer, LabDefinition
from quizapp.catalogue.labs.lab_parts import Compare, NetworkDetail
from quizapp.errors import Conflict
from quizapp.labs.judging.to_explain import ToExplain
from quizapp.sandboxes.client import Sandbox

# The parts of the picture of the networks that tell an answer of each kind; the others cannot be read from it.
TOLD_BY: Mapping[Compare, tuple[NetworkDetail, ...]] = {
    Compare.INT: (NetworkDetail.PORTS,),
    Compare.ADDRESS: (NetworkDetail.ADDRESSES,),
    Compare.SUBNET: (NetworkDetail.ADDRESSES,),
    Compare.ENDPOINT: (NetworkDetail.ADDRESSES, NetworkDetail.PORTS),
    Compare.INTERFACE: (NetworkDetail.BRIDGES,),
    Compare.ORDER: (NetworkDetail.BRIDGES,),
    Compare.NAME: (NetworkDetail.NETWORKS,),
    Compare.SET: (NetworkDetail.NETWORKS,),
}


class RunOver(Conflict):
    """The run has been passed, given up or left; doing the lab again makes a new run."""

    title = "This run is over"

    def __init__(self) -> None:
        super().__init__("This run is over. Its result stays; do the lab again for another go.")


class PredictFirst(Conflict):
    """A sandbox was asked for before the predictions were made."""

    title = "Predict first"


class NothingToExplain(Conflict):
    """The run is not finished, its lab has no question after a pass, or its host is gone."""

    title = "Nothing to explain"

    def __init__(self) -> None:
        super().__init__(
            "There is nothing to explain here: the host of this run is gone, or the run is not passed yet."
        )


class AnswerFirst(Conflict):
    """The solution was to be read before the learner has tried to answer the lab's question."""

    title = "Answer first"


class HostTaken(Conflict):
    """The learner's one sandbox belongs to another run."""

    title = "Your host is in use"


@dataclass(frozen=True, kw_only=True)
class OtherRun:
    """Another run of the same learner that has a sandbox, which may have ended since."""

    run_id: UUID
    slug: str
    """The lab's slug."""
    title: str
    """The lab's title."""
    sandbox_id: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class RunTicket:
    """What asking a sandbox on behalf of a run needs."""

    run_id: UUID
    owner: str
    """The owner of the run's sandboxes: the learner's id as text."""
    lab: LabDefinition
    """The lab's definition with `values` put in."""
    values: Mapping[str, str]
    """The values of the lab's variables in this run, by the variables' names."""
    sandbox_id: str | None
    """The run's sandbox, which may have ended since; None if it has none."""
    is_ready: bool
    """Whether that sandbox was set up for the lab."""
    trouble: str
    """Why the set-up of that sandbox failed, in a sentence; empty if it did not."""
    is_open: bool
    """Whether the run is not finished."""
    has_predicted: bool
    """Whether the predictions were made; a lab without any has an empty set of them."""
    others: tuple[OtherRun, ...]
    """The learner's other runs that have a sandbox, finished ones too."""
    is_explained: bool = False
    """Whether the question after a pass was answered rightly, or is not asked since the run was not passed."""
    to_explain: ToExplain | None = None
    """What that question is about, in a run that was passed by a command; None otherwise."""

    @property
    def hidden(self) -> frozenset[NetworkDetail]:
        """What the picture of the networks is to leave out, since the learner is asked for it."""
        if not self.is_open:
            return frozenset() if self.is_explained else _asked_for(self.lab.explain)
        return _asked_for(self.lab.answer) if self.lab.hide is None else frozenset(self.lab.hide)


def _asked_for(asked: LabAnswer | None) -> frozenset[NetworkDetail]:
    """The parts of the picture that would tell the answer to a question of this kind."""
    return frozenset() if asked is None else frozenset(TOLD_BY.get(asked.compare, ()))


@dataclass(frozen=True, kw_only=True)
class HostGranted:
    """A sandbox that a run was given."""

    sandbox: Sandbox
    """It may still be starting."""
    lost: str | None
    """Why the run's sandbox before this one was lost, in a sentence; None if it was not."""
