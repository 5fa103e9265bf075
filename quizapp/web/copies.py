"""Copies of a SQLite file in its own folder: written under a temporary name, compared with it, then renamed."""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from quizapp.db import create_engine_for
from quizapp.errors import QuizappError

# Files, one for each migration, failed ones included: five, so that a few failed starts do not remove the first copy.
COPIES_KEPT = 5
COPY_DEADLINE_S = 60.0  # for waiting until other processes release the file; copying 60 MB takes 0.25 s
ALL_PAGES = -1  # in one step: a copy in several steps begins anew after each write of another connection
SQLITE_DONE = 101  # the result code of a backup's last step
COMPANIONS = ("", "-journal", "-wal", "-shm")  # endings of the files that SQLite may leave for one database


class CopyFailed(QuizappError):
    """No copy could be made, or no old copy removed. The database itself was not changed."""


def keep_copy(source: Path, *, revision: str, now: datetime, deadline_s: float = COPY_DEADLINE_S) -> Path:
    """Copy the SQLite file `source`, at `revision`, beside itself, and remove all but the newest copies.

    The copy's name has `now` and `revision` in it; the copy has the committed rows only. Waits for other processes up
    to `deadline_s` seconds. Raises CopyFailed.
    """
    name = f"{source.stem}-{now:%Y%m%dT%H%M%S.%fZ}-at-{revision}{source.suffix}"
    target = source.with_name(name)
    try:
        _copy(source, target, deadline_s=deadline_s)
        for old in kept_copies(source)[:-COPIES_KEPT]:
            old.unlink(missing_ok=True)
    except (OSError, SQLAlchemyError) as error:
        raise CopyFailed(
            f"Nothing was changed, since {source} could not be copied first: {error}; make room or end what uses it."
        ) from error
    return target


def kept_copies(source: Path) -> list[Path]:
    """The copies that `keep_copy` has left beside `source`, the oldest first."""
    name = re.compile(rf"{re.escape(source.stem)}-\d{{8}}T\d{{6}}\.\d{{6}}Z-at-[^/]+{re.escape(source.suffix)}")
    return sorted(path for path in source.parent.iterdir() if name.fullmatch(path.name))


def _copy(source: Path, target: Path, *, deadline_s: float) -> None:
    """Make `target`, mode 0600. The copy has a temporary name until it is whole and synced to the disk."""
    unfinished = source.with_name(f"{source.name}.copying")  # always the same, so that a killed run's file is replaced
    for companion in COMPANIONS:
        unfinished.with_name(unfinished.name + companion).unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with _connected(source) as original:
        with _connected(unfinished) as copy:
            original.backup(copy, pages=ALL_PAGES, progress=_until(time.monotonic() + deadline_s))
        with _connected(unfinished) as copy:  # a new connection, as one that restores the copy makes
            if _row_counts(copy) != _row_counts(original):
                raise OSError(f"{unfinished} has other rows")
    _sync(unfinished)
    unfinished.rename(target)
    _sync(target.parent)


@contextmanager
def _connected(path: Path) -> Iterator[Any]:
    """The driver's connection to `path`, in no transaction: a backup from a write transaction would never end.

    Raises OSError for an error of the driver.
    """
    engine = create_engine_for(URL.create("sqlite", database=str(path)))
    try:
        with closing(engine.raw_connection()) as connection:
            yield connection.driver_connection
    except engine.dialect.loaded_dbapi.Error as error:
        raise OSError(f"{path.name}: {error}") from error
    finally:
        engine.dispose()


def _until(end: float) -> Callable[[int, int, int], None]:
    """A progress function for a backup, which the driver calls after each step, also one that found the file locked.

    The function raises TimeoutError if the backup is not done by `end`, in seconds of the monotonic clock.
    """

    def progress(status: int, _remaining: int, _total: int) -> None:
        if status != SQLITE_DONE and time.monotonic() > end:
            raise TimeoutError("it stayed locked by another process")

    return progress


def _row_counts(connection: Any) -> dict[str, int]:
    """Table name to the number of its rows."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    quoted = {table: '"' + table.replace('"', '""') + '"' for table in tables}
    return {table: connection.execute(f"SELECT count(*) FROM {quoted[table]}").fetchone()[0] for table in tables}


def _sync(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
