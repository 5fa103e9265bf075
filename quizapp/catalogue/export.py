"""Brings questions of the catalogue out, in a format that other tools read."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from pathlib import PurePosixPath
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from quizapp.catalogue.formats import anki_out, gift_out
from quizapp.catalogue.formats.parsed import ParsedQuestion
from quizapp.catalogue.markdown_out import markdown_files, question_of, zipped
from quizapp.catalogue.models import Note, Question, QuestionKind
from quizapp.catalogue.note_paths import shown_path
from quizapp.catalogue.store.question_store import served
from quizapp.catalogue.visibility import FOR_ALL
from quizapp.errors import NotFound


class ExportFormat(StrEnum):
    """What is written."""

    GIFT = "gift"
    CSV = "csv"
    JSON = "json"
    APKG = "apkg"
    MARKDOWN = "markdown"  # the notes themselves; a zip of them if there are several


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file to keep, and what is not in it."""

    data: bytes
    left_out: tuple[str, ...]
    """A sentence for each question that the format cannot hold."""


def export(db: Session, *, form: ExportFormat, note_keys: Sequence[str] = (), now: datetime) -> Export:
    """All questions that are asked of notes for all, or those of some notes, whosever they are.

    Labs are not among them: their hosts are no text.
    Raises NotFound for a key of no note.
    """
    if form is ExportFormat.MARKDOWN:
        files = markdown_files(db, note_keys=note_keys)
        data = files[0].data if len(files) == 1 else zipped([file for file in files if file.data])
        return Export(data=data, left_out=tuple(sentence for file in files for sentence in file.left_out))
    chosen, left_out = [], []
    for note, rows in groupby(_asked(db, note_keys), key=lambda row: row.note):
        assert note is not None  # only questions of notes are read
        questions = [_written(row) for row in rows]
        if form is ExportFormat.GIFT:
            reasons = {question.key: gift_out.refused(question) for question in questions}
            left_out += [f"{key} of {note.path} is left out. {why}" for key, why in reasons.items() if why]
            questions = [question for question in questions if reasons[question.key] is None]
        if questions:
            chosen.append((_name_of(note, form), questions))
    return Export(data=_file(chosen, form, now), left_out=tuple(left_out))


def _asked(db: Session, note_keys: Sequence[str]) -> Sequence[Question]:
    """The questions of notes, note by note, each with its note and its options."""
    notes = select(Note.id).where(Note.retired_at.is_(None))
    if not note_keys:
        notes = notes.where(FOR_ALL)
    else:
        notes = notes.where(Note.key.in_(note_keys))
        if unknown := set(note_keys) - set(db.scalars(notes.with_only_columns(Note.key))):
            raise NotFound(f"No note has the id {', '.join(sorted(unknown))}. The address of a note's page ends in it.")
    return db.scalars(
        select(Question)
        .join(Question.note)
        .options(contains_eager(Question.note).defer(Note.source), selectinload(Question.choices))
        .where(Note.id.in_(notes), Question.hidden.is_(False), Question.kind != QuestionKind.LAB)
        .order_by(Note.path, Question.position, Question.id)
    ).all()


def _name_of(note: Note, form: ExportFormat) -> str:
    """What a note is called in the file. Anki's deck has the name of the note's file, which a new heading leaves."""
    for_anki = form in (ExportFormat.APKG, ExportFormat.CSV)
    return PurePosixPath(shown_path(note.path)).stem if for_anki else note.title


def _written(row: Question) -> ParsedQuestion:
    return replace(question_of(served(row), key=row.key), line=row.position)


def _as_json(title: str, questions: Sequence[ParsedQuestion]) -> str:
    listed = [{name: value for name, value in asdict(one).items() if name != "line"} for one in questions]
    return json.dumps({"title": title, "questions": listed}, ensure_ascii=False, indent=2)


def _file(notes: Sequence[tuple[str, Sequence[ParsedQuestion]]], form: ExportFormat, now: datetime) -> bytes:
    match form:
        case ExportFormat.JSON:
            return f"[{','.join(_as_json(*note) for note in notes)}]\n".encode()
        case ExportFormat.GIFT:
            return "\n".join(gift_out.write(*note) for note in notes).encode()
        case ExportFormat.CSV:
            return (anki_out.HEADERS + "".join(anki_out.write(*note) for note in notes)).encode()
        case ExportFormat.APKG:
            from quizapp.catalogue.packages import anki_writer  # genanki takes long to load, and starts need it not

            return anki_writer.write(notes, now=now)
        case ExportFormat.MARKDOWN:
            raise AssertionError("notes are given back as they are, not written from their questions")
        case _:
            assert_never(form)
