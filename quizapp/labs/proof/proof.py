"""A lab proved on hosts made for it: what must pass passes, what must fail fails. Knows no database and no file.

Each attempt has a host of its own and other values. The client may be any; whoever calls gives one that no learner's
hosts hang on.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from random import Random
from uuid import uuid4

from quizapp.catalogue.labs.lab_format import LabDefinition, Solution, WrongAttempt
from quizapp.errors import QuizappError, Unavailable
from quizapp.labs.hosts import run_host
from quizapp.labs.judging import grading
from quizapp.labs.judging.grading import Grade
from quizapp.labs.proof.typist import type_in
from quizapp.labs.runs.ticket import RunTicket
from quizapp.labs.runs.values import draw, substitute
from quizapp.labs.trials import twins
from quizapp.labs.trials.twins import Side
from quizapp.sandboxes.client import Sandbox, SandboxClient, SandboxState
from quizapp.verdicts import Verdict

START_S = 120.0  # a host starts in one second; this is for a machine that is busy with other things
POLL_EVERY_S = 0.05
ATTEMPT_S = 60.0  # the longest solution starts a Swarm of two hosts and takes a third of it
ANSWER_S = 20.0  # a command that prints the answer may capture packets for a while
ANSWER_BYTES = 16 * 1024
NOTHING_DONE = "true"  # a command without any effect
GUESS = "-1"  # an answer that can be read, and that is right nowhere
STOP_ENGINE = "service docker stop"
NOT_OVER = f"It did not end within {ATTEMPT_S:g} seconds."


class NoHost(Unavailable):
    """The host for an attempt did not start."""

    title = "No host"


@dataclass(frozen=True, kw_only=True)
class TypedAttempt:
    """What somebody types on a fresh host. `answer` is a command there that prints what they answer."""

    run: str = ""
    answer: str | None = None
    typed: str = ""
    """What they answer, where no command has to find it out."""


@dataclass(frozen=True, kw_only=True)
class AttemptOutcome:
    """What an attempt came to. `stopped` is its grade once more, after the host's engine was stopped, if asked for.

    `odd` says in sentences what a pass showed of a prediction that nobody could have predicted, `unanswered` why the
    question after a pass has no right answer; empty if it has one.
    """

    grade: Grade
    seconds: float = 0.0
    ended: bool = True
    stopped: Grade | None = None
    unanswered: str = ""
    odd: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LabProof:
    """What all attempts that a lab file describes came to. `troubles` says in sentences what is not as it must be."""

    lab: str
    untouched: Verdict
    solutions: tuple[Verdict, ...]
    wrong: tuple[Verdict, ...]
    stopped: Verdict
    troubles: tuple[str, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether all is as it must be."""
        return not self.troubles


def with_values(lab: LabDefinition, *, rng: Random) -> tuple[LabDefinition, Mapping[str, str]]:
    """The lab with values drawn for its variables, and these values."""
    drawn = draw(lab.vars, rng=rng)
    return LabDefinition.model_validate(substitute(lab.model_dump(mode="json"), drawn)), drawn


def attempt_at(
    client: SandboxClient, lab: LabDefinition, attempt: TypedAttempt, *, stop_engine: bool = False
) -> AttemptOutcome:
    """Make an attempt at a lab that has its values, on a host of its own. A host that fails is could-not-check."""
    begun = time.monotonic()
    owner = f"proof-{uuid4().hex}"
    make = _command if lab.command else _work
    try:
        outcome = make(client, lab, attempt, owner=owner, stop_engine=stop_engine)
    except QuizappError as error:
        outcome = AttemptOutcome(grade=grading.not_checked(str(error)))
    finally:
        _end_all(client, owner)
    odd = tuple(_odd(lab, outcome)) if outcome.grade.verdict is Verdict.PASS else ()
    return replace(outcome, seconds=round(time.monotonic() - begun, 1), odd=odd)


def prove(client: SandboxClient, lab: LabDefinition, *, pool: Executor, rng: Random) -> LabProof:
    """Make every attempt that the lab describes, as many at a time as `pool` has workers."""
    begun = time.monotonic()

    def valued() -> LabDefinition:
        return with_values(lab, rng=rng)[0]

    untouched = pool.submit(attempt_at, client, valued(), TypedAttempt(typed=GUESS if lab.answer else ""))
    right = [
        pool.submit(attempt_at, client, each, _attempt(each.solutions[index]), stop_engine=index == 0)
        for index, each in enumerate(valued() for _ in lab.solutions)
    ]
    wrong = [
        pool.submit(attempt_at, client, each, _attempt(each.wrong[index]))
        for index, each in enumerate(valued() for _ in lab.wrong)
    ]
    return _proof(
        lab,
        untouched.result(),
        [each.result() for each in right],
        [each.result() for each in wrong],
        seconds=time.monotonic() - begun,
    )


def _work(
    client: SandboxClient, lab: LabDefinition, attempt: TypedAttempt, *, owner: str, stop_engine: bool
) -> AttemptOutcome:
    """An attempt that is typed into a terminal."""
    sandbox = _started(client, owner=owner, template=lab.template)
    ticket = ticket_on(sandbox, lab)
    if grade := _set_up(client, ticket):
        return AttemptOutcome(grade=grade)

    def examined() -> Grade:
        return run_host.examine(client, ticket, typed=_typed(client, sandbox, attempt))

    ended = _make(client, sandbox, attempt)
    outcome = AttemptOutcome(grade=examined(), ended=ended)
    if lab.explain and outcome.grade.verdict is Verdict.PASS:
        outcome = replace(outcome, unanswered=_unanswered(client, ticket))
    if not stop_engine:
        return outcome
    _make(client, sandbox, TypedAttempt(run=STOP_ENGINE))
    return replace(outcome, stopped=examined())


def _command(
    client: SandboxClient, lab: LabDefinition, attempt: TypedAttempt, *, owner: str, stop_engine: bool
) -> AttemptOutcome:
    """An attempt at a lab that asks for a command."""
    pair = {side: _started(client, owner=f"{owner}.{side}", template=lab.template) for side in Side}
    command = attempt.run or NOTHING_DONE
    grade = twins.compared(client, pair, lab=lab, command=command)
    if not stop_engine:
        return AttemptOutcome(grade=grade)
    _make(client, pair[Side.ATTEMPT], TypedAttempt(run=STOP_ENGINE))
    return AttemptOutcome(grade=grade, stopped=twins.compared(client, pair, lab=lab, command=command))


def _proof(
    lab: LabDefinition,
    untouched: AttemptOutcome,
    right: Sequence[AttemptOutcome],
    wrong: Sequence[AttemptOutcome],
    *,
    seconds: float,
) -> LabProof:
    stopped = right[0].stopped or grading.not_checked("")  # a host that failed before has its trouble told already
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
    """What is not as it must be."""
    if untouched.grade.verdict is not Verdict.FAIL:
        yield f"Untouched it must fail: {_seen(untouched.grade)}"
    for number, each in enumerate(right, start=1):
        if each.grade.verdict is not Verdict.PASS:
            yield f"Solution {number} must pass: {_seen(each.grade)}"
        elif not each.ended:
            yield f"Solution {number} passes, but: {NOT_OVER}"
        else:
            yield from (f"Solution {number}: {trouble}" for trouble in each.odd)
    for number, (each, described) in enumerate(zip(wrong, lab.wrong, strict=True), start=1):
        if each.grade.verdict is not Verdict.FAIL:
            yield f"Wrong attempt {number} must fail: {_seen(each.grade)}"
        elif described.fails and described.fails != (blocking := _blocking(each.grade)):
            yield f"Wrong attempt {number} must fail at {described.fails}, and fails at {blocking}."
    if stopped.verdict is not Verdict.COULD_NOT_CHECK:
        yield f"With its engine stopped it must be could-not-check: {_seen(stopped)}"


def _unanswered(client: SandboxClient, ticket: RunTicket) -> str:
    """Why the host gives no right answer to the question after a pass; empty if it gives one."""
    verdict = run_host.explained(client, replace(ticket, is_open=False), typed=GUESS)
    if verdict.verdict is Verdict.COULD_NOT_CHECK or not verdict.seen:
        return f"the question after a pass has no answer: {verdict.said}"
    return ""


def _odd(lab: LabDefinition, passed: AttemptOutcome) -> Iterator[str]:
    """What a pass does not say, or says otherwise than one could have chosen, of predictions and the last question."""
    if passed.unanswered:
        yield passed.unanswered
    for prediction in lab.predict:
        happened = passed.grade.happened.get(prediction.name, "")
        if not happened:
            yield f"nothing says what became of {prediction.name}."
        elif prediction.options and happened not in prediction.options:
            yield f"{prediction.name} came to {happened!r}, which is none of its options."


def _blocking(grade: Grade) -> str:
    """The name of the check that decided."""
    return next((each.name for each in grade.checks if each.verdict is not Verdict.PASS), "none")


def _seen(grade: Grade) -> str:
    """A grade in one line, for the author."""
    if not grade.checks:
        return f"{grade.verdict}. {grade.said}"
    checks = "; ".join(f"{each.name} {each.verdict} ({each.seen})" for each in grade.checks)
    return f"{grade.verdict}. {checks}"


def _attempt(described: Solution | WrongAttempt) -> TypedAttempt:
    return TypedAttempt(run=described.run, answer=described.answer)


def _started(client: SandboxClient, *, owner: str, template: str) -> Sandbox:
    sandbox = client.ask(owner=owner, template=template)
    until = time.monotonic() + START_S
    while sandbox.state is not SandboxState.CLAIMED:
        if not sandbox.state.is_live or time.monotonic() > until:
            raise NoHost(f"The host did not start: {sandbox.reason or 'it takes too long'}", retry_after_s=1)
        time.sleep(POLL_EVERY_S)
        sandbox = client.get(sandbox.id)
    return sandbox


def _set_up(client: SandboxClient, ticket: RunTicket) -> Grade | None:
    """Set the host up; a grade only if that went wrong."""
    trouble = run_host.set_up(client, ticket)
    return None if trouble is None else grading.not_checked(trouble)


def _make(client: SandboxClient, sandbox: Sandbox, attempt: TypedAttempt) -> bool:
    """Type it; whether it came to its end in time. The terminal stays: what runs on it would end with it."""
    return not attempt.run.strip() or type_in(client, sandbox.id, attempt.run, within_s=ATTEMPT_S)


def _typed(client: SandboxClient, sandbox: Sandbox, attempt: TypedAttempt) -> str:
    """What they answer."""
    if attempt.answer is None:
        return attempt.typed
    (result,) = client.run(sandbox.id, [attempt.answer], learner=True, each_s=ANSWER_S, output_bytes=ANSWER_BYTES)
    return result.output.strip()


def _end_all(client: SandboxClient, owner: str) -> None:
    """End the attempt's hosts, whatever became of it."""
    try:
        for sandbox in client.list():
            if (sandbox.owner or "").startswith(owner):
                client.end(sandbox.id)
    except QuizappError:
        pass  # it ends itself when its lease is over


def ticket_on(sandbox: Sandbox, lab: LabDefinition) -> RunTicket:
    """What a run of the lab would ask this host with."""
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
