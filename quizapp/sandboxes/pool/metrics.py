"""sandboxd's metrics for Prometheus. Knows no engine: at each request it counts the sandboxes of the pool by state."""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from quizapp.sandboxes.client import EndCause, Sandbox, SandboxState, Step

disable_created_metrics()  # type: ignore[no-untyped-call]  # a line more for each counter, which Prometheus has no use for
START_BUCKETS_S = (0.25, 0.5, 1, 1.5, 2, 5, 10, 30, 90)  # usual starts, those on a busy machine, Limits.ready_by
PHASE_BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)  # of one step
QUEUE_BUCKETS_S = (0.1, 1, 5, 15, 60, 120, 300, 900, 1800)  # up to a lease, after which a place must be free
STARTED = (SandboxState.READY, SandboxState.CLAIMED)


class AskOutcome(StrEnum):
    """What somebody got who has no sandbox and asked for one."""

    WARM = "warm"
    """A warm one, at once."""
    COLD = "cold"
    """One that has to be started, and may have to wait for its place."""
    REFUSED = "refused"


class Metrics:
    """Counts changes of state and measures starts; `list_all` returns the sandboxes that are not removed yet."""

    def __init__(self, list_all: Callable[[], tuple[Sandbox, ...]], *, most: int) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Present(list_all, most))
        self._changes = Counter(
            "quizapp_sandbox_changes",
            "Times that a sandbox went from one state to another; ready to claimed is a warm one that found its owner",
            ["before", "after"],
            registry=self._registry,
        )
        self._start_s = Histogram(
            "quizapp_sandbox_start_seconds",
            "Seconds that the steps of a start took together",
            buckets=START_BUCKETS_S,
            registry=self._registry,
        )

        self._phase_s = Histogram(
            "quizapp_sandbox_phase_seconds",
            "Seconds that each step of a start took",
            ["phase"],
            buckets=PHASE_BUCKETS_S,
            registry=self._registry,
        )
        self._queue_s = Histogram(
            "quizapp_sandbox_queue_seconds",
            "Seconds that a sandbox with an owner waited until its start began",
            buckets=QUEUE_BUCKETS_S,
            registry=self._registry,
        )
        self._asks = Counter(
            "quizapp_sandbox_asks",
            "New sandboxes that were asked for, by outcome",
            ["outcome"],
            registry=self._registry,
        )
        self._ends = Counter(
            "quizapp_sandbox_ends", "Sandboxes that ended, by cause", ["cause"], registry=self._registry
        )
        self._faults = Counter(
            "quizapp_sandboxd_faults", "Answers with a fault, by its class", ["kind"], registry=self._registry
        )
        for outcome in AskOutcome:  # so that a rate of the first one is seen
            self._asks.labels(outcome.value)
        for cause in EndCause:
            self._ends.labels(cause.value)

    def expect_faults(self, kinds: Iterable[str]) -> None:
        """Tell of these kinds as 0 from the start: Prometheus sees no increase to the first value of a series."""
        for kind in kinds:
            self._faults.labels(kind)

    def count_fault(self, kind: str) -> None:
        """An answer had a fault."""
        self._faults.labels(kind).inc()

    def count_ask(self, outcome: AskOutcome) -> None:
        """Somebody asked for a new sandbox."""
        self._asks.labels(outcome.value).inc()

    def waited(self, seconds: float) -> None:
        """A sandbox with an owner began to start after so many seconds."""
        self._queue_s.observe(seconds)

    def started(self, steps: Sequence[Step]) -> None:
        """A sandbox has started by these steps."""
        for step in steps:
            self._phase_s.labels(step.name).observe(step.seconds or 0.0)

    def ended(self, cause: EndCause) -> None:
        """A sandbox was ended or lost."""
        self._ends.labels(cause.value).inc()

    def count(self, before: SandboxState, after: SandboxState, *, start_s: float) -> None:
        """Count a change of state. `start_s` is how long the finished steps of the sandbox's start took, in seconds."""
        self._changes.labels(before.value, after.value).inc()
        if before is SandboxState.STARTING and after in STARTED:
            self._start_s.observe(start_s)

    def text(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Present(Collector):
    def __init__(self, list_all: Callable[[], tuple[Sandbox, ...]], most: int) -> None:
        self._list_all = list_all
        self._most = most

    def collect(self) -> Iterable[Metric]:
        """The present number of sandboxes in each state."""
        tally = Tally(sandbox.state for sandbox in self._list_all())
        present = GaugeMetricFamily("quizapp_sandboxes", "Sandboxes that are not removed yet", labels=["state"])
        for state in SandboxState:
            present.add_metric([state.value], tally[state])
        yield present
        yield GaugeMetricFamily("quizapp_sandboxes_most", "Sandboxes that there may be at once", self._most)
