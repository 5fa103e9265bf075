"""What an import came to, file by file. Pure data."""

from dataclasses import dataclass, replace

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
    Warnings are in the order of their lines; that of an error is among them. `once` are those of them that come of a
    change, so that the next import of the same files no longer gives them. `gone` is a report on a file that has left
    its folder, of which the next import says nothing.
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
    once: tuple[NoteWarning, ...] = ()
    gone: bool = False

    def repeated(self) -> "FileReport":
        """What the next import says of this file if nothing has changed until then."""
        lasting = tuple(warning for warning in self.warnings if warning not in self.once)
        return replace(self, warnings=lasting, changes=Changes(), once=())


def failed(path: str, *faults: NoteWarning) -> FileReport:
    """The report on a file that could not be taken."""
    return FileReport(path=path, error=faults[0].message, warnings=faults)
