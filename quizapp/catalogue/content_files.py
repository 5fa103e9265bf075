"""Find notes and lab files on the disk and read them without being fooled. Knows nothing of what is in them."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from quizapp.catalogue.formats.markdown.text import NOTE_MAX_BYTES, Unreadable, too_large

LAB_FILE = "lab.yaml"
LABS_FOLDER = "labs"
PATH_MAX_CHARS = 1024  # the width of the column
# Files about a folder rather than notes in it; they count only if they ask something or are named themselves.
_ABOUT = frozenset({"readme", "changelog", "contributing", "license", "code_of_conduct", "security"})


class FileKind(StrEnum):
    """What a file is read as."""

    NOTE = "note"
    LAB = "lab"


@dataclass(frozen=True, kw_only=True)
class ContentFile:
    """A file to read. `root` is the folder it was found in, which no link may lead out of; None if it was named."""

    path: Path
    kind: FileKind
    root: Path | None

    @property
    def is_about_its_folder(self) -> bool:
        """Whether it was found, not named, and is called like a file that describes its neighbours."""
        return self.root is not None and self.path.stem.lower() in _ABOUT


def find(path: Path) -> list[ContentFile]:
    """The file at `path`, or all notes and then all labs below the folder at `path`, hidden ones left out.

    Raises Unreadable if there is neither, or the folder may not be read.
    """
    if not path.is_dir():
        if not path.is_file():
            raise Unreadable("There is no such file or folder. Check the path.")
        return [ContentFile(path=path, kind=_kind(path) or FileKind.NOTE, root=None)]
    found = [ContentFile(path=file, kind=kind, root=path) for file in _walk(path) if (kind := _kind(file)) is not None]
    return sorted(found, key=lambda file: (file.kind is FileKind.LAB, file.path))


def read(file: ContentFile) -> bytes:
    """The bytes of a file. Raises Unreadable for what is no plain file, may not be read, or is too large."""
    if len(str(file.path)) > PATH_MAX_CHARS or not str(file.path).isprintable():
        raise Unreadable(f"The path is longer than {PATH_MAX_CHARS} characters or not printable. Rename the file.")
    try:
        if file.root is not None and not file.path.resolve(strict=True).is_relative_to(file.root.resolve()):
            raise Unreadable("This link leads out of the folder. Put the file itself there.")
        handle = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe without a writer must not block
        with os.fdopen(handle, "rb") as opened:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable("This is not a plain file. Put the file itself there.")
            if status.st_size > NOTE_MAX_BYTES:
                raise Unreadable(too_large(status.st_size))
            return opened.read(NOTE_MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"The file cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None


def name_of(path: Path, *, root: Path) -> str:
    """The name a note is known by: its path below `root` where it lies there, else its full path."""
    full = path.absolute()
    return (full.relative_to(root.absolute()) if full.is_relative_to(root.absolute()) else full).as_posix()


def _walk(root: Path) -> Iterator[Path]:
    """Every file below `root`; links to folders are not followed, so no circle is."""

    def stop(error: OSError) -> None:
        raise Unreadable(f"The folder {error.filename} cannot be read: {(error.strerror or 'unknown').lower()}.")

    for folder, folders, files in os.walk(root, onerror=stop):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(files) if not name.startswith("."))


def _kind(path: Path) -> FileKind | None:
    if path.name == LAB_FILE and LABS_FOLDER in _parents(path):
        return FileKind.LAB
    return FileKind.NOTE if path.suffix.lower() in (".md", ".markdown") else None


def _parents(path: Path) -> Sequence[str]:
    """The name of the folder that holds the lab's own folder."""
    return path.absolute().parts[-3:-2]
