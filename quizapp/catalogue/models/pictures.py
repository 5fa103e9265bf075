"""The tables of pictures: those that notes show, and those that were sent for a note to come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.catalogue.models.lengths import FINGERPRINT_CHARS
from quizapp.column_types import UtcDateTime
from quizapp.db import Base

ADDRESS_MAX_CHARS = 1024  # of a picture: a path on a disk has at most 4,096, and none was seen over 200
PICTURE_NAME_CHARS = FINGERPRINT_CHARS + 5  # with the longest ending, .webp


class NotePicture(Base):
    """A picture that a note shows. Its copy, which other notes may show as well, is a file called `name`."""

    __tablename__ = "note_picture"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(String(ADDRESS_MAX_CHARS), primary_key=True)
    """Where it lies, as from the note's file or package; `picture:` and `name` if only other texts of the note show it,
    such as those before an edit."""
    name: Mapped[str] = mapped_column(String(PICTURE_NAME_CHARS), index=True)
    """The SHA-256 of its bytes and its kind."""
    size: Mapped[int]
    """In bytes; 0 if it was copied before this was kept."""


class SentPicture(Base):
    """A picture that somebody has sent in the browser, and which no note may show yet: the preview does."""

    __tablename__ = "sent_picture"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The id of who sent it; no foreign key, since this room knows no accounts."""
    name: Mapped[str] = mapped_column(String(PICTURE_NAME_CHARS), primary_key=True)
    size: Mapped[int]
    """In bytes."""
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was last sent. A day later the row goes; see `unused_pictures`."""
