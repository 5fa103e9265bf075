"""The image counts as made only while the engine holds what it held right after the build."""

from pathlib import Path

import pytest

from ops import image
from ops.image import InventoryRecord

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
