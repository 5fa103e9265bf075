"""Copies pictures into a folder of the product, each under the hash of its bytes."""

import os
import stat
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import unquote

from quizapp.catalogue.content_files import ContentFile
from quizapp.catalogue.formats.parsed import NoteWarning, ParsedNote
from quizapp.catalogue.formats.texts import with_texts
from quizapp.catalogue.html.inline_html import PICTURE_NAME
from quizapp.catalogue.models import ADDRESS_MAX_CHARS
from quizapp.catalogue.picture_kinds import PICTURE_MAX_BYTES, TYPES, copy_name
from quizapp.catalogue.picture_sizes import is_cut_short
from quizapp.catalogue.pictures.picture_metadata import without_metadata
from quizapp.catalogue.pictures.picture_text import Finds, Picture, Pictured, with_names

PACKAGE_PICTURES_MAX = 5_000  # of one file of another tool, which has at most as many questions

TOLD_MAX = 10  # addresses in a warning
_NOT_SHOWN = (
    "Not shown, as they are not in the file, or no whole PNG, JPEG, GIF or WebP picture of at most 2 MiB "
    "and 40 million pixels:"
)
NOTHING = Pictured(text="")

Opens = Callable[[str], bytes | None]
"""Gives what lies at an address, as a text writes it; None for nothing, for what is elsewhere and for too much."""


@dataclass(kw_only=True)
class Copies:
    """Takes pictures, and copies them into a folder; without one it only says what the copies would be called."""

    folder: Path | None = None
    left_bytes: int | None = None
    """How many bytes may still be copied; None for any number."""
    left: int | None = None
    """How many pictures may still be copied; None for any number."""
    free: Collection[str] = ()
    """The names of copies that count for neither, since they were counted before."""
    refused: int = 0
    """How many pictures were left out since they would have been too many, or too many bytes."""

    def take(self, data: bytes) -> Picture | None:
        """The copy of a picture, without what it says beside what it shows.

        None for what is none of TYPES, is cut short, is too large, or does not fit any more.
        """
        name = whole = copy_name(data) if not is_cut_short(data) else None
        if name is not None and name not in self.free:
            data = without_metadata(data)
            name = copy_name(data)
        if name is None:
            return None
        picture = Picture(name=name, size=len(data), was=whole if whole != name else None)
        if picture.name not in self.free and not self._has_room(picture):
            self.refused += 1
            return None
        if self.folder is not None:
            keep(data, self.folder / picture.name)
        return picture

    def _has_room(self, picture: Picture) -> bool:
        """Whether a picture may be copied; it is counted then."""
        if self.left == 0 or (self.left_bytes is not None and picture.size > self.left_bytes):
            return False
        self.left = None if self.left is None else self.left - 1
        self.left_bytes = None if self.left_bytes is None else self.left_bytes - picture.size
        return True

    def found_by(self, opens: Opens) -> Finds:
        """Takes what `opens` gives; the same address once."""
        taken: dict[str, Picture | None] = {}

        def find(address: str) -> Picture | None:
            if address not in taken:
                data = opens(address) if len(address) <= ADDRESS_MAX_CHARS else None
                taken[address] = self.take(data) if data is not None else None
            return taken[address]

        return find


@dataclass(frozen=True, kw_only=True)
class PicturedBytes:
    """A file of Markdown as it is, and as it is parsed."""

    source: bytes
    data: bytes
    pictured: Pictured = NOTHING


def with_pictures(data: bytes, finds: Finds) -> PicturedBytes:
    """A note's bytes, in which the address of each picture that is found is that of its copy."""
    if b"![" not in data and b"<img" not in data.lower():
        return PicturedBytes(source=data, data=data)
    pictured = with_names(data.decode("utf-8", "surrogateescape"), finds)
    return PicturedBytes(source=data, data=pictured.text.encode("utf-8", "surrogateescape"), pictured=pictured)


def keep(data: bytes, path: Path) -> None:
    """Write a file at once and whole, unless it is there already: its name says what it holds."""
    if path.exists():
        path.touch()  # so that it is not removed as unused before the note is stored that wants it again
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as made:
        try:
            made.write(data)
            made.close()
            Path(made.name).replace(path)
        except OSError:  # a full disk, say: what is there of the copy would stay for ever
            Path(made.name).unlink(missing_ok=True)
            raise


def with_pictures_of(note: ParsedNote, finds: Finds) -> tuple[ParsedNote, Mapping[str, Picture]]:
    """A note of another tool with the names of copies in its texts, and its pictures by address.

    It warns of those that are not shown.
    """
    used, missing = dict[str, Picture](), dict[str, None]()

    def named(text: str) -> str:
        if "![" not in text:
            return text
        pictured = with_names(text, finds if len(used) < PACKAGE_PICTURES_MAX else _none)
        used.update(pictured.used)
        missing.update(dict.fromkeys(pictured.missing))
        return pictured.text

    note = with_texts(note, named)
    if missing:
        warning = NoteWarning(line=1, message=f"{_NOT_SHOWN} {few(tuple(missing))}.")
        note = replace(note, warnings=(warning, *note.warnings))
    return note, used


def few(addresses: Sequence[str]) -> str:
    """The first TOLD_MAX of these, and how many more there are."""
    more = f" and {len(addresses) - TOLD_MAX} more" if len(addresses) > TOLD_MAX else ""
    return f"{', '.join(addresses[:TOLD_MAX])}{more}"


def _none(_address: str) -> None:
    """Finds nothing: there are enough pictures."""


def kept(folder: Path, name: str) -> tuple[bytes, str] | None:
    """A copied picture and its media type; None for a name of no such picture."""
    if PICTURE_NAME.fullmatch(name) is None:
        return None
    with suppress(OSError):
        return (folder / name).read_bytes(), TYPES[name.rpartition(".")[2]]
    return None


def beside(file: ContentFile) -> Opens:
    """Opens what lies in the folder of a note, or of the folder that is imported, by its place from the note."""

    def opens(address: str) -> bytes | None:
        if "://" in address or address.startswith(("/", "#", "data:")):
            return None
        inside = file.root if file.root is not None else file.path.parent
        with suppress(OSError, ValueError):
            path = (file.path.parent / unquote(address.split("?", 1)[0].split("#", 1)[0])).resolve(strict=True)
            return _plain_file(path) if path.is_relative_to(inside.resolve()) else None
        return None

    return opens


def _plain_file(path: Path) -> bytes | None:
    """The bytes of a plain file that is not too large. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # opening a pipe without a writer must not block
    with os.fdopen(handle, "rb") as opened:
        status = os.fstat(handle)
        if stat.S_ISREG(status.st_mode) and status.st_size <= PICTURE_MAX_BYTES:
            return opened.read(PICTURE_MAX_BYTES)
    return None
