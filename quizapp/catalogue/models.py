"""The tables of notes, concepts, questions and labs. An item keeps its row through every edit: cards refer to it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.catalogue.kinds.expected import Expected, from_json, to_json
from quizapp.column_types import JsonOf, UtcDateTime, enum_column
from quizapp.db import Base, set_when_stored
from quizapp.dialects import partial_index

KEY_MAX_CHARS = 64
TITLE_MAX_CHARS = 300
FINGERPRINT_CHARS = 64  # SHA-256 in hex
ADDRESS_MAX_CHARS = 1024  # of a picture: a path on a disk has at most 4,096, and none was seen over 200
PICTURE_NAME_CHARS = FINGERPRINT_CHARS + 5  # with the longest ending, .webp
DEED_MAX_CHARS = 160  # of the words of a deed: a line or two of the trail
OPERATOR = UUID(int=0)  # who did what no account did: whoever works at the machine, and imports files
ONLY_ROW = 1  # the id in a table of one row


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


class Note(Base):
    """An imported document."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), unique=True)
    """The author's id, or one made from the path; part of the note's address."""
    path: Mapped[str] = mapped_column(String(1024), unique=True)
    """The file's path: relative to the content folder if it is below that, else full."""
    title: Mapped[str] = mapped_column(String(TITLE_MAX_CHARS))
    convention: Mapped[str] = mapped_column(String(KEY_MAX_CHARS))
    """How its questions are written; see ParsedNote.convention."""
    number: Mapped[int | None]
    """The N of "Day N: title"."""
    year: Mapped[int | None]
    """None if the date in the note has no year; it is never guessed."""
    month: Mapped[int | None]
    day: Mapped[int | None]
    source: Mapped[str] = mapped_column(Text)
    """The file's text."""
    exact: Mapped[str | None] = mapped_column(Text, deferred=True)
    """The file's text with its own line ends and mark; None if that is `source`, or for no Markdown."""
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When an import last changed this row."""
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an import found the file gone, or an editor retired it; None while it is there."""
    retired_here: Mapped[bool] = mapped_column(default=False)
    """Whether an editor retired it, so that an import leaves its file aside."""
    owner_id: Mapped[UUID | None]
    """The id of the learner whose own note it is; None for a note for all. No foreign key, as in QuestionEdit."""
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the owner offered it to all; None if not, or if it is for all. See `visibility`."""
    sections: Mapped[list["Section"]] = relationship(
        back_populates="note", order_by="Section.position", cascade="all, delete-orphan"
    )


class Section(Base):
    """A part of a note: a heading of the first or second level and what is under it."""

    __tablename__ = "section"
    __table_args__ = (UniqueConstraint("note_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"))
    position: Mapped[int]
    number: Mapped[str | None] = mapped_column(String(16))
    """The number that its heading begins with, such as "2.1"; None without one."""
    title: Mapped[str] = mapped_column(String(TITLE_MAX_CHARS))
    anchor: Mapped[str] = mapped_column(String(KEY_MAX_CHARS))
    """The id of its element on the note's page."""
    html: Mapped[str] = mapped_column(Text)
    """The body as sanitised HTML, rendered at import."""
    teaches: Mapped[bool]
    """Whether it explains something; false for a section that only asks, such as interview questions."""
    note: Mapped[Note] = relationship(back_populates="sections")
    concepts: Mapped[list["Concept"]] = relationship(back_populates="section", order_by="Concept.position, Concept.id")


class Concept(Base):
    """A term that a section explains, with its text in Markdown."""

    __tablename__ = "concept"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), unique=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id", ondelete="SET NULL"), index=True)
    position: Mapped[int]
    term: Mapped[str] = mapped_column(String(TITLE_MAX_CHARS))
    text: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS), index=True)
    """SHA-256 of term and text as last read from the file."""
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When an import no longer found it in its note; None while it is there."""
    section: Mapped[Section | None] = relationship(back_populates="concepts")


_NAMES_ANOTHER = "same_as IS NOT NULL"  # few questions do
_HAS_MOVED = "home_id IS NOT NULL"  # few questions have


class Question(Base):
    """Something that can be asked, of any kind. All texts are Markdown."""

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("id", "hidden"),  # for the foreign key by which `hidden` comes to the cards
        Index("ix_question_note_id", "note_id", "hidden", "kind"),  # counts a note's questions without reading them
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


class EditorNote(Base):
    """A note that a limited editor may change, with all of its questions; see `remits`."""

    __tablename__ = "editor_note"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The id of the editor; no foreign key, since this room knows no accounts."""
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True, index=True)


class EditorTag(Base):
    """A tag whose questions a limited editor may change; see `remits`."""

    __tablename__ = "editor_tag"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    """As in EditorNote."""
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True)


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


class NoteImport(Base):
    """What the last import of a note's file left, by which `store.unchanged` knows whether to read the file again."""

    __tablename__ = "note_import"

    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS))
    """SHA-256 of the file and of the program that read it."""
    rows: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS))
    """SHA-256 of the note's rows in all tables, after the import."""
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The FileReport that another import would return, as JSON."""


class Unsettled(Base):
    """A question that both its file and the browser have changed since they were the same. It is asked as it was."""

    __tablename__ = "conflict"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    file: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What the file says, as `question_store.as_json` writes it; None if the question is no longer in it."""
    settled: Mapped[bool] = mapped_column(default=False)
    """Whether an editor has kept a question that the file no longer has."""


class LastImport(Base):
    """The last import of the content folder, in one row, by which `last_import` knows whether another is needed."""

    __tablename__ = "last_import"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS))
    """SHA-256 of the folder's files and of the program that read them."""
    catalogue: Mapped[str] = mapped_column(String(FINGERPRINT_CHARS))
    """SHA-256 of the rows that an import reads and writes, after the import."""
    reports: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The FileReports that another import would return, as JSON."""


class CatalogueVersion(Base):
    """How often the catalogue was changed, in one row: an import that has planned knows by it that its plan holds."""

    __tablename__ = "catalogue_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    """Grows with each commit that writes notes, sections, concepts, questions, options or labs."""


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


# The tables that an import reads and writes, each after those that it refers to.
CATALOGUE = tuple(
    Base.metadata.tables[name]
    for name in (
        "tag", "note", "note_picture", "section", "concept", "question", "choice", "question_tag", "conflict", "lab",
        "lab_source",
    )
)  # fmt: skip


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


class NoteDraft(Base):
    """A note's text as somebody is typing it in one browser, and has not saved."""

    __tablename__ = "note_draft"
    __table_args__ = (Index("ix_note_draft_note_id", "note_id"),)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The id of who types it; no foreign key, since this room knows no accounts. It goes with the account."""
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), primary_key=True)
    device: Mapped[str] = mapped_column(String(KEY_MAX_CHARS), primary_key=True)
    """What a browser calls itself, so that no device writes over what another one has kept."""
    text: Mapped[str] = mapped_column(Text)
    opened: Mapped[str] = mapped_column(Text)
    """The text that it is a change of."""
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
