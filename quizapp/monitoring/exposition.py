"""The web process's figures as metrics of Prometheus. Loads the library for them, so only /metrics loads it."""

import platform
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from prometheus_client.samples import Exemplar

from quizapp.monitoring.installation import Installed
from quizapp.process_figures import BUCKETS_S, Counted, LoggedFault, Measures, Times
from quizapp.web.request_times import EndpointTimes, RequestTimes

SERVER_ERRORS = 5  # the class of status codes to which a fault's reference belongs

# Name, meaning and what is counted, of what has no more to it.
_SIMPLE: Sequence[tuple[str, str, Counted]] = (
    ("quizapp_reviews", "Ratings that were logged", Counted.REVIEW),
    ("quizapp_writers_refused", "Writers whose turn at SQLite did not come in time", Counted.REFUSED_WRITER),
    ("quizapp_full_disk_answers", "Requests that failed since a disk was full", Counted.FULL_DISK),
)
_SIGN_INS = {"done": Counted.SIGN_IN, "wrong": Counted.WRONG_GUESS, "refused": Counted.REFUSED_GUESS}


def exposed(
    measures: Measures, times: RequestTimes, installed: Callable[[], Installed], *, accept: str
) -> tuple[bytes, str]:
    """All metrics and their content type: OpenMetrics for who accepts that, as Prometheus does, else its older text.

    Only OpenMetrics has exemplars: the reference of the newest fault beside the count of an endpoint's server errors.
    """
    registry = CollectorRegistry()
    registry.register(_Web(measures, times, installed))
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


class _Web(Collector):
    def __init__(self, measures: Measures, times: RequestTimes, installed: Callable[[], Installed]) -> None:
        self._measures = measures
        self._times = times
        self._installed = installed

    def describe(self) -> Iterable[Metric]:
        """Nothing, since the registry would collect everything once more to learn the names."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """All of it."""
        yield from _requests(self._times.every(), self._measures.faults())
        counts = self._measures.counts()
        for name, meaning, what in _SIMPLE:
            yield CounterMetricFamily(name, meaning, value=counts[what])
        sign_ins = CounterMetricFamily("quizapp_sign_ins", "Sign-ins by outcome", labels=["outcome"])
        for outcome, what in _SIGN_INS.items():
            sign_ins.add_metric([outcome], counts[what])
        yield sign_ins
        waits = HistogramMetricFamily(
            "quizapp_writer_wait_seconds", "Seconds that writers waited for their turn at SQLite", labels=[]
        )
        _add(waits, [], self._measures.waits())
        yield waits
        yield GaugeMetricFamily("quizapp_web_processes", "Processes that share these figures", self._times.processes)
        yield from _of(self._installed())


def _requests(every: Sequence[EndpointTimes], faults: Sequence[LoggedFault]) -> Iterable[Metric]:
    """Server errors are there from the start, as 0: Prometheus sees no increase to the first value of a series."""
    answered = CounterMetricFamily(
        "quizapp_requests", "Answers by endpoint and class of status", labels=["endpoint", "status"]
    )
    took = HistogramMetricFamily("quizapp_request_seconds", "Seconds that answers took", labels=["endpoint"])
    newest = {fault.endpoint: fault for fault in reversed(faults)}
    for one in every:
        for number, count in enumerate(one.answers, start=1):
            if count or number == SERVER_ERRORS:
                fault = newest.get(one.endpoint) if count and number == SERVER_ERRORS else None
                answered.add_metric([one.endpoint, f"{number}xx"], count, exemplar=_exemplar(fault))
        if one.times.count:
            _add(took, [one.endpoint], one.times)
    yield answered
    yield took
    newest_at = max((fault.at for fault in faults), default=0.0)
    yield GaugeMetricFamily(
        "quizapp_last_fault_timestamp_seconds", "When the newest fault was logged; 0: never", newest_at
    )


def _exemplar(fault: LoggedFault | None) -> Exemplar | None:
    return None if fault is None else Exemplar({"reference": fault.reference}, 1.0, fault.at)


def _add(family: HistogramMetricFamily, labels: Sequence[str], times: Times) -> None:
    bounds = [*(str(bound) for bound in BUCKETS_S), "+Inf"]
    family.add_metric(labels, list(zip(bounds, accumulate(times.counts), strict=True)), times.total_s)


def _of(installed: Installed) -> Iterable[Metric]:
    info = InfoMetricFamily("quizapp_web", "What is installed")
    info.add_metric([], {"version": installed.version, "python": platform.python_version()})
    yield info
    yield GaugeMetricFamily("quizapp_database_up", "1: the database can be read and written to", installed.is_up)
    if installed.database_bytes is not None:
        yield GaugeMetricFamily("quizapp_database_bytes", "Size of the database", installed.database_bytes)
    if installed.room is not None:
        room = installed.room
        yield GaugeMetricFamily("quizapp_disk_free_bytes", "Room left where the instance folder is", room.free)
        yield GaugeMetricFamily("quizapp_disk_size_bytes", "Size of the disk where the instance folder is", room.size)
        yield GaugeMetricFamily("quizapp_disk_warned_below_bytes", "Below this it is warned of", room.warned_below)
    made, checked = _seconds(installed.backup_made_at), _seconds(installed.backup_checked_at)
    yield GaugeMetricFamily("quizapp_backup_made_timestamp_seconds", "When the newest backup was made; 0: never", made)
    yield GaugeMetricFamily(
        "quizapp_backup_checked_timestamp_seconds", "When a backup was last checked and whole; 0: never", checked
    )
    yield GaugeMetricFamily(
        "quizapp_backup_broken", "1: the last check of a listed backup found it broken", installed.is_backup_broken
    )


def _seconds(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()
