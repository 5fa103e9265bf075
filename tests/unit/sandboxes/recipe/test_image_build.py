"""What is built, in which order, and what a failure or a kill in between leaves."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from quizapp.sandboxes.recipe.image_build import (
    RECIPES,
    REGISTRY_BASE,
    USERNS_RECIPE,
    VM_FOLDER,
    VM_RECIPE,
    ImageNotBuilt,
    OnLine,
    Recipe,
    VolumeMount,
    base_name,
    ensure_image,
    inputs_digest,
    packages,
    prepare_base,
    sandbox_image,
)
from quizapp.sandboxes.recipe.template import IMAGES_DIR, PREPARE_IMAGES, SOURCE_DIR, TEMPLATES, Template

# Stands in for mmdebstrap: writes the file that its last argument names, as that does.
GOOD_BUILDER = '#!/bin/sh\necho "I: downloading"\nfor last; do :; done\necho "$@" > "$last"\n'
BAD_BUILDER = '#!/bin/sh\necho "E: no space"\nexit 25\n'


@dataclass
class FakeEngine:
    """Holds names only, and notes what it was asked to make. `fails` names the method that raises."""

    images: set[str] = field(default_factory=set)
    volumes: set[str] = field(default_factory=set)
    registry: bool = False
    fails: str = ""
    made: list[str] = field(default_factory=list)
    build_args: dict[str, str] = field(default_factory=dict)
    host_network: bool = False
    base_tar: str = ""

    def image_exists(self, tag: str) -> bool:
        return tag in self.images

    def pull(self, ref: str) -> bool:
        return self.registry

    def import_base(self, tar: Path, tag: str) -> None:
        self.base_tar = tar.read_text(encoding="utf-8")
        self._make("import_base", self.images, tag)

    def build(
        self, context: Path, tag: str, build_args: Mapping[str, str], on_line: OnLine, *, host_network: bool
    ) -> None:
        self.build_args, self.host_network = dict(build_args), host_network
        self._make("build", self.images, tag)

    def rename_image(self, tag: str, new_tag: str) -> None:
        self.images.remove(tag)
        self._make("rename_image", self.images, new_tag)

    def volume_exists(self, name: str) -> bool:
        return name in self.volumes

    def remove_volume(self, name: str) -> None:
        self.volumes.discard(name)

    def run_once(
        self, image: str, command: tuple[str, ...], mounts: tuple[VolumeMount, ...], template: Template, on_line: OnLine
    ) -> None:
        assert image in self.images
        assert command == (PREPARE_IMAGES,)
        mount, *sources = mounts
        assert (mount.path, mount.read_only) == (IMAGES_DIR, False)
        assert all((source.path, source.read_only) == (SOURCE_DIR, True) for source in sources)
        assert {source.volume for source in sources} <= self.volumes
        assert mount.volume not in self.volumes, "an old volume would be filled on top of what it holds"
        self.volumes.add(mount.volume)
        self._make("run_once", self.volumes, mount.volume)

    def _make(self, method: str, names: set[str], name: str) -> None:
        if self.fails == method:
            raise ImageNotBuilt(f"{method} failed")
        self.made.append(method)
        names.add(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of inputs, small enough to change."""
    folder = tmp_path / "image"
    (folder / "rootfs").mkdir(parents=True)
    (folder / "packages.txt").write_text("# why\ndocker.io\n\ncurl\n")
    (folder / "Dockerfile").write_text("FROM base\n")
    (folder / "rootfs" / "start").write_text("#!/bin/sh\n")
    return folder


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called mmdebstrap, first on the path; tests may overwrite it."""
    program = tmp_path / "bin" / "mmdebstrap"
    program.parent.mkdir()
    program.write_text(GOOD_BUILDER)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return program


def small(folder: Path, recipe: Recipe = USERNS_RECIPE) -> Recipe:
    """The recipe with the small folder's inputs, those of the image whose files it boots included."""
    return replace(recipe, folder=folder, files=recipe.files and small(folder, recipe.files))


def ignore(line: str) -> None:
    """A listener to whom nobody listens."""


def test_without_a_registry_the_base_is_made_here(folder: Path, builder: Path) -> None:
    engine, said = FakeEngine(), list[str]()
    image = ensure_image(engine, on_line=said.append, recipe=small(folder))
    assert engine.made == ["import_base", "build", "run_once", "rename_image"]
    assert "--include=docker.io,curl" in engine.base_tar
    assert not engine.host_network
    assert "I: downloading" in said
    assert image == sandbox_image(small(folder))
    assert image.tag in engine.images
    assert engine.volumes == {image.volume}


def test_with_a_registry_the_packages_come_in_the_build(folder: Path) -> None:
    engine = FakeEngine(registry=True)
    ensure_image(engine, on_line=ignore, recipe=small(folder))
    assert engine.made == ["build", "run_once", "rename_image"]
    assert engine.build_args == {"BASE": REGISTRY_BASE, "INSTALL": "yes"}
    assert engine.host_network


def test_a_base_made_before_serves_again(folder: Path, builder: Path) -> None:
    engine = FakeEngine()
    ensure_image(engine, on_line=ignore, recipe=small(folder))
    engine.made.clear()
    (folder / "rootfs" / "start").write_text("#!/bin/sh\ntrue\n")
    ensure_image(engine, on_line=ignore, recipe=small(folder))
    assert engine.made == ["build", "run_once", "rename_image"]


def test_what_is_there_is_not_made_again(folder: Path, builder: Path) -> None:
    engine = FakeEngine()
    first = ensure_image(engine, on_line=ignore, recipe=small(folder))
    engine.made.clear()
    assert ensure_image(engine, on_line=ignore, recipe=small(folder)) == first
    assert engine.made == []


@pytest.mark.parametrize("fails", ["import_base", "build", "run_once", "rename_image"])
def test_a_failure_at_any_step_leaves_no_image_of_the_final_name(folder: Path, builder: Path, fails: str) -> None:
    engine = FakeEngine(fails=fails)
    with pytest.raises(ImageNotBuilt):
        ensure_image(engine, on_line=ignore, recipe=small(folder))
    image = sandbox_image(small(folder))
    assert image.tag not in engine.images
    engine.fails = ""
    ensure_image(engine, on_line=ignore, recipe=small(folder))
    assert image.tag in engine.images


def test_a_volume_that_somebody_removed_is_made_again(folder: Path, builder: Path) -> None:
    engine = FakeEngine()
    image = ensure_image(engine, on_line=ignore, recipe=small(folder))
    engine.volumes.clear()
    ensure_image(engine, on_line=ignore, recipe=small(folder))
    assert engine.volumes == {image.volume}


def test_a_machine_is_made_of_the_other_images_files(folder: Path, builder: Path) -> None:
    engine = FakeEngine()
    recipe = small(folder, VM_RECIPE)
    image = ensure_image(engine, on_line=ignore, recipe=recipe)
    files = sandbox_image(small(folder))
    assert engine.images >= {files.tag, image.tag}
    assert engine.volumes == {files.volume, image.volume}
    assert engine.build_args["SANDBOX"] == files.tag
    assert engine.made == ["import_base", "build", "run_once", "rename_image"] * 2
    engine.made.clear()
    assert ensure_image(engine, on_line=ignore, recipe=recipe) == image
    assert engine.made == []


def test_a_machine_is_another_one_when_its_files_are(folder: Path, tmp_path: Path) -> None:
    recipe = replace(VM_RECIPE, files=small(folder))
    before = sandbox_image(recipe)
    (folder / "rootfs" / "start").write_text("#!/bin/sh\ntrue\n")
    assert sandbox_image(recipe) != before


def test_a_base_made_ahead_serves_whatever_a_registry_has(folder: Path, builder: Path, tmp_path: Path) -> None:
    engine, bases = FakeEngine(registry=True), tmp_path / "bases"
    prepare_base(bases, ignore, small(folder))
    ensure_image(engine, on_line=ignore, recipe=small(folder), bases=bases)
    assert engine.made == ["import_base", "build", "run_once", "rename_image"]
    assert engine.build_args == {"BASE": base_name(small(folder))}


def test_a_base_that_is_not_whole_is_none(folder: Path, builder: Path, tmp_path: Path) -> None:
    builder.write_text(BAD_BUILDER.replace("exit", 'for last; do :; done\necho half > "$last"\nexit'))
    with pytest.raises(ImageNotBuilt, match="E: no space"):
        prepare_base(tmp_path / "bases", ignore, small(folder))
    engine = FakeEngine(registry=True)
    ensure_image(engine, on_line=ignore, recipe=small(folder), bases=tmp_path / "bases")
    assert engine.made == ["build", "run_once", "rename_image"]


def test_each_template_has_its_recipe() -> None:
    assert {name: recipe.template for name, recipe in RECIPES.items()} == TEMPLATES
    assert {"qemu-system-x86", "linux-image-cloud-amd64", "socat"} <= set(packages(VM_FOLDER))


def test_a_missing_builder_is_named(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ImageNotBuilt, match="mmdebstrap is missing"):
        ensure_image(FakeEngine(), on_line=ignore, recipe=small(folder))


def test_a_failing_builder_says_why(folder: Path, builder: Path) -> None:
    builder.write_text(BAD_BUILDER)
    with pytest.raises(ImageNotBuilt, match="E: no space"):
        ensure_image(FakeEngine(), on_line=ignore, recipe=small(folder))


def test_the_digest_knows_every_input(folder: Path) -> None:
    digests = [inputs_digest(folder, "recipe")]
    digests.append(inputs_digest(folder, "another recipe"))
    (folder / "rootfs" / "start").chmod(0o755)
    digests.append(inputs_digest(folder, "recipe"))
    (folder / "rootfs" / "start").write_text("#!/bin/sh\ntrue\n")
    digests.append(inputs_digest(folder, "recipe"))
    (folder / "rootfs" / "start").rename(folder / "rootfs" / "begin")
    digests.append(inputs_digest(folder, "recipe"))
    assert len(set(digests)) == len(digests)


def test_the_digest_knows_nothing_of_the_checkout(folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    before = inputs_digest(folder)
    folder.rename(moved)
    for file in moved.rglob("*.txt"):
        file.chmod(0o600)
    assert inputs_digest(moved) == before


def test_comments_are_no_packages(folder: Path) -> None:
    assert packages(folder) == ("docker.io", "curl")


def test_the_real_list_has_what_the_world_is_made_of() -> None:
    assert {"docker.io", "iproute2", "uidmap", "dnsmasq-base", "busybox-static"} <= set(packages())
