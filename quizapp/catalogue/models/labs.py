"""The tables of labs: what is offered, and the texts that it was read from."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.catalogue.models.lengths import FINGERPRINT_CHARS, KEY_MAX_CHARS, TITLE_MAX_CHARS
from quizapp.catalogue.models.questions import Question
from quizapp.column_types import UtcDateTime
from quizapp.db import Base


class Lab(Base):
    """A lab definition as read from its file."""

    __tablename__ = "lab"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), unique=True)
    """The name of its folder; part of its address."""
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), unique=True)
    """The hands-on question of the lab, which has the learners' cards."""
    title: Mapped[str] = mapped_column(String(TITLE_MAX_CHARS))
    summary: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]
    """The author's estimate of the time that the lab takes."""
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The whole file; `catalogue.labs.lab_format.LabDefinition` reads it."""
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS))
    """SHA-256 of `definition`."""
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an import found the file gone; None while the lab is offered."""
    question: Mapped[Question] = relationship()


class LabSource(Base):
    """The text of a lab: as its file has it, and as it was published in the browser."""

    __tablename__ = "lab_source"

    lab_id: Mapped[int] = mapped_column(ForeignKey("lab.id", ondelete="CASCADE"), primary_key=True)
    file: Mapped[str | None] = mapped_column(Text)
    """As the file last had it, with what an editor has settled; None if no file has it."""
    published: Mapped[str | None] = mapped_column(Text)
    """As it was published in the browser, if the file does not have that yet; None if the file's text is offered."""
    waiting: Mapped[str | None] = mapped_column(Text)
    """What the file says, if it was changed since a text was published here: an editor takes one of the two."""
