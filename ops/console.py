"""What a person sees while `make` works, and noisy commands kept out of sight. Knows no step."""

import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

HEARTBEAT_S = 20  # without a terminal, a long step says this often that it is alive
TAIL_LINES = 15  # enough of a log to see the reason, few enough to leave the sentence in sight


class Failed(Exception):
    """A step could not be done. The text is one sentence: what happened and how to mend it."""

    def __init__(self, sentence: str, *, log: Path | None = None) -> None:
        super().__init__(sentence)
        self.log = log


def say(text: str) -> None:
    """Print one line at once, also when the output is a pipe."""
    print(text, flush=True)


class Progress:
    """One step on the screen: a changing line on a terminal, a heartbeat anywhere else."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._began = self._beat = time.monotonic()
        self._tty = sys.stdout.isatty()
        if not self._tty:
            say(f"  ...  {title}")

    def show(self, line: str) -> None:
        """Let the person see that the work goes on; `line` is the latest of the command's output."""
        now = time.monotonic()
        if self._tty:
            room = shutil.get_terminal_size().columns - 1
            text = f"  ...  {self._title}: {line.strip()}"
            print(f"\r\033[K{text[:room]}", end="", flush=True)
        elif now - self._beat > HEARTBEAT_S:
            self._beat = now
            say(f"  ...  {self._title}, {now - self._began:.0f} s so far")

    def note(self, line: str) -> None:
        """Print a line that stays."""
        self._clear()
        say(f"       {line.rstrip()}")

    def done(self) -> None:
        """End with a line that stays."""
        self._clear()
        say(f"  ok   {self._title}, {time.monotonic() - self._began:.1f} s")

    def _clear(self) -> None:
        if self._tty:
            print("\r\033[K", end="", flush=True)


def child_env(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for commands: ours, with a HOME where none is set (package managers want one)."""
    home = os.environ.get("HOME") or pwd.getpwuid(os.getuid()).pw_dir
    return {**os.environ, "HOME": home, **(extra or {})}


def run_logged(
    command: Sequence[str],
    *,
    log: Path,
    mend: str,
    show: Callable[[str], None],
    cwd: Path,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run a command, its output into `log`, each line also to `show`.

    Raises Failed with `mend` as its sentence when the command fails or does not exist.
    """
    with log.open("a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(command)}\n")
        file.flush()
        try:
            child = subprocess.Popen(
                command,
                cwd=cwd,
                env=child_env(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
        except OSError as error:
            file.write(f"{error}\n")
            raise Failed(mend, log=log) from error
        with child:
            try:
                assert child.stdout is not None  # PIPE was asked for
                for line in child.stdout:
                    file.write(line)
                    show(line)
            except BaseException:
                with suppress(PermissionError):  # what sudo runs ends by the terminal's own Ctrl-C
                    child.terminate()
                raise
    if child.returncode != 0:
        raise Failed(mend, log=log)


def tail(log: Path, lines: int = TAIL_LINES) -> list[str]:
    """The last lines of a log; none when there is no log."""
    try:
        return log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    except FileNotFoundError:
        return []


def tell_failure(error: Failed) -> None:
    """Show the end of the log, then the sentence as the last thing seen."""
    if error.log is not None:
        for line in tail(error.log):
            say(f"       | {line}")
    say(f"  !!   {error}")
