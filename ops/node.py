"""Finds a Node.js that can build the front end, else calls for its installation. Knows nothing of what is built."""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ops.checkout import Checkout
from ops.console import Failed

OLDEST_MAJOR = 20  # as in package.json


@dataclass(frozen=True, kw_only=True)
class Node:
    """A Node.js with its npm."""

    node: str
    """The path of the program node."""
    npm: str
    """The path of the program npm."""

    def env(self) -> dict[str, str]:
        """The environment with which a command finds this Node.js before any other."""
        return {"PATH": f"{Path(self.node).parent}:{os.environ.get('PATH', os.defpath)}"}


def find_or_install_node(checkout: Checkout, install: Callable[[], None]) -> Node:
    """The machine's Node.js if it is new enough and has npm, else the one that `install` puts into `.venv`.

    Raises Failed if that is not new enough either.
    """
    node = _usable_in(os.environ.get("PATH", os.defpath)) or _usable_in(str(checkout.venv / "bin"))
    if node is None:
        install()
        node = _usable_in(str(checkout.venv / "bin"))
    if node is None:
        raise Failed(f"Node.js {OLDEST_MAJOR} or newer with npm is needed to build the front end: install it.")
    return node


def _usable_in(path: str) -> Node | None:
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node is None or npm is None or major_version(node) < OLDEST_MAJOR:
        return None
    return Node(node=node, npm=npm)


def major_version(node: str) -> int:
    """The first number that `node --version` prints, as in v20.20.2; 0 if it fails or prints no number."""
    try:
        shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
        return int(shown.strip().removeprefix("v").split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 0
