"""Stores a lab's file and reports on it."""

from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.catalogue.formats.parsed import NoteWarning
from quizapp.catalogue.labs.lab_file import LabFile, read_lab
from quizapp.catalogue.labs.lab_import import store_lab
from quizapp.catalogue.labs.lab_sources import LabVersions, keep_versions, lab_called, met, versions_of
from quizapp.catalogue.models import Lab, LabSource
from quizapp.catalogue.question_shape import shape_of
from quizapp.catalogue.store.import_run import FileReport, failed
from quizapp.catalogue.store.revisions import Revisions


def is_of_no_file(db: Session, lab: Lab) -> bool:
    """Whether a lab was made in the browser, and no file has had it yet."""
    source = db.get(LabSource, lab.id)
    return source is not None and source.file is None


def store_lab_file(
    db: Session, file: LabFile, *, now: datetime, revisions: Revisions | None = None
) -> list[FileReport]:
    """Store a lab's file, unless another text was published in the browser since: that one stays offered."""
    path, definition = file.path, file.definition
    lab = lab_called(db, definition.id)
    before = shape_of(lab.question) if lab is not None else None
    versions = versions_of(db, lab_id=lab.id) if lab is not None else LabVersions(file=None, published=None)
    versions = met(versions, file.text)
    if versions.published is not None:
        definition = read_lab(versions.published, folder=definition.id)
    stored = store_lab(db, definition, now=now)
    if stored.clash:
        message = f"A question of a note has the id {definition.id}. Give the lab, and its folder, another one."
        return [failed(path, NoteWarning(line=1, message=message))]
    stored_lab = lab or lab_called(db, definition.id)
    assert stored_lab is not None  # it was stored just now
    keep_versions(db, versions, lab_id=stored_lab.id)
    stored_lab.question.held = None  # a draft that was begun in the browser is a lab as soon as a file has it
    if revisions is not None and stored.changes.total:
        revisions.keep_lab(db, stored_lab.question, before, title=definition.title, now=now)
    messages = [f"No note has the concept {key}." for key in stored.unknown]
    if stored.alone:
        messages.append(f"No question has the id {definition.same_as}, so this lab is learnt by itself.")
    if stored.names_itself:
        messages.append(f"same_as names this lab itself, {definition.same_as}. Name another one, or leave it out.")
    if stored.conflict or versions.waiting is not None:
        messages.append("This lab was changed in both, the file and the browser; the browser's version is kept.")
    if stored_lab.question.retired_here:
        messages.append("An editor has retired this lab in the browser, so it is not offered. Restore it there.")
    report = FileReport(
        path=path,
        title=definition.title,
        convention="lab",
        questions=1,
        answered=1,
        warnings=tuple(NoteWarning(line=1, message=message) for message in messages),
        changes=stored.changes,
    )
    return [report]
