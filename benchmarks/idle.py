"""What the processes cost before anybody comes: the processor's time of loading web, and memory of web and sandboxd.

Loading is measured beside loading Flask and SQLAlchemy alone, in turns, and the least of ROUNDS counts: whatever else
the machine does only adds to it. Memory is the proportional set size of a process and its children, once it answers.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.rows import Row, beside
from ops.checkout import Checkout
from ops.run import Installation, is_healthy, is_listening, migrate_and_import, sandboxd_command, web_command
from ops.running_product import free_port

ROUNDS = 7
OURS, ALONE = "import wsgi", "import flask, sqlalchemy.orm"
NO_ENGINE_THERE = "unix:///nonexistent.sock"  # sandboxd starts, and finds nothing to look after
START_S = 60.0
SETTLED_S = 2.0  # until what was loaded for the first answer is there
# Revision 37062e5, measured once in the same way.
WEB_MIB_BEFORE, SANDBOXD_MIB_BEFORE = 104.0, 80.0
NOTE = "baseline is revision 37062e5, measured once"


def run() -> list[Row]:
    """Measure in a temporary folder, which is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="qz-") as folder:
        installation = Installation(
            checkout=Checkout.here(), port=free_port(), instance=Path(folder), engine=NO_ENGINE_THERE
        )
        migrate_and_import(installation, lambda _: None)
        ours, alone = _least_cpu(installation)
        installation.socket.parent.mkdir()
        web = _idle_mib(installation, web_command(installation))
        sandboxd = _idle_mib(installation, sandboxd_command(installation))
    return [
        beside("import-wsgi", value=ours, baseline=alone, unit="s of CPU"),
        beside("idle-memory-web", value=web, baseline=WEB_MIB_BEFORE, unit="MiB", note=NOTE),
        beside("idle-memory-sandboxd", value=sandboxd, baseline=SANDBOXD_MIB_BEFORE, unit="MiB", note=NOTE),
    ]


def _least_cpu(installation: Installation) -> tuple[float, float]:
    """The least seconds of the processor that loading ours and the others took."""
    taken: dict[str, list[float]] = {OURS: [], ALONE: []}
    for _ in range(ROUNDS):
        for statement, seconds in taken.items():
            before = _cpu_of_children()
            command = [installation.checkout.tool("python"), "-c", statement]
            subprocess.run(command, cwd=installation.checkout.root, env=installation.env(), check=True)
            seconds.append(_cpu_of_children() - before)
    return min(taken[OURS]), min(taken[ALONE])


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _idle_mib(installation: Installation, command: Sequence[str]) -> float:
    """The memory of a service that has answered and does nothing."""
    with _started(installation, command) as process:
        until = time.monotonic() + START_S
        while not (is_healthy(installation.port) or is_listening(installation.socket)):
            assert process.poll() is None, "it ended by itself"
            assert time.monotonic() < until, "it does not answer"
            time.sleep(0.1)
        time.sleep(SETTLED_S)
        return sum(_pss_mib(pid) for pid in [process.pid, *_children(process.pid)])


@contextmanager
def _started(installation: Installation, command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    env = {**os.environ, **installation.env()}
    process = subprocess.Popen(command, cwd=installation.checkout.root, env=env, stdout=sys.stderr)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _pss_mib(pid: int) -> float:
    """What a process keeps in memory; of what it shares with others, its part."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    (kib,) = (line.split()[1] for line in lines if line.startswith("Pss:"))
    return int(kib) / 1024
