"""A folder in memory for the temporary files of a program that commits much and keeps nothing. Knows no test."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

MEMORY = Path("/dev/shm")  # in memory on every Linux; a container's own may be small, or run no program
LEAST_BYTES = 1024**3  # free; the quick tests write a third of that, PostgreSQL's files among it


@contextmanager
def files_in_memory(env: Mapping[str, str], *, place: Path = MEMORY) -> Iterator[Mapping[str, str]]:
    """`env` with a folder of its own in memory as TMPDIR, for as long as the block runs.

    Where that cannot be, or TMPDIR says already where files belong, `env` as it is.
    """
    if "TMPDIR" in env or not _takes_files(place):
        yield env
        return
    # What a program that was ended is still writing must not hide what came of it.
    with TemporaryDirectory(prefix="q-", dir=place, ignore_cleanup_errors=True) as folder:
        yield {**env, "TMPDIR": folder}


def _takes_files(place: Path) -> bool:
    """Whether there is room for much, and for programs."""
    if not (place.is_dir() and os.access(place, os.W_OK | os.X_OK)):
        return False
    disk = os.statvfs(place)
    return disk.f_bavail * disk.f_frsize >= LEAST_BYTES and not disk.f_flag & os.ST_NOEXEC
