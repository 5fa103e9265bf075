"""What the lock files pin, and what an environment has beside it. Knows no step and installs nothing."""

import re
from collections.abc import Iterable
from importlib.metadata import distributions
from pathlib import Path

from ops.checkout import Checkout

ELSEWHERE = "requirements-uv.txt"  # uv has an environment of its own
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==", re.MULTILINE)


def unpinned(checkout: Checkout) -> list[str]:
    """The packages in the virtual environment that no lock file names, such as those that a later version left out.

    All lock files count, whichever of them are installed: else `make run` would remove what `make check` has put there.
    """
    files = [file for file in checkout.root.glob("requirements*.txt") if file.name != ELSEWHERE]
    folders = map(str, checkout.venv.glob("lib/python*/site-packages"))
    installed = (distribution.metadata["Name"] for distribution in distributions(path=list(folders)))
    return sorted({_canonical(name) for name in installed} - set(_pinned(files)))


def _pinned(files: Iterable[Path]) -> Iterable[str]:
    for file in files:
        yield from map(_canonical, _PIN.findall(file.read_text(encoding="utf-8")))


def _canonical(name: str) -> str:
    """The name as indexes compare it: `Flask_Sock` and `flask-sock` are one package."""
    return re.sub(r"[-_.]+", "-", name).lower()
