"""What is counted and timed, in the words of the owner's page. Knows no request and asks nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from quizapp.process_figures import Counted, LoggedFault, Measures, Times
from quizapp.sandboxes.client import EndCause, PhaseTimes, PoolFigures
from quizapp.web.request_times import EndpointTimes

FAULTS_SHOWN = 10
HEALTH = "health"  # its 503 says that a start is not done yet, or what the operator is told otherwise; it is no fault

END_WORDS: Mapping[EndCause, str] = {
    EndCause.ASKED: "Ended by the learner",
    EndCause.TIME_UP: "Time was up",
    EndCause.UNUSED: "Open, and nothing happened",
    EndCause.LEFT: "Page was closed",
    EndCause.NOT_AWAITED: "Left the queue",
    EndCause.REPLACED: "Warm, and replaced or spared",
    EndCause.STOPPED: "Stopped by itself",
    EndCause.NOT_STARTED: "Did not start",
    EndCause.NOT_CLAIMED: "Warm, and could not be given",
}


@dataclass(frozen=True, kw_only=True)
class InstalledFact:
    """One line of what is stored, installed or counted."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class SeenFault:
    """A fault that somebody met, by the reference on their page."""

    at: datetime
    reference: str
    endpoint: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class WebFigures:
    """How the pages did since the server's start."""

    facts: Sequence[InstalledFact]
    faults: Sequence[SeenFault]
    """The newest, the newest first."""


@dataclass(frozen=True, kw_only=True)
class DayOfHosts:
    """How hosts did within a day."""

    since: datetime
    asked: str
    """How many asked for one, and how many of them got one that was started ahead, in words."""
    phases: Sequence[PhaseTimes]
    ended: Sequence[InstalledFact]
    """Why they ended, the most frequent cause first."""


def web_figures(measures: Measures, requests: Sequence[EndpointTimes]) -> WebFigures:
    """The figures of all processes of this server."""
    counts, waits = measures.counts(), measures.waits()
    answers = Times(
        counts=[sum(counts) for counts in zip(*(one.times.counts for one in requests), strict=True)],
        total_s=sum(one.times.total_s for one in requests),
    )
    failed = sum(one.answers[-1] for one in requests if one.endpoint != HEALTH)
    return WebFigures(
        facts=[
            InstalledFact(name="Answers", value=f"{answers.count:,}, {failed:,} of them faults"),
            InstalledFact(name="Took", value=_took(answers)),
            InstalledFact(name="Writers waited", value=_took(waits)),
            InstalledFact(name="Reviews", value=f"{counts[Counted.REVIEW]:,}"),
            InstalledFact(
                name="Sign-ins",
                value=f"{counts[Counted.SIGN_IN]:,}, and {counts[Counted.WRONG_GUESS]:,} wrong passwords",
            ),
        ],
        faults=[_seen(fault) for fault in measures.faults()[:FAULTS_SHOWN]],
    )


def day_of_hosts(figures: PoolFigures) -> DayOfHosts:
    """The figures of sandboxd."""
    asked = figures.warm + figures.cold
    warm = (
        f"{figures.warm:,} of {asked:,} got one that was ready ({figures.warm / asked:.0%})"
        if asked
        else "Nobody asked for one"
    )
    refused = f", {figures.refused:,} were refused" if figures.refused else ""
    ended = sorted(figures.ended.items(), key=lambda one: (-one[1], one[0]))
    return DayOfHosts(
        since=figures.since,
        asked=f"{warm}{refused}.",
        phases=figures.phases,
        ended=[InstalledFact(name=END_WORDS[cause], value=f"{count:,}") for cause, count in ended],
    )


def age_in_words(age: timedelta) -> str:
    """How old something is, to the unit that matters."""
    minutes = max(0, int(age.total_seconds() // 60))
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            number = minutes // size
            return f"{number:,} {unit}{'' if number == 1 else 's'} old"
    return "less than a minute old"


def _took(times: Times) -> str:
    """Half, 95 % and 99 % of them, each to the bound of its bucket."""
    if not times.count:
        return "none yet"
    shares = (("half", 0.5), ("95 %", 0.95), ("99 %", 0.99))
    return ", ".join(f"{name} {_within(times.most_s(share))}" for name, share in shares)


def _within(bound_s: float | None) -> str:
    if bound_s is None:
        return "longer than that"
    return f"within {bound_s:g} s" if bound_s >= 1 else f"within {bound_s * 1000:g} ms"


def _seen(fault: LoggedFault) -> SeenFault:
    at = datetime.fromtimestamp(fault.at, UTC)
    return SeenFault(at=at, reference=fault.reference, endpoint=fault.endpoint, kind=fault.kind)
