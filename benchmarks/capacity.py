"""What so many learners at once need, and what runs out first: times that were measured, put into queues.

    python -m benchmarks.capacity [--times FILE] [--learners 100,1000,10000]

With the times that `benchmarks.capacity_times` has measured it prints with how many learners each part of one machine
is used up, what more machines it takes, and how long people wait then. docs/capacity.md says what that leaves out.
"""

import argparse
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from pydantic import BaseModel, ConfigDict, PositiveFloat

from benchmarks.queueing import Kind, Outcome, Step, demand, simulate

TIMES = Path(__file__).resolve().parent.parent / "build" / "capacity-times.json"
LEARNERS = (100, 1_000, 10_000)
SEED = 1
SIMULATED_LEARNER_S = 1_200_000  # many learners for a short time, or few for longer
WARM = 0.1  # of the simulated time, not counted
ROOM = 0.6  # the most that a planned processor is at work on average: at 0.6 a request waits 1.5 times its own work
TERMINALS = 32  # of one web process, unless QUIZAPP_MAX_TERMINALS says otherwise
STARTS_AT_ONCE = 2  # of one host, quizapp.sandboxes.pool.lifecycle
MIB_OF_GIB = 1024
BEGUN, ALIVE = "sandboxes begun", "sandboxes alive"  # work that nobody waits for
ALIVE_S = 1.0  # of a sandbox that is alive, between two pieces of its own work


class Times(BaseModel):
    """What each deed costs, measured. Seconds are of a processor unless they are said to be by the clock."""

    model_config = ConfigDict(frozen=True)

    rating_web_s: PositiveFloat
    rating_write_s: PositiveFloat
    """By the clock: how long a rating holds the database's turn to write."""
    page_web_s: PositiveFloat
    answer_web_s: PositiveFloat
    """Of a quiz, with the page that follows."""
    key_web_s: PositiveFloat
    key_sandboxd_s: PositiveFloat
    """Of a key typed into a terminal, with its echo."""
    check_web_s: PositiveFloat
    check_sandboxd_s: PositiveFloat
    check_host_s: PositiveFloat
    """Of a check of a lab: in web, in sandboxd, and in the engine with the sandbox itself."""
    start_s: PositiveFloat
    """By the clock: a cold start of a sandbox."""
    start_host_s: PositiveFloat
    sandbox_mib: PositiveFloat
    """A sandbox in which a container runs."""
    sandbox_host_share: PositiveFloat
    """Of a processor, for a sandbox in which nobody does anything."""


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What learners do who are there at the same time. Not measured: put in your own."""

    reviewing: float = 0.6
    quizzed: float = 0.25
    in_labs: float = 0.15
    """Shares of all learners; together 1."""
    rating_each_s: float = 8.0
    page_each_s: float = 60.0
    """Of any learner."""
    answer_each_s: float = 30.0
    key_each_s: float = 2.0
    check_each_s: float = 120.0
    lab_each_s: float = 900.0
    """How long a sandbox lives, on average; then its learner starts the next."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """One machine of those that are to be had."""

    cores: int = 8
    gib: float = 32.0
    system_gib: float = 2.0
    """For the system, web, sandboxd and the database."""

    def sandboxes(self, times: Times) -> int:
        """How many fit into its memory."""
        return int((self.gib - self.system_gib) * MIB_OF_GIB / times.sandbox_mib)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much of each is there."""

    web_processes: int
    """Each uses one core at most, since Python runs one thread at a time."""
    writers: int
    """1 with SQLite; with PostgreSQL each of its cores commits for itself."""
    hosts: int
    machine: Machine

    @property
    def servers(self) -> dict[str, int]:
        """By the station's name."""
        return {
            "web": self.web_processes,
            "writer": self.writers,
            "sandboxd": self.hosts,
            "hosts": self.hosts * self.machine.cores,
            "starts": self.hosts * STARTS_AT_ONCE,
        }

    @property
    def cores(self) -> int:
        """Of all machines."""
        return self.web_processes + self.writers + self.hosts * self.machine.cores

    @property
    def gib(self) -> float:
        """Of all machines, with half a GiB for each web process and core of the database."""
        return (self.web_processes + self.writers) / 2 + self.hosts * self.machine.gib


def kinds_of(times: Times, habits: Habits, *, learners: int) -> list[Kind]:
    """What so many learners ask for in a second."""
    reviewing, quizzed, in_labs = (learners * share for share in (habits.reviewing, habits.quizzed, habits.in_labs))
    return [
        _kind("rating", reviewing / habits.rating_each_s, web=times.rating_web_s, writer=times.rating_write_s),
        _kind("page", learners / habits.page_each_s, web=times.page_web_s),
        _kind("answer", quizzed / habits.answer_each_s, web=times.answer_web_s, writer=times.rating_write_s),
        _kind("key", in_labs / habits.key_each_s, web=times.key_web_s, sandboxd=times.key_sandboxd_s),
        _kind(
            "check",
            in_labs / habits.check_each_s,
            web=times.check_web_s,
            sandboxd=times.check_sandboxd_s,
            hosts=times.check_host_s,
            writer=times.rating_write_s,
        ),
        _kind("start", in_labs / habits.lab_each_s, starts=times.start_s),
        _kind(BEGUN, in_labs / habits.lab_each_s, hosts=times.start_host_s),
        _kind(ALIVE, in_labs / ALIVE_S, hosts=times.sandbox_host_share * ALIVE_S),
    ]


def _kind(name: str, each_second: float, **seconds: float) -> Kind:
    steps = tuple(Step(station=station, seconds=taken) for station, taken in seconds.items())
    return Kind(name=name, each_second=each_second, steps=steps)


def full_at(times: Times, habits: Habits, plan: Plan) -> dict[str, int]:
    """With how many learners each part of a plan is used up: the first is the one with the least."""
    many = 1_000_000
    wanted = demand(kinds_of(times, habits, learners=many))
    most = {name: int(many * servers / wanted[name]) for name, servers in plan.servers.items()}
    places = plan.hosts * plan.machine.sandboxes(times)
    terminals = plan.web_processes * TERMINALS
    return {**most, "memory": int(places / habits.in_labs), "terminals": int(terminals / habits.in_labs)}


def planned(times: Times, habits: Habits, machine: Machine, *, learners: int) -> Plan:
    """The least that leaves ROOM at each part."""
    wanted = demand(kinds_of(times, habits, learners=learners))
    hosts = max(
        wanted["hosts"] / (machine.cores * ROOM),
        wanted["sandboxd"] / ROOM,
        wanted["starts"] / (STARTS_AT_ONCE * ROOM),
        learners * habits.in_labs / machine.sandboxes(times),
    )
    return Plan(
        web_processes=math.ceil(max(wanted["web"] / ROOM, learners * habits.in_labs / TERMINALS)),
        writers=math.ceil(wanted["writer"] / ROOM),
        hosts=math.ceil(hosts),
        machine=machine,
    )


def tried(times: Times, habits: Habits, plan: Plan, *, learners: int, seconds: float, chance: Random) -> Outcome:
    """The simulation of a plan."""
    kinds = kinds_of(times, habits, learners=learners)
    return simulate(kinds, plan.servers, seconds=seconds, warm_s=WARM * seconds, chance=chance)


def p95_ms(taken_s: Sequence[float]) -> float:
    """Milliseconds within which 95 of 100 were over; not a number for fewer than two."""
    return 1000 * statistics.quantiles(taken_s, n=20)[-1] if len(taken_s) > 1 else math.nan


def report(times: Times, habits: Habits, machine: Machine, learners: Sequence[int]) -> str:
    """All of it as Markdown."""
    lines = ["| part of one machine | used up by so many learners at once |", "|---|---|"]
    alone = full_at(times, habits, Plan(web_processes=1, writers=1, hosts=1, machine=machine))
    lines += [f"| {name} | {most:,} |" for name, most in sorted(alone.items(), key=lambda each: each[1])]
    lines += ["", "| learners | web processes | writers | hosts | cores | GiB | p95 in ms, by what is asked |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for number in learners:
        plan = planned(times, habits, machine, learners=number)
        seconds = SIMULATED_LEARNER_S / number
        outcome = tried(times, habits, plan, learners=number, seconds=seconds, chance=Random(SEED))
        lines.append(
            f"| {number:,} | {plan.web_processes} | {plan.writers} | {plan.hosts} | {plan.cores} | {plan.gib:.0f} "
            f"| {_waits(outcome.taken_s)} |"
        )
    return "\n".join(lines)


def _waits(taken_s: Mapping[str, Sequence[float]]) -> str:
    return ", ".join(f"{name} {p95_ms(taken):.0f}" for name, taken in taken_s.items() if name not in (BEGUN, ALIVE))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the plan of this machine's times, or of those in a file."""
    parser = argparse.ArgumentParser(description="What so many learners at once need, and what runs out first.")
    parser.add_argument("--times", type=Path, default=TIMES, help="what `make bench ROWS=capacity-times` has written")
    parser.add_argument("--learners", default=",".join(map(str, LEARNERS)), help="numbers with commas between them")
    parser.add_argument("--cores", type=int, default=Machine.cores, help="of one machine")
    parser.add_argument("--gib", type=float, default=Machine.gib, help="of one machine's memory")
    given = parser.parse_args(arguments)
    if not given.times.exists():
        parser.error(f"there is no {given.times}: measure it by `make bench ROWS=capacity-times`")
    times = Times.model_validate_json(given.times.read_text(encoding="utf-8"))
    machine = Machine(cores=given.cores, gib=given.gib)
    print(report(times, Habits(), machine, [int(number) for number in given.learners.split(",")]))


if __name__ == "__main__":
    main()
