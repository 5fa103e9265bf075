"""The rows that the items of a note's file may match, as plain data. Reads and writes no row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from quizapp.catalogue.models import Withheld
from quizapp.catalogue.store.question_store import Content


class StoredSection(NamedTuple):
    """A row of a note's sections."""

    id: int
    position: int
    number: str | None
    title: str
    anchor: str
    html: str
    teaches: bool


class StoredConcept(NamedTuple):
    """A row that a concept of the file may match."""

    id: int
    key: str
    section_id: int | None
    position: int
    term: str
    text: str
    fingerprint: str
    retired_at: datetime | None
    retired_here: bool


class StoredQuestion(NamedTuple):
    """A row that a question or flashcard of the file may match, with its options and tags."""

    id: int
    key: str
    note_id: int | None
    section_id: int | None
    concept_id: int | None
    position: int
    lab_slug: str | None
    same_as: str | None
    fingerprint: str
    edited: bool
    rev: int
    retired_at: datetime | None
    draft: bool
    made_here: bool
    home_id: int | None
    placed_here: bool
    held: Withheld | None
    retired_here: bool
    base: Mapping[str, Any] | None
    """See `Question.base`."""
    content: Content
    choice_ids: tuple[int, ...]
    """The ids of the options, in the order of `content.choices`."""
    tags: frozenset[str]

    @property
    def file_note_id(self) -> int | None:
        """The id of the note whose file has it; see `Question.home_id`."""
        return self.home_id if self.home_id is not None else self.note_id


@dataclass(kw_only=True)
class StoredItems:
    """What may match a file's items. What is not retired comes first, the rest goes by id."""

    sections: Sequence[StoredSection] = ()
    """In their order."""
    concepts: Sequence[StoredConcept] = ()
    """The note's, those with an id of the file, and those of no section."""
    questions: Sequence[StoredQuestion] = ()
    """The note's, and those with an id of the file."""
    adrift: dict[int, StoredQuestion] = field(default_factory=dict)
    """Questions that no file has any more and that may have moved here, by their id."""


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What a note's file says about the rows that its items may match."""

    concept_keys: frozenset[str]
    """The ids that the file gives to concepts."""
    concept_prints: frozenset[str]
    """The fingerprints of its concepts."""
    question_keys: frozenset[str]
    """The ids that the file gives to questions."""
    adrift: frozenset[int]
    """The ids of rows of questions that may have moved here."""
