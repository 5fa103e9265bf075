"""The tables of who changed what, and when: the trail of deeds, and the texts before and after each change."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.catalogue.models.lengths import KEY_MAX_CHARS
from quizapp.column_types import UtcDateTime, enum_column
from quizapp.db import Base

DEED_MAX_CHARS = 160  # of the words of a deed: a line or two of the trail
OPERATOR = UUID(int=0)  # who did what no account did: whoever works at the machine, and imports files


class DeedOf(StrEnum):
    """What somebody did to a question, to several at once, to a note, to an account, or to a class."""

    EDIT = "edit"  # its texts were changed
    MAKE = "make"
    DUPLICATE = "duplicate"
    MOVE = "move"  # to another note, section or concept
    KIND = "kind"  # it is asked in another way
    DRAFT = "draft"  # it is kept from learners while it is written
    REVIEW = "review"  # it waits for another editor
    PUBLISH = "publish"
    RETIRE = "retire"
    RESTORE = "restore"  # it was retired, and is asked again
    VERSION = "version"  # an older version was taken again
    SETTLE = "settle"  # of what file and browser had both changed
    UNDO = "undo"  # of an earlier deed
    DELETE = "delete"  # of a draft
    TAG = "tag"
    UNTAG = "untag"
    TAKE_REPORT = "take-report"  # the text that a learner suggested was taken
    SETTLE_REPORT = "settle-report"  # what a learner reported is mended
    DECLINE_REPORT = "decline-report"
    IMPORT = "import"  # of files, or of what was brought in the browser
    NOTE = "note"  # a note's text was saved or imported
    RETIRE_NOTE = "retire-note"
    RESTORE_NOTE = "restore-note"
    PUBLISH_NOTE = "publish-note"  # one that a learner had offered
    INVITE = "invite"  # an account was opened
    ROLE = "role"  # of an account
    LINK = "link"  # a sign-in link was made for somebody
    SIGN_OUT = "sign-out"  # somebody was signed out everywhere
    DEACTIVATE = "deactivate"  # nobody can sign in to an account
    ACTIVATE = "activate"
    DELETE_ACCOUNT = "delete-account"  # with all that is in it
    RESTORE_BACKUP = "restore-backup"  # which has no line of what came after it
    STILL_RIGHT = "still-right"  # what it was made of has changed, and it holds all the same
    COMMENT = "comment"  # something was said about a question, lab or note
    RESOLVE = "resolve"  # a thread about one
    MAKE_CLASS = "make-class"
    DELETE_CLASS = "delete-class"
    NAME_TEACHER = "name-teacher"  # of a class
    END_TEACHER = "end-teacher"
    INVITE_CLASS = "invite-class"  # people were invited into a class, by name or by a link
    TAKE_OUT_OF_CLASS = "take-out-of-class"
    ASSIGN = "assign"  # something to a class
    UNASSIGN = "unassign"
    ONLOOK = "onlook"  # at a learner's terminal
    CONCEPT = "concept"  # was made, changed, moved, merged or deleted, in the text of its note
    RETIRE_CONCEPT = "retire-concept"
    RESTORE_CONCEPT = "restore-concept"
    RENAME_TAG = "rename-tag"  # of all that has it, or into another one
    REMOVE_TAG = "remove-tag"  # from all that has it
    SECOND_FACTOR_OFF = "second-factor-off"  # of somebody else's account


class ContentDeed(Base):
    """A line of the trail: what somebody did, to which question, and when. A row stays for good."""

    __tablename__ = "content_deed"
    __table_args__ = (Index("ix_content_deed_editor_id", "editor_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int | None] = mapped_column(ForeignKey("content_deed.id"), index=True)
    """The row of the deed on several questions at once that this is a part of; None for all other rows."""
    editor_id: Mapped[UUID] = mapped_column()
    """The id of the user, or OPERATOR; no foreign key, as in QuestionEdit."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    what: Mapped[DeedOf] = mapped_column(enum_column(DeedOf, name="what"))
    key: Mapped[str | None] = mapped_column(String(KEY_MAX_CHARS))
    """The key of the question, which may have been deleted since; None for a deed on several at once."""
    words: Mapped[str] = mapped_column(String(DEED_MAX_CHARS))
    """How the question began, what a note or an account is called, or what was done to how many."""
    edit_id: Mapped[int | None] = mapped_column(ForeignKey("question_edit.id", ondelete="SET NULL"), index=True)
    """The QuestionEdit that has the texts before and after; None for a deed on several, or if it was deleted."""
    kept: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What a deleted question was, so that it can be made again. Of imports see `store.revisions`; else None."""
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its editor took it back."""


class QuestionEdit(Base):
    """A change of a question, also by an import. A row is never changed, nor deleted while the question exists."""

    __tablename__ = "question_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    editor_id: Mapped[UUID] = mapped_column()
    """The id of the user who made it, or OPERATOR; no foreign key, since this room knows no accounts."""
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The question as it was before the change, as `question_shape.to_json` writes it; empty if it was made.

    Of an import without the place, see `store.revisions`.
    """
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The same after the change."""


class NoteEdit(Base):
    """A change of the text of a note for all. A row is never changed, nor deleted while the note exists."""

    __tablename__ = "note_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), index=True)
    editor_id: Mapped[UUID] = mapped_column()
    """As in QuestionEdit."""
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[bytes] = mapped_column(LargeBinary)
    """The text before it, as zlib packs it; what came after it is the text before the next one, or the note's."""
    step_id: Mapped[int | None] = mapped_column(ForeignKey("content_deed.id", ondelete="SET NULL"), index=True)
    """The line of the trail that says what came of it."""
