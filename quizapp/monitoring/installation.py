"""What is asked of the installation each time: database, disk, backups, version. Whatever cannot be known is None."""

import tomllib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session

from quizapp.backups.making import listed_backups
from quizapp.db import sqlite_file
from quizapp.settings import ROOT, Settings
from quizapp.web.disk import Room, room_at


@dataclass(frozen=True, kw_only=True)
class Installed:
    """The installation at one moment."""

    version: str
    is_up: bool
    """Whether the database can be read and written to."""
    database_bytes: int | None
    room: Room | None
    """Where the instance folder is: the disk of a SQLite database, of pictures and of backups."""
    backup_made_at: datetime | None
    """When the newest backup was made; None if there is none."""
    backup_checked_at: datetime | None
    """When any of the listed backups was last found whole."""
    is_backup_broken: bool
    """Whether the last check of any of the listed backups found it broken."""


def installed(db: Session, settings: Settings, *, is_up: bool) -> Installed:
    """What there is. A database that is not up is asked nothing."""
    backups = listed_backups(settings)
    checks = [one.check for one in backups if one.check is not None]
    return Installed(
        version=product_version(),
        is_up=is_up,
        database_bytes=database_size(db, settings) if is_up else None,
        room=room_at(settings.instance_dir),
        backup_made_at=backups[0].made_at if backups else None,
        backup_checked_at=max((check.at for check in checks if check.is_whole), default=None),
        is_backup_broken=any(not check.is_whole for check in checks),
    )


def database_size(db: Session, settings: Settings) -> int | None:
    """The bytes of the database, with its log; None if it does not answer."""
    file = sqlite_file(settings.database_url)
    with suppress(DBAPIError, TimeoutError, OSError):
        if file is None:
            return db.scalar(select(func.pg_database_size(func.current_database())))
        parts = (file, file.with_name(f"{file.name}-wal"))
        return sum(part.stat().st_size for part in parts if part.is_file())
    return None


@cache
def product_version() -> str:
    """The version of the product."""
    with suppress(OSError, KeyError, tomllib.TOMLDecodeError):
        return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
    return "not known"
