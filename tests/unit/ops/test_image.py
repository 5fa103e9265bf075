"""The image counts as made only while the engine holds what it held right after the build."""

import subprocess
import sys
from pathlib import Path

import pytest

from ops import image
from ops.checkout import Checkout
from ops.image import BaseRecord, InventoryRecord, bases_folder
from quizapp.sandboxes.recipe.image_build import base_name

HELD = {"image quizapp-sandbox:1a2b", "volume quizapp-images-1a2b"}


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What the engine holds of ours; tests change it."""
    held = set(HELD)
    monkeypatch.setattr(image, "inventory", lambda engine, prefix: frozenset(held))
    return held


@pytest.fixture
def record(tmp_path: Path, held: set[str]) -> InventoryRecord:
    source = tmp_path / "Dockerfile"
    source.write_text("FROM base")
    record = InventoryRecord(file=tmp_path / "stamps" / "image", sources=(source,), engine="unix:///e.sock")
    record.write()
    return record


def test_made_and_still_there(record: InventoryRecord, held: set[str]) -> None:
    held.add("image quizapp-sandbox:of-another-checkout")
    assert record.is_fresh()


@pytest.mark.parametrize("gone", sorted(HELD))
def test_gone_from_the_engine(record: InventoryRecord, held: set[str], gone: str) -> None:
    held.remove(gone)
    assert not record.is_fresh()


def test_other_sources(record: InventoryRecord) -> None:
    source = record.sources[0]
    assert isinstance(source, Path)
    source.write_text("FROM another")
    assert not record.is_fresh()


def test_forgotten(record: InventoryRecord) -> None:
    record.forget()
    assert not record.is_fresh()


def test_a_broken_record_is_no_record(record: InventoryRecord) -> None:
    record.file.write_text("{")
    assert not record.is_fresh()


def test_an_engine_that_held_nothing_was_not_built_in(record: InventoryRecord, held: set[str]) -> None:
    held.clear()
    record.write()
    assert not record.is_fresh()


@pytest.fixture
def base(tmp_path: Path, record: InventoryRecord, monkeypatch: pytest.MonkeyPatch) -> BaseRecord:
    """Of a base whose image is not there."""
    record.forget()
    monkeypatch.setattr(image, "base_command", lambda: ["echo", base_name()])
    return BaseRecord(checkout=Checkout(tmp_path), image=record)


def test_no_base_is_needed_once_the_image_is_there(base: BaseRecord) -> None:
    assert not base.is_fresh()
    base.image.write()
    assert base.is_fresh()


def test_a_base_that_the_engine_has_is_not_made_again(base: BaseRecord, held: set[str]) -> None:
    held.add(f"image {base_name()}")
    assert base.is_fresh()


def test_a_base_that_was_made_ahead_is_not_made_again(base: BaseRecord) -> None:
    bases = bases_folder(base.checkout)
    bases.mkdir(parents=True)
    (bases / f"{base_name().replace(':', '-')}.unfinished").touch()
    assert not base.is_fresh()
    (bases / f"{base_name().replace(':', '-')}.tar").touch()
    assert base.is_fresh()


def test_the_base_is_made_before_any_package_is_there() -> None:
    command = [sys.executable, "-S", *image.base_command()[1:]]  # -S: without the packages of the environment
    asked = subprocess.run(command, cwd=Checkout.here().root, capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == base_name()
