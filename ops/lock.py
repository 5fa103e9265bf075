"""`make lock`: pins with hashes from requirements*.in, and package-lock.json. Writes no address."""

import shutil
import sys

from ops.checkout import Checkout
from ops.command import as_command
from ops.console import Failed, Progress, run_logged

UV = "uv==0.13.9"
UV_OPTIONS = (
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--python-version",
    "3.11",
)
NPM_OPTIONS = ("--package-lock-only", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund")


def main() -> None:
    """Write every lock file anew; what is pinned already stays as long as its source allows it."""
    checkout = Checkout.here()
    uv = find_or_install_uv(checkout)
    for name in ("requirements", "requirements-dev", "requirements-node"):
        compile_pins = [uv, "pip", "compile", "--quiet", *UV_OPTIONS, f"{name}.in", "--output-file", f"{name}.txt"]
        run(checkout, f"{name}.txt", compile_pins)
    run(checkout, "package-lock.json", ["npm", "install", *NPM_OPTIONS])
    refuse_addresses(checkout)


def run(checkout: Checkout, title: str, command: list[str]) -> None:
    """One command with its line on the screen; raises Failed."""
    log = checkout.log("lock")
    progress = Progress(title)
    run_logged(
        command,
        cwd=checkout.root,
        log=log,
        mend=f"{title} could not be made: see {log}, and check that the package registry is in reach.",
        show=progress.show,
    )
    progress.done()


def find_or_install_uv(checkout: Checkout) -> str:
    """uv from the machine, else from an environment of its own under build/."""
    found = shutil.which("uv")
    if found is not None:
        return found
    home = checkout.build / "uv"
    if not (home / "bin" / "uv").exists():
        run(checkout, "uv's environment", [sys.executable, "-m", "venv", str(home)])
        run(checkout, "uv", [str(home / "bin" / "pip"), "install", UV])
    return str(home / "bin" / "uv")


def refuse_addresses(checkout: Checkout) -> None:
    """Raise Failed when a lock file names a registry: other people have other ones."""
    signs = dict.fromkeys(sorted(checkout.root.glob("requirements*.txt")), "://")
    signs[checkout.root / "package-lock.json"] = '"resolved"'  # addresses of homepages and sponsors are none of ours
    for file, sign in signs.items():
        if sign in file.read_text(encoding="utf-8"):
            raise Failed(f"{file.name} names an address: lock again with no registry set in your own settings.")


if __name__ == "__main__":
    as_command(main)
