"""The tables of the catalogue, a file for each group; whoever needs them imports them from here."""

from quizapp.catalogue.models.history import DEED_MAX_CHARS, OPERATOR, ContentDeed, DeedOf, NoteEdit, QuestionEdit
from quizapp.catalogue.models.imports import ONLY_ROW, CatalogueVersion, LastImport, NoteImport, Unsettled
from quizapp.catalogue.models.labs import Lab, LabSource
from quizapp.catalogue.models.lengths import FINGERPRINT_CHARS, KEY_MAX_CHARS, TITLE_MAX_CHARS
from quizapp.catalogue.models.notes import IS_OF_ANOTHER_TOOL, Concept, Note, NoteDraft, NoteHere, Section
from quizapp.catalogue.models.pictures import ADDRESS_MAX_CHARS, PICTURE_NAME_CHARS, NotePicture, SentPicture
from quizapp.catalogue.models.questions import (
    CHOICE_KINDS,
    EXPECTING_KINDS,
    PAGE_KINDS,
    Choice,
    Question,
    QuestionKind,
    Tag,
    Withheld,
    file_note_id,
    question_tag,
)
from quizapp.catalogue.models.remits import EditorNote, EditorTag
from quizapp.catalogue.models.stale_questions import SectionChange, StaleQuestion
from quizapp.db import Base

__all__ = [
    "ADDRESS_MAX_CHARS",
    "CATALOGUE",
    "CHOICE_KINDS",
    "DEED_MAX_CHARS",
    "EXPECTING_KINDS",
    "FINGERPRINT_CHARS",
    "IS_OF_ANOTHER_TOOL",
    "KEY_MAX_CHARS",
    "ONLY_ROW",
    "OPERATOR",
    "PAGE_KINDS",
    "PICTURE_NAME_CHARS",
    "TITLE_MAX_CHARS",
    "CatalogueVersion",
    "Choice",
    "Concept",
    "ContentDeed",
    "DeedOf",
    "EditorNote",
    "EditorTag",
    "Lab",
    "LabSource",
    "LastImport",
    "Note",
    "NoteDraft",
    "NoteEdit",
    "NoteHere",
    "NoteImport",
    "NotePicture",
    "Question",
    "QuestionEdit",
    "QuestionKind",
    "Section",
    "SectionChange",
    "SentPicture",
    "StaleQuestion",
    "Tag",
    "Unsettled",
    "Withheld",
    "file_note_id",
    "question_tag",
]

# The tables that an import reads and writes, each after those that it refers to.
CATALOGUE = tuple(
    Base.metadata.tables[name]
    for name in (
        "tag", "note", "note_here", "note_picture", "section", "concept", "question", "choice", "question_tag",
        "conflict", "lab", "lab_source",
    )
)  # fmt: skip
