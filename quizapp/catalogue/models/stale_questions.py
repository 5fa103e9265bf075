"""The tables of questions that want a look, since the section that they were made of says something else by now."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.catalogue.models.notes import Section
from quizapp.catalogue.models.questions import Question
from quizapp.column_types import UtcDateTime
from quizapp.db import Base


class SectionChange(Base):
    """A section that an import found to say something else than before."""

    __tablename__ = "section_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id", ondelete="CASCADE"), index=True)
    before: Mapped[str] = mapped_column(Text)
    """What it said before, in plain words."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    section: Mapped[Section] = relationship()


class StaleQuestion(Base):
    """A question that was made of a section which says something else by now."""

    __tablename__ = "stale_question"
    __table_args__ = (Index("ix_stale_question_change_id", "change_id"),)

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("section_change.id", ondelete="CASCADE"))
    """The first change of the section since somebody looked at the question."""
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an editor or its author looked at it again, said that it is right or changed it; None while nobody has."""
    question: Mapped[Question] = relationship()
    change: Mapped[SectionChange] = relationship()
