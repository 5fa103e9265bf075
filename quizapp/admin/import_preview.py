"""What an import of notes would do, tried on a copy of the catalogue: each question, and what becomes of it."""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.banks import TABLES
from quizapp.catalogue.consent import retires_much
from quizapp.catalogue.formats import tables
from quizapp.catalogue.formats.tables import TableSample
from quizapp.catalogue.models import Note, Question
from quizapp.catalogue.question_shape import KIND_WORDS
from quizapp.catalogue.reading import ReadFiles, lines_of
from quizapp.catalogue.rehearsal import rehearsal
from quizapp.catalogue.rendering import render, render_inline
from quizapp.catalogue.sent_notes import SentNote
from quizapp.catalogue.service import import_sent
from quizapp.catalogue.store.import_run import FileReport, NoteFile
from quizapp.collector import collector_held

ANSWERED_MAX = 200  # questions of a note whose answers are shown: to render a thousand takes over a second


class Fate(StrEnum):
    """What an import does with a question."""

    NEW = "new"
    CHANGED = "changed"  # the learners' schedules of it stay
    KEPT = "kept"
    RESTORED = "restored"  # it was retired and is asked again
    RETIRED = "retired"  # it is asked no more; what was learnt of it stays


FATES = {
    Fate.NEW: "new",
    Fate.CHANGED: "changed, schedules stay",
    Fate.KEPT: "as it was",
    Fate.RESTORED: "asked again",
    Fate.RETIRED: "asked no more",
}


@dataclass(frozen=True, kw_only=True)
class PreviewedQuestion:
    """A question of a note, and what an import does with it."""

    fate: Fate
    becomes: str
    """The fate in words."""
    prompt_html: Markup
    answer_html: Markup
    """Its answer, or its options with the right ones marked; empty for those after the first ANSWERED_MAX."""
    kind: str
    is_draft: bool
    """Whether it has no answer yet, so that editors alone see it."""


@dataclass(frozen=True, kw_only=True)
class PreviewedPicture:
    """A picture of a note."""

    address: str
    """As the note names it."""
    name: str
    """What its copy is called."""


@dataclass(frozen=True, kw_only=True)
class PreviewedNote:
    """A note as an import would store it."""

    report: FileReport
    path: str
    """What it was sent as; empty for a file that cannot be read."""
    data: str
    """What was sent, in base64."""
    lines: Sequence[tuple[str, str]]
    """Of Markdown: what becomes of each line, empty for a blank one, and the line."""
    questions: Sequence[PreviewedQuestion]
    reviews: int = 0
    """How many reviews of its cards the file has from another program."""
    schedules: int = 0
    """How many of its cards have a schedule of another program, and no reviews."""
    pictures: Sequence[PreviewedPicture] = ()
    """The pictures that it shows."""
    missing: Sequence[str] = ()
    """The addresses of pictures that were not sent, or are none."""
    table: TableSample | None = None
    """Of a CSV or TSV file, how it begins and what its columns are taken for; None where nobody can choose."""

    @property
    def named(self) -> str:
        """The names of the copies of its pictures by address, as JSON; empty without any."""
        return json.dumps({one.address: one.name for one in self.pictures}) if self.pictures else ""

    @property
    def retires_much(self) -> bool:
        """Whether so much of the note as it was is retired that somebody must agree."""
        return retires_much(self.report)

    def count(self, fate: Fate) -> int:
        """How many questions of the note have this fate, which a template names by its value."""
        return sum(question.fate == fate for question in self.questions)


def preview(db: Session, found: ReadFiles, *, now: datetime) -> list[PreviewedNote]:
    """Import what was read into a copy of the catalogue. Ends the transaction of `db`, which has written nothing."""
    with rehearsal(db) as copy, collector_held():
        before = {row.id: row for row in copy.execute(select(Question.id, Question.fingerprint, Question.retired_at))}
        files = {file.path: file for file in found.notes}
        return [
            unread(report)
            if report.error is not None
            else _previewed(copy, report, files[report.path], found.sent[report.path], before)
            for report in import_sent(copy, found, now=now)
        ]


def unread(report: FileReport) -> PreviewedNote:
    """The preview of a file that cannot be read."""
    return PreviewedNote(report=report, path="", data="", lines=[], questions=[])


def _previewed(
    copy: Session, report: FileReport, file: NoteFile, sent: SentNote, before: dict[int, Any]
) -> PreviewedNote:
    note_id = select(Note.id).where(Note.path == file.name).scalar_subquery()
    questions = copy.scalars(select(Question).where(Question.note_id == note_id).order_by(Question.position))
    fates = [(question, fate) for question in questions if (fate := _fate(question, before)) is not None]
    shown = [
        _question(question, fate, render(_answer(question)) if place < ANSWERED_MAX else Markup())
        for place, (question, fate) in enumerate(fates)
    ]
    lines = () if sent.suffix else lines_of(file.parsed, file.source)
    return PreviewedNote(
        report=report,
        path=sent.path or "",
        data=b64encode(sent.data).decode(),
        lines=[(use or "", line) for use, line in lines],
        questions=shown,
        reviews=sum(len(one.reviews) for one in file.parsed.learnt),
        pictures=[PreviewedPicture(address=place, name=one.name) for place, one in file.pictures.items()],
        missing=file.missing,
        schedules=len(file.parsed.states) + sum(one.state is not None for one in file.parsed.learnt),
        table=tables.sample(sent.data, sent.columns) if sent.suffix in TABLES else None,
    )


def _fate(question: Question, before: dict[int, Any]) -> Fate | None:
    """What became of a question; None if it was retired and stays so."""
    known = before.get(question.id)
    if known is None:
        return Fate.NEW
    if question.retired_at is not None:
        return Fate.RETIRED if known.retired_at is None else None
    if known.retired_at is not None:
        return Fate.RESTORED
    return Fate.KEPT if known.fingerprint == question.fingerprint else Fate.CHANGED


def _answer(question: Question) -> str:
    """What is right and the answer in Markdown, or the options, of which the right ones are marked."""
    options = (f"- {'✓' if choice.right else '✗'} {choice.text}" for choice in question.choices)
    right = question.expected.solution if question.expected is not None else ""
    return "\n".join(options) or "\n\n".join(filter(None, (right, question.answer)))


def _question(question: Question, fate: Fate, answer: Markup) -> PreviewedQuestion:
    return PreviewedQuestion(
        fate=fate,
        becomes=FATES[fate],
        prompt_html=render_inline(question.prompt),
        answer_html=answer,
        kind=KIND_WORDS[question.kind],
        is_draft=question.draft,
    )
