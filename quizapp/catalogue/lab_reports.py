"""Stores a lab's file and reports on it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.content_files import ContentFile
from quizapp.catalogue.formats.parsed import NoteWarning
from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.lab_import import store_lab
from quizapp.catalogue.models import Question
from quizapp.catalogue.question_shape import shape_of
from quizapp.catalogue.store.import_run import FileReport, failed
from quizapp.catalogue.store.revisions import Revisions


def store_lab_file(
    db: Session, file: ContentFile, definition: LabDefinition, *, now: datetime, revisions: Revisions | None = None
) -> list[FileReport]:
    path = str(file.path)
    was = db.scalar(select(Question).where(Question.key == definition.id)) if revisions is not None else None
    before = shape_of(was) if was is not None else None
    stored = store_lab(db, definition, now=now)
    if stored.clash:
        message = f"A question of a note has the id {definition.id}. Give the lab, and its folder, another one."
        return [failed(path, NoteWarning(line=1, message=message))]
    if revisions is not None and stored.changes.total:
        question = db.scalars(select(Question).where(Question.key == definition.id)).one()
        revisions.keep_lab(db, question, before, title=definition.title, now=now)
    messages = [f"No note has the concept {key}." for key in stored.unknown]
    if stored.alone:
        messages.append(f"No question has the id {definition.same_as}, so this lab is learnt by itself.")
    if stored.names_itself:
        messages.append(f"same_as names this lab itself, {definition.same_as}. Name another one, or leave it out.")
    if stored.conflict:
        messages.append("This lab was changed in both, the file and the browser; the browser's version is kept.")
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
