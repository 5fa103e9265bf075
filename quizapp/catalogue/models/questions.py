"""The tables of questions, their options and tags. A question keeps its row through every edit: cards refer to it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, ForeignKey, Index, String, Table, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.catalogue.kinds.expected import Expected, from_json, to_json
from quizapp.catalogue.models.lengths import FINGERPRINT_CHARS, KEY_MAX_CHARS
from quizapp.catalogue.models.notes import Concept, Note, Section
from quizapp.column_types import JsonOf, UtcDateTime, enum_column
from quizapp.db import Base, set_when_stored
from quizapp.dialects import partial_index


class QuestionKind(StrEnum):
    """How a question is asked."""

    FLASHCARD = "flashcard"  # a front and a back of a few words
    OPEN = "open"  # written, then marked by the learner against the guide's points
    SINGLE = "single"  # exactly one right choice
    MULTIPLE = "multiple"  # any number of right choices
    SHORT = "short"  # a few words or a command are typed
    NUMBER = "number"  # a number is typed
    TRUTH = "truth"  # a statement is said to be true or false
    ORDER = "order"  # things are put in their order
    MATCH = "match"  # to each thing what belongs to it is chosen
    CLOZE = "cloze"  # the gaps of a text are filled
    LAB = "lab"  # done as a run of a lab


class Withheld(StrEnum):
    """Why an editor keeps a question from learners; one that is published or retired is not held."""

    DRAFT = "draft"  # it is still being written
    REVIEW = "review"  # it waits for another editor


CHOICE_KINDS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE)  # their options are shown
# What is right stands in `Question.expected`; the values are those of `kind` in kinds.expected.
EXPECTING_KINDS = (
    QuestionKind.SHORT,
    QuestionKind.NUMBER,
    QuestionKind.TRUTH,
    QuestionKind.ORDER,
    QuestionKind.MATCH,
    QuestionKind.CLOZE,
)
PAGE_KINDS = (QuestionKind.OPEN, *CHOICE_KINDS, *EXPECTING_KINDS)  # answered on a page, by writing or choosing


question_tag = Table(
    "question_tag",
    Base.metadata,
    Column("question_id", ForeignKey("question.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Tag(Base):
    """A word by which questions can be selected."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), unique=True)


_NAMES_ANOTHER = "same_as IS NOT NULL"  # few questions do
_HAS_MOVED = "home_id IS NOT NULL"  # few questions have


class Question(Base):
    """Something that can be asked, of any kind. All texts are Markdown."""

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("id", "hidden"),  # for the foreign key by which `hidden` comes to the cards
        Index("ix_question_note_id", "note_id", "hidden", "kind"),  # counts a note's questions without reading them
        Index("ix_question_hidden", "hidden", "kind", "note_id"),  # counts the questions of each kind likewise
        partial_index("ix_question_home_id", "home_id", on_sqlite=_HAS_MOVED, on_postgresql=_HAS_MOVED),
        partial_index("ix_question_same_as", "same_as", on_sqlite=_NAMES_ANOTHER, on_postgresql=_NAMES_ANOTHER),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), unique=True)
    kind: Mapped[QuestionKind] = mapped_column(enum_column(QuestionKind, name="kind"))
    note_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="SET NULL"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id", ondelete="SET NULL"), index=True)
    concept_id: Mapped[int | None] = mapped_column(ForeignKey("concept.id", ondelete="SET NULL"), index=True)
    position: Mapped[int]
    """The place among its note's questions, from 1; a lab's question comes after all others."""
    prompt: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    must: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Points that a right answer makes; with `bonus` and `red_flags` the marking guide of an open question."""
    bonus: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Points that a good answer makes beyond those."""
    red_flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Statements that only a wrong answer makes."""
    expected: Mapped[Expected | None] = mapped_column(JsonOf(to_json, from_json))
    """What is right, of EXPECTING_KINDS; None for all other kinds."""
    hints: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What helps to answer, from the first that is shown to the last."""
    level: Mapped[int | None]
    """One of `bounds.LEVELS`; None if no level is given."""
    source_url: Mapped[str | None] = mapped_column(String(1024))
    as_of: Mapped[str | None] = mapped_column(String(16))
    """When the source was last checked, such as 2026-11."""
    lab_slug: Mapped[str | None] = mapped_column(String(KEY_MAX_CHARS))
    """The slug of the lab in which the answer can be tried; the lab need not exist. Only the file sets it."""
    same_as: Mapped[str | None] = mapped_column(String(KEY_MAX_CHARS))
    """The key of the question that it tests the same thing as; nobody need have that key. Only the file sets it.

    Those that name one key, and the question that has it, are forms of one thing: a learner has one memory of them.
    """
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS), index=True)
    """SHA-256 of the content as last read from the file. An edit in the browser does not change it."""
    edited: Mapped[bool] = mapped_column(default=False)
    """Whether the browser's editor has changed the question since the import last took its file's content."""
    base: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """While `edited`, the content as the file last had it, as `question_store.as_json` writes it; None if unknown."""
    made_here: Mapped[bool] = mapped_column(default=False)
    """Whether it was made in the browser and no file has had it yet. An import retires it not."""
    home_id: Mapped[int | None] = mapped_column(ForeignKey("note.id", ondelete="SET NULL"))
    """The note whose file has it, if an editor has moved it to another note; None else."""
    placed_here: Mapped[bool] = mapped_column(default=False)
    """Whether an editor has moved it, so that an import leaves its note, section and concept as they are."""
    draft: Mapped[bool] = mapped_column(default=False)
    """Whether it has no answer, or no right option, so that it cannot be asked: editors see it, learners do not."""
    held: Mapped[Withheld | None] = mapped_column(enum_column(Withheld, name="held"))
    """Why an editor keeps it from learners; None if no editor does. Only the browser sets it."""
    rev: Mapped[int] = mapped_column(default=1)
    """Grows by one with each change of the content, by an edit or an import."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the content was last changed."""
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an editor retired it, or an import no longer found it in its file; None else."""
    retired_here: Mapped[bool] = mapped_column(default=False)
    """Whether an editor retired it, so that an import which finds it in its file leaves it retired."""
    hidden: Mapped[bool] = mapped_column(default=False)
    """Whether it is retired, held or a draft, so that learners do not see it. Set whenever the row is stored."""
    choices: Mapped[list["Choice"]] = relationship(
        back_populates="question", order_by="Choice.position", cascade="all, delete-orphan"
    )
    tags: Mapped[list[Tag]] = relationship(secondary=question_tag, order_by="Tag.name")
    note: Mapped[Note | None] = relationship(foreign_keys=[note_id])
    section: Mapped[Section | None] = relationship()
    concept: Mapped[Concept | None] = relationship()


set_when_stored(Question, "hidden", if_any_of=("draft", "held", "retired_at"))
# The id of the note whose file has a question.
file_note_id: ColumnElement[int | None] = func.coalesce(Question.home_id, Question.note_id)


class Choice(Base):
    """One option of a choice question and why it is right or wrong."""

    __tablename__ = "choice"
    __table_args__ = (UniqueConstraint("question_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    right: Mapped[bool]
    why: Mapped[str] = mapped_column(Text, default="")
    """Why it is right or wrong; may be empty."""
    question: Mapped[Question] = relationship(back_populates="choices")
