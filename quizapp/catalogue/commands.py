"""`flask content`: import notes and labs into the catalogue, and bring questions out."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import AppGroup

from quizapp import clock
from quizapp.catalogue.export import ExportFormat, export
from quizapp.catalogue.rehearsal import rehearsal
from quizapp.catalogue.service import ImportStopped, import_paths
from quizapp.catalogue.store.import_run import FileReport
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.database import get_db
from quizapp.web.templating import plural

content = AppGroup("content", help="Bring notes and labs into the catalogue.")


@content.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would happen and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list with an object for each file.")
@plain_errors
def import_(paths: tuple[Path, ...], dry_run: bool, as_json: bool) -> None:
    """Import notes (*.md), labs (labs/NAME/lab.yaml) and question banks of other tools (docs/exchange.md).

    Importing again changes only what differs. What was edited in the browser stays as it was edited there. What has
    left a folder is asked no more, and nothing that was learnt is lost. Each file is stored by itself, and learners go
    on meanwhile. Exits with 1 if a file could not be taken.
    """
    try:
        reports, stopped = _imported(paths, dry_run=dry_run), None
    except ImportStopped as error:
        reports, stopped = list(error.reports), error
    if as_json:
        click.echo(json.dumps([_as_json(report) for report in reports], ensure_ascii=False, indent=2))
    else:
        for report in reports:
            click.echo(_as_text(report))
        click.echo(_summary(reports, dry_run=dry_run))
    if stopped is not None:
        raise stopped
    if any(report.error is not None for report in reports):
        raise click.exceptions.Exit(1)


@content.command("export")
@click.option(
    "--format", "form", type=click.Choice(ExportFormat), required=True, help="gift (Moodle), csv or apkg (Anki), json."
)
@click.option("--out", type=click.File("wb"), default="-", help="The file to write; the screen without.")
@click.argument("notes", nargs=-1, metavar="NOTE...")
@plain_errors
def export_(form: ExportFormat, out: BinaryIO, notes: tuple[str, ...]) -> None:
    """Write the questions that are asked, of all notes or of those with the ids NOTE, for another tool."""
    made = export(get_db(), form=form, note_keys=notes, now=clock.now())
    out.write(made.data)
    for sentence in made.left_out:
        click.echo(sentence, err=True)


def _imported(paths: tuple[Path, ...], *, dry_run: bool) -> list[FileReport]:
    """Import with a transaction for each file; a dry run on a copy, so that it holds up nobody."""
    db, root, now = get_db(), current_settings().content_dir, clock.now()
    if not dry_run:
        return import_paths(db, paths, root=root, now=now, settle=db.commit)
    with rehearsal(db) as copy:
        return import_paths(copy, paths, root=root, now=now)


def _as_json(report: FileReport) -> dict[str, Any]:
    shown: dict[str, Any] = {
        name: getattr(report, name) for name in ("path", "title", "convention", "questions", "answered", "concepts")
    }
    shown["warnings"] = [asdict(warning) for warning in report.warnings]
    if report.error is not None:
        shown["error"] = report.error
    return shown


def _as_text(report: FileReport) -> str:
    if report.error is not None:
        head = f"{report.path}: not imported"
    else:
        found = f"{plural(report.questions, 'question')}, {report.answered} answered, {plural(report.cards, 'card')}"
        head = f"{report.path}: {report.title}: {found}; {plural(report.changes.total, 'change')}"
    lines = [f"  line {warning.line}: {warning.message}" for warning in report.warnings]
    return "\n".join((head, *lines))


def _summary(reports: list[FileReport], *, dry_run: bool) -> str:
    changes = sum(report.changes.total for report in reports)
    bad = sum(report.error is not None for report in reports)
    text = f"{plural(len(reports), 'file')}, {plural(changes, 'change')}, {bad} not imported"
    return f"{text} (dry run: nothing was stored)" if dry_run else text
