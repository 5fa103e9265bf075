"""One process that `make run` starts and ends. Knows nothing of what it does."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Child:
    """A process with its log. `patience_s` is how long it may take to end when asked to."""

    name: str
    log: Path
    patience_s: float
    process: subprocess.Popen[bytes]

    @classmethod
    def start(
        cls, name: str, command: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path, patience_s: float
    ) -> "Child":
        """Start a process that the terminal's Ctrl-C does not reach, so that processes end in our order.

        Where the machine has setpriv, the process also ends when we are killed without a chance to end it.
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
        """Whether it ended, though nobody asked it to."""
        return self.process.poll() is not None

    def end(self) -> None:
        """Ask it to end, and kill it when it does not."""
        self.process.terminate()
        try:
            self.process.wait(self.patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
