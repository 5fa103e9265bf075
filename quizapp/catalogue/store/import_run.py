"""A file of an import, and the report on it. Reads and writes no row."""

from dataclasses import dataclass, replace

from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote
from quizapp.catalogue.store.question_store import Content


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
    print: str = ""
    """The fingerprint of the file, if what the import says of it may be kept; see `unchanged.file_print`."""
    html: tuple[str, ...] = ()
    """The body of each of its sections as HTML; see `note_rows.rendered`."""


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
    gone: bool = False
    """Whether the file is no longer in its folder; the next import has no report on it."""

    def repeated(self) -> "FileReport":
        """The report of the next import on this file if nothing is changed until then."""
        lasting = tuple(warning for warning in self.warnings if warning not in self.once)
        return replace(self, warnings=lasting, changes=Changes(), once=(), items_before=0)


def failed(path: str, *faults: NoteWarning, held: int = 0) -> FileReport:
    """The report on a file that could not be imported, or was not: see `FileReport.held`."""
    return FileReport(path=path, error=faults[0].message, warnings=faults, held=held)
