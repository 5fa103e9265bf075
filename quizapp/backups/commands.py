"""`flask backup`: make, check and put back backups."""

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import make_url

from quizapp import clock
from quizapp.backups import pictures
from quizapp.backups.faults import RestoreFailed
from quizapp.backups.making import backup_folder, make_backup, verify_backup
from quizapp.backups.seal import Seal, seal_file
from quizapp.db import sqlite_file
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.sqlite_copy import COPY_DEADLINE_S

backup = AppGroup("backup", help="Make, check and put back backups, also while people learn.")
wait = click.option(
    "--wait", "deadline_s", type=float, default=COPY_DEADLINE_S, show_default=True, help="Seconds to wait for others."
)


@backup.command()
@click.argument("target", type=click.Path(path_type=Path), required=False)
@wait
@plain_errors
def create(target: Path | None, deadline_s: float) -> None:
    """Copy the database to TARGET, a new file or a folder; without one to `backups` in the instance folder.

    Pictures of notes go into the folder `pictures` beside it, each once for all backups that lie there.
    """
    made = make_backup(current_settings(), target, now=clock.now(), deadline_s=deadline_s)
    click.echo(f"{made.file}: {_described(made.seal)}")
    beside = made.file.parent / pictures.FOLDER
    if there := pictures.count(beside):
        click.echo(f"{beside} has {there} pictures, {made.copied} of them new", err=True)


@backup.command()
@click.argument("file", type=click.Path(path_type=Path))
@plain_errors
def verify(file: Path) -> None:
    """Check that FILE is what it was when it was made, table by table, and the pictures beside it. Changes nothing."""
    seal = verify_backup(current_settings(), file, now=clock.now())
    click.echo(f"{file} is whole: {_described(seal)}")


@backup.command()
@click.argument("file", type=click.Path(path_type=Path))
@wait
@plain_errors
def restore(file: Path, deadline_s: float) -> None:
    """Check FILE and put it in the place of the database, whether or not the product runs. Keeps what was there.

    Pictures that lie beside it and are not in the instance folder come back too.
    """
    from quizapp.backups import postgresql_backups, sqlite_backups

    url, now = current_settings().database_url, clock.now()
    database = sqlite_file(url)
    _refuse_other_kind(file, is_dump=database is None)
    if database is None:
        seal, kept = postgresql_backups.restore(
            make_url(url), file, now=now, keep_in=backup_folder(current_settings()), deadline_s=deadline_s
        )
    else:
        seal, kept = sqlite_backups.restore(database, file, now=now, deadline_s=deadline_s)
    click.echo(f"The database is now what it was on {seal.made_at}: {_described(seal)}")
    if kept is not None:
        click.echo(f"What was there before is in {kept}", err=True)
    copied = pictures.copy_missing(file.parent / pictures.FOLDER, current_settings().pictures_dir)
    if copied:
        click.echo(f"{copied} pictures came back", err=True)
    click.echo("Now run `flask up`, which migrates it if a newer version of the product needs that.", err=True)


def _refuse_other_kind(file: Path, *, is_dump: bool) -> None:
    """Raise RestoreFailed for a backup of the other kind of database."""
    from quizapp.backups import postgresql_backups

    if file.is_file() and postgresql_backups.is_dump(file) != is_dump and seal_file(file).exists():
        made_of, wanted = ("SQLite", "PostgreSQL") if is_dump else ("PostgreSQL", "SQLite")
        raise RestoreFailed(f"{file} is a backup of {made_of}, and DATABASE_URL names {wanted}: nothing was put back.")


def _described(seal: Seal) -> str:
    return f"{len(seal.rows)} tables with {seal.total} rows at revision {seal.revision}, of {seal.made_at}"
