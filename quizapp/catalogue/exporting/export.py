"""Brings questions of the catalogue out, in a format that other tools read."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from quizapp.catalogue.exporting.markdown_out import MarkdownFile, markdown_files, question_of
from quizapp.catalogue.exporting.notes_zip import lost_pictures, zipped
from quizapp.catalogue.formats import anki_out
from quizapp.catalogue.formats.banks import gift_out
from quizapp.catalogue.formats.parsed import ParsedQuestion
from quizapp.catalogue.formats.texts import question_with_texts
from quizapp.catalogue.html.inline_html import KEPT, PICTURE_NAME
from quizapp.catalogue.models import Note, Question, QuestionKind
from quizapp.catalogue.note_paths import shown_path
from quizapp.catalogue.pictures.pictures import kept
from quizapp.catalogue.remits import edited_by
from quizapp.catalogue.store.question_store import served
from quizapp.catalogue.visibility import FOR_ALL, Reader
from quizapp.errors import NotFound

_Pictures = Mapping[str, tuple[bytes, str] | None]
"""Bytes and media type of pictures by the names of their copies; None for one whose copy is lost."""


class ExportFormat(StrEnum):
    """What is written."""

    GIFT = "gift"
    CSV = "csv"
    JSON = "json"
    APKG = "apkg"
    MARKDOWN = "markdown"  # the notes themselves; a zip of them, with their pictures, if there are several
    ZIP = "zip"  # the notes themselves with their pictures, in a zip also if there is one alone


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file to keep, and what is not in it."""

    data: bytes
    left_out: tuple[str, ...]
    """A sentence for each question that the format cannot hold."""


def export(
    db: Session,
    *,
    form: ExportFormat,
    note_keys: Sequence[str] = (),
    question_keys: Sequence[str] = (),
    now: datetime,
    pictures: Path | None = None,
    editor: Reader | None = None,
) -> Export:
    """All questions that are asked of notes for all, or those of some notes, whosever they are.

    Of `question_keys`, if they are given, those alone, in any format but Markdown; of those with `editor` the ones that
    this person may change.

    `pictures` is the folder of copies; without it no picture is in the file.

    Labs are not among them: their hosts are no text.
    Raises NotFound for a key of no note.
    """
    if form in (ExportFormat.MARKDOWN, ExportFormat.ZIP):
        return _as_markdown(markdown_files(db, note_keys=note_keys), form, pictures)
    chosen, left_out = [], []
    for note, rows in groupby(_asked(db, note_keys, question_keys, editor), key=lambda row: row.note):
        assert note is not None  # only questions of notes are read
        questions = [_written(row) for row in rows]
        if form is ExportFormat.GIFT:
            reasons = {question.key: gift_out.refused(question) for question in questions}
            left_out += [f"{key} of {note.path} is left out. {why}" for key, why in reasons.items() if why]
            questions = [question for question in questions if reasons[question.key] is None]
        if questions:
            chosen.append((_name_of(note, form), questions))
    shown = {name: found for _, questions in chosen for name, found in _pictures_of(questions, pictures)}
    data, lost = _file(chosen, form, now, shown), [name for name, found in shown.items() if found is None]
    if lost:
        left_out.append(f"{len(lost)} pictures are not in it, as their copies are lost. Import their notes again.")
    if shown and form in (ExportFormat.GIFT, ExportFormat.CSV):
        left_out.append(f"{len(shown)} pictures are named in it, and not in it. In apkg, json and zip they are.")
    return Export(data=data, left_out=tuple(left_out))


def _as_markdown(files: Sequence[MarkdownFile], form: ExportFormat, pictures: Path | None) -> Export:
    left_out = [sentence for file in files for sentence in file.left_out]
    if len(files) == 1 and form is ExportFormat.MARKDOWN:
        shown = len(files[0].pictures)
        left_out += [f"{files[0].path}: its pictures ({shown}) are not in it. As zip they come along."] if shown else []
        return Export(data=files[0].data, left_out=tuple(left_out))
    left_out += lost_pictures(files, pictures=pictures)
    data = zipped([file for file in files if file.is_markdown], pictures=pictures)
    return Export(data=data, left_out=tuple(left_out))


def _pictures_of(
    questions: Sequence[ParsedQuestion], folder: Path | None
) -> Iterator[tuple[str, tuple[bytes, str] | None]]:
    """The pictures that questions show, by the names of their copies: bytes and media type, None if they are lost."""
    names: dict[str, None] = {}

    def seen(text: str) -> str:
        names.update(dict.fromkeys(name for name in PICTURE_NAME.findall(text) if f"{KEPT}{name}" in text))
        return text

    for question in questions:
        question_with_texts(question, seen)
    for name in names:
        yield name, kept(folder, name) if folder is not None else None


def _asked(
    db: Session, note_keys: Sequence[str], question_keys: Sequence[str], editor: Reader | None
) -> Sequence[Question]:
    """The questions of notes, note by note, each with its note and its options."""
    notes = select(Note.id).where(Note.retired_at.is_(None))
    if not note_keys:
        notes = notes.where(FOR_ALL)
    else:
        notes = notes.where(Note.key.in_(note_keys))
        if unknown := set(note_keys) - set(db.scalars(notes.with_only_columns(Note.key))):
            raise NotFound(f"No note has the id {', '.join(sorted(unknown))}. The address of a note's page ends in it.")
    chosen = select(Question) if not question_keys else select(Question).where(Question.key.in_(question_keys))
    if editor is not None:
        chosen = chosen.where(edited_by(editor))
    return db.scalars(
        chosen.join(Question.note)
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


def _as_json(title: str, questions: Sequence[ParsedQuestion], kept: _Pictures) -> str:
    listed = [{name: value for name, value in asdict(one).items() if name != "line"} for one in questions]
    shown = [(name, kept[name]) for name, _ in _pictures_of(questions, None)]
    pictures = [
        {"name": name, "type": found[1], "base64": b64encode(found[0]).decode()}
        for name, found in shown
        if found is not None
    ]
    note = {"title": title, "questions": listed, **({"pictures": pictures} if pictures else {})}
    return json.dumps(note, ensure_ascii=False, indent=2)


def _file(
    notes: Sequence[tuple[str, Sequence[ParsedQuestion]]], form: ExportFormat, now: datetime, kept: _Pictures
) -> bytes:
    match form:
        case ExportFormat.JSON:
            return f"[{','.join(_as_json(*note, kept) for note in notes)}]\n".encode()
        case ExportFormat.GIFT:
            return "\n".join(gift_out.write(*note) for note in notes).encode()
        case ExportFormat.CSV:
            return (anki_out.HEADERS + "".join(anki_out.write(*note) for note in notes)).encode()
        case ExportFormat.APKG:
            from quizapp.catalogue.packages import anki_writer  # genanki takes long to load, and starts need it not

            media = {name: found[0] for name, found in kept.items() if found is not None}
            return anki_writer.write(notes, now=now, media=media)
        case ExportFormat.MARKDOWN | ExportFormat.ZIP:
            raise AssertionError("notes are given back as they are, not written from their questions")
        case _:
            assert_never(form)
