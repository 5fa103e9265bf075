"""A file that cannot be taken at all, and how large one may be. Pure, and loads no parser."""

from quizapp.errors import Invalid

NOTE_MAX_BYTES = 512 * 1024  # twice the largest note met in the wild; the worst text of this size takes 20 s to read


class Unreadable(Invalid):
    """A file that cannot be taken at all; `line` is where the trouble is."""

    def __init__(self, message: str, *, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def too_large(size: int) -> str:
    """What to say of a file with `size` bytes, which are too many."""
    return f"The file has {size / 1024:,.0f} KiB; a note has at most {NOTE_MAX_BYTES // 1024}. Split it."
