"""What runs tell the author of a lab: how many pass, which check fails, and which cannot be trusted. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import Lab
from quizapp.labs.runs.events import Checked, EventKind, from_json
from quizapp.labs.runs.models import COUNTS, LabEvent, LabRun
from quizapp.verdicts import Verdict

EVENTS_READ_MAX = 2_000  # the newest of all labs: some 300 runs
RUNS_READ_MAX = 200  # the newest; with some ten checks each they are read in a tenth of a second
# After one of these a check may well say something else: the learner or a new host changed what it looks at.
_CHANGING = (EventKind.TYPED, EventKind.COMMANDED, EventKind.STARTED, EventKind.READY)


@dataclass(frozen=True, kw_only=True)
class CheckFigures:
    """How one check of a lab ended."""

    name: str
    held: int
    failed: int
    could_not: int
    """How many times it could not be checked, which says nothing of the learner."""
    turned: int
    """How many times it said otherwise than just before, though nothing was typed, nor another answer given."""

    @property
    def is_flaky(self) -> bool:
        """Whether it said something that learners did nothing for."""
        return bool(self.could_not or self.turned)


@dataclass(frozen=True, kw_only=True)
class RunFigures:
    """What became of the runs of a lab as it was offered, and of its checks in the newest RUNS_READ_MAX of them."""

    runs: int
    passed: int
    shown: int
    """How many of them were shown the solution."""
    checks: Sequence[CheckFigures]
    """By name, those first that cannot be trusted, then those that fail most."""


Seen = Sequence[Checked | None]
"""A run's gradings in their order; None for what may have changed what they look at."""


def figures_of_runs(db: Session, *, lab_id: int) -> RunFigures:
    """The figures of a lab."""
    of_lab = LabRun.lab_id == lab_id, COUNTS
    passed = func.count().filter(LabRun.verdict == Verdict.PASS)
    shown = func.count().filter(LabRun.solution_shown)
    runs, with_pass, with_solution = db.execute(select(func.count(), passed, shown).where(*of_lab)).one()
    newest = select(LabRun.id).where(*of_lab).order_by(LabRun.started_at.desc()).limit(RUNS_READ_MAX)
    kinds = LabEvent.kind.in_((EventKind.CHECKED, *_CHANGING))
    rows = select(LabEvent.lab_run_id, LabEvent.kind, LabEvent.kept).where(LabEvent.lab_run_id.in_(newest), kinds)
    found = db.execute(rows.order_by(LabEvent.lab_run_id, LabEvent.sequence))
    return RunFigures(runs=runs, passed=with_pass, shown=with_solution, checks=tally(_seen(found)))


def with_flaky_checks(db: Session) -> Sequence[int]:
    """The ids of the questions of labs of which a check cannot be trusted, by the newest events of all labs' runs."""
    kinds = LabEvent.kind.in_((EventKind.CHECKED, *_CHANGING))
    newest = select(LabEvent.id).join(LabEvent.lab_run).where(kinds, COUNTS).order_by(LabEvent.id.desc())
    rows = db.execute(
        select(Lab.question_id, LabEvent.lab_run_id, LabEvent.kind, LabEvent.kept)
        .join(LabEvent.lab_run)
        .join(LabRun.lab)
        .where(LabEvent.id.in_(newest.limit(EVENTS_READ_MAX)))
        .order_by(Lab.question_id, LabEvent.lab_run_id, LabEvent.sequence)
    )
    by_lab = groupby(rows, key=lambda row: row[0])
    return [id for id, of in by_lab if any(each.is_flaky for each in tally(_seen(row[1:] for row in of)))]


def _seen(rows: Iterable[tuple[UUID, EventKind, Mapping[str, Any]]]) -> Iterator[Seen]:
    for _, events in groupby(rows, key=lambda row: row[0]):
        read = (from_json(kind, kept) if kind is EventKind.CHECKED else None for _, kind, kept in events)
        yield [one if isinstance(one, Checked) else None for one in read]


def tally(runs: Iterable[Seen]) -> Sequence[CheckFigures]:
    """The figures of each check that these runs have."""
    counted: dict[str, dict[Verdict, int]] = defaultdict(lambda: dict.fromkeys(Verdict, 0))
    turned: dict[str, int] = defaultdict(int)
    for seen in runs:
        last: dict[str, Verdict] = {}
        answer: str | None = None
        for grading in seen:
            if grading is None or grading.typed != answer:
                last.clear()
            if grading is None:
                continue
            answer = grading.typed
            for check in grading.checks:
                counted[check.name][check.verdict] += 1
                if check.verdict is Verdict.COULD_NOT_CHECK:
                    continue
                turned[check.name] += last.get(check.name, check.verdict) is not check.verdict
                last[check.name] = check.verdict
    figures = [
        CheckFigures(
            name=name,
            held=of[Verdict.PASS],
            failed=of[Verdict.FAIL],
            could_not=of[Verdict.COULD_NOT_CHECK],
            turned=turned[name],
        )
        for name, of in counted.items()
    ]
    return sorted(figures, key=lambda one: (-one.turned - one.could_not, -one.failed, one.name))
