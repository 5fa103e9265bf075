"""What an import came to, file by file. Pure data."""

from dataclasses import dataclass

from quizapp.catalogue.formats.parsed import NoteWarning


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What one file changed: how many concepts and questions are new, differ, left the file or came back."""

    added: int = 0
    changed: int = 0
    retired: int = 0
    restored: int = 0

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(
            added=self.added + other.added,
            changed=self.changed + other.changed,
            retired=self.retired + other.retired,
            restored=self.restored + other.restored,
        )

    @property
    def total(self) -> int:
        """All of them."""
        return self.added + self.changed + self.retired + self.restored


@dataclass(frozen=True, kw_only=True)
class FileReport:
    """What was understood of one file. `error` says why it could not be taken at all, None if it was.

    `concepts` counts the sections that teach, `questions` those asked as such, `cards` the flashcards of concepts.
    Warnings are in the order of their lines; that of an error is among them.
    """

    path: str
    title: str = ""
    convention: str = ""
    questions: int = 0
    answered: int = 0
    concepts: int = 0
    cards: int = 0
    warnings: tuple[NoteWarning, ...] = ()
    changes: Changes = Changes()
    error: str | None = None


def failed(path: str, *faults: NoteWarning) -> FileReport:
    """The report on a file that could not be taken."""
    return FileReport(path=path, error=faults[0].message, warnings=faults)
