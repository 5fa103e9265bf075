"""Where things lie in a checkout. Knows nothing of how they get there."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Checkout:
    """One copy of the source tree with what `make` puts into it."""

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
        """The file that remembers one step."""
        return self.build / "stamps" / name

    def log(self, name: str) -> Path:
        """The log file of one noisy step or process; its folder exists afterwards."""
        logs = self.build / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        return logs / f"{name}.log"
