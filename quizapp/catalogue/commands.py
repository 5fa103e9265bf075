"""`flask content`: import notes and labs into the catalogue, and bring questions out."""

import json
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.catalogue.exporting.export import ExportFormat, export
from quizapp.catalogue.formats.columns import Columns, columns_from
from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.importing.last_import import program_fingerprint
from quizapp.catalogue.importing.reading import ReadFiles, TracedNote, read_all, traces
from quizapp.catalogue.importing.sent_rows import learnt_of
from quizapp.catalogue.importing.service import ImportStopped, import_paths
from quizapp.catalogue.importing.trial_copy import rehearsal
from quizapp.catalogue.importing.unused_pictures import remove_unused
from quizapp.catalogue.retirement_consent import Consent
from quizapp.catalogue.store.identity import Keep
from quizapp.catalogue.store.import_run import FileReport
from quizapp.catalogue.wiring import TakesUpFor, learnt_elsewhere_of, settle_forms
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.database import get_db
from quizapp.web.templating import plural
from quizapp.web.working_line import working_line

content = AppGroup("content", help="Bring notes and labs into the catalogue.")


@content.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what would happen and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list with an object for each file.")
@click.option("--trace", is_flag=True, help="Print what became of each line of each note.")
@click.option("--yes", is_flag=True, help="Retire what is no longer in a file, however much that is.")
@click.option(
    "--keep/--anew",
    "kept",
    default=None,
    help="What may be an edit of a question or another fact: go on with what was learnt, or begin anew.",
)
@click.option(
    "--columns",
    metavar="MEANING=COLUMN,...",
    callback=lambda _context, _option, text: _columns(text),
    help="What the columns of CSV and TSV files mean, by name or number: question=2,answer=Key,option=3-6,tags=8.",
)
@click.option(
    "--memory-for",
    "learner",
    metavar="NAME",
    help="Keep for this learner what the files say was learnt of their cards in another program.",
)
@plain_errors
def import_(
    paths: tuple[Path, ...],
    dry_run: bool,
    as_json: bool,
    trace: bool,
    yes: bool,
    kept: bool | None,
    columns: Columns | None,
    learner: str | None,
) -> None:
    """Import notes (*.md), labs (labs/NAME/lab.yaml) and question banks of other tools (docs/exchange.md).

    Importing again changes only what differs. What was edited in the browser stays as it was edited there. What has
    left a folder is asked no more, and nothing that was learnt is lost. Each file is stored by itself, and learners go
    on meanwhile. A file that would retire more than a tenth of its note, or more than ten items, is left alone without
    --yes, or asks where somebody can answer. So is asked, without --keep or --anew, about a question that may be an
    edit of the one before it or another fact; where nobody can answer it begins anew. Exits with 1 if a file could not
    be taken.
    """
    keeps = None if learner is None else learnt_elsewhere_of(get_db(), name=learner)
    can_ask = not as_json and sys.stdin.isatty()
    try:
        keep = _edits(paths, columns) if kept is None and can_ask and not dry_run else Keep(all=bool(kept))
        consent = Consent.GIVEN if yes else Consent.NONE
        reports, stopped = _imported(paths, dry_run=dry_run, consent=consent, keep=keep, columns=columns), None
        if any(report.held for report in reports) and can_ask and _consents(reports):
            reports = _imported(paths, dry_run=dry_run, consent=Consent.GIVEN, keep=keep, columns=columns)
    except ImportStopped as error:
        reports, stopped = list(error.reports), error
    if trace:
        for note in traces(paths):
            click.echo(_as_trace(note), err=as_json)
    if as_json:
        click.echo(json.dumps([_as_json(report) for report in reports], ensure_ascii=False, indent=2))
    else:
        for report in reports:
            click.echo(_as_text(report))
        click.echo(_summary(reports, dry_run=dry_run))
    if keeps is not None and not dry_run:
        click.echo(f"{learner}: {_keep_learnt(keeps, paths, columns, reports)}", err=as_json)
    if stopped is not None:
        raise stopped
    if any(report.error is not None for report in reports):
        raise click.exceptions.Exit(1)


def _keep_learnt(keeps: TakesUpFor, paths: tuple[Path, ...], columns: Columns | None, reports: list[FileReport]) -> str:
    """Take up what the stored files say was learnt of their cards; says how much. Reads the files once more."""
    db, found = get_db(), ReadFiles(columns=columns)
    for path in paths:
        read_all(found, path, root=current_settings().content_dir)
    stored = {report.path for report in reports if report.error is None}
    learnt = learnt_of(db, [note for note in found.notes if note.path in stored])
    kept = keeps(learnt=learnt, now=clock.now(), settle=db.commit)
    return f"kept {plural(kept.reviews, 'review')}, and the schedule of {plural(kept.states, 'card')}"


def _columns(text: str | None) -> Columns | None:
    """What `--columns` says. Raises BadParameter."""
    try:
        return None if text is None else columns_from(text)
    except Unreadable as error:
        raise click.BadParameter(str(error)) from None


def _consents(reports: list[FileReport]) -> bool:
    """Ask whether the files that retire much are to be imported all the same."""
    for report in reports:
        if report.held:
            click.echo(f"{report.path}: {report.error}")
    return click.confirm("Import them and retire these items?")


def _edits(paths: tuple[Path, ...], columns: Columns | None) -> Keep:
    """Ask which of the questions that may be edits are, before anything is stored."""
    doubts = [
        doubt
        for report in _imported(paths, dry_run=True, consent=Consent.GIVEN, keep=Keep(), columns=columns)
        for doubt in report.doubts
    ]
    said = {
        doubt.token: click.confirm(f"“{doubt.before}”\nis now “{doubt.after}”.\nIs it the same fact?", default=False)
        for doubt in doubts
    }
    return Keep(tokens=frozenset(token for token, same in said.items() if same))


def _as_trace(note: TracedNote) -> str:
    """Each line of a note with its number and what it became."""
    shown = (f"{number:5} {use or '':12} | {line}" for number, (use, line) in enumerate(note.lines, start=1))
    return "\n".join((note.path, *shown))


@content.command("export")
@click.option(
    "--format",
    "form",
    type=click.Choice(ExportFormat, case_sensitive=False),
    required=True,
    help="gift (Moodle), csv or apkg (Anki), json, markdown, zip (Markdown with its pictures).",
)
@click.option("--out", type=click.File("wb"), default="-", help="The file to write; the screen without.")
@click.argument("notes", nargs=-1, metavar="NOTE...")
@plain_errors
def export_(form: ExportFormat, out: BinaryIO, notes: tuple[str, ...]) -> None:
    """Write the questions that are asked, of all notes or of those with the ids NOTE, for another tool.

    As markdown a note is its file, byte for byte, but for what was edited in the browser; several are a zip.
    Pictures are in zip, apkg and json.
    """
    folder = current_settings().pictures_dir
    made = export(get_db(), form=form, note_keys=notes, now=clock.now(), pictures=folder)
    out.write(made.data)
    for sentence in made.left_out:
        click.echo(sentence, err=True)


def _imported(
    paths: tuple[Path, ...], *, dry_run: bool, consent: Consent, keep: Keep, columns: Columns | None
) -> list[FileReport]:
    """Import with a transaction for each file; a dry run on a copy, so that it holds up nobody."""
    db, now = get_db(), clock.now()
    program = program_fingerprint() if columns is None else ""  # what a file says depends on its columns too
    ask = partial(
        import_paths,
        paths=paths,
        root=current_settings().content_dir,
        now=now,
        consent=consent,
        keep=keep,
        program=program,
        columns=columns,
    )
    with working_line(sys.stderr) as watch:
        if not dry_run:
            folder = current_settings().pictures_dir
            reports = ask(db, settle=db.commit, pictures=folder, watch=watch)
            _settle_forms(db)
            remove_unused(db, folder, now=now)
            return reports
        db.rollback()  # who is asked for was read in a transaction that may write
        with rehearsal(db) as copy:
            return ask(copy, watch=watch)


def _settle_forms(db: Session) -> None:
    """Let cards follow what tests the same thing by now, and say so."""
    if said := settle_forms(db):
        click.echo(said, err=True)
    db.commit()


def _as_json(report: FileReport) -> dict[str, Any]:
    shown: dict[str, Any] = {
        name: getattr(report, name) for name in ("path", "title", "convention", "questions", "answered", "concepts")
    }
    shown["warnings"] = [asdict(warning) for warning in report.warnings]
    if report.error is not None:
        shown["error"] = report.error
    if report.doubts:
        shown["doubts"] = [asdict(doubt) for doubt in report.doubts]
    return shown


def _as_text(report: FileReport) -> str:
    if report.error is not None:
        head = f"{report.path}: not imported"
    else:
        found = f"{plural(report.questions, 'question')}, {report.answered} answered, {plural(report.cards, 'card')}"
        head = f"{report.path}: {report.title}: {found}; {plural(report.changes.total, 'change')}"
    lines = [f"  line {warning.line}: {warning.message}" for warning in report.warnings]
    if report.held:
        lines.append("  To agree, give the same command with --yes.")
    return "\n".join((head, *lines))


def _summary(reports: list[FileReport], *, dry_run: bool) -> str:
    changes = sum(report.changes.total for report in reports)
    bad = sum(report.error is not None for report in reports)
    text = f"{plural(len(reports), 'file')}, {plural(changes, 'change')}, {bad} not imported"
    return f"{text} (dry run: nothing was stored)" if dry_run else text
