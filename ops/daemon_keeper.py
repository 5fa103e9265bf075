"""Runs our own Docker engine as root: starts it again if it dies, ends it when its lock is free. Started by sudo.

Knows nothing of the programs that use the engine; each of them holds its lock.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ops.docker_api import answers
from ops.engine import Place, daemon_is_alive, keeper_is_alive

START_WAIT_S = 60.0  # a first start on a slow disk takes several seconds
STOP_WAIT_S = 20.0  # dockerd itself waits 15 s for its containers to end
LOOK_EVERY_S = 0.2  # between two looks at the lock, so the longest time until the engine is ended
STEADY_S = 60.0  # a daemon that ran this long before it died is started again with all tries left
TRIES = 3  # starts in a row of a daemon that dies before STEADY_S
STAY = "--stay"


def daemon_command(place: Place) -> list[str]:
    """dockerd without bridge, firewall rules and forwarding: sandboxes need none, and this machine's stay unchanged.

    Namespaces of its own in containerd separate it from another engine on the same containerd; with a settings file of
    its own it does not read /etc/docker/daemon.json.
    """
    return [
        "dockerd",
        "--config-file", str(place.run / "engine.json"),
        "--host", place.url,
        "--data-root", str(place.data),
        "--exec-root", str(place.run / "exec"),
        "--pidfile", str(place.pidfile),
        "--bridge", "none",
        "--iptables=false",
        "--ip6tables=false",
        "--ip-forward=false",
        "--userland-proxy=false",
        "--containerd-namespace", "quizapp",
        "--containerd-plugins-namespace", "quizapp-plugins",
        "--log-level", "warn",
    ]  # fmt: skip


def start(place: Place, owner: int) -> bool:
    """Start a keeper in the background and wait until the engine answers; False if it does not within START_WAIT_S.

    `owner` is the id of the user who gets the engine's socket.
    """
    place.data.mkdir(parents=True, exist_ok=True, mode=0o711)
    with (place.run / "start.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # two checkouts may both find no engine at the same time
        if not answers(place.url):
            if keeper_is_alive(place) or daemon_is_alive(place):
                # It is busy, hangs, or is being started again. A second keeper would end its containers.
                if not _answers_in_time(place):
                    return False
            else:
                keeper = _spawn(place, owner)
                if not _answers_in_time(place, keeper):
                    keeper.terminate()
                    return False
    _hand_over(place, owner)
    return True


def _answers_in_time(place: Place, keeper: subprocess.Popen[bytes] | None = None) -> bool:
    """Wait until the engine answers; False after START_WAIT_S, or once the `keeper` that starts it has ended."""
    deadline = time.monotonic() + START_WAIT_S
    while not answers(place.url):
        if (keeper is not None and keeper.poll() is not None) or time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _spawn(place: Place, owner: int) -> subprocess.Popen[bytes]:
    """Start the keeper in a session of its own, so that the terminal's Ctrl-C does not reach it."""
    arguments = [str(place.run), str(place.data), str(owner), STAY]
    with place.log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-B", "-m", "ops.daemon_keeper", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def stay(place: Place, owner: int) -> int:
    """Run the engine until no program holds its lock; returns 0, or the daemon's exit status after TRIES deaths."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    place.keeper_pidfile.write_text(str(os.getpid()), encoding="ascii")
    (place.run / "engine.json").write_text("{}", encoding="ascii")
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"
    left, status = TRIES, 0
    try:
        while left > 0:
            began = time.monotonic()
            forget_dead_daemon(place)
            end_left_containers(place)
            daemon = subprocess.Popen(daemon_command(place), env={**os.environ, "PATH": path}, cwd="/")
            try:
                if not keep(place, daemon, owner):
                    return 0
            finally:
                end(daemon)
            status = daemon.returncode
            left = TRIES if time.monotonic() - began > STEADY_S else left - 1
            print(f"the engine died with {status}, {left} tries left", flush=True)
    except KeyboardInterrupt:
        return 0
    finally:
        place.keeper_pidfile.unlink()
    return status


def keep(place: Place, daemon: subprocess.Popen[bytes], owner: int) -> bool:
    """Wait until the daemon has died, which returns True, or no program holds its lock, which returns False.

    If the lock is free, the daemon is ended while this process holds it: a program that wants the engine at that time
    waits for the lock, and starts the engine again.
    """
    with place.lock.open("rb") as lock:
        while daemon.poll() is None:
            _hand_over(place, owner)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(LOOK_EVERY_S)
                continue
            end(daemon)
            return False
    return True


def _hand_over(place: Place, owner: int) -> None:
    """Make `owner` the owner of the engine's socket, since each start of the daemon makes a new one for root."""
    with suppress(FileNotFoundError):
        if place.socket.stat().st_uid != owner:
            os.chown(place.socket, owner, -1)


def end(daemon: subprocess.Popen[bytes]) -> None:
    """Send SIGTERM to the daemon, and SIGKILL if it has not ended after STOP_WAIT_S."""
    daemon.terminate()
    try:
        daemon.wait(STOP_WAIT_S)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()


def end_left_containers(place: Place) -> None:
    """Kill the containers that a killed daemon left. The next daemon would not end those that were being started."""
    for shim in running_containers(place):
        for pid in (*children_of(shim), shim):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def running_containers(place: Place) -> dict[int, str]:
    """The container ids of this engine's running containers, by the process id of each one's shim."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
            if "containerd-shim" in words[0] and any(word.startswith(f"{place.run}/") for word in words):
                found[int(process.name)] = words[words.index("-id") + 1]
    return found


def children_of(pid: int) -> list[int]:
    """The ids of the child processes of `pid` that still run; empty if `pid` has ended."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def forget_dead_daemon(place: Place) -> None:
    """Remove pidfiles whose numbers now belong to other programs.

    dockerd refuses to start for its own, and for containerd's it waits 15 s for that program to answer, and fails
    (Docker 20.10.24).
    """
    for file in (place.pidfile, place.containerd_pidfile):
        with suppress(OSError, ValueError):
            pid = int(file.read_text(encoding="ascii"))
            # Empty for a process that has ended and is not waited for. An empty or broken file is written anew.
            words = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
            if f"{place.run}/" not in words:
                file.unlink()


def main(arguments: Sequence[str]) -> int:
    """With `RUN DATA OWNER`, start a keeper and wait for the engine; with `--stay` as well, be that keeper."""
    run, data, owner, *stays = arguments
    place = Place(run=Path(run), data=Path(data))
    if stays == [STAY]:
        return stay(place, int(owner))
    return 0 if start(place, int(owner)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
