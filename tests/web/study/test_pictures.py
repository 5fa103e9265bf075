"""A picture beside a note is shown on its page, from an address that runs nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Note, NotePicture
from quizapp.web.application import current_settings

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8


@pytest.fixture
def address(app: Flask, sessions: sessionmaker[Session], tmp_path: Path) -> str:
    (tmp_path / "n.md").write_text("# Nets\n\n![A net](net.png)\n\n![B](none.png)\n\n![C](https://e.org/c.png)\n")
    (tmp_path / "net.png").write_bytes(PNG)
    with app.app_context(), sessions() as db:
        (report,) = import_content(db, tmp_path, now=clock.now(), pictures=current_settings().pictures_dir)
        db.commit()
        (kept,) = current_settings().pictures_dir.iterdir()
    assert [warning.line for warning in report.warnings] == [5, 7]
    return f"/pictures/{kept.name}"


def test_a_note_shows_the_picture_beside_it(address: str, client_as: Callable[..., FlaskClient]) -> None:
    learner = client_as("learner")
    listed = learner.get("/notes").text
    key = listed.split('href="/notes/')[1].split('"')[0]
    assert f'<img src="{address}" alt="A net" loading="lazy">' in learner.get(f"/notes/{key}").text


def test_a_picture_runs_nothing_and_never_changes(address: str, client_as: Callable[..., FlaskClient]) -> None:
    answer = client_as("learner").get(address)
    assert (answer.data, answer.mimetype) == (PNG, "image/png")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Cookie" in answer.vary


def test_a_picture_of_an_own_note_is_its_owners_alone_until_it_is_for_all(
    address: str, client_as: Callable[..., FlaskClient], sessions: sessionmaker[Session]
) -> None:
    owner, other, editor = client_as("learner"), client_as("learner"), client_as("editor")

    def seen(**note: object) -> list[int]:
        with sessions() as db:
            for name, value in note.items():
                setattr(db.scalars(select(Note)).one(), name, value)
            db.commit()
        return [client.get(address).status_code for client in (owner, other, editor)]

    assert seen(owner_id=owner.user.id) == [200, 404, 404]
    assert seen(offered_at=clock.now()) == [200, 404, 200]
    assert seen(owner_id=None, offered_at=None) == [200, 200, 200]


def test_what_no_note_shows_is_no_picture_for_anybody(
    address: str, client_as: Callable[..., FlaskClient], sessions: sessionmaker[Session]
) -> None:
    with sessions() as db:
        db.delete(db.scalars(select(NotePicture)).one())
        db.commit()
    answer = client_as("editor").get(address)
    assert (answer.status_code, "immutable" in answer.headers.get("Cache-Control", "")) == (404, False)


def test_another_name_is_no_picture(address: str, client_as: Callable[..., FlaskClient]) -> None:
    assert client_as("learner").get(f"{address}x").status_code == 404


def test_a_copy_that_was_lost_comes_back_with_the_import_of_the_unchanged_note(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "n.md").write_text("# Nets\n\n![A net](net.png)\n")
    (tmp_path / "net.png").write_bytes(PNG)
    runner = app.test_cli_runner()
    with app.app_context():
        folder = current_settings().pictures_dir
    for _ in range(2):
        assert runner.invoke(args=["content", "import", str(tmp_path / "n.md")]).exit_code == 0
        (kept,) = folder.iterdir()
        kept.unlink()
