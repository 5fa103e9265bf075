"""`make lock`: pins with hashes from requirements*.in, and package-lock.json. Writes no address."""

import re
from collections.abc import Mapping

from ops.checkout import Checkout
from ops.command import as_command
from ops.console import Failed, Progress, run_logged
from ops.uv import find_or_install_uv

UV_OPTIONS = (
    "--quiet",
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--python-version",
    "3.11",
)
LOCKED = (
    "requirements",
    "requirements-dev",
    "requirements-fitting",
    "requirements-kubernetes",
    "requirements-node",
    "requirements-uv",
)
NPM_OPTIONS = ("--package-lock-only", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund")


def main() -> None:
    """Write every lock file anew; what is pinned already stays as long as its source allows it."""
    checkout = Checkout.here()
    with Progress("uv") as progress:
        uv = find_or_install_uv(checkout, progress.show)
    for name in LOCKED:
        command = [uv.program, "pip", "compile", *uv.options, *UV_OPTIONS, f"{name}.in", "--output-file", f"{name}.txt"]
        run(checkout, f"{name}.txt", command, env=uv.env)
    run(checkout, "package-lock.json", ["npm", "install", *NPM_OPTIONS])
    refuse_addresses(checkout)
    refuse_single_files(checkout)


def run(checkout: Checkout, title: str, command: list[str], *, env: Mapping[str, str] | None = None) -> None:
    """One command with its line on the screen; raises Failed."""
    log = checkout.log("lock")
    with Progress(title) as progress:
        run_logged(
            command,
            cwd=checkout.root,
            env=env,
            log=log,
            mend=f"{title} could not be made: see {log}, and check that the package registry is in reach.",
            show=progress.show,
        )


def refuse_addresses(checkout: Checkout) -> None:
    """Raise Failed when a lock file names a registry: other people have other ones."""
    signs = dict.fromkeys(sorted(checkout.root.glob("requirements*.txt")), "://")
    signs[checkout.root / "package-lock.json"] = '"resolved"'  # addresses of homepages and sponsors are none of ours
    for file, sign in signs.items():
        if sign in file.read_text(encoding="utf-8"):
            raise Failed(f"{file.name} names an address: lock again with no registry set in your own settings.")


def refuse_single_files(checkout: Checkout) -> None:
    """Raise Failed when a lock file knows one file alone of a package: others need the one for their own Python.

    An index beside the usual one that has a package hides what the usual one has of it (uv 0.13.9, `first-index`).
    """
    for file in sorted(checkout.root.glob("requirements*.txt")):
        for package, hashes in re.findall(r"^(\S+==\S+)[^\n]*\n((?: +--hash=\S+[^\n]*\n)+)", file.read_text(), re.M):
            if hashes.count("--hash=") == 1:
                raise Failed(
                    f"{file.name} knows only one file of {package}, which no other Python or machine can install: "
                    "lock again with no further index or folder of wheels set in your own settings."
                )


if __name__ == "__main__":
    as_command(main)
