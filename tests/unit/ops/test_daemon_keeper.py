"""What the engine's keeper does without an engine: what a killed daemon left is ended, and nothing else."""

import subprocess
import sys
import time
from pathlib import Path

from ops.daemon_keeper import end_left_containers, running_containers
from ops.engine import Place

SLEEP = "import time; time.sleep(60)"
WITH_A_CHILD = f"import subprocess; subprocess.run([{sys.executable!r}, '-c', {SLEEP!r}])"


def shim(place: Place, container: str) -> subprocess.Popen[bytes]:
    """A process that looks as what stands above a container, with one below it."""
    words = ["containerd-shim-test", "-c", WITH_A_CHILD, "-id", container, "-address", f"{place.run}/containerd.sock"]
    return subprocess.Popen(words, executable=sys.executable)


def below(process: subprocess.Popen[bytes]) -> str:
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()


def test_what_a_killed_daemon_left_is_ended_and_nothing_else(tmp_path: Path) -> None:
    place, other = (Place(run=tmp_path / name, data=tmp_path) for name in ("ours", "theirs"))
    left, theirs = shim(place, "left"), shim(other, "theirs")
    try:
        until = time.monotonic() + 60
        # A process that was just forked has its parent's command line until it runs a program of its own.
        while not (below(left) and below(theirs) and running_containers(place) == {left.pid: "left"}):
            assert time.monotonic() < until, running_containers(place)
            time.sleep(0.01)
        inside = below(left).strip()
        end_left_containers(place)
        assert left.wait(60) != 0
        while Path(f"/proc/{inside}").exists():
            assert time.monotonic() < until
            time.sleep(0.01)
        assert running_containers(place) == {}
        assert theirs.poll() is None
    finally:
        end_left_containers(other)
        theirs.wait()
