"""Pictures lie beside backups, each once, and come back with them."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from quizapp.backups.pictures import copy_missing
from tests.conftest import make_settings, opened_app

DATA = [b"one", b"two"]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with opened_app(make_settings(tmp_path)) as app:
        assert run(app, "db", "upgrade").exit_code == 0
        yield app


def run(app: Flask, *command: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=command)


def put(folder: Path, data: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{hashlib.sha256(data).hexdigest()}.png"
    path.write_bytes(data)
    return path


def test_pictures_are_kept_beside_backups_and_come_back(app: Flask, tmp_path: Path) -> None:
    first = put(tmp_path / "pictures", DATA[0])
    made = run(app, "backup", "create").stdout.partition(": ")[0]
    put(tmp_path / "pictures", DATA[1])
    assert "has 2 pictures, 1 of them new" in run(app, "backup", "create").stderr
    assert run(app, "backup", "verify", made).exit_code == 0
    first.unlink()
    assert "1 pictures came back" in run(app, "backup", "restore", made).stderr
    assert first.read_bytes() == DATA[0]


def test_a_picture_that_is_damaged_is_told_and_not_copied(app: Flask, tmp_path: Path) -> None:
    made = Path(run(app, "backup", "create").stdout.partition(": ")[0])
    put(made.parent / "pictures", DATA[0]).write_bytes(b"other")
    said = run(app, "backup", "verify", str(made))
    assert (said.exit_code, "are damaged" in said.stderr) == (1, True)
    assert copy_missing(made.parent / "pictures", tmp_path / "to") == 0
    assert not (tmp_path / "to").exists()


def test_without_pictures_nothing_is_said(app: Flask) -> None:
    assert "pictures" not in run(app, "backup", "create").stderr
