"""The pictures that were sent in a browser beside notes: in one zip with them, or as files of the same upload."""

import posixpath
from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import unquote
from zipfile import ZipFile, ZipInfo

from quizapp.catalogue.packages.archive import entry
from quizapp.catalogue.picture_kinds import PICTURE_MAX_BYTES
from quizapp.catalogue.pictures.pictures import Opens

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")  # endings; what a file is, its bytes say
SENT_PICTURES_MAX = 500  # shown of one upload: each is named once more in the form that is confirmed, of 1 MiB
UNNAMED_MAX = 5  # pictures that are told by name

Files = Mapping[str, Callable[[], bytes | None]]
"""What opens each file, by its path in the zip or its name."""


class SentFolder:
    """The pictures of an upload, and which of them some note has asked for."""

    def __init__(self) -> None:
        self._files: dict[str, Callable[[], bytes | None]] = {}
        self._asked: set[str] = set()

    def add(self, name: str, data: bytes) -> None:
        """Add a file that was sent by itself."""
        self._files[PurePosixPath(name).name] = lambda: data if len(data) <= PICTURE_MAX_BYTES else None

    def add_zip(self, data: bytes, files: list[ZipInfo]) -> None:
        """Add the pictures among the files of a zip, which are unpacked when a note asks for them."""
        archive = ZipFile(BytesIO(data))
        self._files |= {
            info.filename: partial(entry, archive, info.filename, most_bytes=PICTURE_MAX_BYTES)
            for info in files
            if is_picture(info.filename)
        }

    def beside(self, path: str) -> Opens:
        """Opens pictures by their place from the note at a path; by their name alone if only one has that name."""

        def opens(address: str) -> bytes | None:
            if "://" in address or address.startswith(("/", "#", "data:")):
                return None
            named = unquote(address.split("?", 1)[0].split("#", 1)[0])
            place = posixpath.normpath(posixpath.join(posixpath.dirname(path), named))
            same = [name for name in self._files if PurePosixPath(name).name == PurePosixPath(named).name]
            found = place if place in self._files else same[0] if len(same) == 1 else None
            if found is None:
                return None
            self._asked.add(found)
            return self._files[found]()

        return opens

    @property
    def left_out(self) -> str | None:
        """What is said of pictures that no note shows; None without any."""
        others = [name for name in self._files if name not in self._asked]
        if not others:
            return None
        more = f" and {len(others) - UNNAMED_MAX:,} more" if len(others) > UNNAMED_MAX else ""
        return f"No note shows {', '.join(others[:UNNAMED_MAX])}{more}: left out."


def is_picture(name: str) -> bool:
    """Whether a file is called as pictures are."""
    return PurePosixPath(name).suffix.lower() in PICTURES
