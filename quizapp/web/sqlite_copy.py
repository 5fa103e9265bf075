"""A whole copy of a SQLite file that may be in use: written under another name, compared, synced, then renamed."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from quizapp import sqlite

COPY_DEADLINE_S = 60.0  # for waiting until other processes release the file; copying 60 MB takes 0.25 s
ALL_PAGES = -1  # in one step: a copy in several steps begins anew after each write of another connection
DONE = 101  # the result code of a backup's last step
LOOK_S = 0.05  # between two looks whether another process has finished its copy
UNFINISHED = ".copying"  # ending of a copy's name until it is whole

Rows = Mapping[str, int]
"""Table name to the number of its rows."""


def copy_file(
    source: Path,
    target: Path,
    *,
    deadline_s: float = COPY_DEADLINE_S,
    finish: Callable[[Path, Rows], None] = lambda _file, _rows: None,
) -> None:
    """Make `target`, mode 0600, of the committed rows of `source`.

    Writers go on with a write-ahead log; without one they wait. Whoever copies into one folder does so one after the
    other, and removes what a killed one has left. The copy needs no files beside it. `finish` gets the whole copy,
    before it has its name, and how many rows each table has. Raises OSError, and TimeoutError after `deadline_s`
    seconds of waiting.
    """
    until = time.monotonic() + deadline_s
    with _alone(target.parent, until), driver_errors(source):
        _remove_unfinished(target.parent)
        try:
            _copy_and_rename(source, target, until, finish)
        except BaseException:
            _remove_unfinished(target.parent)  # on a full disk it would be in the way of those who write
            raise


def _copy_and_rename(source: Path, target: Path, until: float, finish: Callable[[Path, Rows], None]) -> None:
    unfinished = target.with_name(target.name + UNFINISHED)
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, sqlite.PRIVATE))
    rows = _copy_rows(source, unfinished, until)
    with closing(sqlite.open_unchanging(unfinished)) as copy:
        if count_rows(copy) != rows:
            raise OSError(f"{unfinished} has other rows")
    sqlite.sync(unfinished)
    finish(unfinished, rows)
    unfinished.rename(target)
    sqlite.sync(target.parent)


def _remove_unfinished(folder: Path) -> None:
    for left in folder.glob(f"*{UNFINISHED}*"):
        left.unlink(missing_ok=True)


def _copy_rows(source: Path, unfinished: Path, until: float) -> Rows:
    with closing(sqlite.open_file(source)) as original, closing(sqlite.open_new(unfinished)) as copy:
        original.execute("BEGIN")  # a snapshot to count and to copy; from a transaction that writes, it would never end
        rows = count_rows(original)
        original.backup(copy, pages=ALL_PAGES, progress=stop_at(until))
        original.execute("COMMIT")
        copy.execute("PRAGMA journal_mode = DELETE")  # the header came with the pages, and asks for a log beside it
    return rows


def count_rows(connection: Any) -> dict[str, int]:
    """How many rows each table of the driver's connection has."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    quoted = {table: '"' + table.replace('"', '""') + '"' for table in tables}
    return {table: connection.execute(f"SELECT count(*) FROM {quoted[table]}").fetchone()[0] for table in tables}


def stop_at(end: float) -> Callable[[int, int, int], None]:
    """A progress function for a backup, which the driver calls after each step, also one that found the file locked.

    The function raises TimeoutError if the backup is not done by `end`, in seconds of the monotonic clock.
    """

    def progress(status: int, _remaining: int, _total: int) -> None:
        if status != DONE and time.monotonic() > end:
            raise TimeoutError("it stayed locked by another process")

    return progress


@contextmanager
def driver_errors(path: Path) -> Iterator[None]:
    """Errors of the driver within the block become OSError and name the file."""
    try:
        yield
    except sqlite.DRIVER.Error as error:
        raise OSError(f"{path.name}: {error}") from error


@contextmanager
def _alone(folder: Path, until: float) -> Iterator[None]:
    """Hold a lock on the folder; wait for it until that time of the monotonic clock."""
    number = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        while True:
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise TimeoutError(f"another copy is being made in {folder}") from None
                time.sleep(LOOK_S)
        yield
    finally:
        os.close(number)
