"""Turns at writing: who waits, in which order, for how long, and what a fork and a kill leave."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from quizapp import write_turns
from quizapp.settings import ROOT
from quizapp.write_turns import NEXT, DatabaseBusy, Turns

ANOTHER_PROCESS = """
import sys, time
from pathlib import Path
from quizapp.write_turns import Turns
turns, until, count = Turns(Path(sys.argv[1])), time.monotonic() + float(sys.argv[2]), 0
print("ready", flush=True)
while time.monotonic() < until:
    turn = turns.take(within_s=5)
    time.sleep(0.002)
    turn.end()
    count += 1
print(count)
"""


def another(path: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ANOTHER_PROCESS, str(path), str(seconds)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def open_files(folder: Path) -> int:
    """How many files below the folder this process has open."""
    opened = 0
    for number in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # another thread may close one meanwhile
            opened += number.readlink().is_relative_to(folder)
    return opened


def test_threads_have_their_turns_in_the_order_in_which_they_asked(tmp_path: Path) -> None:
    turns, order = Turns(tmp_path / "lock"), list[int]()
    first = turns.take(within_s=1)

    def write(number: int) -> None:
        turn = turns.take(within_s=10)
        order.append(number)
        turn.end()

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    for number, thread in enumerate(threads, start=1):
        thread.start()
        while len(turns._waiting) < number:
            time.sleep(0.001)
    first.end()
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_a_busy_thread_does_not_keep_another_one_out(tmp_path: Path) -> None:
    turns, until, had = Turns(tmp_path / "lock"), time.monotonic() + 0.5, Counter[int]()

    def write(number: int) -> None:
        while time.monotonic() < until:
            turn = turns.take(within_s=5)
            time.sleep(0.001)
            had[number] += 1
            turn.end()

    threads = [threading.Thread(target=write, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(had.values()) > max(had.values()) / 2, had  # some began later, on a busy machine


def test_processes_share_the_turns(tmp_path: Path) -> None:
    others = [another(tmp_path / "lock", 1.5) for _ in range(3)]
    counts = [int(process.communicate(timeout=60)[0]) for process in others]
    assert min(counts) > sum(counts) / len(counts) / 4, counts


@pytest.mark.parametrize("same_process", [True, False])
def test_who_waits_too_long_is_told(tmp_path: Path, same_process: bool) -> None:
    held = Turns(tmp_path / "lock")
    turn = held.take(within_s=1)
    turns = held if same_process else Turns(tmp_path / "lock")
    with pytest.raises(DatabaseBusy, match=r"locked: others have written to it for 0\.05 seconds") as busy:
        turns.take(within_s=0.05)
    assert (busy.value.status, busy.value.retry_after_s > 0) == (503, True)
    turn.end()
    turns.take(within_s=1).end()


def test_a_killed_process_gives_its_turn_away(tmp_path: Path) -> None:
    other = another(tmp_path / "lock", 60)
    time.sleep(0.05)
    other.send_signal(signal.SIGKILL)
    other.communicate()
    Turns(tmp_path / "lock").take(within_s=1).end()


def test_a_fork_takes_no_turn_along(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "lock")
    turn = turns.take(within_s=1)
    child = os.fork()
    if child == 0:
        time.sleep(0.3)
        os._exit(0 if not turns._taken else 1)
    turn.end()
    turns.take(within_s=0.1).end()
    assert os.waitpid(child, 0)[1] == 0


def test_after_a_fork_the_other_process_keeps_its_turn(tmp_path: Path) -> None:
    """A lock is one of an open file, which a fork shares: to unlock it in the child would unlock it for both."""
    turn = Turns(tmp_path / "lock").take(within_s=1)
    child = os.fork()
    if child == 0:
        turn.end()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    with pytest.raises(DatabaseBusy):
        Turns(tmp_path / "lock").take(within_s=0.01)
    turn.end()
    Turns(tmp_path / "lock").take(within_s=0.01).end()


def test_after_a_fork_both_processes_wait_for_each_other(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "lock")
    turns.take(within_s=1).end()
    turn = turns.take(within_s=1)
    child = os.fork()
    if child == 0:
        try:
            turns.take(within_s=0.05).end()
        except DatabaseBusy:
            os._exit(0)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    turn.end()


@pytest.mark.parametrize("ending", ["", NEXT])
def test_files_that_were_removed_are_made_again(tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_turns, "CHECK_S", 0)
    turns = Turns(tmp_path / "lock")
    turns.take(within_s=1).end()
    (tmp_path / f"lock{ending}").unlink()
    turn = turns.take(within_s=1)
    with pytest.raises(DatabaseBusy):
        Turns(tmp_path / "lock").take(within_s=0.01)
    turn.end()


def test_a_queue_keeps_two_files_open_and_closes_them_at_its_end(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "lock")
    for _ in range(3):
        turns.take(within_s=1).end()
    assert open_files(tmp_path) == 2
    del turns
    assert open_files(tmp_path) == 0


def test_without_a_folder_to_lock_in_there_is_still_a_queue(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "no-folder" / "lock")
    turn = turns.take(within_s=1)
    with pytest.raises(DatabaseBusy):
        turns.take(within_s=0.01)
    turn.end()


def test_a_turn_ends_once(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "lock")
    turn = turns.take(within_s=1)
    turn.end()
    other = turns.take(within_s=1)
    turn.end()
    with pytest.raises(DatabaseBusy):
        turns.take(within_s=0.01)
    other.end()
