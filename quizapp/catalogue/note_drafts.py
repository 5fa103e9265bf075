"""What somebody is typing into a note, kept for their other devices until it is saved. The caller commits."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import KEY_MAX_CHARS, NoteDraft, SentPicture
from quizapp.catalogue.note_text import EDITED_MAX_BYTES, NoteSource
from quizapp.catalogue.picture_text import written_address
from quizapp.errors import Invalid

DRAFT_LASTS = timedelta(days=30)  # as long as the one in the browser; see assets/js/core/drafts.js
DRAFTS_MAX = 8  # of one person: 8 MiB at most, and more than anybody has half done at a time


def keep_draft(
    db: Session, *, user_id: UUID, note: NoteSource, device: str, text: str, opened: str, now: datetime
) -> None:
    """Keep what is typed in one browser, in place of what was kept of it; nothing if it is the note's text.

    Of more than DRAFTS_MAX the oldest go, and so does what is older than DRAFT_LASTS. Raises Invalid for a text that is
    too long, and for no name of a device.
    """
    if not device or len(device) > KEY_MAX_CHARS or not (device.isascii() and device.isalnum()):
        raise Invalid("The browser has not said which one it is. Reload the page.")
    if max(len(text.encode()), len(opened.encode())) > EDITED_MAX_BYTES:
        raise Invalid("The text is too long to be kept as a draft.")
    if text == note.text:
        forget_draft(db, user_id=user_id, note_id=note.id, device=device)
        return
    db.merge(NoteDraft(user_id=user_id, note_id=note.id, device=device, text=text, opened=opened, kept_at=now))
    db.flush()
    _keep_pictures(db, user_id=user_id, text=text, now=now)
    own = NoteDraft.user_id == user_id
    db.execute(delete(NoteDraft).where(own, NoteDraft.kept_at < now - DRAFT_LASTS))
    for one in db.scalars(select(NoteDraft).where(own).order_by(NoteDraft.kept_at.desc()).offset(DRAFTS_MAX)):
        db.delete(one)
    db.flush()


def drafts_of(db: Session, *, user_id: UUID, note: NoteSource, now: datetime) -> Sequence[NoteDraft]:
    """What somebody has typed into a note and not saved, on whatever device, the newest first."""
    own = select(NoteDraft).where(NoteDraft.user_id == user_id, NoteDraft.note_id == note.id)
    rows = db.scalars(own.where(NoteDraft.kept_at >= now - DRAFT_LASTS).order_by(NoteDraft.kept_at.desc()))
    return [row for row in rows if row.text != note.text]


def forget_draft(db: Session, *, user_id: UUID, note_id: int, device: str) -> None:
    """Let go of what was typed into a note on one device."""
    of_device = NoteDraft.note_id == note_id, NoteDraft.device == device
    db.execute(delete(NoteDraft).where(NoteDraft.user_id == user_id, *of_device))


def forget_saved(db: Session, *, user_id: UUID, note_id: int, devices: Collection[str], text: str) -> None:
    """Let go of what is saved now: the drafts of these devices, and any other of this person that says the same."""
    own = select(NoteDraft).where(NoteDraft.user_id == user_id, NoteDraft.note_id == note_id)
    for row in db.scalars(own):
        if row.device in devices or row.text == text:
            db.delete(row)
    db.flush()


def _keep_pictures(db: Session, *, user_id: UUID, text: str, now: datetime) -> None:
    """Have the pictures that were put into the text stay as long as somebody types it."""
    for row in db.scalars(select(SentPicture).where(SentPicture.user_id == user_id)):
        if written_address(row.name) in text:
            row.sent_at = now
