"""One process that `make run` starts and ends. Knows nothing of what the process does."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Child:
    """A process with its log."""

    name: str
    log: Path
    """The file that gets its standard output and standard error."""
    patience_s: float
    """Seconds from SIGTERM until it is killed, if it has not ended."""
    process: subprocess.Popen[bytes]

    @classmethod
    def start(
        cls, name: str, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path, patience_s: float
    ) -> "Child":
        """Start a process in a session of its own: the terminal's Ctrl-C does not reach it, so `end` decides the order.

        If the machine has setpriv, the process also gets SIGTERM when this process is killed.
        """
        setpriv = shutil.which("setpriv")
        tied = [setpriv, "--pdeathsig", "TERM", *command] if setpriv else list(command)
        with log.open("wb") as file:
            process = subprocess.Popen(
                tied,
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return cls(name=name, log=log, patience_s=patience_s, process=process)

    def has_died(self) -> bool:
        """Whether the process has ended. Called before `end`, that means by itself."""
        return self.process.poll() is not None

    def end(self) -> None:
        """Send SIGTERM, and SIGKILL if the process has not ended after `patience_s`."""
        self.process.terminate()
        try:
            self.process.wait(self.patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
