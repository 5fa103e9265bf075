"""The pictures in packages of other tools: where an address in a package's texts leads to."""

import json
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from urllib.parse import unquote

from quizapp.catalogue.formats.parsed import Unreadable
from quizapp.catalogue.packages.archive import entry, opened

MAP = "media"  # the entry of an Anki package that says which of its numbered entries is which file
MAP_MAX_BYTES = 16 * 1024 * 1024  # 50,000 names of 100 characters, each with a hash, have 7 MiB
_ENTRIES, _NAME = 1, 1  # fields of Anki's messages MediaEntries and MediaEntry
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5  # how a field is written in Protocol Buffers
_CANVAS = ("$IMS-CC-FILEBASE$/", "%24IMS-CC-FILEBASE%24/")

Opens = Callable[[str], bytes | None]


def anki_media(data: bytes, *, most_bytes: int) -> Opens:
    """Opens the files of an Anki package by their names. `most_bytes` is how large one may be."""
    return _Package(data, names_of=_anki_names, most_bytes=most_bytes).opens


def qti_media(data: bytes, *, most_bytes: int) -> Opens:
    """Opens the files of a QTI package by their path, or by its end if that is one file's alone."""
    package = _Package(
        data, names_of=lambda archive: {name: name for name in archive.namelist()}, most_bytes=most_bytes
    )

    def opens(address: str) -> bytes | None:
        path = unquote(address.split("?", 1)[0])
        for prefix in map(unquote, _CANVAS):
            path = path.removeprefix(prefix)
        path = path.lstrip("./")
        ends = [name for name in package.names if name == path or name.endswith(f"/{path}")]
        return package.opens(ends[0]) if path and len(ends) == 1 else None

    return opens


def without_media(data: bytes, *, kept: Callable[[str], bool]) -> bytes:
    """The package with only the entries whose names are `kept`. Raises Unreadable."""
    target = BytesIO()
    with opened(data) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in archive.namelist():
            if kept(name):
                made.writestr(name, archive.read(name))
    return target.getvalue()


class _Package:
    """A package that is looked into when somebody first asks for a file."""

    def __init__(
        self, data: bytes, *, names_of: Callable[[zipfile.ZipFile], Mapping[str, str]], most_bytes: int
    ) -> None:
        self._data, self._names_of, self._most_bytes = data, names_of, most_bytes
        self._archive: zipfile.ZipFile | None = None
        self._names: Mapping[str, str] | None = None

    @property
    def names(self) -> Collection[str]:
        """The names of its files."""
        return self._read()

    def opens(self, address: str) -> bytes | None:
        names = self._read()
        place = names.get(address) or names.get(unquote(address))
        if place is None or self._archive is None:
            return None
        return entry(self._archive, place, most_bytes=self._most_bytes)

    def _read(self) -> Mapping[str, str]:
        if self._names is None:
            self._names = {}
            with suppress(Unreadable), opened(self._data) as archive:  # it was read before, so it is no fault of now
                self._names = self._names_of(archive)
            if self._names:
                self._archive = zipfile.ZipFile(BytesIO(self._data))
        return self._names


def _anki_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Which entry each file is, by its name: JSON in older packages; in newer ones a message, in the entries' order."""
    data = entry(archive, MAP, most_bytes=MAP_MAX_BYTES) or b""
    with suppress(ValueError, IndexError, AttributeError, RecursionError):
        if data.lstrip().startswith(b"{"):
            return {str(name): str(place) for place, name in json.loads(data).items()}
        return {name: str(place) for place, name in enumerate(_listed(data))}
    return {}


def _listed(data: bytes) -> Iterator[str]:
    """The names in Anki's message MediaEntries."""
    for field, value in _fields(data):
        if field == _ENTRIES and isinstance(value, bytes):
            names = [found for inner, found in _fields(value) if inner == _NAME and isinstance(found, bytes)]
            yield names[0].decode("utf-8", "replace") if names else ""


def _fields(data: bytes) -> Iterator[tuple[int, bytes | int]]:
    """The fields of a message of Protocol Buffers. Raises ValueError and IndexError for what is none."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        match key & 7:
            case 0:
                value, at = _varint(data, at)
                yield key >> 3, value
            case 1 | 5 as kind:
                at += 8 if kind == _FIXED64 else 4
            case 2:
                size, at = _varint(data, at)
                if at + size > len(data):
                    raise ValueError("a field is longer than its message")
                yield key >> 3, data[at : at + size]
                at += size
            case kind:
                raise ValueError(f"no field is of kind {kind}")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
        if shift > 63:
            raise ValueError("a number is too long")
