"""What is read of a file whose note was changed in the browser: the text of here, with what the file has changed since.

Pure. Where both have changed the same lines the text stays as it is here, and the file's waits.
"""

from dataclasses import dataclass

from quizapp.catalogue.formats.parsed import NoteWarning
from quizapp.catalogue.patches.line_merge import merged_lines

_MARK = "\ufeff"  # that some programs begin a file with
DISPUTED = (
    "Lines of this note were changed in the file and in the browser; the browser's text is kept until you choose."
)


@dataclass(frozen=True, kw_only=True)
class TextHere:
    """A text that was changed here, and the file's that it is a change of; both with the file's line ends."""

    here: str
    file: str


@dataclass(frozen=True, kw_only=True)
class LaidOver:
    """What is read of a file whose note was changed here, and what is to be kept of the file."""

    data: bytes
    file: str | None
    """None if the file has all of the text, so that nothing is kept."""
    waiting: str | None = None
    """See NoteHere."""

    @property
    def warnings(self) -> tuple[NoteWarning, ...]:
        """What is said of it in the report on the file."""
        return (NoteWarning(line=1, message=DISPUTED),) if self.waiting is not None else ()


def laid_over(data: bytes, text: TextHere) -> LaidOver:
    """What is read of a file that holds `data`. Raises UnicodeDecodeError."""
    file = data.decode()
    here, was, now = (as_lines(one) for one in (text.here, text.file, file))
    if now == here:
        return LaidOver(data=data, file=None)
    both = merged_lines(was, mine=here, theirs=now)  # whatever a program has made of the line ends
    if both.disputed:
        return LaidOver(data=text.here.encode(), file=text.file, waiting=file)
    return LaidOver(data=with_ends_of(file, both.text).encode(), file=file)


def with_ends_of(file: str, text: str) -> str:
    """A text with the line ends and the mark of a file."""
    end = "\r\n" if "\r\n" in file else "\r" if "\r" in file and "\n" not in file else "\n"
    mark = _MARK if file.startswith(_MARK) else ""
    return mark + text.removeprefix(_MARK).replace("\n", end)


def as_lines(text: str) -> str:
    """A text with LF line ends, and without the mark that some programs begin a file with."""
    return text.removeprefix(_MARK).replace("\r\n", "\n").replace("\r", "\n")
