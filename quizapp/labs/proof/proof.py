"""Proves a lab on hosts that are started for it: each attempt must get its verdict. Knows no database and no file.

Each attempt has a host of its own and its own values. The caller gives a client whose sandboxes no learner uses.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import assert_never

from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.lab_parts import Solution, WrongAttempt
from quizapp.labs.judging import grading
from quizapp.labs.judging.grading import Grade
from quizapp.labs.proof import texts
from quizapp.labs.proof.attempt import AttemptOutcome, TypedAttempt, attempt_at, with_values
from quizapp.sandboxes.client import SandboxClient
from quizapp.verdicts import Verdict

TELL_EVERY_S = 2.0  # at the latest, that a proof goes on
NOT_OVER = "It did not end within its time, a minute or in a virtual machine three."


class AttemptKind(StrEnum):
    """What of a lab file an attempt comes from."""

    UNTOUCHED = "untouched"  # nothing is done
    SOLUTION = "solution"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True)
class Attempted:
    """An attempt of a proof that has ended."""

    kind: AttemptKind
    number: int
    """Which solution or wrong attempt it is, from 0."""
    verdict: Verdict
    seconds: float
    troubles: tuple[str, ...]
    """A sentence for each thing that is not as it must be."""


Watch = Callable[[Sequence[Attempted]], None]
"""Told of the attempts that have ended since it was last called, every TELL_EVERY_S at least. May raise to stop."""


def unwatched(_: Sequence[Attempted]) -> None:
    """For a proof that nobody watches."""


@dataclass(frozen=True, kw_only=True)
class LabProof:
    """The verdicts of all attempts that a lab file describes."""

    lab: str
    """The lab's id."""
    untouched: Verdict
    """On a host that nothing was done on; must be fail."""
    solutions: tuple[Verdict, ...]
    """Each must be pass."""
    wrong: tuple[Verdict, ...]
    """Each must be fail."""
    stopped: Verdict
    """After the first solution, with the host's engine stopped; must be could-not-check."""
    troubles: tuple[str, ...]
    """A sentence for each thing that is not as it must be."""
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether every verdict is as it must be, and nothing else is wrong."""
        return not self.troubles


def prove(
    client: SandboxClient, lab: LabDefinition, *, pool: Executor, rng: Random, watch: Watch = unwatched
) -> LabProof:
    """Make every attempt that the lab describes, as many at a time as `pool` has workers.

    Whatever `watch` raises goes through; attempts that have not begun are not made then.
    """
    begun = time.monotonic()

    def valued() -> LabDefinition:
        return with_values(lab, rng=rng)[0]

    as_given, *with_solutions = (valued() for _ in range(1 + len(lab.solutions)))
    untouched = pool.submit(attempt_at, client, as_given, guessed(as_given), show=texts.before(as_given))
    right = [
        pool.submit(
            attempt_at,
            client,
            each,
            _attempt(each.solutions[index]),
            stop_engine=index == 0,
            show=() if index else texts.after(each),
        )
        for index, each in enumerate(with_solutions)
    ]
    wrong = [
        pool.submit(attempt_at, client, each, _attempt(each.wrong[index]))
        for index, each in enumerate(valued() for _ in lab.wrong)
    ]
    _follow(lab, {AttemptKind.UNTOUCHED: [untouched], AttemptKind.SOLUTION: right, AttemptKind.WRONG: wrong}, watch)
    return _proof(
        lab,
        untouched.result(),
        [each.result() for each in right],
        [each.result() for each in wrong],
        seconds=time.monotonic() - begun,
    )


def guessed(lab: LabDefinition) -> TypedAttempt:
    """Nothing done at a lab, values put in, and a wrong answer to what it asks that can be read."""
    return TypedAttempt(typed=texts.guess(lab.answer) if lab.answer else "")


def _attempt(described: Solution | WrongAttempt) -> TypedAttempt:
    return TypedAttempt(run=described.run, answer=described.answer)


def _follow(lab: LabDefinition, asked: Mapping[AttemptKind, Sequence["Future[AttemptOutcome]"]], watch: Watch) -> None:
    """Tell of the attempts as they end, until all have."""
    places = {each: (kind, number) for kind, some in asked.items() for number, each in enumerate(some)}
    waiting = set(places)
    try:
        while waiting:
            ended, waiting = wait(waiting, timeout=TELL_EVERY_S, return_when=FIRST_COMPLETED)
            watch([_attempted(lab, *places[each], each.result()) for each in ended])
    finally:
        for each in waiting:
            each.cancel()


def _attempted(lab: LabDefinition, kind: AttemptKind, number: int, outcome: AttemptOutcome) -> Attempted:
    return Attempted(
        kind=kind,
        number=number,
        verdict=outcome.grade.verdict,
        seconds=outcome.seconds,
        troubles=tuple(_troubles_of(lab, kind, number, outcome)),
    )


def _proof(
    lab: LabDefinition,
    untouched: AttemptOutcome,
    right: Sequence[AttemptOutcome],
    wrong: Sequence[AttemptOutcome],
    *,
    seconds: float,
) -> LabProof:
    stopped = right[0].stopped or grading.not_checked("")  # `right` has the trouble of a host that failed before
    return LabProof(
        lab=lab.id,
        untouched=untouched.grade.verdict,
        solutions=tuple(each.grade.verdict for each in right),
        wrong=tuple(each.grade.verdict for each in wrong),
        stopped=stopped.verdict,
        troubles=tuple(_troubles(lab, untouched, right, wrong, stopped)),
        seconds=round(seconds, 1),
    )


def _troubles(
    lab: LabDefinition,
    untouched: AttemptOutcome,
    right: Sequence[AttemptOutcome],
    wrong: Sequence[AttemptOutcome],
    stopped: Grade,
) -> Iterator[str]:
    """A sentence for each thing that is not as it must be."""
    yield from _troubles_of(lab, AttemptKind.UNTOUCHED, 0, untouched)
    for number, each in enumerate(right):
        yield from _troubles_of(lab, AttemptKind.SOLUTION, number, each)
    for number, each in enumerate(wrong):
        yield from _troubles_of(lab, AttemptKind.WRONG, number, each)
    if right[0].grade.verdict is Verdict.PASS:
        yield from texts.troubles(lab, failed_before=untouched.failed, failed_after=right[0].failed)
    if stopped.verdict is not Verdict.COULD_NOT_CHECK:
        yield f"With its engine stopped it must be could-not-check: {_seen(stopped)}"


def _troubles_of(lab: LabDefinition, kind: AttemptKind, number: int, outcome: AttemptOutcome) -> Iterator[str]:
    """A sentence for each thing that is not as it must be of one attempt."""
    match kind:
        case AttemptKind.UNTOUCHED:
            if outcome.grade.verdict is not Verdict.FAIL:
                yield f"Untouched it must fail: {_seen(outcome.grade)}"
        case AttemptKind.SOLUTION:
            yield from _troubles_of_right(number + 1, outcome)
        case AttemptKind.WRONG:
            wanted, blocking = lab.wrong[number].fails, _blocking(outcome.grade)
            if outcome.grade.verdict is not Verdict.FAIL:
                yield f"Wrong attempt {number + 1} must fail: {_seen(outcome.grade)}"
            elif wanted and wanted != blocking:
                yield f"Wrong attempt {number + 1} must fail at {wanted}, and fails at {blocking}."
        case _:
            assert_never(kind)


def _troubles_of_right(number: int, outcome: AttemptOutcome) -> Iterator[str]:
    if outcome.grade.verdict is not Verdict.PASS:
        yield f"Solution {number} must pass: {_seen(outcome.grade)}"
    elif not outcome.ended:
        yield f"Solution {number} passes, but: {NOT_OVER}"
    else:
        yield from (f"Solution {number}: {trouble}" for trouble in outcome.odd)


def _blocking(grade: Grade) -> str:
    """The name of the first check that did not pass."""
    return next((each.name for each in grade.checks if each.verdict is not Verdict.PASS), "none")


def _seen(grade: Grade) -> str:
    """A grade as one line for the lab's author."""
    if not grade.checks:
        return f"{grade.verdict}. {grade.said}"
    checks = "; ".join(f"{each.name} {each.verdict} ({each.seen})" for each in grade.checks)
    return f"{grade.verdict}. {checks}"
