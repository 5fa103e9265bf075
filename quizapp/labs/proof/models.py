"""The table of verifications: what came of proving a text of a lab."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.catalogue.models import FINGERPRINT_CHARS
from quizapp.column_types import UtcDateTime, enum_column
from quizapp.db import Base


class VerificationState(StrEnum):
    """How far a verification is."""

    RUNNING = "running"
    DONE = "done"  # all attempts were made
    STOPPED = "stopped"  # an editor stopped it
    BROKEN = "broken"  # no host could be had, or the process that made it ended


class LabVerification(Base):
    """One proof of a text of a lab, in a process that may end before it does."""

    __tablename__ = "lab_verification"
    __table_args__ = (Index("ix_lab_verification_lab_id", "lab_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lab_id: Mapped[int] = mapped_column(ForeignKey("lab.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS))
    """SHA-256 of the text, in hex."""
    text: Mapped[str] = mapped_column(Text)
    editor_id: Mapped[UUID | None] = mapped_column()
    """The id of the user who asked for it; None for a command. No foreign key, as in LabDraft."""
    state: Mapped[VerificationState] = mapped_column(enum_column(VerificationState, name="verification_state"))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the process that makes it last said that it does."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_ok: Mapped[bool] = mapped_column(default=False)
    """Whether each attempt had the verdict that it must have, and nothing else was wrong."""
    is_to_stop: Mapped[bool] = mapped_column(default=False)
    """Whether an editor asked it to stop."""
    attempts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """The attempts that ended, as `verification.Attempted` writes them."""
    said: Mapped[str] = mapped_column(Text, default="")
    """Why it is broken, in a sentence; empty else."""
