"""Real processes: noisy commands, children that die or won't end, and the keeper of an engine."""

import fcntl
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ops.checkout import Checkout
from ops.children import Child
from ops.console import Failed, run_logged, tell_failure
from ops.daemon_keeper import keep
from ops.engine import Place
from ops.node import find_or_install_node, major_version
from ops.run import tell_the_dead


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def run(tmp_path: Path, command: list[str]) -> list[str]:
    """Run a noisy command; returns the lines it let a person see."""
    shown: list[str] = []
    run_logged(command, log=tmp_path / "log", mend="It broke: mend it.", show=shown.append, cwd=tmp_path)
    return shown


def test_a_noisy_command_is_shown_and_logged(tmp_path: Path) -> None:
    shown = run(tmp_path, python("print('one'); import sys; print('two', file=sys.stderr)"))
    assert sorted(shown) == ["one\n", "two\n"]
    assert (tmp_path / "log").read_text().splitlines()[1:] in (["one", "two"], ["two", "one"])


@pytest.mark.parametrize("command", [python("print('why'); raise SystemExit(3)"), ["/no/such/program"]])
def test_a_failure_is_told_in_one_sentence_after_the_end_of_its_log(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Failed) as failed:
        run(tmp_path, command)
    tell_failure(failed.value)
    *log, sentence = capsys.readouterr().out.splitlines()
    assert sentence == "  !!   It broke: mend it."
    assert any("why" in line or "No such file" in line for line in log)


def test_a_command_reads_no_input(tmp_path: Path) -> None:
    assert run(tmp_path, python("import sys; print(repr(sys.stdin.read()))")) == ["''\n"]


def child(tmp_path: Path, code: str, *, patience_s: float = 5.0) -> Child:
    return Child.start("it", python(code), cwd=tmp_path, env={}, log=tmp_path / "it.log", patience_s=patience_s)


def wait_for(text: str, log: Path) -> None:
    deadline = time.monotonic() + 10
    while text not in log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_child_that_dies_is_named_with_its_log(tmp_path: Path) -> None:
    died = child(tmp_path, "raise SystemExit('no disk')")
    died.process.wait(60)
    with pytest.raises(Failed, match=r"^it ended by itself, so everything ends:") as failed:
        tell_the_dead([died])
    assert failed.value.log is not None
    assert "no disk" in failed.value.log.read_text()


def test_a_child_ends_when_asked(tmp_path: Path) -> None:
    alive = child(tmp_path, "import time; print('up', flush=True); time.sleep(60)")
    wait_for("up", alive.log)
    tell_the_dead([alive])
    alive.end()
    assert alive.process.returncode is not None


def test_a_child_that_will_not_end_is_killed(tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    stubborn = child(tmp_path, code, patience_s=0.1)
    wait_for("up", stubborn.log)
    stubborn.end()
    assert stubborn.process.returncode == -9


def test_a_child_does_not_outlive_a_parent_that_was_killed(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    code = (
        "import sys, time; from pathlib import Path; from ops.children import Child\n"
        "sleeper = [sys.executable, '-c', 'import os, time; print(os.getpid(), flush=True); time.sleep(60)']\n"
        f"Child.start('it', sleeper, cwd=Path('/'), env={{}}, log=Path({str(log)!r}), patience_s=1)\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen(python(code), cwd=Checkout.here().root)
    deadline = time.monotonic() + 10
    while not log.exists() or not log.read_text().strip():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    pid = int(log.read_text())
    parent.kill()
    parent.wait()
    while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_keeper_ends_the_daemon_once_nobody_uses_it(tmp_path: Path) -> None:
    place = Place(run=tmp_path, data=tmp_path)
    place.lock.touch()
    daemon = subprocess.Popen(["sleep", "60"])
    with place.lock.open("rb") as first, place.lock.open("rb") as second:
        fcntl.flock(first, fcntl.LOCK_SH)
        fcntl.flock(second, fcntl.LOCK_SH)
        keeper = threading.Thread(target=keep, args=(place, daemon, os.getuid()))
        keeper.start()
        first.close()
        keeper.join(0.5)
        assert daemon.poll() is None
    keeper.join(60)
    assert daemon.returncode == -15


def node_that_says(folder: Path, version: str) -> Path:
    """A folder with a `node` of this version and an npm."""
    folder.mkdir(parents=True)
    for name in ("node", "npm"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho {version}\n")
        program.chmod(0o755)
    return folder


def test_node_of_the_machine_is_taken_when_new_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{node_that_says(tmp_path / 'bin', 'v20.1.0')}:/bin")
    node = find_or_install_node(Checkout(tmp_path), pytest.fail)
    assert node.node == str(tmp_path / "bin" / "node")
    assert node.env()["PATH"].startswith(str(tmp_path / "bin"))


def test_an_old_node_is_passed_over_for_an_installed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{node_that_says(tmp_path / 'old', 'v18.19.0')}:/bin")
    venv = Checkout(tmp_path).venv / "bin"
    node = find_or_install_node(Checkout(tmp_path), lambda: node_that_says(venv, "v24.19.0"))
    assert node.npm == str(venv / "npm")


def test_no_node_at_all_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failed, match=r"^Node\.js 20 or newer with npm is needed"):
        find_or_install_node(Checkout(tmp_path), lambda: None)


@pytest.mark.parametrize("says", ["nonsense", ""])
def test_a_version_that_cannot_be_told_is_too_old(tmp_path: Path, says: str) -> None:
    assert major_version(str(node_that_says(tmp_path / "bin", says) / "node")) == 0
