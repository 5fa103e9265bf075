"""What goes over the wire comes out the same, and nonsense is noticed."""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

import quizapp.sandboxes
from quizapp.errors import NotFound, QuizappError, TooMany, Unavailable
from quizapp.sandboxes.client import Sandbox, SandboxState, Step, StepState
from quizapp.sandboxes.engine.protocol import NameTaken, NoContainer
from quizapp.sandboxes.recipe.image_build import ImageNotBuilt
from quizapp.sandboxes.remote import wire

# Errors of the sandboxes that no client can meet: the pool handles the engine's two, the third is of a command.
OF_NO_CLIENT = {NameTaken, NoContainer, ImageNotBuilt}

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


def sandbox_errors() -> set[type[QuizappError]]:
    """Every error that a module of the sandboxes defines, but for those of no client."""
    for module in pkgutil.walk_packages(quizapp.sandboxes.__path__, "quizapp.sandboxes."):
        importlib.import_module(module.name)
    found = {kind for kind in subclasses(QuizappError) if kind.__module__.startswith("quizapp.sandboxes.")}
    return {kind for kind in found if not any(issubclass(kind, other) for other in OF_NO_CLIENT)}


def subclasses(kind: type[QuizappError]) -> Iterator[type[QuizappError]]:
    """Its subclasses and theirs."""
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def test_a_sandbox_travels() -> None:
    travelled = json.loads(json.dumps(wire.to_json(wire.SANDBOX, SANDBOX)))
    assert wire.from_json(wire.SANDBOX, travelled) == SANDBOX


@pytest.mark.parametrize("data", [None, [], {}, {"id": 1}, "sandbox"])
def test_nonsense_is_not_a_sandbox(data: object) -> None:
    with pytest.raises(wire.NotOurs):
        wire.from_json(wire.SANDBOX, data)


@pytest.mark.parametrize("kind", sorted(sandbox_errors(), key=str), ids=lambda kind: kind.__name__)
def test_every_error_that_a_client_may_meet_travels(kind: type[QuizappError]) -> None:
    error = kind("What happened.", **({"retry_after_s": 3} if issubclass(kind, Unavailable | TooMany) else {}))
    travelled = wire.error_from_json(json.loads(json.dumps(wire.error_to_json(error))))
    assert type(travelled) is kind, "an error that a client may meet is defined in sandboxes.client"
    assert vars(travelled) == vars(error)
    assert (str(travelled), travelled.status, travelled.title) == (str(error), error.status, error.title)


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
