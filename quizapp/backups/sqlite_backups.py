"""Making, checking and putting back backups of a SQLite database. Knows nothing of PostgreSQL."""

import os
import shutil
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from quizapp import sqlite
from quizapp.backups.faults import BackupBroken, BackupFailed, RestoreFailed, told
from quizapp.backups.in_use import users_of
from quizapp.backups.seal import Seal, make_seal, name_of, new_file, read_seal, sealed, write_seal
from quizapp.web.database_file import FileState, refuse_lost, state_of
from quizapp.web.sqlite_copy import (
    ALL_PAGES,
    COPY_DEADLINE_S,
    UNFINISHED,
    Rows,
    copy_file,
    count_rows,
    driver_errors,
    stop_at,
)
from quizapp.write_turns import Turns


def create(database: Path, target: Path, *, now: datetime, deadline_s: float = COPY_DEADLINE_S) -> tuple[Path, Seal]:
    """Make a backup, while others use the database. `target` is a new file, or a folder for one named after `now`.

    Waits up to `deadline_s` seconds for others. Raises DatabaseLost if there is no database of ours, and BackupFailed.
    """
    refuse_lost(database)
    target = new_file(target, stem=database.stem, suffix=database.suffix, now=now)

    def finish(unfinished: Path, rows: Rows) -> None:
        seal = make_seal(unfinished, rows=rows, revision=_checked(unfinished), now=now)
        write_seal(seal, target)

    try:
        copy_file(database, target, deadline_s=deadline_s, finish=finish)
    except OSError as error:
        raise BackupFailed(f"No backup was made: {told(error)}") from error
    seal = read_seal(target)
    assert seal is not None
    return target, seal


def verify(backup: Path) -> Seal:
    """What a backup holds, if it is whole: its sum, its pages and indexes, its tables and their rows. Changes nothing.

    Raises BackupBroken.
    """
    seal = sealed(backup)
    try:
        _checked(backup)
        with driver_errors(backup), closing(sqlite.open_unchanging(backup)) as connection:
            if count_rows(connection) != seal.rows:
                raise OSError("it has other rows than when it was made")
    except OSError as error:
        raise BackupBroken(f"{backup} is damaged: {error}; take another one.") from error
    return seal


def restore(
    database: Path,
    backup: Path,
    *,
    now: datetime,
    deadline_s: float = COPY_DEADLINE_S,
    keep_in: Path | None = None,
) -> tuple[Seal, Path | None]:
    """Put a backup that is whole in the place of the database; also returns where what was there is kept, if anything.

    A database of ours is replaced from within, in one transaction, so it does not matter who uses it. Anything else is
    moved aside, and refused while a process has it open. A database of ours is kept in the folder `keep_in`, or without
    one beside it. Raises BackupBroken, BackupFailed and RestoreFailed.
    """
    seal = verify(backup)
    try:
        if state_of(database) is FileState.OURS:
            kept, _ = create(
                database, (keep_in or database.parent) / _aside(database, now), now=now, deadline_s=deadline_s
            )
            _fill_live(database, backup, seal, until=time.monotonic() + deadline_s)
            return seal, kept
        return seal, _put_in_place(database, backup, now=now)
    except OSError as error:
        raise RestoreFailed(f"{backup} was not put back: {told(error)}") from error


def _checked(file: Path) -> str:
    """The revision of a file that nobody writes to. Raises OSError if pages or indexes are damaged."""
    with driver_errors(file), closing(sqlite.open_unchanging(file)) as connection:
        ((found,),) = connection.execute("PRAGMA integrity_check(1)")
        if found != "ok":
            raise OSError(f"{file.name}: {found}")
        revisions = [revision for (revision,) in connection.execute("SELECT version_num FROM alembic_version")]
    return "+".join(revisions)


def _fill_live(database: Path, backup: Path, seal: Seal, *, until: float) -> None:
    """Replace all that a database holds, in one transaction of its own, and check that it then has the same rows."""
    turn = Turns(database.with_name(database.name + sqlite.LOCK)).take(within_s=until - time.monotonic())
    try:
        with (
            driver_errors(database),
            closing(sqlite.open_unchanging(backup)) as source,
            closing(sqlite.open_file(database)) as live,
        ):
            source.backup(live, pages=ALL_PAGES, progress=stop_at(until))
            _compare(live, seal)
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        turn.end()


def _compare(live: Any, seal: Seal) -> None:
    if count_rows(live) != seal.rows:
        raise OSError("the database has other rows than the backup")


def _put_in_place(database: Path, backup: Path, *, now: datetime) -> Path | None:
    """Make the database anew as the backup is, byte by byte; returns the new name of what lay there, if anything.

    That is moved once the copy is whole, so that a disk that is full leaves everything as it was. Raises RestoreFailed
    if a process uses what lies there.
    """
    _refuse_used(database)
    unfinished = database.with_name(database.name + UNFINISHED)
    unfinished.unlink(missing_ok=True)
    try:
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, sqlite.PRIVATE))
        shutil.copyfile(backup, unfinished)
        sqlite.sync(unfinished)
        _refuse_used(database)
        kept = _move_aside(database, now=now)
        unfinished.rename(database)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sqlite.sync(database.parent)
    return kept


def _refuse_used(database: Path) -> None:
    if users := users_of(_files_of(database)):
        raise RestoreFailed(
            f"Nothing was put back: process {', '.join(map(str, users))} still uses {database.name}; end it first."
        )


def _files_of(database: Path) -> set[Path]:
    return {database, *(database.with_name(database.name + ending) for ending in sqlite.COMPANIONS)}


def _move_aside(database: Path, *, now: datetime) -> Path | None:
    """Give what lies there, logs included, other names; returns that of the database.

    A log that stays would be read as that of the new database.
    """
    aside = database.with_name(_aside(database, now))
    for file in _files_of(database):
        if file.exists():
            file.rename(aside.with_name(aside.name + file.name.removeprefix(database.name)))
    sqlite.sync(database.parent)
    return aside if aside.exists() else None


def _aside(database: Path, now: datetime) -> str:
    return name_of(stem=f"{database.stem}-before-restore", suffix=database.suffix, now=now)
