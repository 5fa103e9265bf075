"""Makes one attempt at a lab on hosts of its own, and says what came of it. Knows no database, and no other attempt."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from uuid import uuid4

from quizapp.catalogue.labs.lab_format import NOTHING_DONE, LabAnswer, LabDefinition, substitute
from quizapp.catalogue.labs.lab_parts import LabTemplate
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

# A host starts in one second, a virtual machine in half a minute. What lasts longer is ended by the pool; this limit is
# beyond that one, for a start that had to wait for others.
START_S = 420.0
POLL_EVERY_S = 0.05
# The longest solution starts a Swarm of two hosts and takes 20 s; in a virtual machine whose processor is emulated, the
# start of two containers takes more than a minute.
ATTEMPT_S = {LabTemplate.USERNS: 60.0, LabTemplate.VM: 180.0}
ANSWER_S = 20.0  # a command that prints the answer may capture packets for a while
ANSWER_BYTES = 16 * 1024
STOP_ENGINE = "service docker stop"


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
