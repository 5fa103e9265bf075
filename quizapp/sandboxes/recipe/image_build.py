"""Builds a template's image and fills its volume, by calls of an `ImageEngine`. Knows no Docker SDK.

A sandbox needs an image, whose tag is a hash of all files and words that it is made from, and a volume with the inner
images, which a container of that image fills. The image gets its tag last, so an image with that tag is complete, even
if a build was killed.
"""

import hashlib
import os
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from quizapp.errors import QuizappError
from quizapp.sandboxes.recipe.template import (
    IMAGE_REPOSITORY,
    IMAGES_DIR,
    PREPARE_IMAGES,
    SOURCE_DIR,
    USERNS,
    VM,
    VM_REPOSITORY,
    Template,
    image_tag,
    images_volume,
)

IMAGE_FOLDER = Path(__file__).parent / "image"
VM_FOLDER = Path(__file__).parent / "image_vm"
REGISTRY_BASE = "debian:trixie-slim"
SUITE = "trixie"
# Documentation and translations, which no lab needs; Debian's own slim images leave out the same.
LEFT_OUT = ("/usr/share/doc/*", "/usr/share/info/*", "/usr/share/lintian/*", "/usr/share/locale/*", "/usr/share/man/*")
# Would make an initrd with the drivers of all disks; the virtual machine has an initrd of its own, for its one disk.
INITRD_HOOK = "/etc/kernel/postinst.d/initramfs-tools"
LINES_KEPT = 5  # of a failed command's output, for its error
# Debian's own defaults, and no wait for the disk after each file: a base that is not whole is thrown away as a whole.
DPKG_FORCE = "security-mac,downgrade,unsafe-io"

OnLine = Callable[[str], None]


class ImageNotBuilt(QuizappError):
    """The sandbox image could not be made; the text says what to do."""

    title = "The sandbox image could not be built"


@dataclass(frozen=True, kw_only=True)
class SandboxImage:
    """The names under which an engine holds the image and the volume with its inner images."""

    tag: str
    volume: str


@dataclass(frozen=True, kw_only=True)
class VolumeMount:
    """A named volume at `path` in a container. The engine makes the volume if it is not there."""

    volume: str
    path: str
    read_only: bool


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a template's image is made of."""

    template: Template
    folder: Path
    """With the Dockerfile, packages.txt and the files that the Dockerfile copies."""
    repository: str
    """The image's name without its tag."""
    left_out: tuple[str, ...] = LEFT_OUT
    """The paths that are not unpacked from packages, as patterns of dpkg's path-exclude."""
    files: "Recipe | None" = None
    """The recipe of the image whose files a virtual machine boots; None if the image boots none."""


USERNS_RECIPE = Recipe(template=USERNS, folder=IMAGE_FOLDER, repository=IMAGE_REPOSITORY)
VM_RECIPE = Recipe(
    template=VM,
    folder=VM_FOLDER,
    repository=VM_REPOSITORY,
    left_out=(*LEFT_OUT, INITRD_HOOK),
    files=USERNS_RECIPE,
)
RECIPES = {recipe.template.name: recipe for recipe in (USERNS_RECIPE, VM_RECIPE)}


class ImageEngine(Protocol):
    """What building the image needs of a Docker Engine. Every method may raise a QuizappError."""

    def image_exists(self, tag: str) -> bool:
        """Whether the engine has an image of this name."""
        ...

    def pull(self, ref: str) -> bool:
        """Fetch `ref` from its registry. False, after about five seconds, if no registry answers or none has it."""
        ...

    def import_base(self, tar: Path, tag: str) -> None:
        """Make an image of one layer, called `tag`, of the root file system in `tar`."""
        ...

    def build(
        self, context: Path, tag: str, build_args: Mapping[str, str], on_line: OnLine, *, host_network: bool
    ) -> None:
        """Build the folder's Dockerfile. `host_network` lets its RUN lines reach the network, else they have none."""
        ...

    def rename_image(self, tag: str, new_tag: str) -> None:
        """Give the image `tag` the tag `new_tag` instead; another image with that tag loses it."""
        ...

    def volume_exists(self, name: str) -> bool:
        """Whether the engine has a volume of this name."""
        ...

    def remove_volume(self, name: str) -> None:
        """Remove the volume with its content. Does nothing if there is none."""
        ...

    def run_once(
        self, image: str, command: tuple[str, ...], mounts: tuple[VolumeMount, ...], template: Template, on_line: OnLine
    ) -> None:
        """Run a container of `image` with the template's flags to its end, and remove it. `on_line` gets each line.

        Raises a QuizappError with its last lines if its exit code is not 0.
        """
        ...


def sandbox_image(recipe: Recipe = USERNS_RECIPE) -> SandboxImage:
    """The names of the image and the volume that this version of the product uses, built or not."""
    files = () if recipe.files is None else (sandbox_image(recipe.files).tag,)
    digest = inputs_digest(recipe.folder, *_base_command(recipe), *files)
    tag = image_tag(digest, repository=recipe.repository)
    return SandboxImage(tag=tag, volume=images_volume(tag))


def ensure_image(
    engine: ImageEngine, *, on_line: OnLine, recipe: Recipe = USERNS_RECIPE, bases: Path | None = None
) -> SandboxImage:
    """Make what the engine lacks of the image and its volume; minutes the first time, milliseconds afterwards.

    `bases` is a folder in which `prepare_base` may have made a base ahead. `on_line` gets each line that a person might
    watch. Raises ImageNotBuilt, and what the engine raises.
    """
    image = sandbox_image(recipe)
    if engine.image_exists(image.tag) and engine.volume_exists(image.volume):
        return image
    files = None if recipe.files is None else ensure_image(engine, on_line=on_line, recipe=recipe.files, bases=bases)
    unfinished = f"{image.tag}-unfinished"
    args = {} if files is None else {"SANDBOX": files.tag}
    _build(engine, unfinished, recipe, args, on_line, bases=bases)
    engine.remove_volume(image.volume)
    mounts = [VolumeMount(volume=image.volume, path=IMAGES_DIR, read_only=False)]
    if files is not None:
        mounts.append(VolumeMount(volume=files.volume, path=SOURCE_DIR, read_only=True))
    engine.run_once(unfinished, (PREPARE_IMAGES,), tuple(mounts), recipe.template, on_line)
    engine.rename_image(unfinished, image.tag)
    return image


def inputs_digest(folder: Path, *recipe: str) -> str:
    """Hex SHA-256 over the words of `recipe`, and each file's path, content and executable bit."""
    digest = hashlib.sha256("\0".join(recipe).encode())
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        executable = bool(file.stat().st_mode & 0o100)
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"\n{file.relative_to(folder).as_posix()}\0{executable}\0{content}".encode())
    return digest.hexdigest()


def packages(folder: Path = IMAGE_FOLDER) -> tuple[str, ...]:
    """The Debian packages of the image that its packages.txt names, beyond those that every Debian has."""
    lines = (folder / "packages.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def base_name(recipe: Recipe = USERNS_RECIPE) -> str:
    """The name under which an engine holds the base that is made here."""
    made_by = hashlib.sha256(" ".join(_base_command(recipe)).encode()).hexdigest()
    return f"{recipe.repository}-base:{made_by[:12]}"


def prepare_base(folder: Path, on_line: OnLine, recipe: Recipe = USERNS_RECIPE) -> Path:
    """Make the base as a file in `folder`, which has its name only once it is whole. Raises ImageNotBuilt."""
    made = _base_file(folder, recipe)
    unfinished = made.with_suffix(".unfinished")
    folder.mkdir(parents=True, exist_ok=True)
    _run([*_base_command(recipe), "--format=tar", str(unfinished)], on_line)
    return unfinished.rename(made)


def _base_file(folder: Path, recipe: Recipe) -> Path:
    return folder / f"{base_name(recipe).replace(':', '-')}.tar"


def _build(
    engine: ImageEngine, tag: str, recipe: Recipe, args: Mapping[str, str], on_line: OnLine, *, bases: Path | None
) -> None:
    """Build on a base made here before, else on a registry's, else on one made here now."""
    local_base = base_name(recipe)
    if not engine.image_exists(local_base):
        ahead = None if bases is None else _base_file(bases, recipe)
        if ahead is not None and ahead.exists():
            engine.import_base(ahead, local_base)
        elif engine.pull(REGISTRY_BASE):
            args = {**args, "BASE": REGISTRY_BASE, "INSTALL": "yes"}
            engine.build(recipe.folder, tag, args, on_line, host_network=True)
            return
        else:
            on_line(f"No registry answers: making {local_base} from Debian's packages")
            with tempfile.TemporaryDirectory(prefix="quizapp-base-") as scratch:
                engine.import_base(prepare_base(Path(scratch), on_line, recipe), local_base)
    engine.build(recipe.folder, tag, {**args, "BASE": local_base}, on_line, host_network=False)


def _base_command(recipe: Recipe) -> tuple[str, ...]:
    """The command that makes the base, without its last argument, the file to write. Without root it needs `uidmap`."""
    return (
        "mmdebstrap",
        "--variant=minbase",
        f"--include={','.join(packages(recipe.folder))}",
        *(f"--dpkgopt=path-exclude={path}" for path in recipe.left_out),
        SUITE,
    )


def _run(command: list[str], on_line: OnLine) -> None:
    """Run the command; `on_line` gets each line it prints. Raises ImageNotBuilt with the last lines if it fails."""
    last: deque[str] = deque(maxlen=LINES_KEPT)
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, "DPKG_FORCE": DPKG_FORCE},
        )
    except FileNotFoundError:
        raise ImageNotBuilt(f"No registry answers, and {command[0]} is missing; install it and try again.") from None
    with process:
        assert process.stdout is not None  # it is a pipe
        try:
            for line in process.stdout:
                last.append(line.rstrip())
                on_line(line.rstrip())
        except BaseException:
            process.terminate()  # it removes what it has made so far
            raise
    if process.returncode != 0:
        raise ImageNotBuilt(f"{command[0]} failed: {' / '.join(last)}")
