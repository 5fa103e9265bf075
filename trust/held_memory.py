"""How much memory the processes of a web server hold."""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from benchmarks.raters import Site
from ops.daemon_keeper import children_of

_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


def held_mib(running: Site) -> float:
    """The proportional set size of the server's processes together, in MiB."""
    return sum(_figures(running, "smaps_rollup", _PSS))


def peak_mib(running: Site) -> float:
    """The most that one of the server's processes has held at once, in MiB."""
    return max(_figures(running, "status", _PEAK))


def _figures(running: Site, file: str, figure: re.Pattern[str]) -> Sequence[float]:
    found = []
    for pid in (running.server.process.pid, *children_of(running.server.process.pid)):
        with suppress(OSError):  # it has just ended
            held = figure.search(Path(f"/proc/{pid}/{file}").read_text())
            found.append(int(held[1]) / 1024 if held else 0.0)
    return found
