"""The first starts of an installation, by real processes: at once, and killed on the way."""

import itertools
import multiprocessing
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from quizapp.settings import Settings, SettingsError

AT_ONCE = 4  # as many as a small server has web processes
ROUNDS = 12  # of these for each of BEFORE
BEFORE = {"nothing": None, "empty": "", "blank": "\n", "zeros": "\0" * 64}  # what an old start left when it was killed
TOGETHER_S = 60.0  # for all of them to have begun, on a busy machine
NAME = "secret_key"
KILLED = """
import os, signal, sys
from quizapp.settings import Settings
setattr(os, sys.argv[1], lambda *given, **named: os.kill(os.getpid(), signal.SIGKILL))
Settings.from_env()
"""


def keys_of(folders: Sequence[Path], all_ready: Barrier) -> list[str]:
    """What one process takes for the key of each installation; all processes start it at the same moment."""
    keys = []
    for folder in folders:
        os.environ["QUIZAPP_INSTANCE_DIR"] = str(folder)
        all_ready.wait(TOGETHER_S)
        keys.append(Settings.from_env().secret_key.get_secret_value())
    return keys


@pytest.fixture(autouse=True)
def _no_key_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)


def test_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    for before, number in itertools.product(BEFORE, range(ROUNDS)):
        (folder := tmp_path / f"{before} {number}").mkdir()
        if BEFORE[before] is not None:
            (folder / NAME).write_text(BEFORE[before] or "")
    folders = sorted(tmp_path.iterdir())
    processes = multiprocessing.get_context("spawn")
    with processes.Manager() as manager, processes.Pool(AT_ONCE) as starts:
        taken = starts.starmap(keys_of, [(folders, manager.Barrier(AT_ONCE))] * AT_ONCE, chunksize=1)
    keys = {folder.name: set(keys) for folder, keys in zip(folders, zip(*taken, strict=True), strict=True)}
    assert {name: found for name, found in keys.items() if [len(key.strip("\0")) for key in found] != [64]} == {}
    assert {path.name for path in tmp_path.glob("*/*")} == {NAME}, "nothing else is left"


@pytest.mark.parametrize("at", ["fdopen", "fsync", "link", "unlink"])
def test_a_start_that_is_killed_does_not_stop_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    monkeypatch.setenv("QUIZAPP_INSTANCE_DIR", str(tmp_path))
    killed = subprocess.run([sys.executable, "-c", KILLED, at], check=False)
    left = (tmp_path / NAME).read_text() if (tmp_path / NAME).exists() else None
    key = Settings.from_env().secret_key.get_secret_value()
    assert killed.returncode == -signal.SIGKILL
    assert len(key) == 64
    assert left in (None, key), "a key that was there may have been used"
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600


def test_a_key_that_lost_its_end_is_kept_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_INSTANCE_DIR", str(tmp_path))
    (tmp_path / NAME).write_text("0123456789")
    with pytest.raises(SettingsError, match=r"secret_key is shorter.*delete the file"):
        Settings.from_env()
    assert (tmp_path / NAME).read_text() == "0123456789"
