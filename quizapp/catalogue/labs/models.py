"""The tables of labs that are edited in the browser: drafts, and what was published."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.catalogue.models import DEED_MAX_CHARS, KEY_MAX_CHARS
from quizapp.column_types import UtcDateTime, enum_column
from quizapp.db import Base


class LabDraft(Base):
    """The text of a lab that its editors work on, which learners do not see."""

    __tablename__ = "lab_draft"

    lab_id: Mapped[int] = mapped_column(ForeignKey("lab.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    """It may be no lab at all while it is written."""
    begun_from: Mapped[str] = mapped_column(Text)
    """The text that was offered when the draft was begun, so that what others publish meanwhile can be told."""
    editor_id: Mapped[UUID] = mapped_column()
    """The id of the user who saved it last; no foreign key, since this room knows no accounts."""
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LabTypedDraft(Base):
    """A lab's text as somebody is typing it in one browser, and has not saved; see NoteDraft."""

    __tablename__ = "lab_typed_draft"
    __table_args__ = (Index("ix_lab_typed_draft_lab_id", "lab_id"),)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    """As in LabDraft. It goes with the account."""
    lab_id: Mapped[int] = mapped_column(ForeignKey("lab.id", ondelete="CASCADE"), primary_key=True)
    device: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    opened: Mapped[str] = mapped_column(Text)
    """The text that it is a change of."""
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReleaseGround(StrEnum):
    """Why a text of a lab was published."""

    FILE = "file"  # it came from the lab's file
    PROOF = "proof"  # each attempt that it describes had its verdict
    WORD = "word"  # the owner answers for it


class LabRevision(Base):
    """A text of a lab that was offered. A row is never changed, nor deleted while the lab exists."""

    __tablename__ = "lab_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    lab_id: Mapped[int] = mapped_column(ForeignKey("lab.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    ground: Mapped[ReleaseGround] = mapped_column(enum_column(ReleaseGround, name="ground"))
    words: Mapped[str] = mapped_column(String(DEED_MAX_CHARS))
    """Why the owner answers for it; empty otherwise."""
    editor_id: Mapped[UUID | None] = mapped_column()
    """The id of the user who published it; None for a file's. No foreign key, as in LabDraft."""
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
