"""The collector of unused objects is held back within a block, and as it was after the last one."""

import gc
import threading
from collections.abc import Iterator

import pytest

from quizapp.garbage_collection import collector_held


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    was = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was else gc.disable)()


def raising() -> None:
    with collector_held():
        assert not gc.isenabled()
        raise ZeroDivisionError


def test_it_is_off_within_and_on_again_after_a_fault() -> None:
    with pytest.raises(ZeroDivisionError):
        raising()
    assert gc.isenabled()


def test_the_last_of_several_blocks_lets_it_go() -> None:
    within, go_on = threading.Event(), threading.Event()

    def other() -> None:
        with collector_held():
            within.set()
            go_on.wait(60)

    thread = threading.Thread(target=other)
    with collector_held():
        thread.start()
        within.wait(60)
    assert not gc.isenabled()
    go_on.set()
    thread.join()
    assert gc.isenabled()


def test_who_has_switched_it_off_finds_it_off() -> None:
    gc.disable()
    with collector_held():
        pass
    assert not gc.isenabled()
