"""`flask backup`: make, check and put back backups."""

from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup

from quizapp import clock
from quizapp.backups.seal import Seal
from quizapp.db import sqlite_file
from quizapp.errors import QuizappError
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.sqlite_copy import COPY_DEADLINE_S

FOLDER = "backups"  # in the instance folder
MADE_BY = "--format=custom --file=FILE"
PUT_BACK_BY = "--clean --if-exists --single-transaction"

backup = AppGroup("backup", help="Make, check and put back backups, also while people learn.")
wait = click.option(
    "--wait", "deadline_s", type=float, default=COPY_DEADLINE_S, show_default=True, help="Seconds to wait for others."
)


class NotSqlite(QuizappError):
    """The database is one that brings its own tools."""


@backup.command()
@click.argument("target", type=click.Path(path_type=Path), required=False)
@wait
@plain_errors
def create(target: Path | None, deadline_s: float) -> None:
    """Copy the database to TARGET, a new file or a folder; without one to `backups` in the instance folder."""
    from quizapp.backups import service

    database = _database(f"pg_dump {MADE_BY} URL")
    if target is None:
        target = current_settings().instance_dir / FOLDER
        target.mkdir(mode=0o700, exist_ok=True)
    made, seal = service.create(database, target, now=clock.now(), deadline_s=deadline_s)
    click.echo(f"{made}: {_described(seal)}")


@backup.command()
@click.argument("file", type=click.Path(path_type=Path))
@plain_errors
def verify(file: Path) -> None:
    """Check that FILE is what it was when it was made, table by table. Changes nothing."""
    from quizapp.backups import service

    _database("pg_restore --list FILE")
    click.echo(f"{file} is whole: {_described(service.verify(file))}")


@backup.command()
@click.argument("file", type=click.Path(path_type=Path))
@wait
@plain_errors
def restore(file: Path, deadline_s: float) -> None:
    """Check FILE and put it in the place of the database, whether or not the product runs. Keeps what was there."""
    from quizapp.backups import service

    database = _database(f"pg_restore {PUT_BACK_BY} --dbname=URL FILE")
    seal, kept = service.restore(database, file, now=clock.now(), deadline_s=deadline_s)
    click.echo(f"{database} is now what it was on {seal.made_at}: {_described(seal)}")
    if kept is not None:
        click.echo(f"What was there before is in {kept}", err=True)
    click.echo("Now run `flask up`, which migrates it if a newer version of the product needs that.", err=True)


def _database(command: str) -> Path:
    """The SQLite file. Raises NotSqlite, which names PostgreSQL's command, where there is none."""
    path = sqlite_file(current_settings().database_url)
    return path if path is not None else _refuse(command)


def _refuse(command: str) -> NoReturn:
    raise NotSqlite(
        f"The database is PostgreSQL, which brings its own tool: run `{command}` with DATABASE_URL for URL; "
        "see the operator guide."
    )


def _described(seal: Seal) -> str:
    return f"{len(seal.rows)} tables with {seal.total} rows at revision {seal.revision}, of {seal.made_at}"
