"""The step that makes the sandbox image in an engine. Knows the command that builds it, not what is in it."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from ops.checkout import Checkout
from ops.console import Failed, Progress, run_logged
from ops.docker_api import inventory
from ops.steps import Step, digest
from ops.system import find_program, install_packages, is_debian_like

IMAGE_PACKAGES = ("mmdebstrap", "uidmap", "debian-archive-keyring")  # make a base image where no registry answers
NAMES = "quizapp"  # images and volumes of ours begin with this


@dataclass(frozen=True, kw_only=True)
class InventoryRecord:
    """Remembers from which sources the image was made, and what the engine held of ours right afterwards.

    Looking at the engine by socket takes milliseconds, starting the application to ask it takes a second.
    """

    file: Path
    sources: tuple[Path | str, ...]
    engine: str

    def is_fresh(self) -> bool:
        try:
            remembered = json.loads(self.file.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return False
        held = remembered.get(digest(self.sources))
        return bool(held) and inventory(self.engine, NAMES).issuperset(held)

    def forget(self) -> None:
        self.file.unlink(missing_ok=True)

    def write(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        held = {digest(self.sources): sorted(inventory(self.engine, NAMES))}
        self.file.write_text(json.dumps(held), encoding="utf-8")


def image_step(checkout: Checkout, engine: str) -> Step:
    """Make the sandbox image in the engine at this address; the command itself builds only what is not there."""
    code = checkout.root / "quizapp" / "sandboxes" / "recipe"
    return Step(
        title="Sandbox image",
        record=InventoryRecord(
            file=checkout.stamp("image"),
            sources=(
                engine,
                os.environ.get("QUIZAPP_SANDBOX_TEMPLATES", ""),
                code / "image",
                code / "image_vm",
                code / "image_build.py",
                code / "template.py",
            ),
            engine=engine,
        ),
        work=lambda progress: _build(checkout, engine, progress),
    )


def _build(checkout: Checkout, engine: str, progress: Progress) -> None:
    """Build; once more with mmdebstrap installed if that was missing and the first try failed."""
    try:
        _run_build(checkout, engine, progress)
    except Failed:
        if find_program("mmdebstrap") is not None or not is_debian_like():
            raise
        install_packages(IMAGE_PACKAGES, reason="The image may have to be made from Debian packages", checkout=checkout)
        _run_build(checkout, engine, progress)


def _run_build(checkout: Checkout, engine: str, progress: Progress) -> None:
    log = checkout.log("image")
    run_logged(
        [checkout.tool("flask"), "--app", "wsgi", "sandboxes", "build"],
        cwd=checkout.root,
        env={"QUIZAPP_ENGINE": engine},
        log=log,
        mend=f"The sandbox image could not be built: see {log}, or set QUIZAPP_ENGINE=none to go without hands-on"
        " questions.",
        show=progress.show,
    )
