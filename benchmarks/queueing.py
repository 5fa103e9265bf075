"""Requests that queue at stations, simulated event by event. Pure: chance is an argument, time is the simulation's own.

Requests of a kind come at random (a Poisson process), as those of many people do who know nothing of each other. Each
step's work is drawn from a gamma distribution about its mean. Who comes first is served first.
"""

import heapq
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

USUAL_SHAPE = 4.0  # the standard deviation of a step's work is half of its mean
EXPONENTIAL = 1.0  # it is as large as the mean, which theory has formulas for


@dataclass(frozen=True, kw_only=True)
class Step:
    """Work at one station."""

    station: str
    seconds: float
    """The mean."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Requests of one kind, which go through the same steps."""

    name: str
    each_second: float
    """How many come in a second, on average."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a simulation came to."""

    taken_s: Mapping[str, Sequence[float]]
    """By the kind's name: seconds from its coming to its end, of each request that came after the warm-up."""
    used: Mapping[str, float]
    """By the station's name: the share of its servers that was at work, on average."""


@dataclass(kw_only=True)
class _Station:
    free: int
    servers: int
    busy_s: float = 0.0
    waiting: deque["_Request"] = field(default_factory=deque)


@dataclass(kw_only=True, slots=True)
class _Request:
    kind: Kind
    came: float
    step: int = 0


def demand(kinds: Sequence[Kind]) -> dict[str, float]:
    """By the station's name: the servers that are at work on average, if none has to wait."""
    wanted: dict[str, float] = {}
    for kind in kinds:
        for step in kind.steps:
            wanted[step.station] = wanted.get(step.station, 0.0) + kind.each_second * step.seconds
    return wanted


def simulate(
    kinds: Sequence[Kind],
    servers: Mapping[str, int],
    *,
    seconds: float,
    warm_s: float,
    chance: Random,
    shape: float = USUAL_SHAPE,
) -> Outcome:
    """Let requests come for so many seconds, of which the first are not counted. `servers` says how many stations have.

    `shape` is the gamma distribution's: 1 over the square of deviation through mean. A station at which more is asked
    than it can do has a queue that grows to the end: its times say only that.
    """
    return _Simulation(servers, warm_s=warm_s, chance=chance, shape=shape).run(kinds, seconds)


class _Simulation:
    def __init__(self, servers: Mapping[str, int], *, warm_s: float, chance: Random, shape: float) -> None:
        self._stations = {name: _Station(free=number, servers=number) for name, number in servers.items()}
        self._warm_s, self._chance, self._shape = warm_s, chance, shape
        self._events: list[tuple[float, int, _Request | Kind]] = []  # a kind's next request comes, a step is over
        self._number = 0
        self._taken: dict[str, list[float]] = {}

    def run(self, kinds: Sequence[Kind], seconds: float) -> Outcome:
        for kind in kinds:
            self._taken[kind.name] = []
            self._come(kind, 0.0)
        while self._events and self._events[0][0] <= seconds:
            now, _, what = heapq.heappop(self._events)
            if isinstance(what, Kind):
                self._come(what, now)
                self._arrive(_Request(kind=what, came=now), now)
            else:
                self._leave(what, now)
        used = {name: each.busy_s / (each.servers * seconds) for name, each in self._stations.items()}
        return Outcome(taken_s=self._taken, used=used)

    def _come(self, kind: Kind, now: float) -> None:
        if kind.each_second > 0:
            self._at(now + self._chance.expovariate(kind.each_second), kind)

    def _arrive(self, request: _Request, now: float) -> None:
        """At the station of its step: it is served at once, or waits."""
        if request.step == len(request.kind.steps):
            if request.came >= self._warm_s:
                self._taken[request.kind.name].append(now - request.came)
            return
        station = self._stations[request.kind.steps[request.step].station]
        if station.free:
            station.free -= 1
            self._serve(station, request, now)
        else:
            station.waiting.append(request)

    def _serve(self, station: _Station, request: _Request, now: float) -> None:
        mean_s = request.kind.steps[request.step].seconds
        work_s = self._chance.gammavariate(self._shape, mean_s / self._shape) if mean_s else 0.0
        station.busy_s += work_s
        self._at(now + work_s, request)

    def _leave(self, request: _Request, now: float) -> None:
        """Its step is over: the server takes who waits longest, and the request goes on."""
        station = self._stations[request.kind.steps[request.step].station]
        if station.waiting:
            self._serve(station, station.waiting.popleft(), now)
        else:
            station.free += 1
        request.step += 1
        self._arrive(request, now)

    def _at(self, when: float, what: _Request | Kind) -> None:
        self._number += 1
        heapq.heappush(self._events, (when, self._number, what))
