"""Stores other texts of notes for all as one step of the trail, and takes such a step back. The caller commits.

What a step has changed of questions by itself is taken back with it; what an import of the texts did, the texts undo.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing.browser_texts import keep_changed_here
from quizapp.catalogue.editing.conflict_settling import TakenSide
from quizapp.catalogue.editing.note_text import NoteSource, as_sent, note_text
from quizapp.catalogue.editing.taking_back import take_back
from quizapp.catalogue.importing.reading import read_sent
from quizapp.catalogue.importing.service import import_sent
from quizapp.catalogue.models import ContentDeed, DeedOf, Note, NoteEdit, NoteHere, QuestionEdit
from quizapp.catalogue.note_paths import shown_path
from quizapp.catalogue.patches.laid_over import as_lines
from quizapp.catalogue.patches.line_merge import merged_lines
from quizapp.catalogue.picture_rows import sent_by, shown_of
from quizapp.catalogue.retirement_consent import Consent
from quizapp.catalogue.store.revisions import IMPORTED, unpacked
from quizapp.catalogue.trail import note_down, shortened
from quizapp.catalogue.visibility import Reader
from quizapp.errors import Conflict, Invalid, NotFound

OF = "of"  # in `ContentDeed.kept` of a step: what it was done to, by which it is found again


@dataclass(frozen=True, kw_only=True)
class NewText:
    """What a note is to say."""

    note: NoteSource
    text: str


@dataclass(frozen=True, kw_only=True)
class StepUndone:
    """What came of taking a step back."""

    back: int
    """How many notes and questions are again as they were."""
    stays: int
    """How many were changed since in the same part, which stays."""


def name_of(note: NoteSource) -> str:
    """What the reader of a note's text calls it."""
    return PurePosixPath(shown_path(note.path)).stem


def begin_step(db: Session, *, what: DeedOf, words: str, editor: Reader, now: datetime) -> ContentDeed:
    """A line of the trail for what follows."""
    return note_down(db, what=what, words=words, editor=editor, now=now)


def end_step(db: Session, step: ContentDeed, *, words: str, kept: Mapping[str, Any]) -> None:
    """Say what a step did, where the import of its texts has said how many questions it changed."""
    db.refresh(step)
    step.words, step.kept = shortened(words), {**(step.kept or {}), **kept}
    db.flush()


def store_texts(db: Session, texts: Sequence[NewText], *, editor: Reader, now: datetime, step: ContentDeed) -> None:
    """Store these texts, all or none, as parts of a step.

    Raises Invalid with the reason why one cannot be stored.
    """
    new = sent_by(db, user_id=editor.id)
    sent = [as_sent(one.note, one.text, pictures={**new, **shown_of(db, note_id=one.note.id)}) for one in texts]
    own = {one.path: one.path for one in sent if one.path is not None}  # each in its own place, whatever its heading
    found = read_sent(sent, sent_by=editor, stored=own)
    found.what, found.step_id = DeedOf.NOTE, step.id
    for report in import_sent(db, found, now=now, consent=Consent.GIVEN):
        if report.error is not None:
            raise Invalid(f"{report.path}: {report.error}")
    for one in texts:
        keep_changed_here(db, note=db.get_one(Note, one.note.id), before=one.note.exact)


def last_step_of(db: Session, *, of: str | None, deeds: Sequence[DeedOf], editor: Reader) -> ContentDeed | None:
    """The editor's last step that was done to something, or to anything, if it was not taken back."""
    mine = select(ContentDeed).where(ContentDeed.editor_id == editor.id, ContentDeed.what.in_(deeds))
    rows = db.scalars(mine.where(ContentDeed.step_id.is_(None)).order_by(ContentDeed.id.desc()).limit(50))
    step = next((row for row in rows if of is None or (row.kept or {}).get(OF) == of), None)
    return step if step is not None and step.undone_at is None else None


def undo_step(
    db: Session,
    *,
    step_id: int,
    deeds: Sequence[DeedOf],
    editor: Reader,
    now: datetime,
    prepare: Callable[[Mapping[str, Any]], int] = lambda _: 0,
) -> StepUndone:
    """Take a step back; nothing the second time.

    `prepare` is given what the step has kept, before texts are stored, and says how many things it has put back itself.

    Raises NotFound for one of somebody else.
    """
    step = db.get(ContentDeed, step_id, with_for_update=True)
    if step is None or step.what not in deeds or step.step_id is not None or step.editor_id != editor.id:
        raise NotFound("There is no such change of yours. The history of each note has its versions.")
    if step.undone_at is not None:
        return StepUndone(back=0, stays=0)
    step.undone_at = now
    texts, stays = _texts_before(db, step, editor)
    again = note_down(db, what=DeedOf.UNDO, words=step.words, editor=editor, now=now)
    prepared = prepare(step.kept or {})
    if texts:
        store_texts(db, texts, editor=editor, now=now, step=again)
    back = [take_back(db, edit_id=edit, editor=editor, now=now, step_id=again.id) for edit in _own_edits(db, step)]
    end_step(db, again, words=step.words, kept={})
    return StepUndone(back=prepared + len(texts) + back.count(True), stays=stays + back.count(False))


def settle_text(db: Session, *, key: str, take: TakenSide, editor: Reader, now: datetime) -> None:
    """Take one side of a note whose file and text here have changed the same lines. Nothing if nothing waits.

    The file's text is stored as another one of the note, so that the one of here stays in its history.
    """
    note = note_text(db, user=editor, key=key)
    row = db.get(NoteHere, note.id, with_for_update=True)
    if row is None or row.waiting is None:
        return
    file = row.waiting
    row.file, row.waiting = file, None
    step = begin_step(db, what=DeedOf.SETTLE, words=note.title, editor=editor, now=now)
    if take is TakenSide.FILE:
        store_texts(db, [NewText(note=note, text=as_lines(file))], editor=editor, now=now, step=step)
        db.delete(db.get_one(NoteHere, note.id))
    end_step(db, step, words=f"the note “{note.title}”", kept={})


def _texts_before(db: Session, step: ContentDeed, editor: Reader) -> tuple[list[NewText], int]:
    """The texts as they would be without a step, and how many notes were changed since in the same lines."""
    texts: list[NewText] = []
    stays = 0
    for edit in db.scalars(select(NoteEdit).where(NoteEdit.step_id == step.id).order_by(NoteEdit.id)).all():
        row = db.get_one(Note, edit.note_id)
        later = select(NoteEdit.before).where(NoteEdit.note_id == row.id, NoteEdit.id > edit.id)
        next_one = db.scalar(later.order_by(NoteEdit.id).limit(1))
        after = unpacked(next_one) if next_one is not None else row.source
        note = note_text(db, user=editor, key=row.key)
        both = merged_lines(after, mine=unpacked(edit.before), theirs=note.text)
        if both.disputed:
            stays += 1
        else:
            texts.append(NewText(note=note, text=both.text))
    if stays:
        raise Conflict(
            "Somebody has changed the same lines of the note since, so this cannot be taken back by a press. "
            "The note's history has the text from before it."
        )
    return texts, stays


def _own_edits(db: Session, step: ContentDeed) -> list[int]:
    """The edits of questions that a step has made itself, the last one first."""
    parts = select(QuestionEdit).join(ContentDeed, ContentDeed.edit_id == QuestionEdit.id)
    rows = db.scalars(parts.where(ContentDeed.step_id == step.id).order_by(QuestionEdit.id.desc())).all()
    return [row.id for row in rows if not row.after.get(IMPORTED)]
