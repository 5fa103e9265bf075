"""Brings questions of the catalogue out, in a format that other tools read."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from quizapp.catalogue.formats import anki_out, gift_out
from quizapp.catalogue.formats.parsed import ParsedQuestion
from quizapp.catalogue.models import Note, Question, QuestionKind
from quizapp.catalogue.store.question_store import served


class ExportFormat(StrEnum):
    """What is written."""

    GIFT = "gift"
    CSV = "csv"
    JSON = "json"
    APKG = "apkg"


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file to keep, and what is not in it."""

    data: bytes
    left_out: tuple[str, ...]
    """A sentence for each question that the format cannot hold."""


def export(db: Session, *, form: ExportFormat, note_keys: Sequence[str] = (), now: datetime) -> Export:
    """All questions that are asked, or those of some notes. Labs are not among them: their hosts are no text."""
    notes = select(Note).where(Note.retired_at.is_(None)).order_by(Note.path)
    if note_keys:
        notes = notes.where(Note.key.in_(note_keys))
    chosen, left_out = [], []
    for note in db.scalars(notes):
        questions = _questions(db, note)
        if form is ExportFormat.GIFT:
            reasons = {question.key: gift_out.refused(question) for question in questions}
            left_out += [f"{key} of {note.path} is left out. {why}" for key, why in reasons.items() if why]
            questions = [question for question in questions if reasons[question.key] is None]
        if questions:
            chosen.append((note.title, questions))
    return Export(data=_file(chosen, form, now), left_out=tuple(left_out))


def _questions(db: Session, note: Note) -> list[ParsedQuestion]:
    rows = db.scalars(
        select(Question)
        .options(selectinload(Question.choices))
        .where(Question.note_id == note.id, Question.hidden.is_(False), Question.kind != QuestionKind.LAB)
        .order_by(Question.position, Question.id)
    )
    return [_written(row) for row in rows]


def _written(row: Question) -> ParsedQuestion:
    content = served(row)
    return ParsedQuestion(
        key=row.key,
        line=row.position,
        prompt=content.prompt,
        answer=content.answer,
        flashcard=content.kind is QuestionKind.FLASHCARD,
        must=content.must,
        bonus=content.bonus,
        red_flags=content.red_flags,
        choices=content.choices,
        level=content.level,
        source_url=content.source_url,
        as_of=content.as_of,
    )


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
        case _:
            assert_never(form)
