"""sandboxd's metrics for Prometheus. Knows no engine: at each request it counts the sandboxes of the pool by state."""

from collections import Counter as Tally
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from quizapp.sandboxes.client import Sandbox, SandboxState

START_BUCKETS_S = (0.25, 0.5, 1, 1.5, 2, 5, 10, 30, 90)  # usual starts, those on a busy machine, Limits.ready_by
STARTED = (SandboxState.READY, SandboxState.CLAIMED)


class Metrics:
    """Counts changes of state and measures starts; `list_all` returns the sandboxes that are not removed yet."""

    def __init__(self, list_all: Callable[[], tuple[Sandbox, ...]]) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Present(list_all))
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

    def count(self, before: SandboxState, after: SandboxState, *, start_s: float) -> None:
        """Count a change of state. `start_s` is how long the finished steps of the sandbox's start took, in seconds."""
        self._changes.labels(before.value, after.value).inc()
        if before is SandboxState.STARTING and after in STARTED:
            self._start_s.observe(start_s)

    def text(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        return generate_latest(self._registry)


class _Present(Collector):
    def __init__(self, list_all: Callable[[], tuple[Sandbox, ...]]) -> None:
        self._list_all = list_all

    def collect(self) -> Iterable[Metric]:
        """The present number of sandboxes in each state."""
        tally = Tally(sandbox.state for sandbox in self._list_all())
        present = GaugeMetricFamily("quizapp_sandboxes", "Sandboxes that are not removed yet", labels=["state"])
        for state in SandboxState:
            present.add_metric([state.value], tally[state])
        yield present
