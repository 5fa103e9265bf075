"""What somebody is typing into a note or a lab, kept for their other devices until it is saved. The caller commits.

What they discard is kept in the same way, so that it can be taken again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from quizapp.catalogue.editing.note_text import EDITED_MAX_BYTES, NoteSource
from quizapp.catalogue.labs.models import LabTypedDraft
from quizapp.catalogue.models import KEY_MAX_CHARS, Lab, NoteDraft, SentPicture
from quizapp.catalogue.pictures.picture_text import written_address
from quizapp.errors import Invalid

DRAFT_LASTS = timedelta(days=30)  # as long as the one in the browser; see assets/js/core/drafts.js
DRAFTS_MAX = 8  # of one person, notes and labs each: 8 MiB at most, and more than anybody has half done at a time
DISCARDED = "discarded"  # the device of what was discarded; no browser calls itself so
Row = NoteDraft | LabTypedDraft


@dataclass(frozen=True, kw_only=True)
class TypedInto:
    """What is typed into: a note or a lab, with the text that it has."""

    rows: type[NoteDraft] | type[LabTypedDraft]
    id: int
    text: str

    @classmethod
    def note(cls, note: NoteSource) -> "TypedInto":
        """A note."""
        return cls(rows=NoteDraft, id=note.id, text=note.text)

    @classmethod
    def lab(cls, lab: Lab, *, text: str) -> "TypedInto":
        """A lab, whose editors see this text."""
        return cls(rows=LabTypedDraft, id=lab.id, text=text)

    @property
    def column(self) -> str:
        """The name of the column that names it."""
        return "note_id" if self.rows is NoteDraft else "lab_id"

    def row(self, **values: Any) -> Row:
        """A draft of it."""
        return self.rows(**values, **{self.column: self.id})

    def own(self, user_id: UUID) -> ColumnElement[bool]:
        """The condition on somebody's drafts of it."""
        return and_(self.rows.user_id == user_id, getattr(self.rows, self.column) == self.id)

    def drafts(self, db: Session, user_id: UUID) -> Sequence[Row]:
        """Somebody's drafts of it, the newest first."""
        rows = select(self.rows).where(self.own(user_id)).order_by(self.rows.kept_at.desc())
        return cast(Sequence[Row], db.scalars(rows).all())


def keep_draft(
    db: Session, *, user_id: UUID, into: TypedInto, device: str, text: str, opened: str, now: datetime
) -> None:
    """Keep what is typed in one browser, in place of what was kept of it; nothing if it is the text that is stored.

    Of more than DRAFTS_MAX the oldest go, and so does what is older than DRAFT_LASTS. Raises Invalid for a text that is
    too long, and for no name of a device.
    """
    if not device or len(device) > KEY_MAX_CHARS or not (device.isascii() and device.isalnum()):
        raise Invalid("The browser has not said which one it is. Reload the page.")
    if max(len(text.encode()), len(opened.encode())) > EDITED_MAX_BYTES:
        raise Invalid("The text is too long to be kept as a draft.")
    if text == into.text:
        forget_draft(db, user_id=user_id, into=into, device=device)
        return
    db.merge(into.row(user_id=user_id, device=device, text=text, opened=opened, kept_at=now))
    db.flush()
    if into.rows is NoteDraft:
        _keep_pictures(db, user_id=user_id, text=text, now=now)
    own = into.rows.user_id == user_id
    db.execute(delete(into.rows).where(own, into.rows.kept_at < now - DRAFT_LASTS))
    newest = select(into.rows).where(own).order_by(into.rows.kept_at.desc())
    for one in db.scalars(newest.offset(DRAFTS_MAX)):
        db.delete(one)
    db.flush()


def discard(
    db: Session, *, user_id: UUID, into: TypedInto, devices: Collection[str], text: str, opened: str, now: datetime
) -> None:
    """Let go of what was typed on these devices, and keep `text` as what was discarded."""
    keep_draft(db, user_id=user_id, into=into, device=DISCARDED, text=text, opened=opened, now=now)
    gone = [device for device in devices if device != DISCARDED]  # that was taken, and what is kept now is in its place
    db.execute(delete(into.rows).where(into.own(user_id), into.rows.device.in_(gone)))


def drafts_of(db: Session, *, user_id: UUID, into: TypedInto, now: datetime) -> Sequence[Row]:
    """What somebody has typed into it and not saved, on whatever device, the newest first."""
    lasting = (row for row in into.drafts(db, user_id) if row.kept_at >= now - DRAFT_LASTS)
    return [row for row in lasting if row.text != into.text]


def forget_draft(db: Session, *, user_id: UUID, into: TypedInto, device: str) -> None:
    """Let go of what was typed into it on one device."""
    db.execute(delete(into.rows).where(into.own(user_id), into.rows.device == device))


def forget_saved(db: Session, *, user_id: UUID, into: TypedInto, devices: Collection[str], text: str) -> None:
    """Let go of what is saved now: the drafts of these devices, and any other of this person that says the same."""
    for row in into.drafts(db, user_id):
        if row.device in devices or row.text == text:
            db.delete(row)
    db.flush()


def _keep_pictures(db: Session, *, user_id: UUID, text: str, now: datetime) -> None:
    """Have the pictures that were put into the text stay as long as somebody types it."""
    for row in db.scalars(select(SentPicture).where(SentPicture.user_id == user_id)):
        if written_address(row.name) in text:
            row.sent_at = now
