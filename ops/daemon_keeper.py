"""Starts our own Docker engine as root, again if it dies, and ends it when its last user has left. Runs by sudo.

Knows nothing of who uses the engine, only whether its lock is held.
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
from ops.engine import Place

START_WAIT_S = 60.0  # a first start on a slow disk takes several seconds
STOP_WAIT_S = 20.0  # dockerd itself gives containers 15 s
LOOK_EVERY_S = 0.2  # how soon after the last user the engine ends
STEADY_S = 60.0  # a daemon that ran for so long was well; one that died sooner may die again
TRIES = 3  # in a row to start a daemon that dies
STAY = "--stay"


def daemon_command(place: Place) -> list[str]:
    """dockerd without bridge, firewall rules or forwarding: sandboxes need no outer network, the host keeps its own.

    Its own containerd namespaces keep it apart from another engine that shares a containerd, and its own settings
    file from /etc/docker/daemon.json.
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
    """Start a keeper that stays, and wait until the engine answers. `owner` is the user id the socket is handed to."""
    place.data.mkdir(parents=True, exist_ok=True, mode=0o711)
    with (place.run / "start.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # two checkouts may find no engine at the same moment
        if not answers(place.url):
            keeper = _spawn(place, owner)
            deadline = time.monotonic() + START_WAIT_S
            while not answers(place.url):
                if keeper.poll() is not None or time.monotonic() > deadline:
                    keeper.terminate()
                    return False
                time.sleep(0.05)
    _hand_over(place, owner)
    return True


def _spawn(place: Place, owner: int) -> subprocess.Popen[bytes]:
    """The keeper itself, out of reach of the terminal's Ctrl-C."""
    arguments = [str(place.run), str(place.data), str(owner), STAY]
    with place.log.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-B", "-m", "ops.daemon_keeper", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def stay(place: Place, owner: int) -> int:
    """Run the engine until nobody holds its lock; returns the exit status of a daemon that dies again and again."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    place.keeper_pidfile.write_text(str(os.getpid()), encoding="ascii")
    (place.run / "engine.json").write_text("{}", encoding="ascii")
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/local/sbin:/usr/sbin:/sbin"
    left, status = TRIES, 0
    try:
        while left > 0:
            began = time.monotonic()
            _forget_dead_daemon(place)
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
    """Watch until the daemon has died, which is True, or its lock is free.

    Then the daemon is ended while the lock is held: who comes now waits, and starts anew.
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
    """Give the socket to its user; each daemon makes a new one."""
    with suppress(FileNotFoundError):
        if place.socket.stat().st_uid != owner:
            os.chown(place.socket, owner, -1)


def end(daemon: subprocess.Popen[bytes]) -> None:
    """End a daemon, gently at first."""
    daemon.terminate()
    try:
        daemon.wait(STOP_WAIT_S)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()


def end_left_containers(place: Place) -> None:
    """End what a killed daemon left running: the next one would do that, but for what was just about to start."""
    for shim in running_containers(place):
        for pid in (*children_of(shim), shim):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def running_containers(place: Place) -> dict[int, str]:
    """The process that stands above each container of this engine, with the container's id."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
            if "containerd-shim" in words[0] and any(word.startswith(f"{place.run}/") for word in words):
                found[int(process.name)] = words[words.index("-id") + 1]
    return found


def children_of(pid: int) -> list[int]:
    """The processes that this one started and that still run; none if it has ended."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def _forget_dead_daemon(place: Place) -> None:
    """Remove a pidfile whose number belongs to another program by now; dockerd would refuse to start over it."""
    try:
        pid = int(place.pidfile.read_text(encoding="ascii"))
        name = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return
    if name != "dockerd":
        place.pidfile.unlink()


def main(arguments: Sequence[str]) -> int:
    """`RUN DATA OWNER` starts a keeper and waits for the engine; with `--stay` it is that keeper."""
    run, data, owner, *stays = arguments
    place = Place(run=Path(run), data=Path(data))
    if stays == [STAY]:
        return stay(place, int(owner))
    return 0 if start(place, int(owner)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
