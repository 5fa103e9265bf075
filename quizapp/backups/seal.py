"""What a backup held when it was made, kept beside it: without this, one that was cut short looks whole and empty."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from quizapp import sqlite
from quizapp.backups.faults import BackupBroken, BackupFailed

ENDING = ".seal.json"
KEYS = {"made_at", "revision", "bytes", "sha256", "rows"}


@dataclass(frozen=True, kw_only=True)
class Seal:
    """What a backup must be to be whole."""

    made_at: str
    """When, in UTC, as ISO 8601."""
    revision: str
    """The migration that the database was at."""
    bytes: int
    sha256: str
    rows: Mapping[str, int]
    """Table name to the number of its rows."""

    @property
    def total(self) -> int:
        """How many rows all tables have."""
        return sum(self.rows.values())


def name_of(*, stem: str, suffix: str, now: datetime) -> str:
    """What a backup made at `now` is called."""
    return f"{stem}-{now:%Y%m%dT%H%M%S.%fZ}{suffix}"


def new_file(target: Path, *, stem: str, suffix: str, now: datetime) -> Path:
    """`target`, or a file named after `now` in it if it is a folder. Raises BackupFailed if the file is there."""
    if target.is_dir():
        target = target / name_of(stem=stem, suffix=suffix, now=now)
    if target.exists():
        raise BackupFailed(f"{target} is there already: choose another name.")
    return target


def seal_file(backup: Path) -> Path:
    """Where the seal of this backup is."""
    return backup.with_name(backup.name + ENDING)


def make_seal(file: Path, *, rows: Mapping[str, int], revision: str, now: datetime) -> Seal:
    """The seal of a backup with these rows. Nobody may have the file open as a database."""
    return Seal(
        made_at=now.isoformat(timespec="seconds"),
        revision=revision,
        bytes=file.stat().st_size,
        sha256=sum_of(file),
        rows=dict(rows),
    )


def sum_of(file: Path) -> str:
    """The SHA-256 of a file, as `sha256sum` prints it."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write_seal(seal: Seal, backup: Path) -> None:
    """Write the seal beside the backup, open to this user alone, and wait until it is on the disk."""
    path = seal_file(backup)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, sqlite.PRIVATE), "w") as file:
            file.write(json.dumps(asdict(seal), indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        sqlite.sync(path.parent)
    except OSError:
        path.unlink(missing_ok=True)  # a part of it, as of a full disk
        raise


def sealed(backup: Path) -> Seal:
    """The seal of a backup that is byte by byte what it was when it was made. Raises BackupBroken."""
    if not backup.is_file():
        raise BackupBroken(f"There is no backup {backup}.")
    seal = read_seal(backup)
    if seal is None:
        raise BackupBroken(
            f"Whether {backup} is whole cannot be told without {seal_file(backup).name} beside it, which "
            "`flask backup create` made with it: put both in one folder."
        )
    if (backup.stat().st_size, sum_of(backup)) != (seal.bytes, seal.sha256):
        raise BackupBroken(f"{backup} is not what it was when it was made: take another one.")
    return seal


def read_seal(backup: Path) -> Seal | None:
    """The seal beside a backup; None if there is none that can be read."""
    try:
        said = json.loads(seal_file(backup).read_text(encoding="utf-8"))
        datetime.fromisoformat(said["made_at"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return Seal(**said) if said.keys() == KEYS and isinstance(said["rows"], dict) else None
