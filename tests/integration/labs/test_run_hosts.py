"""The host of a run on a fake sandbox: lost, replaced, taken from another lab, given up, ended."""

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.labs.hosts import run_host
from quizapp.labs.hosts.run_host import HostState
from quizapp.labs.runs import service
from quizapp.labs.runs.events import EventKind
from quizapp.labs.runs.models import LabRun
from quizapp.labs.runs.ticket import HostTaken
from quizapp.sandboxes.client import SandboxdAway
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.verdicts import Verdict
from tests.integration.labs.test_service import LATER, Start, check, kinds, ticket_of
from tests.lab_builders import NOON, PREDICTED, add_lab, set_right


def test_a_lost_host_keeps_the_run_and_a_new_one_can_be_had(
    db: Session, run: LabRun, client: FakeSandboxClient, start: Start
) -> None:
    start(run)
    set_right(client, is_up="exited")
    check(db, client, run)
    assert run.sandbox_id is not None
    before = run.sandbox_id
    client.die(before)
    host = run_host.host_now(client, ticket_of(db, run))
    assert host.state is HostState.LOST
    assert host.reason.startswith("It stopped by itself.")
    start(run)
    assert run.sandbox_id != before
    assert run.predictions == PREDICTED
    assert run.checks_run == 1
    assert kinds(run)[-3:] == [EventKind.LOST, EventKind.STARTED, EventKind.READY]


def test_reset_replaces_the_host(db: Session, run: LabRun, client: FakeSandboxClient, start: Start) -> None:
    start(run)
    before = run.sandbox_id
    start(run, reset=True)
    assert run.sandbox_id != before
    assert [sandbox.id for sandbox in client.list()] == [run.sandbox_id]


def test_the_one_host_is_not_taken_from_another_lab_unasked(
    db: Session, learner: User, run: LabRun, client: FakeSandboxClient, start: Start
) -> None:
    start(run)
    other = service.open_run(db, user_id=learner.id, slug=add_lab(db, slug="other", title="Other").slug, now=NOON)
    service.predict(db, run=other, given=PREDICTED, now=NOON)
    with pytest.raises(HostTaken, match="Two ports"):
        start(other)
    assert run_host.host_now(client, ticket_of(db, run)).state is HostState.READY
    start(other, end_other=True)
    assert other.sandbox_id is not None
    assert (run.sandbox_id, run.ready_at, run.finished_at) == (None, None, None)
    assert kinds(run)[-1] is EventKind.LOST
    assert [sandbox.id for sandbox in client.list()] == [other.sandbox_id]


def test_a_lab_that_is_over_gives_its_host_up(
    db: Session, learner: User, run: LabRun, client: FakeSandboxClient, start: Start
) -> None:
    start(run)
    check(db, client, run)
    other = service.open_run(db, user_id=learner.id, slug=add_lab(db, slug="other").slug, now=NOON)
    service.predict(db, run=other, given=PREDICTED, now=NOON)
    first = run.sandbox_id
    start(other)
    assert other.sandbox_id not in (None, first)
    assert run.sandbox_id is None
    assert run.verdict is Verdict.PASS


def test_a_sandbox_serves_one_run(
    db: Session, learner: User, run: LabRun, client: FakeSandboxClient, start: Start
) -> None:
    other = service.open_run(db, user_id=learner.id, slug=add_lab(db, slug="other").slug, now=NOON)
    service.predict(db, run=other, given=PREDICTED, now=NOON)
    late = ticket_of(db, other)  # read before the first lab asked for the same sandbox
    start(run)
    granted = run_host.obtain(client, late, reset=False, end_other=False)
    with pytest.raises(HostTaken):
        service.record_start(db, late, granted, now=NOON)
    assert other.sandbox_id is None


def test_ending_the_host_keeps_the_run_open(db: Session, run: LabRun, client: FakeSandboxClient, start: Start) -> None:
    start(run)
    ticket = ticket_of(db, run)
    for _ in range(2):
        service.record_end(db, ticket, now=LATER)
    assert (run.sandbox_id, run.ready_at, run.finished_at) == (None, None, None)
    assert kinds(run).count(EventKind.ENDED) == 1


def test_ending_a_host_leaves_the_one_that_a_second_tab_has_started_since(
    db: Session, run: LabRun, client: FakeSandboxClient, start: Start
) -> None:
    start(run)
    ticket = ticket_of(db, run)
    start(run, reset=True)
    service.record_end(db, ticket, now=LATER)
    assert run.sandbox_id not in (None, ticket.sandbox_id)
    assert EventKind.ENDED not in kinds(run)


def test_why_no_host_can_be_had(client: FakeSandboxClient) -> None:
    def off(*, switched_on: bool) -> str | None:
        return run_host.offer(client, switched_on=switched_on, templates=["userns"]).off

    assert off(switched_on=True) is None
    assert off(switched_on=False) == run_host.SWITCHED_OFF
    client.fault = SandboxdAway("The sandbox service is away.", retry_after_s=5)
    assert off(switched_on=True) == "The sandbox service is away."


@pytest.mark.parametrize(
    ("templates", "template", "needs", "why"),
    [
        (["userns"], "userns", [], None),
        (["userns"], "userns", ["macvlan"], None),
        (["userns"], "userns", ["ipvlan", "macvlan"], "needs ipvlan,"),
        (["userns"], "vm", [], "virtual machine"),
        (["userns", "vm"], "vm", ["ipvlan"], None),
        (["vm"], "userns", ["ipvlan"], None),
    ],
)
def test_why_a_lab_cannot_be_done_here(
    client: FakeSandboxClient, templates: list[str], template: str, needs: list[str], why: str | None
) -> None:
    client.lacks = {"userns": ("ipvlan", "vxlan")}
    said = run_host.offer(client, switched_on=True, templates=templates).why_not(template, needs)
    assert why in said if why and said else said == why


def test_a_service_that_is_away_leaves_the_run_alone(
    db: Session, run: LabRun, client: FakeSandboxClient, start: Start
) -> None:
    start(run)
    client.fault = SandboxdAway("The sandbox service is away.", retry_after_s=5)
    host = run_host.host_now(client, ticket_of(db, run))
    assert (host.state, host.sandbox, host.reason) == (HostState.AWAY, None, "The sandbox service is away.")
