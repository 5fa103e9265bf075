"""How the sandboxes of the last day did, for a page: kept in memory, and exact. Knows no engine and no Prometheus."""

import threading
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from quizapp.sandboxes.client import EndCause, PhaseTimes, PoolFigures, Step
from quizapp.sandboxes.pool.metrics import AskOutcome

KEPT_FOR = timedelta(days=1)
KEPT_MOST = 2_000  # of each kind; more than that in a day is a class of people, and the newest tell enough of them
QUEUE, START = "queue", "start"


@dataclass(frozen=True, kw_only=True)
class _TimedPhase:
    name: str
    title: str
    seconds: float


class Recent:
    """What sandboxes did within KEPT_FOR, since `since`. Safe to use from any thread."""

    def __init__(self, *, since: datetime) -> None:
        self._since = since
        self._lock = threading.Lock()
        self._starts: deque[tuple[datetime, Sequence[_TimedPhase]]] = deque(maxlen=KEPT_MOST)
        self._asks: deque[tuple[datetime, AskOutcome]] = deque(maxlen=KEPT_MOST)
        self._ends: deque[tuple[datetime, EndCause]] = deque(maxlen=KEPT_MOST)

    def count_ask(self, outcome: AskOutcome, *, at: datetime) -> None:
        """Somebody asked for a new sandbox."""
        with self._lock:
            self._asks.append((at, outcome))

    def waited(self, seconds: float, *, at: datetime) -> None:
        """A sandbox with an owner began to start after so many seconds."""
        with self._lock:
            self._starts.append((at, [_TimedPhase(name=QUEUE, title="Waiting for its start", seconds=seconds)]))

    def started(self, steps: Sequence[Step], *, at: datetime) -> None:
        """A sandbox has started by these steps."""
        phases = [_TimedPhase(name=step.name, title=step.title, seconds=step.seconds or 0.0) for step in steps]
        whole = _TimedPhase(name=START, title="All of its start", seconds=sum(phase.seconds for phase in phases))
        with self._lock:
            self._starts.append((at, [*phases, whole]))

    def ended(self, cause: EndCause, *, at: datetime) -> None:
        """A sandbox was ended or lost."""
        with self._lock:
            self._ends.append((at, cause))

    def figures(self, *, most: int, now: datetime) -> PoolFigures:
        """All of it, of the day before `now`."""
        since = max(self._since, now - KEPT_FOR)
        with self._lock:
            starts = [phases for at, phases in self._starts if at >= since]
            asks = Counter(outcome for at, outcome in self._asks if at >= since)
            ended = Counter(cause for at, cause in self._ends if at >= since)
        return PoolFigures(
            since=since,
            most=most,
            warm=asks[AskOutcome.WARM],
            cold=asks[AskOutcome.COLD],
            refused=asks[AskOutcome.REFUSED],
            phases=_summed(starts),
            ended=dict(ended),
        )


def _summed(starts: Sequence[Sequence[_TimedPhase]]) -> tuple[PhaseTimes, ...]:
    """The times of each phase in the order in which a start has them, the wait first."""
    times: dict[str, list[float]] = {}
    titles: dict[str, str] = {}
    for phases in sorted(starts, key=len):
        for phase in phases:
            times.setdefault(phase.name, []).append(phase.seconds)
            titles.setdefault(phase.name, phase.title)
    return tuple(
        PhaseTimes(
            name=name,
            title=titles[name],
            count=len(found),
            p50_s=_most(found, 0.5),
            p95_s=_most(found, 0.95),
            p99_s=_most(found, 0.99),
        )
        for name, found in times.items()
    )


def _most(times: Sequence[float], share: float) -> float:
    """The time that this share of them, one at least, stayed at or below: the nearest rank."""
    return sorted(times)[max(1, ceil(share * len(times))) - 1]
