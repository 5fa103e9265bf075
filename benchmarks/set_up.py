"""`make run` to the line that says that it is ready, beside the same of BASELINE: from nothing, and the second time.

Whole processes by the clock, in turns. Each side has a copy of its own with its own environment, caches, instance and
engine, so the first start installs, downloads, builds and migrates everything but Debian packages of the machine, which
can't be taken away again: what is there of docker.io, mmdebstrap and Node.js counts for neither side.
"""

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.product import has_engine
from benchmarks.rows import Row, beside
from ops.console import child_env
from ops.engine import Place
from ops.running_product import ROOT, free_port
from ops.system import as_root

BASELINE = "37062e5"  # the last revision that set up one step after the other
FIRST_ROUNDS = 2  # some minutes each; a machine that does something else besides shows in their difference
SECOND_ROUNDS = 7
READY = "quizapp is ready"
START_S = 1800.0  # nobody waits longer
END_S = 60.0
NOTE = "Debian packages of the machine were there before"


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A checkout of one revision and everything that it makes, all below one folder."""

    folder: Path

    @property
    def checkout(self) -> Path:
        return self.folder / "c"

    @property
    def place(self) -> Place:
        """Of its own engine, so that it starts without image."""
        return Place.from_env({"QUIZAPP_ENGINE_HOME": str(self.folder / "e")})

    def env(self) -> dict[str, str]:
        """What keeps it apart from the machine's caches and engines, and from the settings of whoever measures."""
        usual = {name: value for name, value in child_env().items() if not name.startswith("QUIZAPP_")}
        caches = {"PIP_CACHE_DIR": "pip", "UV_CACHE_DIR": "uv", "npm_config_cache": "npm"}
        return {
            **usual,
            **{name: str(self.folder / "caches" / tool) for name, tool in caches.items()},
            "QUIZAPP_ENGINE_HOME": str(self.folder / "e"),
            "QUIZAPP_ENGINE": self.place.url,
            "QUIZAPP_PORT": str(free_port()),
        }

    def seconds_to_ready(self) -> float:
        """Run `make run`, by the clock, and end it as Ctrl-C does once it is ready."""
        began = time.monotonic()
        process = subprocess.Popen(
            ["make", "run"],
            cwd=self.checkout,
            env=self.env(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            assert process.stdout is not None  # it is a pipe
            for line in process.stdout:
                print(line, end="", file=sys.stderr)
                if READY in line:
                    return time.monotonic() - began
            raise AssertionError("make run ended before it was ready")
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=END_S)


@contextmanager
def copies() -> Iterator[tuple[Copy, Copy]]:
    """Fresh copies of what is here and of BASELINE, gone afterwards."""
    with ExitStack() as stack:
        ours, baseline = (stack.enter_context(_copy()) for _ in range(2))
        _copy_worktree(ours.checkout)
        _git("clone", "--quiet", "--no-checkout", str(ROOT), str(baseline.checkout))
        _git("-C", str(baseline.checkout), "checkout", "--quiet", BASELINE)
        yield ours, baseline


@contextmanager
def _copy() -> Iterator[Copy]:
    """A folder for a copy, at a short path: the name of a unix socket has at most 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="qz-"))
    try:
        yield Copy(folder=folder)
    finally:
        if (folder / "e").exists():
            subprocess.run(as_root(["rm", "-rf", str(folder / "e")]), check=False)  # the engine's data are root's
        shutil.rmtree(folder, ignore_errors=True)


def _copy_worktree(target: Path) -> None:
    """The files that git knows or would take up, as they are now: what is measured need not be committed."""
    listed = _git("-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def first() -> list[Row]:
    """Each round with new copies, from nothing to ready."""
    if not has_engine():
        return []
    taken: tuple[list[float], list[float]] = [], []
    for _ in range(FIRST_ROUNDS):
        with copies() as both:
            for copy, seconds in zip(both, taken, strict=True):
                seconds.append(copy.seconds_to_ready())
    return [_row("set-up-first", *taken)]


def second() -> list[Row]:
    """With everything made by a first start."""
    if not has_engine():
        return []
    taken: tuple[list[float], list[float]] = [], []
    with copies() as both:
        for copy in both:
            copy.seconds_to_ready()
        for _ in range(SECOND_ROUNDS):
            for copy, seconds in zip(both, taken, strict=True):
                seconds.append(copy.seconds_to_ready())
    return [_row("set-up-second", *taken)]


def _row(name: str, ours: Sequence[float], baseline: Sequence[float]) -> Row:
    value, beside_it = statistics.median(ours), statistics.median(baseline)
    return beside(name, value=value, baseline=beside_it, unit="s", note=NOTE if name == "set-up-first" else "")
