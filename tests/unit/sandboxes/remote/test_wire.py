"""What goes over the wire comes out the same, and nonsense is noticed."""

import json
from datetime import UTC, datetime

import pytest

from quizapp.errors import NotFound, QuizappError
from quizapp.sandboxes import client
from quizapp.sandboxes.client import Sandbox, SandboxState, Step, StepState
from quizapp.sandboxes.remote import wire

SANDBOX = Sandbox(
    id="abc",
    owner="ada",
    template="userns",
    state=SandboxState.CLAIMED,
    steps=(Step(name="a", title="First", state=StepState.DONE, seconds=0.5),),
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    position=None,
    idle_at=None,
    deadline=None,
    reason=None,
)


def test_a_sandbox_travels() -> None:
    travelled = json.loads(json.dumps(wire.to_json(wire.SANDBOX, SANDBOX)))
    assert wire.from_json(wire.SANDBOX, travelled) == SANDBOX


@pytest.mark.parametrize("data", [None, [], {}, {"id": 1}, "sandbox"])
def test_nonsense_is_not_a_sandbox(data: object) -> None:
    with pytest.raises(wire.NotOurs):
        wire.from_json(wire.SANDBOX, data)


@pytest.mark.parametrize(
    "error",
    [
        client.EngineOff("off", retry_after_s=3),
        client.EngineFault("fault", retry_after_s=3),
        client.ImageMissing("missing", retry_after_s=3),
        client.TooManySandboxes("full", retry_after_s=60),
        client.NoClearAnswer("unclear", retry_after_s=1),
        client.SandboxGone("gone"),
        client.SandboxNotReady("not yet"),
        client.BadSandboxRequest("bad"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_travels(error: QuizappError) -> None:
    travelled = wire.error_from_json(json.loads(json.dumps(wire.error_to_json(error))))
    assert type(travelled) is type(error)
    assert vars(travelled) == vars(error)
    assert str(travelled) == str(error)


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"kind": "SandboxGone"},
        {"kind": "KeyError", "message": "x", "retry_after_s": None},
        {"kind": "EngineOff", "message": "x", "retry_after_s": None},
        wire.error_to_json(NotFound("of another room")),
    ],
)
def test_nonsense_is_not_an_error(data: object) -> None:
    with pytest.raises(wire.NotOurs):
        wire.error_from_json(data)
