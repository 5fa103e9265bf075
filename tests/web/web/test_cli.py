"""What `flask` commands say of a database that cannot be used, and whom the files that they make are for."""

import errno
import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import event

from quizapp.settings import Settings, SettingsError
from quizapp.web.cli import plain_errors
from tests.conftest import make_settings, opened_app


@pytest.mark.parametrize("command", [["accounts", "add", "Eve"], ["up"], ["db", "upgrade"], ["review", "mend"]])
def test_a_server_that_does_not_answer_is_one_sentence(tmp_path: Path, command: list[str]) -> None:
    with (
        opened_app(make_settings(tmp_path, "postgresql+psycopg://nobody@127.0.0.1:1/nothing")) as app,
        app.app_context(),
    ):
        said = app.test_cli_runner().invoke(args=command)
    assert said.exit_code == 1
    assert said.stderr.startswith("Error: The database cannot be used: ")
    assert "Connection refused" in said.stderr


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_database_that_only_reads_is_one_sentence(app: Flask) -> None:
    engine = app.extensions["engine"]

    def only_read(connection: object, _: object) -> None:
        connection.execute("PRAGMA query_only = ON")  # type: ignore[attr-defined]

    engine.dispose()
    event.listen(engine, "connect", only_read)
    said = app.test_cli_runner().invoke(args=["accounts", "add", "Eve"])
    event.remove(engine, "connect", only_read)
    engine.dispose()
    assert (said.exit_code, said.stderr) == (
        1,
        "Error: The database cannot be used: attempt to write a readonly database. "
        "See that it runs, and that this user may write there and has room.\n",
    )


def test_what_a_command_makes_is_for_its_user_alone(app: Flask, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        app.test_cli_runner().invoke(args=["accounts", "--help"])
        (made := tmp_path / "made").touch()
    finally:
        os.umask(before)
    assert made.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("number", "advice"), [(errno.ENOSPC, "Make room there"), (errno.EROFS, "Let this user read and write there")]
)
def test_a_place_where_nothing_can_be_written_is_one_sentence(number: int, advice: str) -> None:
    @click.command()
    @plain_errors
    def fail() -> None:
        raise OSError(number, os.strerror(number), "/mnt/assets")

    said = CliRunner().invoke(fail)
    assert said.exit_code == 1
    assert said.output == f"Error: /mnt/assets: {os.strerror(number)}. {advice}, and try again.\n"


def test_a_secret_key_of_somebody_else_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, **_: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    (tmp_path / "secret_key").touch(mode=0o600)
    monkeypatch.setattr(Path, "read_text", refuse)  # root may read any file
    with pytest.raises(SettingsError, match=r"SECRET_KEY: .*secret_key: Permission denied\. Run this as the user"):
        Settings(instance_dir=tmp_path).completed()
