"""A run of a lab from the prediction to the end, on a fake sandbox: what is kept, what counts, what stands."""

import shlex
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.models import Lab
from quizapp.confidence import Confidence
from quizapp.errors import NotFound
from quizapp.labs.hosts import run_host
from quizapp.labs.hosts.run_host import HostState
from quizapp.labs.runs import queries, service
from quizapp.labs.runs.events import Checked, EventKind
from quizapp.labs.runs.lab_list import lab_list
from quizapp.labs.runs.models import LabRun
from quizapp.labs.runs.prediction_outcomes import foretold
from quizapp.labs.runs.predictions import PredictionMissing
from quizapp.labs.runs.service import AlreadyPredicted
from quizapp.labs.runs.ticket import PredictFirst, RunOver, RunTicket
from quizapp.sandboxes.client import SandboxdAway
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.verdicts import Verdict
from tests.lab_builders import NOON, PREDICTED, add_lab, printed, set_right

Start = Callable[..., None]
LATER = NOON + timedelta(seconds=100)


def ticket_of(db: Session, run: LabRun) -> RunTicket:
    return service.ticket_of(db, user_id=run.user_id, run_id=run.id)


def check(db: Session, client: FakeSandboxClient, run: LabRun, typed: str = "32768") -> LabRun:
    ticket = ticket_of(db, run)
    return service.record_check(db, ticket, run_host.examine(client, ticket, typed=typed), typed=typed, now=LATER)


def kinds(run: LabRun) -> list[EventKind]:
    return [event.kind for event in run.events]


def test_a_learner_has_one_open_run_of_a_lab(db: Session, learner: User, lab: Lab, run: LabRun) -> None:
    assert service.open_run(db, user_id=learner.id, slug=lab.slug, now=NOON) is run


def test_a_page_shows_the_values_that_the_next_run_gets(db: Session, learner: User, lab: Lab) -> None:
    shown, open_run = queries.lab_page(db, user_id=learner.id, slug=lab.slug)
    run = service.open_run(db, user_id=learner.id, slug=lab.slug, now=NOON)
    assert open_run is None
    assert shown.task == f"<p>Publish port {run.values['PORT']}.</p>\n"


def test_runs_differ_in_their_values(db: Session, learner: User, lab: Lab) -> None:
    drawn = set()
    for _ in range(5):
        run = service.open_run(db, user_id=learner.id, slug=lab.slug, now=NOON)
        drawn.add(run.values["PORT"])
        service.close(db, user_id=learner.id, run_id=run.id, now=NOON)
    assert len(drawn) > 1


@pytest.mark.parametrize("slug", ["unknown", ""])
def test_an_unknown_lab_is_not_found(db: Session, learner: User, slug: str) -> None:
    with pytest.raises(NotFound):
        service.open_run(db, user_id=learner.id, slug=slug, now=NOON)


def test_a_retired_lab_is_not_offered(db: Session, learner: User, lab: Lab) -> None:
    lab.retired_at = NOON
    db.flush()
    with pytest.raises(NotFound):
        service.open_run(db, user_id=learner.id, slug=lab.slug, now=NOON)
    assert lab_list(db, user_id=learner.id) == []


def test_a_prediction_stands(db: Session, run: LabRun) -> None:
    service.predict(db, run=run, given=PREDICTED, now=LATER)
    with pytest.raises(AlreadyPredicted):
        service.predict(db, run=run, given=PREDICTED | {"where": "8080"}, now=LATER)
    assert run.predictions == PREDICTED
    assert kinds(run) == [EventKind.PREDICTED]


def test_predictions_that_were_put_to_the_test_are_told_by_the_days_of_the_learner(
    db: Session, learner: User, lab: Lab, start: Start, client: FakeSandboxClient
) -> None:
    run = service.open_run(db, user_id=learner.id, slug=lab.slug, now=NOON)
    service.predict(db, run=run, given=PREDICTED, confidence=Confidence.SURE, now=NOON)
    start(run)
    assert foretold(db, user_id=learner.id, zone="UTC") == ()
    grade = run_host.examine(client, ticket_of(db, run), typed="32768")
    late = NOON.replace(hour=23, minute=30)
    service.record_check(db, ticket_of(db, run), grade, typed="32768", now=late)
    told = foretold(db, user_id=learner.id, zone="Europe/Berlin")
    assert {each.day for each in told} == {NOON.date() + timedelta(days=1)}
    assert {(each.run_id, each.lab, each.confidence) for each in told} == {(run.id, lab.title, Confidence.SURE)}
    assert sorted(each.came_true for each in told) == [False, True]
    assert foretold(db, user_id=uuid4(), zone="UTC") == ()


def test_an_incomplete_prediction_is_not_kept(db: Session, learner: User, lab: Lab) -> None:
    run = service.open_run(db, user_id=learner.id, slug=lab.slug, now=NOON)
    with pytest.raises(PredictionMissing):
        service.predict(db, run=run, given={"where": "80"}, now=NOON)
    assert run.predictions is None


def test_no_sandbox_before_the_prediction(db: Session, learner: User, lab: Lab, client: FakeSandboxClient) -> None:
    run = service.open_run(db, user_id=learner.id, slug=lab.slug, now=NOON)
    with pytest.raises(PredictFirst):
        run_host.obtain(client, ticket_of(db, run), reset=False, end_other=False)
    assert client.list() == ()


def test_set_up_runs_when_the_host_has_started(
    db: Session, run: LabRun, client: FakeSandboxClient, start: Start
) -> None:
    start(run)
    assert run.ready_at == NOON
    assert kinds(run) == [EventKind.PREDICTED, EventKind.STARTED, EventKind.READY]
    assert [shlex.quote(f"prepare {run.values['PORT']}") in command for command in client.ran] == [True]
    assert run_host.host_now(client, ticket_of(db, run)).state is HostState.READY


def test_asking_again_keeps_the_host(db: Session, run: LabRun, client: FakeSandboxClient, start: Start) -> None:
    start(run)
    before = run.sandbox_id
    start(run)
    assert run.sandbox_id == before
    assert kinds(run).count(EventKind.STARTED) == 1


def test_a_failed_set_up_says_why_and_is_not_tried_again(
    db: Session, run: LabRun, client: FakeSandboxClient, learner: User
) -> None:
    ticket = ticket_of(db, run)
    granted = run_host.obtain(client, ticket, reset=False, end_other=False)
    service.record_start(db, ticket, granted, now=NOON)
    client.get(granted.sandbox.id)
    service.record_set_up(db, ticket_of(db, run), trouble="It broke.", now=NOON)
    host = run_host.host_now(client, ticket_of(db, run))
    assert (host.state, host.reason) == (HostState.UNFIT, "It broke.")
    assert run.ready_at is None


def test_set_up_trouble_names_what_was_seen(db: Session, run: LabRun, client: FakeSandboxClient, start: Start) -> None:
    start(run)
    (command,) = client.ran
    client.answers = {command: printed("no such image", exit_code=125)}
    assert "no such image" in (run_host.set_up(client, ticket_of(db, run)) or "")


def test_a_pass_keeps_what_happened(db: Session, run: LabRun, client: FakeSandboxClient, start: Start) -> None:
    start(run)
    check(db, client, run)
    assert (run.verdict, run.checks_run, run.finished_at) == (Verdict.PASS, 1, LATER)
    assert run.happened == {"where": "8080", "why": "b"}
    _, page = queries.run_page(db, user_id=run.user_id, run_id=run.id)
    assert [(row.predicted, row.happened, row.agrees) for row in page.compared] == [
        ("80", "8080", False),
        ("b", "b", True),
    ]


def test_a_fail_is_a_try_and_the_run_goes_on(db: Session, run: LabRun, client: FakeSandboxClient, start: Start) -> None:
    start(run)
    set_right(client, is_up="exited")
    check(db, client, run)
    assert (run.verdict, run.checks_run, run.finished_at, run.happened) == (Verdict.FAIL, 1, None, None)
    _, page = queries.run_page(db, user_id=run.user_id, run_id=run.id)
    assert page.last_check is not None
    assert page.last_check.said == "Seen <code>exited</code>."
    set_right(client)
    check(db, client, run)
    assert (run.verdict, run.checks_run) == (Verdict.PASS, 2)


@pytest.mark.parametrize("trouble", ["away", "lost", "ended"])
def test_what_cannot_be_checked_is_no_try(
    db: Session, run: LabRun, client: FakeSandboxClient, start: Start, trouble: str
) -> None:
    start(run)
    assert run.sandbox_id is not None
    if trouble == "away":
        client.fault = SandboxdAway("The sandbox service is away.", retry_after_s=5)
    elif trouble == "lost":
        client.die(run.sandbox_id)
    else:
        client.end(run.sandbox_id)
    check(db, client, run)
    assert (run.verdict, run.checks_run, run.finished_at) == (None, 0, None)
    checked = run.events[-1].data
    assert isinstance(checked, Checked)
    assert checked.verdict is Verdict.COULD_NOT_CHECK
    assert checked.said


def test_a_check_before_there_is_a_host_is_no_try(db: Session, run: LabRun, client: FakeSandboxClient) -> None:
    check(db, client, run)
    assert run.checks_run == 0
    assert client.ran == []


def test_two_checks_at_once_count_once(db: Session, run: LabRun, client: FakeSandboxClient, start: Start) -> None:
    start(run)
    ticket = ticket_of(db, run)
    first, second = (run_host.examine(client, ticket, typed="32768") for _ in range(2))
    service.record_check(db, ticket, first, typed="32768", now=NOON)
    service.record_check(db, ticket, second, typed="32768", now=LATER)
    assert (run.checks_run, run.finished_at) == (1, NOON)


def test_hints_come_one_by_one_and_end(db: Session, run: LabRun) -> None:
    for expected in (1, 2, 2):
        service.hint(db, user_id=run.user_id, run_id=run.id, now=NOON)
        assert run.hints_used == expected
    assert kinds(run).count(EventKind.HINTED) == 2


def test_the_solution_ends_the_run(db: Session, run: LabRun, client: FakeSandboxClient, start: Start) -> None:
    start(run)
    for _ in range(2):
        service.show_solution(db, user_id=run.user_id, run_id=run.id, now=LATER)
    assert (run.solution_shown, run.finished_at, run.verdict) == (True, LATER, None)
    assert kinds(run).count(EventKind.SHOWN) == 1
    with pytest.raises(RunOver):
        service.hint(db, user_id=run.user_id, run_id=run.id, now=LATER)
    with pytest.raises(RunOver):
        run_host.obtain(client, ticket_of(db, run), reset=False, end_other=False)


def test_no_solution_after_a_pass(db: Session, run: LabRun, client: FakeSandboxClient, start: Start) -> None:
    start(run)
    check(db, client, run)
    with pytest.raises(RunOver):
        service.show_solution(db, user_id=run.user_id, run_id=run.id, now=LATER)


def test_leaving_a_run_lets_a_new_one_begin(db: Session, learner: User, lab: Lab, run: LabRun) -> None:
    for _ in range(2):
        assert service.close(db, user_id=learner.id, run_id=run.id, now=LATER) == lab.slug
    assert run.finished_at == LATER
    assert service.open_run(db, user_id=learner.id, slug=lab.slug, now=LATER) is not run


def test_runs_are_their_learners_own(db: Session, run: LabRun) -> None:
    stranger = accounts.add_user(db, name="Eve", role=Role.OWNER, now=NOON)
    for use_case in (service.hint, service.show_solution, service.close):
        with pytest.raises(NotFound):
            use_case(db, user_id=stranger.id, run_id=run.id, now=NOON)
    with pytest.raises(NotFound):
        service.record_end(db, replace(ticket_of(db, run), owner=str(stranger.id)), now=NOON)
    with pytest.raises(NotFound):
        service.ticket_of(db, user_id=stranger.id, run_id=run.id)
    with pytest.raises(NotFound):
        queries.run_page(db, user_id=stranger.id, run_id=run.id)
    with pytest.raises(NotFound):
        service.ticket_of(db, user_id=run.user_id, run_id=uuid4())


def test_the_list_tells_how_far_one_has_come(
    db: Session, learner: User, run: LabRun, client: FakeSandboxClient, start: Start
) -> None:
    add_lab(db, slug="untouched", title="Untouched")
    assert [entry.standing for entry in lab_list(db, user_id=learner.id)] == ["open", "new"]
    start(run)
    check(db, client, run)
    assert [entry.standing for entry in lab_list(db, user_id=learner.id)] == ["passed", "new"]
    stranger = accounts.add_user(db, name="Eve", role=Role.LEARNER, now=NOON)
    assert [entry.standing for entry in lab_list(db, user_id=stranger.id)] == ["new", "new"]
