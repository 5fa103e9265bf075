"""Finds note and lab files on the disk and reads them; refuses links out of the folder, pipes and large files.

Knows no note format and no lab format.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from quizapp.catalogue.bounds import BANK_MAX_BYTES
from quizapp.catalogue.formats.parsed import NOTE_MAX_BYTES, Unreadable, too_large

LAB_FILE = "lab.yaml"
LABS_FOLDER = "labs"
PATH_MAX_CHARS = 1024  # the width of the column
NOTES = (".md", ".markdown")
BANKS = (".gift", ".aiken", ".csv", ".tsv", ".xml")
# They may be anything, so that they are read if they are named themselves, and in folders they are left alone.
ANYTHING = (".txt", ".html", ".htm", ".org", ".json", ".yaml", ".yml")
PACKAGES = (".apkg", ".colpkg")
ZIP = ".zip"  # a QTI package if it is named itself; in the browser also notes packed together
XML = ".xml"
XML_MAX_BYTES = 32 * 1024 * 1024  # with its pictures in base64, of which 20 MiB fit; without them as much as a bank
PACKAGE_MAX_BYTES = 128 * 1024 * 1024  # a large shared deck with its pictures has about 100 MiB
# Names of files that describe their folder. Such a file is imported only if it asks a question or was named itself.
_ABOUT = frozenset({"readme", "changelog", "contributing", "license", "code_of_conduct", "security"})


class FileKind(StrEnum):
    """What a file is read as."""

    NOTE = "note"
    LAB = "lab"
    BANK = "bank"  # questions in a format of another tool
    FOLDER = "folder"  # one that may not be read; it stands for all that is in it


@dataclass(frozen=True, kw_only=True)
class ContentFile:
    """A file to read."""

    path: Path
    kind: FileKind
    root: Path | None
    """The folder that was searched, out of which no link may lead; None if the file was named itself."""

    @property
    def is_about_its_folder(self) -> bool:
        """Whether it was found in a folder and has the name of a file that describes its folder, such as README.md."""
        return self.root is not None and self.path.stem.lower() in _ABOUT


def find(path: Path) -> list[ContentFile]:
    """The file at `path`, or all notes and banks and then all labs below the folder at `path`, without hidden ones.

    A folder below it that may not be read is among them. Raises Unreadable if `path` does not exist or may not be read.
    """
    if not path.is_dir():
        if not path.is_file():
            raise Unreadable("There is no such file or folder. Check the path.")
        usual = FileKind.BANK if path.suffix.lower() == ZIP else FileKind.NOTE
        return [ContentFile(path=path, kind=_kind(path) or usual, root=None)]
    closed: list[Path] = []
    found = [
        ContentFile(path=file, kind=kind, root=path)
        for file in _walk(path, closed)
        if (kind := _kind(file)) is not None
    ]
    found += [ContentFile(path=folder, kind=FileKind.FOLDER, root=path) for folder in closed]
    return sorted(found, key=lambda file: (file.kind is FileKind.LAB, file.path))


def read(file: ContentFile) -> bytes:
    """The bytes of a file. Raises Unreadable for no plain file, one that may not be read or is too large."""
    if file.kind is FileKind.FOLDER:
        raise Unreadable("This folder cannot be read. What was imported from it stays as it is.")
    if len(str(file.path)) > PATH_MAX_CHARS or not str(file.path).isprintable():
        raise Unreadable(f"The path is longer than {PATH_MAX_CHARS} characters or not printable. Rename the file.")
    try:
        if file.root is not None and not file.path.resolve(strict=True).is_relative_to(file.root.resolve()):
            raise Unreadable("This link leads out of the folder. Put the file itself there.")
        return _bytes_of(file)
    except RuntimeError:  # of pathlib in Python 3.11 and 3.12; later it is an OSError
        raise Unreadable("This link leads to itself. Put the file itself there.") from None
    except OSError as error:
        raise Unreadable(f"The file cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None


def _bytes_of(file: ContentFile) -> bytes:
    """What is in a plain file. Raises OSError and Unreadable."""
    handle = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK)  # opening a pipe without a writer must not block
    with os.fdopen(handle, "rb") as opened:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("This is not a plain file. Put the file itself there.")
        most = most_bytes(file)
        if status.st_size > most:
            raise Unreadable(too_large(status.st_size, most=most))
        return opened.read(most + 1)


def shown(path: Path) -> str:
    """A path on one line, with escapes for what cannot be printed and for bytes that are not UTF-8."""
    raw = str(path)
    if raw.isprintable():
        return raw
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in raw)


def _escaped(letter: str) -> str:
    is_byte = 0xDC80 <= ord(letter) <= 0xDCFF  # how Python keeps a byte of a name that is not UTF-8
    return f"\\x{ord(letter) - 0xDC00:02x}" if is_byte else letter.encode("unicode_escape").decode()


def most_bytes(file: ContentFile) -> int:
    """How many bytes a file may have."""
    if file.kind is not FileKind.BANK and file.path.suffix.lower() not in ANYTHING:
        return NOTE_MAX_BYTES
    suffix = file.path.suffix.lower()
    return PACKAGE_MAX_BYTES if suffix in (*PACKAGES, ZIP) else XML_MAX_BYTES if suffix == XML else BANK_MAX_BYTES


def name_of(path: Path, *, root: Path) -> str:
    """The text that Note.path stores: the path relative to `root` if the file is below it, else the full path."""
    full = path.absolute()
    return (full.relative_to(root.absolute()) if full.is_relative_to(root.absolute()) else full).as_posix()


def _walk(root: Path, closed: list[Path]) -> Iterator[Path]:
    """Every file below `root`. Links to folders are not followed, so there are no endless circles.

    Folders that may not be read are added to `closed`. Raises Unreadable if `root` is one.
    """

    def note(error: OSError) -> None:
        folder = Path(error.filename)
        if folder == root:
            why = (error.strerror or "unknown").lower()
            raise Unreadable(f"The folder {shown(root)} cannot be read: {why}.")
        closed.append(folder)

    for folder, folders, files in os.walk(root, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder) / name for name in sorted(files) if not name.startswith("."))


def _kind(path: Path) -> FileKind | None:
    if path.name == LAB_FILE and LABS_FOLDER in _parents(path):
        return FileKind.LAB
    suffix = path.suffix.lower()
    return FileKind.NOTE if suffix in NOTES else FileKind.BANK if suffix in (*BANKS, *PACKAGES) else None


def _parents(path: Path) -> Sequence[str]:
    """The name of the folder above the file's own folder; empty if there is none."""
    return path.absolute().parts[-3:-2]
