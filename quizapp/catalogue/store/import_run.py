"""A file of an import, and the report on it. Reads and writes no row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from textwrap import shorten
from typing import TYPE_CHECKING

from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote
from quizapp.catalogue.patches.laid_over import LaidOver
from quizapp.catalogue.pictures.picture_text import Picture
from quizapp.catalogue.store.question_store import Content

if TYPE_CHECKING:  # they load the library that compares texts, which no page needs
    from quizapp.catalogue.store.identity import PairDoubt
    from quizapp.catalogue.store.likeness import Fact

RETIRED_TOLD = 10  # by name; more of them say that a file was lost, which their number says better
QUOTED_CHARS = 100  # of a prompt or an answer in a message


@dataclass(frozen=True, kw_only=True)
class NoteFile:
    """A note file that has been read."""

    path: str
    """The path as it was given or found, for reports."""
    name: str
    """The path that Note.path stores; see `content_files.name_of`."""
    source: str
    """The file's text."""
    parsed: ParsedNote
    contents: tuple[Content, ...]
    """The content of everything that it asks, in the order of `ParsedNote.everything_asked`, with its fingerprint."""
    concept_prints: tuple[str, ...]
    """The fingerprint of each of its concepts."""
    exact: str | None = None
    """Of Markdown, the file's text with its own line ends and mark, if that is not `source`."""
    print: str = ""
    """The fingerprint of the file, if what the import says of it may be kept; see `unchanged.file_print`."""
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    """The pictures that it shows, by their addresses in its text."""
    missing: tuple[str, ...] = ()
    """The addresses of pictures that were not found."""
    laid: LaidOver | None = None
    """What it was read from, if its text was changed in the browser; None for every other file."""
    html: tuple[str, ...] = ()
    """The body of each of its sections as HTML; see `note_rows.rendered`."""

    @cached_property
    def renamed(self) -> Mapping[str, str]:
        """What copies of its pictures are called, by what older texts call them; see `Picture.was`."""
        return {picture.was: picture.name for picture in self.pictures.values() if picture.was is not None}


@dataclass(frozen=True, kw_only=True)
class Changes:
    """How many items (the note, its sections, concepts and questions, or a lab) one file changed."""

    added: int = 0
    changed: int = 0
    retired: int = 0
    """Items that are no longer in the file."""
    restored: int = 0
    """Retired items that are in the file again."""

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            retired=self.retired + other.retired,
            restored=self.restored + other.restored,
        )

    @property
    def total(self) -> int:
        """The number of all changes."""
        return self.added + self.changed + self.retired + self.restored


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A question of a file that may be an edit of the one before it, or another fact in its place."""

    line: int
    token: str
    """Names the two questions; see `identity.PairDoubt.token`."""
    before: str
    """The stored question in words."""
    after: str
    """The file's."""
    key: str
    """The id of the stored question."""
    is_kept: bool
    """Whether it was stored as an edit, so that what was learnt stays with it."""

    @property
    def warning(self) -> NoteWarning:
        """What the author is told."""
        message = (
            f"“{self.after}” goes on with what was learnt of “{self.before}”."
            if self.is_kept
            else f"“{self.after}” may be an edit of “{self.before}”, or another fact: it begins anew, and what was "
            f"learnt of the other rests. If it is an edit, end this line with <!-- id: {self.key} -->."
        )
        return NoteWarning(line=self.line, message=message)


@dataclass(frozen=True, kw_only=True)
class FileReport:
    """The report on one file of an import."""

    path: str
    title: str = ""
    convention: str = ""
    """How the note's questions are written; see ParsedNote.convention. "lab" for a lab file."""
    questions: int = 0
    """Questions, without the flashcards of concepts."""
    answered: int = 0
    """Questions of these that have an answer or a right option."""
    concepts: int = 0
    """Sections that teach."""
    cards: int = 0
    """Flashcards of concepts."""
    warnings: tuple[NoteWarning, ...] = ()
    """In the order of their lines; with the one that has the text of `error`."""
    changes: Changes = Changes()
    error: str | None = None
    """Why the file was not imported; None if it was."""
    once: tuple[NoteWarning, ...] = ()
    """Those of `warnings` that are about a change, so that the next import of the same files does not give them."""
    held: int = 0
    """How many items the file would retire, if that is why it was not imported."""
    items_before: int = 0
    """How many concepts, cards and questions of the note were asked before."""
    doubts: tuple[Doubt, ...] = ()
    """Questions that may be edits or other facts, and what was made of each."""
    replaced: int = 0
    """How many of the retired items new ones may be edits of."""
    gone: bool = False
    """Whether the file is no longer in its folder; the next import has no report on it."""

    def repeated(self) -> "FileReport":
        """The report of the next import on this file if nothing is changed until then."""
        lasting = tuple(warning for warning in self.warnings if warning not in self.once)
        return replace(self, warnings=lasting, changes=Changes(), once=(), items_before=0, doubts=(), replaced=0)


def failed(path: str, *faults: NoteWarning, held: int = 0) -> FileReport:
    """The report on a file that could not be imported, or was not: see `FileReport.held`."""
    return FileReport(path=path, error=faults[0].message, warnings=faults, held=held)


def doubt_of(doubt: "PairDoubt", content: Content, *, line: int) -> Doubt:
    """The doubt about a question of the file, as the author is told it."""
    return Doubt(
        line=line,
        token=doubt.token,
        before=in_words(doubt.known.fact),
        after=in_words(content.fact),
        key=doubt.known.key,
        is_kept=doubt.is_kept,
    )


def in_words(fact: "Fact") -> str:
    """A question and its answer on one line."""
    return " → ".join(shorten(part, QUOTED_CHARS, placeholder="…") for part in (fact.prompt, fact.answer) if part)


def departures(gone: Sequence[Content]) -> Iterator[NoteWarning]:
    """What is told of questions that have left their file."""
    for content in gone[:RETIRED_TOLD]:
        message = f"“{in_words(content.fact)}” is no longer in the file and is asked no more. What was learnt stays."
        yield NoteWarning(line=1, message=message)
    if len(gone) > RETIRED_TOLD:
        yield NoteWarning(line=1, message=f"Of {len(gone) - RETIRED_TOLD} further questions the same is true.")
