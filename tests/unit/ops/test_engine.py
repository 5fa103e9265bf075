"""Which engine is taken, and who counts as its user."""

import fcntl
import time
from pathlib import Path

import pytest

from ops.checkout import Checkout
from ops.console import Failed
from ops.daemon_keeper import daemon_command
from ops.engine import DEFAULT_ENGINE, LEAVE_WAIT_S, Place, choose, find, keeper_is_alive, own_engine

NAMED = "unix:///named.sock"
HOST = "tcp://engine.example:2375"


@pytest.mark.parametrize(
    ("env", "up", "found"),
    [
        ({}, {DEFAULT_ENGINE, HOST}, DEFAULT_ENGINE),
        ({"DOCKER_HOST": HOST}, {DEFAULT_ENGINE, HOST}, HOST),
        ({"DOCKER_HOST": HOST}, {DEFAULT_ENGINE}, DEFAULT_ENGINE),
        ({"DOCKER_HOST": HOST, "QUIZAPP_ENGINE": NAMED}, {DEFAULT_ENGINE, HOST, NAMED}, NAMED),
        ({"QUIZAPP_ENGINE": ""}, {DEFAULT_ENGINE}, DEFAULT_ENGINE),
        ({"DOCKER_HOST": HOST}, set(), None),
    ],
    ids=["default", "docker-host", "docker-host-down", "named", "named-empty", "nobody"],
)
def test_order_of_finding(env: dict[str, str], up: set[str], found: str | None) -> None:
    assert find(env, is_up=up.__contains__) == found


def test_a_named_engine_that_is_down_is_not_replaced_by_another() -> None:
    with pytest.raises(Failed, match="QUIZAPP_ENGINE names: start it or unset that"):
        find({"QUIZAPP_ENGINE": NAMED}, is_up={DEFAULT_ENGINE}.__contains__)


def test_none_means_no_engine() -> None:
    assert choose({"QUIZAPP_ENGINE": "none"}) is None


def test_an_engine_that_answers_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.engine.find", lambda env: HOST)
    assert choose({}) == HOST


def test_ours_is_used_where_no_other_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("ops.engine.find", lambda env: None)
    assert choose({"QUIZAPP_ENGINE_HOME": str(tmp_path)}) == Place(run=tmp_path / "run", data=tmp_path / "data")


def test_ours_can_be_named(tmp_path: Path) -> None:
    env = {"QUIZAPP_ENGINE_HOME": str(tmp_path), "QUIZAPP_ENGINE": f"unix://{tmp_path}/run/docker.sock"}
    assert choose(env) == Place.from_env(env)


def test_one_folder_can_hold_an_engine_of_its_own(tmp_path: Path) -> None:
    place = Place.from_env({"QUIZAPP_ENGINE_HOME": str(tmp_path)})
    assert place.url == f"unix://{tmp_path}/run/docker.sock"
    assert place.data == tmp_path / "data"


def test_the_usual_place_is_shared_by_all_checkouts() -> None:
    assert Place.from_env({}).url == "unix:///run/quizapp/docker.sock"


def test_users_share_the_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ops.engine.answers", lambda url: True)
    place, checkout = Place(run=tmp_path, data=tmp_path / "data"), Checkout(tmp_path)
    place.lock.touch()
    with own_engine(place, checkout):
        with own_engine(place, checkout):
            assert not can_be_ended(place)
        assert not can_be_ended(place)
    assert can_be_ended(place)


def test_the_last_user_does_not_wait_where_nobody_keeps_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.engine.answers", lambda url: True)
    place = Place(run=tmp_path, data=tmp_path / "data")
    place.lock.touch()
    began = time.monotonic()
    with own_engine(place, Checkout(tmp_path)):
        pass
    assert time.monotonic() - began < LEAVE_WAIT_S / 2


def can_be_ended(place: Place) -> bool:
    """What a keeper asks."""
    with place.lock.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@pytest.mark.parametrize("text", ["", "no number", "1", "99999999"], ids=["empty", "words", "other", "nobody"])
def test_a_number_that_is_no_keeper_is_not_waited_for(tmp_path: Path, text: str) -> None:
    place = Place(run=tmp_path, data=tmp_path)
    place.keeper_pidfile.write_text(text)
    assert not keeper_is_alive(place)


def test_our_engine_leaves_the_host_alone(tmp_path: Path) -> None:
    command = daemon_command(Place(run=tmp_path, data=tmp_path / "data"))
    assert {"--iptables=false", "--ip6tables=false", "--ip-forward=false"} <= set(command)
    assert command[command.index("--bridge") + 1] == "none"
    assert command[command.index("--data-root") + 1] == str(tmp_path / "data")
    for option in ("--exec-root", "--pidfile", "--config-file"):
        assert command[command.index(option) + 1].startswith(str(tmp_path))
