"""A lab, a run of it, and a fake sandbox that can pass it."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import Lab
from quizapp.labs.hosts import run_host
from quizapp.labs.runs import service
from quizapp.labs.runs.models import LabRun
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.lab_builders import NOON, PREDICTED, add_lab, set_right


@pytest.fixture
def lab(db: Session) -> Lab:
    """One lab."""
    return add_lab(db)


@pytest.fixture
def run(db: Session, learner: User, lab: Lab) -> LabRun:
    """The learner's open run of the lab, predicted."""
    run = service.open_run(db, user_id=learner.id, slug=lab.slug, now=NOON)
    service.predict(db, run=run, given=PREDICTED, now=NOON)
    return run


@pytest.fixture
def client() -> FakeSandboxClient:
    """Sandboxes on which the lab is right."""
    client = FakeSandboxClient(now=lambda: NOON)
    set_right(client)
    return client


@pytest.fixture
def start(db: Session, client: FakeSandboxClient, learner: User) -> Callable[..., None]:
    """`start(run)`: what a learner does until the task can begin; keywords as of `run_host.obtain`."""

    def do(run: LabRun, *, reset: bool = False, end_other: bool = False) -> None:
        ticket = service.ticket_of(db, user_id=learner.id, run_id=run.id)
        granted = run_host.obtain(client, ticket, reset=reset, end_other=end_other)
        service.record_start(db, ticket, granted, now=NOON)
        client.get(granted.sandbox.id)
        ticket = service.ticket_of(db, user_id=learner.id, run_id=run.id)
        service.record_set_up(db, ticket, trouble=run_host.set_up(client, ticket), now=NOON)

    return do
