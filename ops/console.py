"""What a person sees while `make` works, several steps at once, and noisy commands kept out of sight. Knows no step."""

import os
import pwd
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

HEARTBEAT_S = 20  # without a terminal, a long step says this often that it is alive
TAIL_LINES = 15  # enough of a log to see the reason, few enough to leave the sentence in sight
END_WAIT_S = 5.0  # for a command that was asked to end; package managers clean up within a second or two

_writing = threading.RLock()  # held while a line is written, so that two steps never write into one line
_shown: list["Progress"] = []  # the steps at work, the one that began first at the front
_starting = threading.Lock()  # held while a command is started, so that none starts after the others were ended
_running: set[subprocess.Popen[str]] = set()  # the commands that `end_commands` ends
_unwanted = threading.Event()  # set once another step has failed


class Ended(Exception):
    """The work was stopped because another step has failed; nobody is told of it twice."""


class Failed(Exception):
    """A step could not be done. The text is one sentence: what happened and how to mend it."""

    def __init__(self, sentence: str, *, log: Path | None = None) -> None:
        super().__init__(sentence)
        self.log = log


def say(text: str) -> None:
    """Print one line that stays, at once, also when the output is a pipe."""
    with _writing:
        _erase()
        sys.stdout.write(f"{text}\n")
        _draw()
        sys.stdout.flush()


def beat() -> None:
    """Let a person see that the work goes on while no command says anything. Call it about once a second."""
    with _writing:
        for progress in _shown:
            progress.beat()
        _erase()
        _draw()
        sys.stdout.flush()


def _erase() -> None:
    """Take away the line that changes, where there is one."""
    if _shown and sys.stdout.isatty():
        sys.stdout.write("\r\033[K")


def _draw() -> None:
    """Show on a terminal, in the last line, every step at work."""
    if _shown and sys.stdout.isatty():
        text = "  ...  " + " | ".join(progress.line() for progress in _shown)
        sys.stdout.write(text[: shutil.get_terminal_size().columns - 1])


class Progress:
    """One step on the screen: its part of a line that changes on a terminal, a heartbeat anywhere else.

    It begins with the object and ends with a `with` block, by a line that stays and says what came of it.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._latest = ""
        self._began = self._last_beat = time.monotonic()
        if not sys.stdout.isatty():
            say(f"  ...  {title}")
        with _writing:
            _erase()
            _shown.append(self)
            _draw()

    def show(self, line: str) -> None:
        """Let the person see that the work goes on; `line` is the latest of the command's output."""
        with _writing:
            self._latest = line.strip()
            self.beat()
            _erase()
            _draw()
            sys.stdout.flush()

    def beat(self) -> None:
        """Without a terminal: say that the step goes on, if it has not been said for HEARTBEAT_S."""
        now = time.monotonic()
        if not sys.stdout.isatty() and now - self._last_beat > HEARTBEAT_S:
            self._last_beat = now
            say(f"  ...  {self._title}, {now - self._began:.0f} s so far")

    def line(self) -> str:
        """What a terminal shows of the step. With others at work there is no room for its command's output."""
        if len(_shown) == 1 and self._latest:
            return f"{self._title}: {self._latest}"
        return f"{self._title}, {time.monotonic() - self._began:.0f} s"

    def note(self, line: str) -> None:
        """Print a line that stays."""
        say(f"       {line.rstrip()}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        took = f"{time.monotonic() - self._began:.1f} s"
        with _writing:
            _erase()
            _shown.remove(self)
            if error is None:
                say(f"  ok   {self._title}, {took}")
            elif isinstance(error, Failed) and is_wanted():
                say(f"  !!   {self._title}, failed after {took}")  # the sentence comes last of all: `tell_failure`
            else:
                say(f"  --   {self._title}, ended after {took}")


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
    of_root: bool = False,
) -> None:
    """Run a command, its output into `log`, each line also to `show`.

    Raises Failed with `mend` as its sentence when the command fails or does not exist. A command with `of_root` is not
    ended when another step fails: we may have no right to, and half-installed packages help nobody.
    """
    with log.open("a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(command)}\n")
        file.flush()
        try:
            child = _start(command, cwd=cwd, env=child_env(env), may_be_ended=not of_root)
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
            finally:
                _running.discard(child)
    if child.returncode != 0:
        raise Failed(mend, log=log)


def _start(command: Sequence[str], *, cwd: Path, env: Mapping[str, str], may_be_ended: bool) -> subprocess.Popen[str]:
    """Begin a command. Raises Ended when it is no longer wanted, and OSError when it does not exist."""
    with _starting:
        check_wanted()
        child = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        if may_be_ended:
            _running.add(child)
        return child


def is_wanted() -> bool:
    """Whether work may go on; it may not once another step has failed."""
    return not _unwanted.is_set()


def check_wanted() -> None:
    """Raise Ended when work may not go on; for work that waits without running a command."""
    if not is_wanted():
        raise Ended


def want_commands() -> None:
    """Let commands run again that `end_commands` has forbidden."""
    _unwanted.clear()


def end_commands() -> None:
    """Forbid new commands, ask those of `run_logged` to end, kill them after END_WAIT_S. Root's end by themselves."""
    _unwanted.set()
    with _starting:
        asked = list(_running)
    for child in asked:
        child.terminate()
    until = time.monotonic() + END_WAIT_S
    for child in asked:
        try:
            child.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()


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
