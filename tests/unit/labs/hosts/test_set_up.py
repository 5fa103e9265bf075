"""What a set-up left is noted before the learner may type, if a check compares with it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from quizapp.catalogue.labs.lab_format import Check, LabDefinition
from quizapp.labs.hosts import run_host
from quizapp.labs.judging import words
from quizapp.labs.proof.attempt import ticket_on
from quizapp.labs.runs.ticket import RunTicket
from quizapp.sandboxes.fake import DONE, FakeSandboxClient

KEPT = Check.model_validate({"name": "kept", "same_container": "app", "hint": "It is {seen}."})


@pytest.fixture
def client() -> FakeSandboxClient:
    return FakeSandboxClient(now=lambda: datetime(2026, 11, 29, tzinfo=UTC))


def ticket(client: FakeSandboxClient, lab: LabDefinition) -> RunTicket:
    """The ticket of a run on a host that is up."""
    sandbox = client.get(client.ask(owner="learner").id)
    return ticket_on(sandbox, lab)


def test_a_lab_that_compares_has_it_noted(client: FakeSandboxClient, lab: LabDefinition) -> None:
    assert run_host.set_up(client, ticket(client, lab.model_copy(update={"checks": (KEPT,)}))) is None
    assert client.ran[1:] == [words.NOTE]


def test_any_other_lab_has_nothing_noted(client: FakeSandboxClient, lab: LabDefinition) -> None:
    assert run_host.set_up(client, ticket(client, lab)) is None
    assert len(client.ran) == 1


def test_a_host_of_which_nothing_can_be_noted_is_not_ready(client: FakeSandboxClient, lab: LabDefinition) -> None:
    client.answers = {words.NOTE: replace(DONE, exit_code=1, output="engine-away")}
    trouble = run_host.set_up(client, ticket(client, lab.model_copy(update={"checks": (KEPT,)})))
    assert trouble is not None
    assert "(engine-away)" in trouble
