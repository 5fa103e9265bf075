"""The tables of classes: a class, who is in it, the links by which learners join, and what is assigned."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.accounts.models import TOKEN_HASH_CHARS, ZONE_MAX_CHARS
from quizapp.catalogue.models import Lab, Note
from quizapp.column_types import UtcDateTime, enum_column
from quizapp.db import Base

CLASS_NAME_MAX_CHARS = 80  # as the name of a person


class StudyClass(Base):
    """A group of learners with their teachers."""

    __tablename__ = "study_class"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(String(CLASS_NAME_MAX_CHARS))
    zone: Mapped[str] = mapped_column(String(ZONE_MAX_CHARS))
    """The IANA name of the time zone in which the class's days are meant."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ClassMember(Base):
    """Somebody in a class, or invited into it."""

    __tablename__ = "class_member"

    class_id: Mapped[UUID] = mapped_column(ForeignKey("study_class.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    is_teacher: Mapped[bool] = mapped_column(default=False)
    """Whether an owner has named them as a teacher; all others are learners."""
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a learner joined, or a teacher was named; None for a learner who is invited by name and has not joined."""
    study_class: Mapped[StudyClass] = relationship(lazy="joined", innerjoin=True)


class ClassLink(Base):
    """A link by which learners join a class, until its end and so many times at most."""

    __tablename__ = "class_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[UUID] = mapped_column(ForeignKey("study_class.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(TOKEN_HASH_CHARS), unique=True)
    """SHA-256 of the token, in hex; the token itself is not stored."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it ends: its own end, or the moment at which a teacher ended it."""
    uses_max: Mapped[int]
    """How many may join by it."""
    uses: Mapped[int] = mapped_column(default=0)
    """How many have."""


class AssignedKind(StrEnum):
    """What is to be done with what is assigned."""

    NOTE = "note"  # each of its questions is answered at least once, in a review or a quiz
    QUIZ = "quiz"  # a quiz on the note is finished
    LAB = "lab"  # the lab is passed


class Assignment(Base):
    """Something that the learners of a class are to do, from a day and until one."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[UUID] = mapped_column(ForeignKey("study_class.id", ondelete="CASCADE"), index=True)
    kind: Mapped[AssignedKind] = mapped_column(enum_column(AssignedKind, name="kind"))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), index=True)
    """The note, of NOTE and QUIZ; None of a LAB."""
    lab_id: Mapped[int | None] = mapped_column(ForeignKey("lab.id", ondelete="CASCADE"), index=True)
    """The lab; None of the others."""
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When its first day begins, in the class's zone as it was when the day was chosen."""
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its last day ends, likewise: from then on it is late. None if it has no last day."""
    study_class: Mapped[StudyClass] = relationship()
    note: Mapped[Note | None] = relationship()
    lab: Mapped[Lab | None] = relationship()


class OnlookingAllowed(Base):
    """That a learner lets the teachers of their classes look on at a run's terminals, until the run is over."""

    __tablename__ = "onlooking_allowed"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("lab_run.id", ondelete="CASCADE"), primary_key=True)
    allowed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Onlooking(Base):
    """That a teacher looked on at a run's terminals, and when. The learner sees it with the run."""

    __tablename__ = "onlooking"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("lab_run.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    """The teacher."""
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When they were last known to look on."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None while they look on, or if the process ended that knew of it."""
