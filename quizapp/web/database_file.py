"""What lies where the SQLite database should be, and whether more could be written there. Changes nothing."""

import os
from collections.abc import Mapping
from contextlib import closing
from enum import StrEnum
from pathlib import Path

from quizapp import sqlite
from quizapp.sqlite import DatabaseLost
from quizapp.write_turns import RETRY_S

# Of every version of the product; a file with one and not the other belongs to somebody else.
OWN_TABLES = frozenset({"alembic_version", "user_account"})
ROOM_BYTES = 4 * 1024**2  # less than this is a full disk: what one import, the largest write there is, adds to a log


class FileState(StrEnum):
    """What lies there."""

    OURS = "ours"
    NEW = "new"
    MISSING = "missing"
    GONE = "gone"  # its log is there, so it was taken away
    EMPTY = "empty"
    FOREIGN = "foreign"
    LOCKED = "locked"  # against readers too, by a program that is not ours
    BROKEN = "broken"


# What is said of each, and what to do. Of an empty one `sqlite.refuse_empty` says it.
_LOST: Mapping[FileState, str] = {
    FileState.MISSING: "There is no database {path}: make a new one with `flask --app quizapp.up up`, or put a backup "
    "in its place with `flask backup restore FILE`.",
    FileState.GONE: "{path} is not there, though its log is: put the file back beside it, or a backup in its place "
    "with `flask backup restore FILE`.",
    FileState.NEW: "{path} has no tables yet: make them with `flask --app quizapp.up up`.",
    FileState.FOREIGN: "{path} holds something other than this product's data: move it away and put a backup in its "
    "place with `flask backup restore FILE`, or name another file in DATABASE_URL.",
    FileState.LOCKED: "{path} is locked by another program, which lets nobody read it: end that program, which "
    "`fuser {path}` names. Nothing is lost.",
    FileState.BROKEN: "{path} is damaged or cannot be opened: see that this user may read and write it and its folder; "
    "if so, put a backup in its place with `flask backup restore FILE`.",
}


def state_of(path: Path) -> FileState:
    """What lies at `path`."""
    if not path.exists():
        logs = (path.with_name(path.name + ending) for ending in ("-wal", "-journal"))
        left = any(log.exists() and log.stat().st_size > 0 for log in logs)
        return FileState.GONE if left else FileState.MISSING
    if path.stat().st_size == 0:
        return FileState.EMPTY
    try:
        with closing(sqlite.open_to_read(path)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            ((mark,),) = connection.execute("PRAGMA application_id")
    except sqlite.DRIVER.Error as error:
        if sqlite.is_locked(error):
            return FileState.LOCKED
        return FileState.FOREIGN if error.sqlite_errorname == "SQLITE_NOTADB" else FileState.BROKEN
    if tables:
        return FileState.OURS if tables >= OWN_TABLES or tables == {"alembic_version"} else FileState.FOREIGN
    return FileState.NEW if mark == sqlite.APPLICATION_ID else FileState.FOREIGN


def refuse_lost(path: Path, *, may_be_new: bool = False) -> None:
    """Raise DatabaseLost, with what to do, unless `path` is our database or, where it `may_be_new`, there is none."""
    state = state_of(path)
    if state is FileState.OURS or (may_be_new and state in {FileState.NEW, FileState.MISSING}):
        return
    sqlite.refuse_empty(path)
    raise DatabaseLost(_LOST[state].format(path=path.name), retry_after_s=RETRY_S)


def refuse_unwritable(path: Path) -> None:
    """Raise DatabaseLost, with what to do, if `path` is there and nothing can be written to it."""
    if not path.exists():
        return
    disk = os.statvfs(path.parent)
    if disk.f_bavail * disk.f_frsize < ROOM_BYTES:
        raise DatabaseLost(
            f"The disk of {path.name} is full, so nothing can be saved: make room there.", retry_after_s=RETRY_S
        )
    if disk.f_flag & os.ST_RDONLY or not all(os.access(place, os.W_OK) for place in (path, path.parent)):
        raise DatabaseLost(
            f"{path.name} or its folder is read-only, so nothing can be saved: let this user write there.",
            retry_after_s=RETRY_S,
        )
