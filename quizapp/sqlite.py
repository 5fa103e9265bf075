"""SQLite as the product uses it: which library, how a file is made and opened. Knows no table and no SQLAlchemy.

This file alone picks and opens the library. Two SQLite libraries in one process, such as Python's own and that of
pysqlite3, do not know of each other's locks on a file: closing a connection of one lets go the locks of the other, and
what others then write is lost without an error. The same goes for opening the file as plain bytes while it is in use.
"""

import importlib
import os
import secrets
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from quizapp.errors import QuizappError, Unavailable
from quizapp.write_turns import RETRY_S, DatabaseBusy, Turn, Turns

BUSY_TIMEOUT_MS = 5_000  # how long a writer waits for its turn, and then for whoever takes none, before it gives up
# The first SQLite release without the WAL-reset bug, which can lose committed writes (release notes of 3.51.3).
WAL_SAFE_SINCE = (3, 51, 3)
# Of a connection, kept compiled: pages, forms and commands have 900, of which a large one takes 12 KB. With the 100 of
# pysqlite3 0.6.1 those that come after the first hundred push out each other, and are compiled at each execution.
STATEMENTS_KEPT = 1_000
KEPT_MORE_KIB = 32 * 1024  # of the file that was read, for a page that reads 100,000 cards and a month of their reviews
# To what a log is cut that has been longer, as after an import: four times what is usual, 1,000 pages of 4 KiB.
JOURNAL_LIMIT_BYTES = 16 * 1024**2
USUAL_PAGES = 1_000  # of a log, after which SQLite writes it back into the file with the next commit
LATE_PAGES = 500  # the same where the commit is synced late: before a small commit such as a rating's has to do it
APPLICATION_ID = 0x7175697A  # "quiz" in ASCII: in the header of a file that `make_file` made
COMPANIONS = ("-journal", "-wal", "-shm")  # endings of the files that SQLite keeps beside a database in use
LOCK = "-turns"  # ending of the file by which processes queue for writing
PRIVATE = 0o600
OTHERS = 0o077  # the rights of everybody but the owner
_HELD = (
    "The database is locked: a program that is not part of this product has held its file for some seconds. Nothing "
    "was changed; try again once that program has ended."
)


def _library() -> Any:
    """pysqlite3 where there is a wheel of it, which brings a SQLite without the bug, else Python's own."""
    with suppress(ImportError):
        return importlib.import_module("pysqlite3.dbapi2")
    return importlib.import_module("sqlite3.dbapi2")


DRIVER: Any = _library()


class DatabaseLost(Unavailable):
    """What lies where the database should be is no database of ours, or nothing does."""


class NotAfterFork(QuizappError):
    """A connection was opened before a fork and used after it, which would lose what it writes."""


class GuardedConnection(DRIVER.Connection):  # type: ignore[misc]
    """A connection that gives its turn at writing away as soon as its transaction has ended."""

    turn: Turn | None = None
    is_read_only = False
    is_closed = False
    file: tuple[int, int] | None = None
    """What `file_id` said of its file when it was opened."""
    log: Path | None = None
    """Its write-ahead log; None where it has none."""
    syncs_late = False
    """Whether the transaction is synced after its turn."""
    named_log: tuple[int, int] | None = None
    """What `file_id` said of the log when its name was synced."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._opened_by = os.getpid()

    def begin(self, turns: Turns, *, read_only: bool, syncs_late: bool = False) -> None:
        """Begin a transaction.

        One that may write waits for its turn and has it until the end. With `syncs_late` its commit gives the turn away
        before it waits for the disk, where there is a write-ahead log: what others commit meanwhile is synced with it,
        as it comes later in the log. Raises NotAfterFork, and DatabaseBusy if its turn does not come or a program that
        takes none holds the lock, each for BUSY_TIMEOUT_MS.
        """
        if self._opened_by != os.getpid():
            raise NotAfterFork("A database connection was opened before a fork: open it in the process that uses it.")
        if self.is_read_only != read_only:
            self.execute(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
            self.is_read_only = read_only
        if read_only:
            self.execute("BEGIN")
            return
        if syncs_late and self.log is not None:
            self._sync_late(True)
        if self.turn is None:
            self.turn = turns.take(within_s=BUSY_TIMEOUT_MS / 1000)
        try:
            self.execute("BEGIN IMMEDIATE")
        except BaseException as error:
            self.end_turn()
            if is_locked(error):
                raise DatabaseBusy(_HELD, retry_after_s=RETRY_S) from error
            raise

    def commit(self) -> None:
        """Commit; it is on the disk then. After an error the turn stays until `rollback`: it may not have ended."""
        super().commit()
        self.end_turn()
        if self.syncs_late and self.log is not None:
            self._sync_late(False)
            self._sync_log(self.log)
            with suppress(DRIVER.Error):  # it is on the disk; what is not written back now is so with the next one
                self._write_back()

    def rollback(self) -> None:
        """Undo what was not committed."""
        try:
            super().rollback()
            if self.syncs_late:
                self._sync_late(False)
        finally:
            self.end_turn()

    def close(self) -> None:
        """Close; a transaction that has not ended is undone."""
        self.is_closed = True
        try:
            super().close()
        finally:
            self.end_turn()

    def _sync_log(self, log: Path) -> None:
        sync_data(log)  # which has no locks that closing it would let go
        if self.named_log != (named := file_id(log)):
            sync(log.parent)  # SQLite does that with its first sync of a new log
            self.named_log = named

    def _write_back(self) -> None:
        """Write a long log back into the file, outside of a transaction.

        Not each time: the next commit then begins the log anew, and waits in its turn for the disk to have its head.
        """
        ((_, pages, written_back),) = self.execute("PRAGMA wal_checkpoint(NOOP)").fetchall()  # asks, and does nothing
        if pages - written_back >= LATE_PAGES:
            self.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _sync_late(self, late: bool) -> None:
        """Outside of a transaction."""
        self.execute(f"PRAGMA synchronous = {'NORMAL' if late else 'FULL'}")
        self.execute(f"PRAGMA wal_autocheckpoint = {0 if late else USUAL_PAGES}")
        self.syncs_late = late

    def end_turn(self) -> None:
        """Let the next writer have its turn. Only for a connection in no transaction."""
        turn, self.turn = self.turn, None
        if turn is not None:
            turn.end()


def is_locked(error: BaseException) -> bool:
    """Whether an error of the driver means that another program holds the file."""
    return isinstance(error, DRIVER.Error) and getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def is_wal_safe() -> bool:
    """Whether this process's SQLite may use a write-ahead log."""
    return bool(DRIVER.sqlite_version_info >= WAL_SAFE_SINCE)


def open_file(path: Path, *, foreign_keys: bool = True) -> GuardedConnection:
    """A connection to a file that is there, with every guard. The driver begins no transaction by itself.

    A commit is on the disk when it returns. Raises the driver's OperationalError for a file that cannot be opened.
    """
    file = file_id(path)  # before it is opened: if it is replaced between the two, the first transaction notices
    connection = _connect(path, "rw", factory=GuardedConnection)
    connection.file = file
    wal = is_wal_safe()
    connection.log = path.with_name(f"{path.name}-wal") if wal else None
    try:
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "trusted_schema = OFF",
            f"journal_mode = {'WAL' if wal else 'DELETE'}",
            f"journal_size_limit = {JOURNAL_LIMIT_BYTES}",
            f"synchronous = {'FULL' if wal else 'EXTRA'}",
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",  # SQLite may have been built with either
        ):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection  # type: ignore[no-any-return]


def file_id(path: Path) -> tuple[int, int] | None:
    """The device and inode of what lies at `path` now, which tell one file from another of that name; None for none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked at each transaction, and Path's own takes half as long again
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def open_unchanging(path: Path) -> Any:
    """A connection that only reads a file that nobody writes to, such as a backup: no lock, nothing made beside it.

    Without this, looking at a backup that was cut short can cut it to nothing.
    """
    return _connect(path, "ro&immutable=1")


def open_to_read(path: Path) -> Any:
    """A connection that reads a file which others may be using, and changes nothing of it."""
    connection = _connect(path, "ro")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    return connection


def open_new(path: Path) -> Any:
    """A connection that fills a file that nobody else knows of yet. Whoever fills it must sync it."""
    connection = _connect(path, "rw")
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def open_in_memory() -> Any:
    """A connection to an empty database in memory, with foreign keys on. The driver begins no transaction by itself."""
    connection = DRIVER.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _connect(path: Path, mode: str, **options: Any) -> Any:
    # Pooled connections wander between threads, one at a time.
    kept = {"isolation_level": None, "check_same_thread": False, "cached_statements": STATEMENTS_KEPT}
    return DRIVER.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, **kept, **options)


def make_file(path: Path) -> None:
    """Make a database without tables, open to this user alone; one that is there stays. It is on the disk at the end.

    Until it is whole it has another name, so a file of 0 bytes is never a new database. Raises OSError.
    """
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    try:
        with closing(DRIVER.connect(aside, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA journal_mode = {'WAL' if is_wal_safe() else 'DELETE'}")
        sync(aside)
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        for ending in ("", *COMPANIONS):
            aside.with_name(aside.name + ending).unlink(missing_ok=True)
    sync(path.parent)


def refuse_empty(path: Path) -> None:
    """Raise DatabaseLost for a file of 0 bytes: SQLite takes it for a new database, and `make_file` leaves none."""
    with suppress(FileNotFoundError):
        if path.stat().st_size == 0:
            raise DatabaseLost(
                f"{path.name} is empty (0 bytes), so what was in it is lost: put a backup in its place with "
                "`flask backup restore FILE`, or, if there never was anything in it, delete it and start again.",
                retry_after_s=RETRY_S,
            )


def close_to_others(path: Path) -> None:
    """Take the rights of everybody but the owner from a database and the files beside it, if it is this user's."""
    for ending in ("", *COMPANIONS):
        with suppress(FileNotFoundError, PermissionError):
            file = path.with_name(path.name + ending)
            mode = file.stat().st_mode
            if mode & OTHERS:
                file.chmod(mode & ~OTHERS & 0o7777)


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's list of names, is on the disk. Never for a database in use."""
    _sync(path, os.fsync)


def sync_data(path: Path) -> None:
    """As `sync`, but for when the file was changed: that alone would be a commit of the file system's own journal."""
    _sync(path, os.fdatasync)


def _sync(path: Path, wait: Callable[[int], None]) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        wait(number)
    finally:
        os.close(number)
