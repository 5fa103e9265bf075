"""Proves a lab on hosts that are started for it: each attempt must get its verdict. Knows no database and no file.

Each attempt has a host of its own and its own values. The caller gives a client whose sandboxes no learner uses.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import assert_never
from uuid import uuid4

from quizapp.catalogue.labs.lab_format import (
    NOTHING_DONE,
    LabAnswer,
    LabDefinition,
    LabTemplate,
    Solution,
    WrongAttempt,
    substitute,
)
from quizapp.catalogue.labs.lab_values import chosen, draw
from quizapp.errors import QuizappError, Unavailable
from quizapp.labs.hosts import run_host
from quizapp.labs.judging import grading
from quizapp.labs.judging.checks import CheckVerdict
from quizapp.labs.judging.grading import Grade
from quizapp.labs.judging.to_explain import ToExplain
from quizapp.labs.proof import texts
from quizapp.labs.proof.typist import type_in
from quizapp.labs.runs.ticket import RunTicket
from quizapp.labs.trials import twins
from quizapp.labs.trials.twins import Side
from quizapp.sandboxes.client import Sandbox, SandboxClient, SandboxState
from quizapp.verdicts import Verdict

START_S = 120.0  # a host starts in one second; the limit is for a machine that is busy with other things
POLL_EVERY_S = 0.05
TELL_EVERY_S = 2.0  # at the latest, that a proof goes on
# The longest solution starts a Swarm of two hosts and takes 20 s; in a virtual machine whose processor is emulated, the
# start of two containers takes more than a minute.
ATTEMPT_S = {LabTemplate.USERNS: 60.0, LabTemplate.VM: 180.0}
ANSWER_S = 20.0  # a command that prints the answer may capture packets for a while
ANSWER_BYTES = 16 * 1024
STOP_ENGINE = "service docker stop"
NOT_OVER = "It did not end within its time, a minute or in a virtual machine three."


class NoHost(Unavailable):
    """The host for an attempt did not start."""

    title = "No host"


@dataclass(frozen=True, kw_only=True)
class TypedAttempt:
    """What is typed on a fresh host, and what is answered."""

    run: str = ""
    """The text to type into the terminal."""
    answer: str | None = None
    """A command whose output on the host is the answer; None: the answer is `typed`."""
    typed: str = ""
    """The answer, if no command prints it."""


@dataclass(frozen=True, kw_only=True)
class AttemptOutcome:
    """The result of an attempt."""

    grade: Grade
    seconds: float = 0.0
    """From asking for the host to its end."""
    ended: bool = True
    """Whether what was typed ended within ATTEMPT_S."""
    stopped: Grade | None = None
    """The grade after the host's engine was stopped; None if that was not asked for, or the attempt failed before."""
    unanswered: str = ""
    """Why the question after a pass has no right answer, in a sentence; empty if it has one or was not reached."""
    failed: tuple[int, ...] = ()
    """The numbers, from 0, of those shown commands that failed; see `proof.texts`."""
    odd: tuple[str, ...] = ()
    """After a pass: sentences about predictions without a value, or with one that is none of their options."""


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


def with_values(
    lab: LabDefinition, *, rng: Random, given: Mapping[str, str] | None = None
) -> tuple[LabDefinition, Mapping[str, str]]:
    """The lab with values put in for its variables, those of `given` or else drawn, and the values by name.

    Raises Invalid if one is given that the lab does not draw, or words that are not the variable's.
    """
    drawn = {**draw(lab.vars, rng=rng), **chosen(lab.vars, given or {})}
    return LabDefinition.model_validate(substitute(lab.model_dump(mode="json"), drawn)), drawn


def attempt_at(
    client: SandboxClient,
    lab: LabDefinition,
    attempt: TypedAttempt,
    *,
    stop_engine: bool = False,
    show: Sequence[str] = (),
) -> AttemptOutcome:
    """Make an attempt at a lab, values put in, on a new host, and end the host. If it fails: could-not-check.

    `show` are commands that the lab's texts show; they are run once the attempt was graded.
    """
    begun = time.monotonic()
    owner = f"proof-{uuid4().hex}"
    make = _command if lab.command else _work
    try:
        outcome = make(client, lab, attempt, owner=owner, stop_engine=stop_engine, show=show)
    except QuizappError as error:
        outcome = AttemptOutcome(grade=grading.not_checked(str(error)))
    finally:
        end_all(client, owner)
    odd = tuple(_odd(lab, outcome)) if outcome.grade.verdict is Verdict.PASS else ()
    return replace(outcome, seconds=round(time.monotonic() - begun, 1), odd=odd)


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
    guess = TypedAttempt(typed=texts.guess(lab.answer) if lab.answer else "")
    untouched = pool.submit(attempt_at, client, as_given, guess, show=texts.before(as_given))
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


def _work(
    client: SandboxClient,
    lab: LabDefinition,
    attempt: TypedAttempt,
    *,
    owner: str,
    stop_engine: bool,
    show: Sequence[str],
) -> AttemptOutcome:
    """Make an attempt that is typed into a host's terminal."""
    sandbox = started(client, owner=owner, template=lab.template)
    ticket = ticket_on(sandbox, lab)
    if grade := _set_up(client, ticket):
        return AttemptOutcome(grade=grade)

    def examined() -> Grade:
        return run_host.examine(client, ticket, typed=_typed(client, sandbox, attempt))

    ended = _make(client, sandbox, attempt)
    outcome = AttemptOutcome(grade=examined(), ended=ended)
    if lab.explain and outcome.grade.verdict is Verdict.PASS:
        outcome = replace(outcome, unanswered=_unanswered(client, ticket, lab.explain))
    outcome = replace(outcome, failed=texts.failed(client, sandbox, show))
    if not stop_engine:
        return outcome
    _make(client, sandbox, TypedAttempt(run=STOP_ENGINE))
    return replace(outcome, stopped=examined())


def _command(
    client: SandboxClient,
    lab: LabDefinition,
    attempt: TypedAttempt,
    *,
    owner: str,
    stop_engine: bool,
    show: Sequence[str],
) -> AttemptOutcome:
    """Make an attempt at a lab that asks for a command, on two hosts; what its texts `show` is not run there."""
    pair = {side: started(client, owner=f"{owner}.{side}", template=lab.template) for side in Side}
    command = attempt.run or NOTHING_DONE
    grade = twins.compared(client, pair, lab=lab, command=command, asks_more=twins.asks_more_of(lab))
    outcome = AttemptOutcome(grade=grade)
    if lab.explain and grade.verdict is Verdict.PASS:
        outcome = replace(outcome, unanswered=_untold(lab.explain, grade.to_explain))
    if not stop_engine:
        return outcome
    _make(client, pair[Side.ATTEMPT], TypedAttempt(run=STOP_ENGINE))
    return replace(outcome, stopped=twins.compared(client, pair, lab=lab, command=command))


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


def _unanswered(client: SandboxClient, ticket: RunTicket, question: LabAnswer) -> str:
    """Why the host prints no right answer to the question after a pass, in a sentence; empty if it prints one."""
    verdict = run_host.explained(client, replace(ticket, is_open=False), typed=texts.guess(question))
    return f"the question after a pass has no answer: {verdict.said}" if _has_no_answer(verdict) else ""


def _untold(question: LabAnswer, about: ToExplain | None) -> str:
    """Why the question after a right command has no right answer, or nothing to find it in; empty if it has both."""
    if about is None or not about.shown:
        return "the question after a pass has nothing to show."
    verdict = grading.judge_explained(question, about, typed=texts.guess(question))
    return f"the question after a pass has no answer: {verdict.said}" if _has_no_answer(verdict) else ""


def _has_no_answer(verdict: CheckVerdict) -> bool:
    return verdict.verdict is Verdict.COULD_NOT_CHECK or not verdict.seen


def _odd(lab: LabDefinition, passed: AttemptOutcome) -> Iterator[str]:
    """After a pass: a sentence for each prediction without a value or an option for it, and for no right answer."""
    if passed.unanswered:
        yield passed.unanswered
    for prediction in lab.predict:
        happened = passed.grade.happened.get(prediction.name, "")
        if not happened:
            yield f"nothing says what became of {prediction.name}."
        elif prediction.options and happened not in prediction.options:
            yield f"{prediction.name} came to {happened!r}, which is none of its options."


def _blocking(grade: Grade) -> str:
    """The name of the first check that did not pass."""
    return next((each.name for each in grade.checks if each.verdict is not Verdict.PASS), "none")


def _seen(grade: Grade) -> str:
    """A grade as one line for the lab's author."""
    if not grade.checks:
        return f"{grade.verdict}. {grade.said}"
    checks = "; ".join(f"{each.name} {each.verdict} ({each.seen})" for each in grade.checks)
    return f"{grade.verdict}. {checks}"


def _attempt(described: Solution | WrongAttempt) -> TypedAttempt:
    return TypedAttempt(run=described.run, answer=described.answer)


def started(client: SandboxClient, *, owner: str, template: str) -> Sandbox:
    """A new host of this kind, ready for commands. Raises NoHost, and what SandboxClient.ask raises."""
    sandbox = client.ask(owner=owner, template=template)
    until = time.monotonic() + START_S
    while sandbox.state is not SandboxState.CLAIMED:
        if not sandbox.state.is_live or time.monotonic() > until:
            raise NoHost(f"The host did not start: {sandbox.reason or 'it takes too long'}", retry_after_s=1)
        time.sleep(POLL_EVERY_S)
        sandbox = client.get(sandbox.id)
    return sandbox


def _set_up(client: SandboxClient, ticket: RunTicket) -> Grade | None:
    """Run the lab's set-up; returns a grade if it failed, else None."""
    trouble = run_host.set_up(client, ticket)
    return None if trouble is None else grading.not_checked(trouble)


def _make(client: SandboxClient, sandbox: Sandbox, attempt: TypedAttempt) -> bool:
    """Type the attempt; whether it ended within ATTEMPT_S. The terminal stays open: its processes would end with it."""
    within_s = ATTEMPT_S[LabTemplate(sandbox.template)]
    return not attempt.run.strip() or type_in(client, sandbox.id, attempt.run, within_s=within_s)


def _typed(client: SandboxClient, sandbox: Sandbox, attempt: TypedAttempt) -> str:
    """The answer of an attempt."""
    if attempt.answer is None:
        return attempt.typed
    (result,) = client.run(sandbox.id, [attempt.answer], learner=True, each_s=ANSWER_S, output_bytes=ANSWER_BYTES)
    return result.output.strip()


def end_all(client: SandboxClient, owner: str) -> None:
    """End the hosts whose owner begins with `owner`, even if one failed."""
    try:
        for sandbox in client.list():
            if (sandbox.owner or "").startswith(owner):
                client.end(sandbox.id)
    except QuizappError:
        pass  # a host that is left ends when its lease is over


def ticket_on(sandbox: Sandbox, lab: LabDefinition) -> RunTicket:
    """The ticket of a run of the lab that has this host, set up."""
    return RunTicket(
        run_id=uuid4(),
        owner=sandbox.owner or "",
        lab=lab,
        values={},
        sandbox_id=sandbox.id,
        is_ready=True,
        trouble="",
        is_open=True,
        has_predicted=True,
        others=(),
    )
