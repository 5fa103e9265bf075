"""What Note.path says of a note that is no file: who may change it, and what it was called. Pure."""

from uuid import UUID

BROWSER = "browser:"  # begins the Note.path of a note that is no file


def kept_path(path: str, *, owner: UUID | None) -> str:
    """The Note.path under which a note is stored that is sent as `path`: each learner's own notes have their folder."""
    return path if owner is None else f"{BROWSER}{owner.hex}/{path.removeprefix(BROWSER)}"


def shown_path(path: str) -> str:
    """A Note.path as people are told it: of a note that a browser sent, its name alone."""
    return path.removeprefix(BROWSER).rpartition("/")[2] if path.startswith(BROWSER) else path


def is_file(path: str) -> bool:
    """Whether the truth of a note with this Note.path is a file, and not what a browser sent."""
    return not path.startswith(BROWSER)
