"""Our own engine, for real: started by its first user, shared, and ended by its last."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops import daemon_keeper
from ops.checkout import Checkout
from ops.console import Failed
from ops.docker_api import answers, inventory
from ops.engine import Place, keeper_is_alive, own_engine
from ops.system import find_program
from tests.stopping import stopped

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(find_program("dockerd") is None, reason="no dockerd here, so another engine is in use"),
    pytest.mark.skipif(os.geteuid() != 0 and find_program("sudo") is None, reason="only root starts an engine"),
]


@pytest.fixture
def place() -> Iterator[Place]:
    """A place for our own engine in a folder of this test (a short one: sockets' paths are bounded)."""
    home = tempfile.mkdtemp(prefix="quizapp-")
    place = Place.from_env({"QUIZAPP_ENGINE_HOME": home})
    yield place
    assert not keeper_is_alive(place)
    shutil.rmtree(home, ignore_errors=True)


def test_started_by_the_first_user_and_ended_by_the_last(place: Place) -> None:
    checkout = Checkout.here()
    with own_engine(place, checkout):
        pid = int(place.pidfile.read_text())
        with own_engine(place, checkout):
            assert answers(place.url)
        assert answers(place.url)
        assert int(place.pidfile.read_text()) == pid
        assert inventory(place.url, "quizapp") == frozenset()
    assert not answers(place.url)
    assert not Path(f"/proc/{pid}").exists()


def test_a_dead_daemons_number_does_not_stop_the_next(place: Place) -> None:
    place.run.mkdir(parents=True)
    place.containerd_pidfile.parent.mkdir(parents=True)
    for file in (place.pidfile, place.containerd_pidfile):
        file.write_text(str(os.getpid()))
    with own_engine(place, Checkout.here()):
        assert answers(place.url)


def test_one_that_is_killed_is_started_again(place: Place) -> None:
    with own_engine(place, Checkout.here()):
        first = int(place.pidfile.read_text())
        os.kill(first, signal.SIGKILL)
        until = time.monotonic() + 60
        while not (answers(place.url) and int(place.pidfile.read_text()) != first):
            assert time.monotonic() < until, "it never came back"
            time.sleep(0.05)
        second = int(place.pidfile.read_text())
        assert place.socket.stat().st_uid == os.getuid()
    assert not Path(f"/proc/{second}").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="asks as root, in this process, for an engine")
def test_one_that_hangs_is_not_started_a_second_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon_keeper, "START_WAIT_S", 1)
    with own_engine(place, Checkout.here()):
        keeper, daemon = place.keeper_pidfile.read_text(), int(place.pidfile.read_text())
        with stopped(daemon):
            assert not daemon_keeper.start(place, os.getuid())
        assert (place.keeper_pidfile.read_text(), int(place.pidfile.read_text())) == (keeper, daemon)
        assert daemon_keeper.start(place, os.getuid())


def test_it_ends_also_when_its_user_fails(place: Place) -> None:
    with pytest.raises(Failed), own_engine(place, Checkout.here()):
        raise Failed("The image could not be built.")
    assert not answers(place.url)
