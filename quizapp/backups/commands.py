"""`flask backup`: make, check and put back backups."""

import os
from pathlib import Path

import click
from flask.cli import AppGroup

from quizapp import clock
from quizapp.backups import pictures
from quizapp.backups.faults import BackupFailed
from quizapp.backups.making import make_backup, restore_backup, verify_backup
from quizapp.backups.seal import Seal
from quizapp.web import revisions
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.sqlite_copy import COPY_DEADLINE_S

backup = AppGroup("backup", help="Make, check and put back backups, also while people learn.")
wait = click.option(
    "--wait", "deadline_s", type=float, default=COPY_DEADLINE_S, show_default=True, help="Seconds to wait for others."
)


@backup.command()
@click.argument("target", type=click.Path(), required=False)
@wait
@plain_errors
def create(target: str | None, deadline_s: float) -> None:
    """Copy the database to TARGET, a new file or a folder; without one to `backups` in the instance folder.

    Pictures of notes go into the folder `pictures` beside it, each once for all backups that lie there.
    """
    if target is not None and target.endswith(os.sep) and not Path(target).is_dir():
        raise BackupFailed(f"No backup was made: there is no folder {target}; make it first.")
    place = None if target is None else Path(target)
    made = make_backup(current_settings(), place, now=clock.now(), deadline_s=deadline_s)
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
    made = restore_backup(current_settings(), file, now=clock.now(), deadline_s=deadline_s)
    click.echo(f"The database is now what it was on {made.seal.made_at}: {_described(made.seal)}")
    if made.kept is not None:
        click.echo(f"What was there before is in {made.kept}", err=True)
    if made.copied:
        click.echo(f"{made.copied} pictures came back", err=True)
    if made.seal.revision == revisions.newest():
        click.echo("Restart the web processes soon, which keep learners' weights in memory.", err=True)
    else:
        click.echo(
            f"It is of an older version, at revision {made.seal.revision}: now run `flask --app quizapp.up up`, which "
            "migrates it, and restart the web processes. Until then pages fail.",
            err=True,
        )


def _described(seal: Seal) -> str:
    return f"{len(seal.rows)} tables with {seal.total} rows at revision {seal.revision}, of {seal.made_at}"
