"""An engine that hangs, and one that is killed: what a learner can read meanwhile, and what comes back."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ops.docker_api import answers
from ops.engine import Place
from quizapp.errors import Unavailable
from quizapp.sandboxes.client import EngineOff, SandboxClient, SandboxState
from quizapp.sandboxes.pool.pool import STOPPED
from tests.sandbox.conftest import EACH_S, ready, wait_until
from tests.stopping import stopped

pytestmark = [pytest.mark.sandbox, pytest.mark.stops_engine]

ENGINE_S = 8.0  # less than whoever asks the engine waits for it
HANG_S = 60.0  # longer than anything waits for the engine, so that every wait has an end


@pytest.fixture
def place(engine_url: str) -> Place:
    """Our own engine's place: only that may be stopped."""
    place = Place.from_env(os.environ)
    if engine_url != place.url:
        pytest.skip("another engine than our own is in use, which a test must not stop")
    return place


@contextmanager
def hanging(place: Place) -> Iterator[None]:
    """The engine takes no breath for as long as the block runs."""
    with stopped(int(place.pidfile.read_text())):
        yield


def state_of(client: SandboxClient, sandbox_id: str) -> SandboxState | None:
    """The state that is told; None while nobody knows it, until the engine has been asked again."""
    try:
        return client.get(sandbox_id).state
    except EngineOff:
        return None


def test_an_engine_that_hangs_says_so_and_loses_nothing(real: SandboxClient, place: Place) -> None:
    sandbox = ready(real, "ada")
    with hanging(place):
        until = time.monotonic() + HANG_S
        began = time.monotonic()
        assert real.get(sandbox.id).state is SandboxState.CLAIMED
        assert real.ask(owner="ada").id == sandbox.id
        assert time.monotonic() - began < ENGINE_S, "neither waits for the engine"
        assert not real.health().engine
        with pytest.raises(Unavailable):
            real.ask(owner="bob")
        assert time.monotonic() - began < HANG_S
        time.sleep(max(0.0, until - time.monotonic()))
    (result,) = real.run(sandbox.id, ["echo still here"], each_s=EACH_S, output_bytes=100)
    assert result.output == "still here\n"
    wait_until(lambda: state_of(real, sandbox.id) is SandboxState.CLAIMED)
    ready(real, "bob")


def test_an_engine_that_is_killed_comes_back(real: SandboxClient, place: Place) -> None:
    sandbox = ready(real, "ada")
    first = int(place.pidfile.read_text())
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: answers(place.url) and int(place.pidfile.read_text()) != first)
    wait_until(lambda: state_of(real, sandbox.id) is SandboxState.LOST)
    assert real.get(sandbox.id).reason == STOPPED
    assert ready(real, "ada").id != sandbox.id
