"""How much room is left on a disk, from when on that is said, and which errors mean that there is none."""

import errno
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

LITTLE_LEFT_BYTES = 2 * 1024**3  # a sandbox's image and a copy of a database of half a gigabyte
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
# What SQLite says of a full disk (SQLITE_FULL), and PostgreSQL's class of errors for it (disk_full).
SQLITE_FULL, POSTGRESQL_FULL = "SQLITE_FULL", "53100"


@dataclass(frozen=True, kw_only=True)
class Room:
    """The disk that a folder is on, in bytes."""

    free: int
    """What this user may still write."""
    size: int

    @property
    def is_little(self) -> bool:
        """Whether there is so little left that somebody has to do something soon."""
        return self.free < self.warned_below

    @property
    def warned_below(self) -> int:
        """What counts as little: LITTLE_LEFT_BYTES, or a tenth of a disk that is smaller than ten times that."""
        return min(LITTLE_LEFT_BYTES, self.size // 10)


def room_at(folder: Path) -> Room | None:
    """The room where a folder is; None if that cannot be found out."""
    with suppress(OSError):
        usage = shutil.disk_usage(folder)
        return Room(free=usage.free, size=usage.total)
    return None


def is_full_disk(error: BaseException) -> bool:
    """Whether an error, or one that it was raised from, means that a disk has no room left.

    SQLite has SQLITE_IOERR_SHMSIZE too, where it cannot make the index of its log; that does not count here.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in NO_ROOM:
            return True
        if isinstance(seen, DBAPIError):
            driver = seen.orig
            if getattr(driver, "sqlite_errorname", None) == SQLITE_FULL:
                return True
            if getattr(driver, "sqlstate", None) == POSTGRESQL_FULL:
                return True
        seen = seen.__cause__ or seen.__context__
    return False
