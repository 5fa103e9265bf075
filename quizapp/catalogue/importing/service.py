"""Imports content files and reports on each. A faulty file stops no other; learners' tables are never changed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.content_files import name_of, shown
from quizapp.catalogue.formats.columns import Columns
from quizapp.catalogue.formats.parsed import NoteWarning
from quizapp.catalogue.importing.held_back_files import hold_back
from quizapp.catalogue.importing.lab_reports import is_of_no_file, store_lab_file
from quizapp.catalogue.importing.missing_files import MissingNote, retire_missing
from quizapp.catalogue.importing.reading import ReadFiles, Watch, read_again, read_all, unwatched
from quizapp.catalogue.labs.lab_import import retire_lab
from quizapp.catalogue.labs.lab_places import let_labs_follow
from quizapp.catalogue.models import OPERATOR, Lab, Note
from quizapp.catalogue.note_paths import BROWSER
from quizapp.catalogue.own_notes import own_notes
from quizapp.catalogue.picture_rows import notes_with_lost_copies
from quizapp.catalogue.pictures.pictures import Copies
from quizapp.catalogue.question_shape import shape_of
from quizapp.catalogue.remits import RemitOfImport
from quizapp.catalogue.retirement_consent import Consent, Held, held_report, retires_much
from quizapp.catalogue.store.identity import Keep
from quizapp.catalogue.store.import_run import FileReport, NoteFile, failed
from quizapp.catalogue.store.note_planning import PlannedNote, note_report
from quizapp.catalogue.store.note_rows import Outdated, keep_text_here, plan_ahead, rendered, store_note, texts_here
from quizapp.catalogue.store.revisions import Revisions
from quizapp.catalogue.store.run_opening import ImportRun, open_run
from quizapp.catalogue.store.unchanged import has_its_rows, keep, known_files, notes_with_ids_of
from quizapp.catalogue.visibility import Reader
from quizapp.db import UNFOLLOWED, snapshot, syncing_late
from quizapp.errors import QuizappError
from quizapp.garbage_collection import collector_held
from quizapp.one_at_a_time import Alone, wait_for_turn

NONE_KEPT = Keep()
PLANS_MAX = 3  # of a note before its transaction; if others change the catalogue each time, it is planned within it


def nothing() -> None:
    """What is done after each file if the caller keeps the whole import in one transaction."""


class _Step:
    """What is to be done for one file, in one transaction."""

    def __init__(
        self,
        path: str,
        *,
        store: Callable[[], list[FileReport]],
        plan: Callable[[], Callable[[], list[FileReport]]] | None = None,
    ) -> None:
        self.path = path
        self.store = store
        """Does it all in the transaction."""
        self.plan = plan or (lambda: store)
        """Does before the transaction what can be done there, and returns what does the rest; raises Outdated."""


class ImportStopped(QuizappError):
    """An import that an unexpected fault ended between two files; what came before it is stored."""

    title = "The import stopped"

    def __init__(self, path: str, fault: Exception, reports: Sequence[FileReport]) -> None:
        super().__init__(
            f"The import stopped at {path}: {fault!r:.300}. {len(reports)} files before it are as reported; "
            "mend the fault and start the import again: it goes on from there."
        )
        self.reports = reports


def import_content(
    db: Session,
    path: Path,
    *,
    now: datetime,
    settle: Callable[[], None] = nothing,
    consent: Consent = Consent.GIVEN,
    program: str = "",
    pictures: Path | None = None,
) -> list[FileReport]:
    """Import the content folder at `path` with its labs; notes and labs whose files are gone are retired.

    `consent`, `program` and `pictures` are as in `import_paths`.
    """
    return import_paths(
        db, [path], root=path, now=now, settle=settle, consent=consent, program=program, pictures=pictures
    )


def import_paths(
    db: Session,
    paths: Sequence[Path],
    *,
    root: Path,
    now: datetime,
    settle: Callable[[], None] = nothing,
    consent: Consent = Consent.GIVEN,
    keep: Keep = NONE_KEPT,
    program: str = "",
    columns: Columns | None = None,
    pictures: Path | None = None,
    watch: Watch = unwatched,
) -> list[FileReport]:
    """Import files and folders. Calls `settle`, which may commit, after each file, so that others can write in between.

    Notes below `root`, the content folder, are stored with their path relative to it, others with their full path. If a
    path is a folder, its notes whose files are gone are retired; if it is `root`, the labs whose files are gone too.
    Without `consent` a file that would retire more than RETIRED_SHARE_MAX or RETIRED_MAX of its note's items is left
    as it was, and its report says so (`FileReport.held`). `keep` says which of the questions that may be edits are
    (`FileReport.doubts`); the others begin anew.
    `columns` says what the columns of tables mean.
    `program` is the fingerprint of the program: a file that it has imported before, and that has not changed, is not
    parsed again. With an empty one each file is. `pictures` is the folder that the notes' pictures are copied into.
    Raises ImportStopped, with the reports on the files before, for a fault that is not the file's.
    """
    with snapshot(db):
        known, here = known_files(db) if program else {}, texts_here(db)
    found = ReadFiles(program=program, known=known, here=here, columns=columns, copies=Copies(folder=pictures))
    for path in paths:
        read_all(found, path, root=root, watch=watch)
    _read_what_may_change(db, found)
    _leave_aside(db, found)
    with snapshot(db):
        missing = _missing(db, found, [path for path in paths if path.is_dir()], root=root)
    if consent is Consent.FOR_FILES_GONE:
        hold_back(db, found, store_all=partial(_tried, missing=missing, now=now))
    revisions = _revisions(db, found)
    taken = partial(_store_all, now=now, settle=settle, consent=consent, keep=keep, watch=watch, revisions=revisions)
    reports = taken(db, found, missing)
    if not found.unread and any(path.resolve() == root.resolve() for path in paths):
        reports += _retire_labs(db, found.slugs, root=root, now=now, revisions=revisions)
        settle()
    return sorted(reports, key=lambda report: report.path)


def _read_what_may_change(db: Session, found: ReadFiles) -> None:
    """Parse the unchanged files whose rows have changed, or one of whose items has an id that another file claims."""
    if not found.unchanged:
        return
    with snapshot(db):
        again = notes_with_ids_of(db, found.notes)
        if found.copies.folder is not None:
            again |= notes_with_lost_copies(db, found.copies.folder)  # only what is within a package is not copied yet
        again |= {name for name in found.unchanged if not has_its_rows(db, found.known[name])}
    for name in [name for name in found.unchanged if name in again]:
        read_again(found, name)


def import_sent(
    db: Session,
    found: ReadFiles,
    *,
    now: datetime,
    settle: Callable[[], None] = nothing,
    consent: Consent = Consent.GIVEN,
    keep: Keep = NONE_KEPT,
) -> list[FileReport]:
    """Import what `read_sent` has read. A note of a name that was sent before takes its place; no other is retired.

    Of a learner's own notes none is stored with which there would be more than fits, see `own_notes`; of notes for all
    none that is not among those that whoever sent them may change, see `remits`.

    `consent` and `keep` are as in `import_paths`. Calls `settle` after each note. Raises ImportStopped, with the
    reports on the notes before, for a fault that is not the note's.
    """
    revisions = _revisions(db, found)
    reports = _store_all(db, found, [], now=now, settle=settle, consent=consent, keep=keep, revisions=revisions)
    if found.owner is None:
        let_labs_follow(db)
        settle()
    return sorted(reports, key=lambda report: report.path)


def _leave_aside(db: Session, found: ReadFiles) -> None:
    """Leave out the files of notes that an editor has retired in the browser, and say so."""
    with snapshot(db):
        retired = db.execute(select(Note.path, Note.key).where(Note.retired_here, Note.retired_at.is_not(None))).all()
    paths, keys = {row.path for row in retired}, {row.key for row in retired}
    for note in [note for note in found.notes if note.name in paths or note.parsed.key in keys]:
        found.notes.remove(note)
        found.left_out.append(note)
        message = "An editor has retired this note in the browser, so its file is left aside. Restore it there."
        warning = NoteWarning(line=1, message=message)
        found.reports.append(FileReport(path=note.path, title=note.parsed.heading, warnings=(warning,)))


def _store_all(
    db: Session,
    found: ReadFiles,
    missing: Sequence[MissingNote],
    *,
    now: datetime,
    settle: Callable[[], None],
    consent: Consent,
    keep: Keep,
    watch: Watch = unwatched,
    revisions: Revisions | None = None,
) -> list[FileReport]:
    """Store what was read, retire what is missing, and report on each file."""
    reports = [*found.reports, *(_unchanged(found, name) for name in found.unchanged)]
    if not found.notes and not missing and not found.labs:
        return reports
    with snapshot(db):
        gone = frozenset(one.id for one in missing)
        claimants = found.in_order((*found.notes, *found.left_out)) if found.left_out else found.notes
        run, notes = open_run(db, found.notes, gone=gone, keep=keep, owner=found.owner, claimants=claimants)
    settle()  # a transaction that the caller has begun would have each note planned within it
    steps = len(notes) + len(missing) + len(found.labs)
    for number, step in enumerate(_steps(db, found, notes, missing, run=run, now=now, revisions=revisions), start=1):
        watch(f"Storing {number} of {steps}: {step.path}")
        try:
            with collector_held(), syncing_late():  # in the transaction others wait for a collection, and for the disk
                said = _taken(db, step, consent=consent)
                settle()
        except Exception as fault:
            raise ImportStopped(step.path, fault, sorted(reports, key=lambda report: report.path)) from fault
        reports += said
    return reports


def _revisions(db: Session, found: ReadFiles) -> Revisions | None:
    """What keeps the changes of an import; none of own notes, nor on a copy that is thrown away."""
    if found.owner is not None or UNFOLLOWED in db.info:
        return None
    editor_id = found.sent_by.id if found.sent_by is not None else OPERATOR
    return Revisions(editor_id=editor_id, what=found.what, step_id=found.step_id)


def _tried(db: Session, found: ReadFiles, *, missing: Sequence[MissingNote], now: datetime) -> list[FileReport]:
    """Store what was read in a copy of the catalogue."""
    return _store_all(db, found, missing, now=now, settle=nothing, consent=Consent.GIVEN, keep=NONE_KEPT)


def _unchanged(found: ReadFiles, name: str) -> FileReport:
    return replace(found.known[name].report, path=shown(found.unchanged[name].path))


def _taken(db: Session, step: _Step, *, consent: Consent) -> list[FileReport]:
    """Store one file as it was planned, or as it is planned anew if the catalogue was changed in between."""
    for _ in range(PLANS_MAX):
        store = step.plan()
        try:
            return _stored(db, store, consent=consent)
        except Outdated:
            continue
    return _stored(db, step.store, consent=consent)


def _stored(db: Session, store: Callable[[], list[FileReport]], *, consent: Consent) -> list[FileReport]:
    """Store one file, or undo that if it retires too much without consent, or is too much for its learner."""
    is_alone = not db.in_transaction()  # a savepoint takes a tenth of the time that others wait for
    try:
        wait_for_turn(db.connection(), Alone.IMPORTING)  # or two imports of one file would both make what is new in it
        with nullcontext() if is_alone else db.begin_nested():
            said = store()
            for report in said:
                if consent is Consent.NONE and retires_much(report):
                    raise Held(held_report(report))
    except Held as held:
        if is_alone:
            db.rollback()
        db.expire_all()
        return [held.report]
    except Exception:
        if is_alone:
            db.rollback()  # whoever commits next must not commit half of a file
        raise
    return said


def _steps(
    db: Session,
    found: ReadFiles,
    notes: Sequence[NoteFile],
    missing: Sequence[MissingNote],
    *,
    run: ImportRun,
    now: datetime,
    revisions: Revisions | None,
) -> Iterator[_Step]:
    """What is to be done for each file, in order."""
    for note in notes:
        with collector_held():
            prepared = rendered(note)  # here, and not while the transaction of the step holds up all other writers
        store = partial(_store_note, db, prepared, run=run, now=now, sent_by=found.sent_by, revisions=revisions)
        yield _Step(note.path, store=store, plan=partial(_planned, db, prepared, store, run=run))
    for gone in missing:
        yield _Step(gone.path, store=partial(retire_missing, db, gone, now=now, revisions=revisions))
    for lab in found.labs:
        yield _Step(lab.path, store=partial(store_lab_file, db, lab, now=now, revisions=revisions))


def _planned(
    db: Session, note: NoteFile, store: Callable[..., list[FileReport]], *, run: ImportRun
) -> Callable[[], list[FileReport]]:
    """What stores a note as it can be planned before its transaction."""
    return partial(store, ahead=plan_ahead(db, read=note, run=run))


def _store_note(
    db: Session,
    note: NoteFile,
    *,
    run: ImportRun,
    now: datetime,
    sent_by: Reader | None,
    revisions: Revisions | None,
    ahead: PlannedNote | None = None,
) -> list[FileReport]:
    remit = None
    if sent_by is not None and run.owner is None and sent_by.is_limited:
        remit = RemitOfImport(db, sent_by, path=note.name, key=note.parsed.key)
    stored = store_note(db, read=note, run=run, now=now, ahead=ahead, revisions=revisions)
    if remit is not None and (why := remit.why_not(stored.note_id)):
        raise Held(failed(note.path, NoteWarning(line=1, message=why)))
    if run.owner is not None and (why := own_notes(db, owner=run.owner).too_much):
        raise Held(failed(note.path, NoteWarning(line=1, message=why)))
    if note.laid is not None:
        keep_text_here(db, note_id=stored.note_id, laid=note.laid)
    report = note_report(note, stored)
    if note.print and not stored.conflicts:
        keep(db, stored.note_id, report, content=note.print)
    return [report]


def _missing(db: Session, found: ReadFiles, folders: Sequence[Path], *, root: Path) -> list[MissingNote]:
    """The stored notes whose file was in one of these folders and is gone, by path."""
    prefixes = [name_of(folder, root=root) for folder in folders]
    unread = [name_of(folder, root=root) for folder in found.unread]
    rows = [MissingNote(*row) for row in db.execute(select(Note.id, Note.path).order_by(Note.path))]
    lost = [row for row in rows if row.path not in found.names and not _is_below(row.path, unread)]
    return [row for row in lost if _is_below(row.path, prefixes)]


def _is_below(name: str, prefixes: Sequence[str]) -> bool:
    """Whether a note's name is that of a file in one of these folders; `.` is the content folder."""
    return any(
        not name.startswith(("/", BROWSER)) if prefix == "." else name.startswith(f"{prefix.rstrip('/')}/")
        for prefix in prefixes
    )


def _retire_labs(
    db: Session, slugs: set[str], *, root: Path, now: datetime, revisions: Revisions | None
) -> list[FileReport]:
    reports = []
    live = select(Lab).where(Lab.retired_at.is_(None), Lab.slug.not_in(slugs)).order_by(Lab.slug)
    for lab in [lab for lab in db.scalars(live).all() if not is_of_no_file(db, lab)]:
        before = shape_of(lab.question)
        changes = retire_lab(db, lab, now=now)
        if revisions is not None:
            revisions.keep_lab(db, lab.question, before, title=lab.title, now=now)
        warning = NoteWarning(line=1, message="The file is gone. The lab is offered no more; its runs stay.")
        path = str(root / "labs" / lab.slug / "lab.yaml")
        reports.append(FileReport(path=path, title=lab.title, changes=changes, warnings=(warning,), gone=True))
    return reports
