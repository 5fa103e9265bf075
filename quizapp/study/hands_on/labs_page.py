"""The list of labs as one learner sees it: narrowed, by system, with the one to go on with. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import assert_never

from quizapp.catalogue.articles.lab_links import LabKind
from quizapp.catalogue.bounds import LEVELS
from quizapp.labs.hosts.run_host import Offer
from quizapp.labs.runs.calibration import Calibration
from quizapp.labs.runs.lab_list import LabEntry, Standing

MINUTES = (3, 5, 8)  # of the labs of the content folder a sixth take at most three, three fifths five, nearly all eight
SOUGHT_CHARS = 100  # of a search in the list; the longest title has half of that


class LabState(StrEnum):
    """Which labs, by how far the learner has come with them."""

    TODO = "todo"  # not passed
    BEGUN = "begun"  # an open run
    DUE = "due"  # its question's card is due
    PASSED = "passed"


@dataclass(frozen=True, kw_only=True)
class LabsNarrowed:
    """What the listed labs have in common; None and empty: anything."""

    level: int | None = None
    kind: LabKind | None = None
    minutes: int | None = None
    """They take at most so many."""
    state: LabState | None = None
    sought: str = ""
    """Words that title and summary have."""

    @property
    def is_everything(self) -> bool:
        """Whether every lab is listed."""
        return self == LabsNarrowed()


def narrowed_by(given: Mapping[str, str]) -> LabsNarrowed:
    """What the arguments of an address say. What is none of the choices chooses nothing."""
    level, minutes, kind, state = (given.get(name, "") for name in ("level", "minutes", "kind", "state"))
    return LabsNarrowed(
        level=next((each for each in LEVELS if str(each) == level), None),
        minutes=next((each for each in MINUTES if str(each) == minutes), None),
        kind=next((each for each in LabKind if each == kind), None),
        state=next((each for each in LabState if each == state), None),
        sought=" ".join(given.get("q", "")[:SOUGHT_CHARS].split()),
    )


@dataclass(frozen=True, kw_only=True)
class LabsPage:
    """The list of labs."""

    labs: Sequence[LabEntry]
    calibration: Calibration
    due: frozenset[int]
    """The ids of the labs' questions whose cards are due."""
    offer: Offer
    """Which hosts this installation can start at present."""
    narrowed: LabsNarrowed = field(default_factory=LabsNarrowed)

    def why_not(self, lab: LabEntry) -> str | None:
        """Why this lab cannot be done in this installation, in a sentence; None if it can."""
        return self.offer.why_not(lab.template, lab.needs)

    @property
    def passed(self) -> int:
        """How many of all labs were passed."""
        return sum(lab.has_passed for lab in self.labs)

    @property
    def listed(self) -> Sequence[LabEntry]:
        """Those that the list is narrowed to."""
        return [lab for lab in self.labs if self._is_listed(lab)]

    @property
    def systems(self) -> list[tuple[str, list[LabEntry]]]:
        """Those by the section that they belong to, in the list's order."""
        return [(system, list(labs)) for system, labs in groupby(self.listed, key=lambda lab: lab.system)]

    @property
    def next(self) -> LabEntry | None:
        """The listed lab to go on with: one begun, else one due, else the first not passed; of those doable here."""
        doable = [lab for lab in self.listed if self.why_not(lab) is None or lab.is_recorded]
        wanted = (LabState.BEGUN, LabState.DUE, LabState.TODO)
        found = (lab for state in wanted for lab in doable if self._is_in(lab, state))
        return next(found, None)

    def _is_listed(self, lab: LabEntry) -> bool:
        only = self.narrowed
        text = f"{lab.title} {lab.summary.striptags()}".casefold()
        return (
            only.level in (None, lab.level)
            and only.kind in (None, lab.kind)
            and (only.minutes is None or lab.minutes <= only.minutes)
            and (only.state is None or self._is_in(lab, only.state))
            and all(word in text for word in only.sought.casefold().split())
        )

    def _is_in(self, lab: LabEntry, state: LabState) -> bool:
        match state:
            case LabState.TODO:
                return not lab.has_passed
            case LabState.BEGUN:
                return lab.standing is Standing.OPEN
            case LabState.DUE:
                return lab.question_id in self.due
            case LabState.PASSED:
                return lab.has_passed
            case _:
                assert_never(state)
