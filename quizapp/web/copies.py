"""Whole copies of a SQLite file, kept beside it: made under another name, compared with it, and only then named."""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from quizapp.db import create_engine_for
from quizapp.errors import QuizappError

# Files: those of the last five migrations or tries at one, so that several failed starts do not push out the first one.
COPIES_KEPT = 5
COPY_DEADLINE_S = 60.0  # waiting for other processes; copying 60 MB takes a quarter of a second
ALL_PAGES = -1  # in one step: a copy in several steps begins anew whenever somebody writes
COMPANIONS = ("", "-journal", "-wal", "-shm")  # the files that SQLite may leave for one database


class CopyFailed(QuizappError):
    """There is no copy; nothing else was touched."""


def keep_copy(source: Path, *, revision: str, now: datetime, deadline_s: float = COPY_DEADLINE_S) -> Path:
    """Copy the SQLite file `source`, at `revision`, beside itself, and remove all but the newest copies.

    The name says time and revision. Only committed rows are in it. Raises CopyFailed when no whole copy can be made.
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
    """Make `target`, open to this user alone; until it is whole and on the disk it has another name."""
    unfinished = source.with_name(f"{source.name}.copying")  # one name, so that what a killed run left is replaced
    for companion in COMPANIONS:
        unfinished.with_name(unfinished.name + companion).unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with _connected(source) as original:
        with _connected(unfinished) as copy:
            original.backup(copy, pages=ALL_PAGES, progress=_until(time.monotonic() + deadline_s))
        with _connected(unfinished) as copy:  # anew, as whoever goes back to it will
            if _row_counts(copy) != _row_counts(original):
                raise OSError(f"{unfinished} has other rows")
    _sync(unfinished)
    unfinished.rename(target)
    _sync(target.parent)


@contextmanager
def _connected(path: Path) -> Iterator[Any]:
    """The driver's own connection, in no transaction: a backup whose source is in one that may write never ends."""
    engine = create_engine_for(URL.create("sqlite", database=str(path)))
    connection = engine.raw_connection()
    try:
        yield connection.driver_connection
    except engine.dialect.loaded_dbapi.Error as error:
        raise OSError(f"{path.name}: {error}") from error
    finally:
        connection.close()
        engine.dispose()


def _until(end: float) -> Callable[[int, int, int], None]:
    """What the driver calls after each step of a backup, also after one that found the file locked."""

    def progress(_status: int, remaining: int, _total: int) -> None:
        if remaining and time.monotonic() > end:
            raise TimeoutError("it stayed locked by another process")

    return progress


def _row_counts(connection: Any) -> dict[str, int]:
    """How many rows each table has."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    quoted = {table: '"' + table.replace('"', '""') + '"' for table in tables}
    return {table: connection.execute(f"SELECT count(*) FROM {quoted[table]}").fetchone()[0] for table in tables}


def _sync(path: Path) -> None:
    """Wait until the file, or the names in the folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
