"""Opens a zip archive that anybody may have made: looks at its names, reads single entries, each with a limit."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

from quizapp.catalogue.formats.parsed import Unreadable

ENTRIES_MAX = 50_000  # files; the largest shared decks have about 20,000 pictures
ENTRY_MAX_BYTES = 256 * 1024 * 1024  # of one entry once it is unpacked; a collection of 100,000 notes has about 100 MiB
WINDOW_MAX_BYTES = 128 * 1024 * 1024  # memory that zstd may ask for; Anki's own packages need 8 MiB
ZSTD = b"\x28\xb5\x2f\xfd"  # how what zstd has packed begins
_CHUNK_BYTES = 256 * 1024
# What Python 3.11's zipfile raises for archives that are none: ValueError also as UnicodeDecodeError, for a name that
# is said to be UTF-8, and struct.error for an entry that ends within its own head.
BROKEN = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, struct.error,
)  # fmt: skip


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """The archive. Raises Unreadable for what is none, for too many entries, and for names that lead elsewhere."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _refuse_hostile_names(archive)
            yield archive
    except BROKEN as error:
        raise Unreadable(f"The package cannot be unpacked ({error!s:.100}). Export it again.") from None


def unpack(archive: zipfile.ZipFile, name: str, target: Path, *, zstd: bool) -> None:
    """Write one entry to `target`. Raises Unreadable if it becomes larger than ENTRY_MAX_BYTES."""
    written = 0
    with target.open("xb") as file:
        for chunk in _chunks(archive, name, zstd=zstd):
            written += len(chunk)
            if written > ENTRY_MAX_BYTES:
                most = ENTRY_MAX_BYTES // 1024**2
                raise Unreadable(f"{name} in the package has more than {most} MiB once it is unpacked. Export less.")
            file.write(chunk)


def entry(archive: zipfile.ZipFile, name: str, *, most_bytes: int) -> bytes | None:
    """One entry, which may be packed with zstd once more; None if it is not there, is broken, or has more bytes."""
    data = bytearray()
    with suppress(KeyError, *BROKEN):
        with archive.open(name) as file:
            zstd = file.read(len(ZSTD)) == ZSTD
        for chunk in _chunks(archive, name, zstd=zstd):
            data += chunk
            if len(data) > most_bytes:
                return None
        return bytes(data)
    return None


def _chunks(archive: zipfile.ZipFile, name: str, *, zstd: bool) -> Iterator[bytes]:
    with archive.open(name) as entry:
        if zstd:
            yield from _unpacked(entry)
            return
        while chunk := entry.read(_CHUNK_BYTES):
            yield chunk


def _unpacked(packed: IO[bytes]) -> Iterator[bytes]:
    """What zstd has packed. Raises zlib.error for what it has not, as an archive's own packing does."""
    import zstandard  # with the first package of this kind, and not with each web process

    reader = zstandard.ZstdDecompressor(max_window_size=WINDOW_MAX_BYTES).stream_reader(packed)
    try:
        while chunk := reader.read(_CHUNK_BYTES):
            yield chunk
    except zstandard.ZstdError as error:
        raise zlib.error(str(error)) from error


def _refuse_hostile_names(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > ENTRIES_MAX:
        raise Unreadable(f"The package has {len(entries):,} files; at most {ENTRIES_MAX:,} are taken.")
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or stat.S_ISLNK(entry.external_attr >> 16):
            raise Unreadable(f"{entry.filename[:80]!r} in the package leads out of it. No tool writes such a package.")
