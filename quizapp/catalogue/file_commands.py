"""`flask content ids` and `flask content sync`: what writes into note files."""

from collections.abc import Iterator
from pathlib import Path

import click

from quizapp import clock
from quizapp.catalogue.commands import content
from quizapp.catalogue.editing.conflict_settling import TakenSide
from quizapp.catalogue.importing.trial_copy import rehearsal
from quizapp.catalogue.retirement_consent import Consent
from quizapp.catalogue.syncing.naming import NamedFile, write_ids
from quizapp.catalogue.syncing.sync import Synced, sync
from quizapp.catalogue.wiring import settle_forms
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.database import get_db
from quizapp.web.templating import plural

__all__ = ["content"]


@content.command("ids")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option(
    "--write", is_flag=True, help="Write the ids into the files; without it, only say how many there would be."
)
@plain_errors
def ids(paths: tuple[Path, ...], write: bool) -> None:
    """Give every concept, card and question of notes (*.md) an id of its own, in a comment at the end of its line.

    With an id an item keeps what was learnt of it, however it is reworded or moved. Everything else in the file stays
    byte for byte. Exits with 1 if a file could not be read or written.
    """
    files = write_ids(get_db(), paths, root=current_settings().content_dir, now=clock.now(), write=write)
    for file in files:
        click.echo(_as_text(file, write=write))
    if any(file.error is not None for file in files):
        raise click.exceptions.Exit(1)


@content.command("sync")
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path(path_type=Path))
@click.option(
    "--take",
    type=click.Choice([side.value for side in TakenSide]),
    help="Settle what both have changed: take the file's version, or the database's.",
)
@click.option("--yes", is_flag=True, help="Retire what is no longer in a file, however much that is.")
@click.option("--dry-run", is_flag=True, help="Report what would happen and change nothing.")
@plain_errors
def sync_(paths: tuple[Path, ...], take: str | None, yes: bool, dry_run: bool) -> None:
    """Bring note files, those of the content folder or at PATH, and the catalogue in line.

    What was changed in a file is imported, what was edited in the browser is written into the lines of that item. Where
    both have changed the same part of a question it is asked as before, and waits for --take or for an editor in the
    browser. Exits with 1 while there is such a question, or if a file could not be taken.
    """
    db, root, now = get_db(), current_settings().content_dir, clock.now()
    side = TakenSide(take) if take is not None else None
    consent = Consent.GIVEN if yes else Consent.NONE
    if dry_run:
        with rehearsal(db) as copy:
            made = sync(copy, paths or [root], root=root, now=now, consent=consent, take=side, write=False)
    else:
        made = sync(db, paths or [root], root=root, now=now, consent=consent, take=side)
        if said := settle_forms(db):
            click.echo(said, err=True)
        db.commit()
    for sentence in _synced(made, write=not dry_run):
        click.echo(sentence)
    if made.conflicts or any(report.error is not None for report in made.reports):
        raise click.exceptions.Exit(1)


def _synced(made: Synced, *, write: bool) -> Iterator[str]:
    for report in made.reports:
        if report.error is not None:
            yield f"{report.path}: not imported. {report.error}"
        elif report.changes.total:
            yield f"{report.path}: {plural(report.changes.total, 'change')} taken over from the file"
    for path, count in made.written.items():
        yield f"{path}: {plural(count, 'edit')} {'written' if write else 'to write'} into the file"
    yield from made.left
    for sentence in made.conflicts:
        yield f"Conflict: {sentence}"
    yield f"{plural(len(made.reports), 'file')}, {plural(made.taken, 'conflict')} settled, {len(made.conflicts)} left"


def _as_text(file: NamedFile, *, write: bool) -> str:
    if file.error is not None:
        return f"{file.path}: left as it is. {file.error}"
    lines = [f"{file.path}: {plural(file.count, 'id')} {'written' if write else 'to write'}"]
    lines += [f"  line {line}: no id fits here, so this is known by its words alone" for line in file.without]
    lines += [f"  {warning}" for warning in file.warnings]
    return "\n".join(lines)
