"""Notes that were pasted or uploaded in a browser: how they are called, and those in a zip file. Knows no database."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from quizapp.catalogue.formats.parsed import NOTE_MAX_BYTES, Unreadable

BROWSER = "browser:"  # begins the Note.path of a note that is no file
NAME_MAX_CHARS = 200  # more than any file system's 255 bytes allow for most alphabets
ZIP_NOTES_MAX = 100
# Of all notes of a zip: they are sent once more, as text, when their preview is confirmed, in a body of 1 MiB.
ZIP_MAX_BYTES = 768 * 1024
NOTE_SUFFIXES = (".md", ".markdown")
UNTITLED = "note"
_BREAKS = (BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


@dataclass(frozen=True, kw_only=True)
class SentNote:
    """A note as it was sent."""

    path: str | None
    """The text that Note.path stores; None if the note's title is to make it, since it was pasted."""
    data: bytes

    @property
    def shown(self) -> str:
        """What it is called in reports."""
        return "Pasted text" if self.path is None else self.path.removeprefix(BROWSER)


def path_of(title: str) -> str:
    """The Note.path of a note with this title or file name: one title is one note, however it is written."""
    words = re.findall(r"\w+", title.casefold())
    return BROWSER + ("-".join(words)[:NAME_MAX_CHARS].strip("-") or UNTITLED)


def read_upload(name: str, data: bytes) -> Iterator[SentNote]:
    """The note in an uploaded file, or all notes of a zip. Raises Unreadable for another file and for a bad zip."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".zip":
        yield from _unpacked(data)
    elif suffix in NOTE_SUFFIXES:
        yield SentNote(path=path_of(PurePosixPath(name).stem), data=data)
    else:
        raise Unreadable("This is neither a Markdown file (.md) nor a zip of them. Save it as one, or paste its text.")


def _unpacked(data: bytes) -> Iterator[SentNote]:
    """The notes of a zip, without hidden files and what is no note. Reads no more than it may keep."""
    left = ZIP_MAX_BYTES
    try:
        with ZipFile(BytesIO(data)) as archive:
            notes = [info for info in archive.infolist() if _is_note(info)]
            if not notes:
                raise Unreadable("The zip has no Markdown file (.md).")
            if len(notes) > ZIP_NOTES_MAX:
                raise Unreadable(f"The zip has {len(notes)} notes; at most {ZIP_NOTES_MAX} fit. Send it in parts.")
            for info in notes:
                with archive.open(info) as file:
                    text = file.read(min(left, NOTE_MAX_BYTES) + 1)
                left -= len(text)
                if left < 0:
                    raise Unreadable(f"The notes of the zip have over {ZIP_MAX_BYTES // 1024} KiB. Send it in parts.")
                yield SentNote(path=path_of(str(PurePosixPath(info.filename).with_suffix(""))), data=text)
    except _BREAKS:
        raise Unreadable("The zip cannot be read: it is broken, encrypted, or packed in an unusual way.") from None


def _is_note(info: ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return not info.is_dir() and not hidden and PurePosixPath(info.filename).suffix.lower() in NOTE_SUFFIXES
