"""The error for a file that cannot be imported, and the size limit of files. Pure, and loads no parser."""

from quizapp.errors import Invalid

NOTE_MAX_BYTES = 512 * 1024  # twice the largest note seen; the worst text of this size takes 20 s to read


class Unreadable(Invalid):
    """A file that cannot be imported; `line` is the number, from 1, of the line that is the reason."""

    def __init__(self, message: str, *, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def too_large(size: int) -> str:
    """The error's sentence for a file of `size` bytes, which is more than NOTE_MAX_BYTES."""
    return f"The file has {size / 1024:,.0f} KiB; a note has at most {NOTE_MAX_BYTES // 1024}. Split it."
