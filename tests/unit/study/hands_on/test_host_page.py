"""A host as a page draws it: what it says, its steps, its time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from quizapp.labs.hosts.run_host import Host, HostState
from quizapp.sandboxes.client import Sandbox, SandboxState, Step, StepState
from quizapp.study.hands_on.host_page import SOON_S, host_page

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
SANDBOX = Sandbox(
    id="s",
    owner="o",
    template="userns",
    state=SandboxState.STARTING,
    steps=(
        Step(name="lan", title="Its network", state=StepState.DONE, seconds=0.4),
        Step(name="engine", title="Docker Engine", state=StepState.RUNNING, seconds=None),
    ),
    created_at=NOW,
    position=None,
    deadline=None,
    idle_at=None,
    reason=None,
)


def test_a_start_names_its_running_step() -> None:
    view = host_page(Host(state=HostState.STARTING, sandbox=SANDBOX), now=NOW)
    assert view.says == "Starting: Docker Engine"
    assert [(step.state, step.text, step.seconds) for step in view.steps] == [
        ("done", "Its network", 0.4),
        ("running", "Docker Engine", None),
    ]
    assert view.seconds_left is None
    assert not view.ends_soon


def test_a_queued_one_waits_for_its_turn() -> None:
    queued = replace(SANDBOX, state=SandboxState.QUEUED, position=3)
    says = host_page(Host(state=HostState.STARTING, sandbox=queued), now=NOW).says
    assert says == "Waiting for its turn: number 3 in the queue"


@pytest.mark.parametrize(("left_s", "shown", "soon"), [(1800, 1800, False), (SOON_S, SOON_S, True), (-5, 0, True)])
def test_time_left(left_s: int, shown: int, soon: bool) -> None:
    ready = replace(SANDBOX, state=SandboxState.CLAIMED, deadline=NOW + timedelta(seconds=left_s))
    view = host_page(Host(state=HostState.READY, sandbox=ready), now=NOW)
    assert (view.seconds_left, view.ends_soon) == (shown, soon)


@pytest.mark.parametrize(
    ("deadline_s", "idle_s", "begins"),
    [
        (1800, 1200, "Ready"),
        (60, 1200, "Your host ends within a minute. Press Extend"),
        (1800, 60, "Nothing has happened here for a while"),
        (61, 61, "Ready"),
    ],
)
def test_the_last_minute_is_announced(deadline_s: int, idle_s: int, begins: str) -> None:
    ready = replace(
        SANDBOX,
        state=SandboxState.CLAIMED,
        deadline=NOW + timedelta(seconds=deadline_s),
        idle_at=NOW + timedelta(seconds=idle_s),
    )
    assert host_page(Host(state=HostState.READY, sandbox=ready), now=NOW).says.startswith(begins)


@pytest.mark.parametrize("state", list(HostState))
def test_every_state_says_something(state: HostState) -> None:
    assert host_page(Host(state=state, reason="It is so."), now=NOW).says
