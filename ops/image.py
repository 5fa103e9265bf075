"""The steps that make the sandbox image in an engine. Knows the commands that build it, not what is in it."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ops.checkout import Checkout
from ops.console import Failed, Progress, check_wanted, run_logged
from ops.docker_api import inventory
from ops.steps import Step, digest
from ops.system import find_program, install_packages, is_debian_like

IMAGE_PACKAGES = ("mmdebstrap", "uidmap", "debian-archive-keyring")  # make a base image where no registry answers
IMAGE, BASE = "Sandbox image", "Base of the sandbox image"
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


@dataclass(frozen=True, kw_only=True)
class BaseRecord:
    """Whether the image's base need not be made: the image is there, or the engine or a file has the base.

    A file has the base's name only once it is whole, so there is nothing to forget or to write.
    """

    checkout: Checkout
    image: InventoryRecord

    def is_fresh(self) -> bool:
        if self.image.is_fresh():
            return True
        asked = subprocess.run(base_command(), cwd=self.checkout.root, capture_output=True, text=True, check=True)
        name = asked.stdout.strip()
        made_ahead = bases_folder(self.checkout) / f"{name.replace(':', '-')}.tar"
        return made_ahead.exists() or f"image {name}" in inventory(self.image.engine, NAMES)

    def forget(self) -> None:
        pass

    def write(self) -> None:
        pass


def image_record(checkout: Checkout, engine: str) -> InventoryRecord:
    """What says whether the image is in the engine at this address."""
    code = checkout.root / "quizapp" / "sandboxes" / "recipe"
    return InventoryRecord(
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
    )


def image_step(checkout: Checkout, engine: str, *, after: tuple[str, ...]) -> Step:
    """Make the sandbox image in the engine at this address; the command itself builds only what is not there."""
    return Step(
        title=IMAGE,
        record=image_record(checkout, engine),
        work=lambda progress: _build(checkout, engine, progress),
        after=after,
    )


def base_step(checkout: Checkout, engine: str, *, after: tuple[str, ...]) -> Step:
    """Make the image's base from Debian's packages: it takes longest, and needs no engine and no package of ours."""
    log = checkout.log("base")

    def work(progress: Progress) -> None:
        run_logged(
            [*base_command(), str(bases_folder(checkout))],
            cwd=checkout.root,
            log=log,
            mend=f"The base of the sandbox image could not be made: see {log}, or set QUIZAPP_ENGINE=none to go without"
            " hands-on questions.",
            show=progress.show,
        )

    record = BaseRecord(checkout=checkout, image=image_record(checkout, engine))
    return Step(title=BASE, record=record, work=work, after=after)


def base_command() -> list[str]:
    """The product's own program that makes the base; it needs the standard library alone."""
    return [sys.executable, "-B", "-m", "quizapp.sandboxes.recipe.base"]


def bases_folder(checkout: Checkout) -> Path:
    """Where a base that was made ahead lies until the engine has it."""
    return checkout.build / "bases"


def _build(checkout: Checkout, engine: str, progress: Progress) -> None:
    """Build; once more with mmdebstrap installed if that was missing and the first try failed."""
    try:
        _run_build(checkout, engine, progress)
    except Failed:
        check_wanted()
        if find_program("mmdebstrap") is not None or not is_debian_like():
            raise
        install_packages(IMAGE_PACKAGES, reason="The image may have to be made from Debian packages", checkout=checkout)
        _run_build(checkout, engine, progress)
    shutil.rmtree(bases_folder(checkout), ignore_errors=True)  # the engine has it now


def _run_build(checkout: Checkout, engine: str, progress: Progress) -> None:
    log = checkout.log("image")
    run_logged(
        [checkout.tool("flask"), "--app", "wsgi", "sandboxes", "build", "--bases", str(bases_folder(checkout))],
        cwd=checkout.root,
        env={"QUIZAPP_ENGINE": engine},
        log=log,
        mend=f"The sandbox image could not be built: see {log}, or set QUIZAPP_ENGINE=none to go without hands-on"
        " questions.",
        show=progress.show,
    )
