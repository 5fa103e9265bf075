"""The paths of files and folders in a checkout. Knows nothing of how they are made."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Checkout:
    """One copy of the source tree, with the files that `make` adds to it."""

    root: Path

    @classmethod
    def here(cls) -> "Checkout":
        """The checkout that this file belongs to."""
        return cls(Path(__file__).resolve().parent.parent)

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def node_modules(self) -> Path:
        return self.root / "node_modules"

    @property
    def dist(self) -> Path:
        return self.root / "quizapp" / "static" / "dist"

    @property
    def instance(self) -> Path:
        return self.root / "instance"

    @property
    def build(self) -> Path:
        return self.root / "build"

    def tool(self, name: str) -> str:
        """A console script of the virtual environment."""
        return str(self.venv / "bin" / name)

    def stamp(self, name: str) -> Path:
        """The file that records that the step `name` was done, and from which sources."""
        return self.build / "stamps" / name

    def log(self, name: str) -> Path:
        """The log file of one step or process. Its folder is made if it is missing."""
        logs = self.build / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        logs.chmod(0o700)  # they have addresses of people
        return logs / f"{name}.log"
