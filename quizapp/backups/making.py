"""Backups in the instance folder, as a command and a page make, list and check them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from quizapp.backups import pictures
from quizapp.backups.checked import BackupCheck, check_of, note_check
from quizapp.backups.faults import BackupBroken, BackupFailed, RestoreFailed, told
from quizapp.backups.seal import ENDING, Seal, read_seal, seal_file
from quizapp.db import sqlite_file
from quizapp.settings import Settings
from quizapp.web import revisions
from quizapp.web.sqlite_copy import COPY_DEADLINE_S

FOLDER = "backups"  # in the instance folder
LISTED_MAX = 20  # the newest
OLD_BACKUP = timedelta(days=2)  # a nightly one that failed once is told on the day after


@dataclass(frozen=True, kw_only=True)
class MadeBackup:
    """A backup that was just made."""

    file: Path
    seal: Seal
    copied: int
    """How many pictures were not in the folder beside it before."""


@dataclass(frozen=True, kw_only=True)
class ListedBackup:
    """A backup that lies in a folder."""

    name: str
    made_at: datetime
    size: int
    """In bytes."""
    rows: int
    check: BackupCheck | None
    """The last check of it; None if there was none."""


@dataclass(frozen=True, kw_only=True)
class RestoredBackup:
    """A backup that was just put back."""

    seal: Seal
    kept: Path | None
    """A copy of what was there before; None if there was nothing."""
    copied: int
    """How many pictures came back with it."""


def backup_folder(settings: Settings) -> Path:
    """The folder of backups in the instance folder; made if it is not there. Raises BackupFailed."""
    folder = settings.instance_dir / FOLDER
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise BackupFailed(f"No backup was made: {told(error)}") from error
    return folder


def make_backup(
    settings: Settings, target: Path | None, *, now: datetime, deadline_s: float = COPY_DEADLINE_S
) -> MadeBackup:
    """Copy the database to `target`, or to the folder of backups, with the pictures beside it. Raises BackupFailed."""
    from quizapp.backups import postgresql_backups, sqlite_backups

    url, target = settings.database_url, target or backup_folder(settings)
    file = sqlite_file(url)
    if file is None:
        made, seal = postgresql_backups.create(make_url(url), target, now=now, deadline_s=deadline_s)
    else:
        made, seal = sqlite_backups.create(file, target, now=now, deadline_s=deadline_s)
    copied = pictures.copy_missing(settings.pictures_dir, made.parent / pictures.FOLDER)
    return MadeBackup(file=made, seal=seal, copied=copied)


def restore_backup(
    settings: Settings, file: Path, *, now: datetime, deadline_s: float = COPY_DEADLINE_S, keep_in: Path | None = None
) -> RestoredBackup:
    """Check a backup and put it in the place of the database, whether or not the product runs.

    What was there is kept: in the folder `keep_in`, or without one where the command has always kept it. Raises
    BackupBroken, BackupFailed and RestoreFailed.
    """
    from quizapp.backups import postgresql_backups, sqlite_backups

    url = settings.database_url
    database = sqlite_file(url)
    with _read(file):
        _refuse_other_kind(file, is_dump=database is None)
        _refuse_newer(file)
    try:
        if database is None:
            folder = keep_in or backup_folder(settings)
            seal, kept = postgresql_backups.restore(make_url(url), file, now=now, keep_in=folder, deadline_s=deadline_s)
        else:
            seal, kept = sqlite_backups.restore(database, file, now=now, deadline_s=deadline_s, keep_in=keep_in)
    except BackupFailed as error:
        raise RestoreFailed(
            f"Nothing was put back, since what is there now could not be kept first. {error}"
        ) from error
    try:
        copied = pictures.copy_missing(file.parent / pictures.FOLDER, settings.pictures_dir)
    except BackupFailed as error:
        raise RestoreFailed(f"The database is put back, and its pictures are not all there. {error}") from error
    return RestoredBackup(seal=seal, kept=kept, copied=copied)


@contextmanager
def _read(file: Path) -> Iterator[None]:
    """Raise BackupBroken within the block if a backup cannot be read."""
    try:
        yield
    except OSError as error:
        raise BackupBroken(f"{file} cannot be read: {told(error)}") from error


def _refuse_newer(file: Path) -> None:
    """Raise RestoreFailed for a backup that a newer version has made: this one could not use it, nor migrate it."""
    seal = read_seal(file)
    if seal is not None and (newer := revisions.unknown(seal.revision)):
        raise RestoreFailed(
            f"{file} is of a newer version, at revision {newer}, which this one does not know: nothing was put back. "
            "Install that version, and put it back with it."
        )


def _refuse_other_kind(file: Path, *, is_dump: bool) -> None:
    """Raise RestoreFailed for a backup of the other kind of database."""
    from quizapp.backups import postgresql_backups

    if file.is_file() and postgresql_backups.is_dump(file) != is_dump and seal_file(file).exists():
        made_of, wanted = ("SQLite", "PostgreSQL") if is_dump else ("PostgreSQL", "SQLite")
        raise RestoreFailed(f"{file} is a backup of {made_of}, and DATABASE_URL names {wanted}: nothing was put back.")


def verify_backup(settings: Settings, file: Path, *, now: datetime) -> Seal:
    """The seal of a backup that is whole, with the pictures beside it. Raises BackupBroken.

    Of one in the folder of backups it is kept when it was checked, and what came of it.
    """
    is_listed = file.absolute().parent == (settings.instance_dir / FOLDER).absolute()
    try:
        with _read(file):
            seal = _verified(file)
    except BackupBroken:
        if is_listed and file.is_file():
            note_check(file, is_whole=False, now=now)
        raise
    if is_listed:
        note_check(file, is_whole=True, now=now)
    return seal


def _verified(file: Path) -> Seal:
    from quizapp.backups import postgresql_backups, sqlite_backups

    is_dump = file.is_file() and postgresql_backups.is_dump(file)
    seal = postgresql_backups.verify(file) if is_dump else sqlite_backups.verify(file)
    pictures.refuse_damaged(file.parent / pictures.FOLDER)
    return seal


def listed_backups(settings: Settings) -> Sequence[ListedBackup]:
    """The newest backups in the folder, the newest first. One without a seal is not listed: it may be cut short."""
    found = []
    for path in (settings.instance_dir / FOLDER).glob(f"*{ENDING}"):
        file = path.with_name(path.name.removesuffix(ENDING))
        seal = read_seal(file)
        if seal is not None and file.is_file():
            made_at = datetime.fromisoformat(seal.made_at)
            made_at = made_at if made_at.tzinfo is not None else made_at.replace(tzinfo=UTC)
            found.append(
                ListedBackup(
                    name=file.name,
                    made_at=made_at,
                    size=file.stat().st_size,
                    rows=seal.total,
                    check=check_of(file),
                )
            )
    return sorted(found, key=lambda one: one.made_at, reverse=True)[:LISTED_MAX]
