"""What an owner sees of the installation: hosts and who waits for one, backups, storage, versions. Reads only."""

import os
import platform
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.admin.owner.figures import DayOfHosts, InstalledFact, age_in_words, day_of_hosts
from quizapp.backups.making import FOLDER, OLD_BACKUP, ListedBackup, listed_backups
from quizapp.errors import QuizappError
from quizapp.monitoring.installation import database_size, product_version
from quizapp.sandboxes.client import Health, Sandbox, SandboxClient, SandboxState
from quizapp.settings import Settings
from quizapp.web.disk import room_at

STATE_WORDS = {
    SandboxState.QUEUED: "waits for room",
    SandboxState.STARTING: "starting",
    SandboxState.READY: "ready for the next learner",
    SandboxState.CLAIMED: "in use",
    SandboxState.ENDING: "ending",
    SandboxState.GONE: "ended",
    SandboxState.LOST: "failed",
}
FILES_COUNTED_MAX = 20_000  # of a folder; a larger one is told as "more than"


@dataclass(frozen=True, kw_only=True)
class RunningHost:
    """A host, or somebody's wait for one."""

    id: str
    who: str
    """The name of the learner; that it is kept ready for the next one, or is none of a learner."""
    template: str
    state: SandboxState
    since: datetime
    until: datetime | None
    position: int | None
    """The place in the queue; None if it does not wait."""

    @property
    def state_words(self) -> str:
        """What it does now, in words that need no knowledge of how hosts are made."""
        return STATE_WORDS[self.state]


@dataclass(frozen=True, kw_only=True)
class HostsPage:
    """Hosts that run, the queue, and whether there could be any."""

    health: Health
    hosts: Sequence[RunningHost]
    waiting: Sequence[RunningHost]
    fault: str | None
    """Why the hosts cannot be listed; None if they are."""
    day: DayOfHosts | None
    """How hosts did within a day; None if sandboxd does not say."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """What runs, without what must ask sandboxd."""

    backups: Sequence[ListedBackup]
    backup_age: str
    """How old the newest one is, in words; empty if there is none."""
    is_backup_old: bool
    """Whether the last backup is older than OLD_BACKUP, or there is none."""
    storage: Sequence[InstalledFact]
    is_disk_full: bool
    """Whether so little is left that somebody has to make room; see `web.disk.Room`."""
    versions: Sequence[InstalledFact]


def hosts_page(db: Session, client: SandboxClient) -> HostsPage:
    """Hosts and queue. Whatever sandboxd or its engine lacks is said, and raises nothing."""
    health = client.health()
    day = None
    try:
        found, fault = client.list(), None
        day = day_of_hosts(client.figures())
    except QuizappError as error:
        found, fault = (), str(error)
    names = _names(db, found)
    hosts = [_host(one, names) for one in found if one.state is not SandboxState.QUEUED]
    waiting = [_host(one, names) for one in found if one.state is SandboxState.QUEUED]
    return HostsPage(
        health=health, hosts=hosts, waiting=sorted(waiting, key=lambda one: one.position or 0), fault=fault, day=day
    )


def running(db: Session, settings: Settings, *, now: datetime) -> Running:
    """Backups, storage and versions. What cannot be found out is said so."""
    backups = listed_backups(settings)
    room = room_at(settings.instance_dir)
    return Running(
        backups=backups,
        backup_age=age_in_words(now - backups[0].made_at) if backups else "",
        is_backup_old=not backups or now - backups[0].made_at > OLD_BACKUP,
        storage=[
            InstalledFact(name="Database", value=_in_words(database_size(db, settings))),
            InstalledFact(name="Pictures", value=_in_words(_folder_size(settings.pictures_dir))),
            InstalledFact(name="Backups", value=_in_words(_folder_size(settings.instance_dir / FOLDER))),
            InstalledFact(name="Left on the disk", value=_in_words(None if room is None else room.free)),
        ],
        is_disk_full=room is not None and room.is_little,
        versions=[
            InstalledFact(name="Product", value=product_version()),
            InstalledFact(name="Revision of the database", value=revision_of(db)),
            InstalledFact(name="Database", value=_database_version(db)),
            InstalledFact(name="Python", value=platform.python_version()),
            InstalledFact(name="Flask", value=version("flask")),
            InstalledFact(name="SQLAlchemy", value=version("sqlalchemy")),
        ],
    )


def _names(db: Session, found: Sequence[Sandbox]) -> dict[str, str]:
    """The names of the learners whose hosts these are, by what the host says of its owner."""
    ids: dict[str, UUID] = {}
    for one in found:
        with suppress(ValueError):
            ids[one.owner or ""] = UUID((one.owner or "").partition(".")[0])  # a twin has its side after a dot
    rows = db.execute(select(User.id, User.name).where(User.id.in_(ids.values()))).all() if ids else []
    names = {row.id: row.name for row in rows}
    return {owner: names[user_id] for owner, user_id in ids.items() if user_id in names}


def _host(one: Sandbox, names: dict[str, str]) -> RunningHost:
    who = "nobody yet: kept ready" if one.owner is None else names.get(one.owner, "no learner")
    return RunningHost(
        id=one.id,
        who=who,
        template=one.template,
        state=one.state,
        since=one.created_at,
        until=one.deadline,
        position=one.position,
    )


def _folder_size(folder: Path) -> int | None:
    """The bytes of a folder's own files; None for more than FILES_COUNTED_MAX of them."""
    total = 0
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number >= FILES_COUNTED_MAX:
                return None
            with suppress(FileNotFoundError):
                total += entry.stat(follow_symlinks=False).st_size if entry.is_file(follow_symlinks=False) else 0
    return total


def _in_words(size: int | None) -> str:
    if size is None:
        return "not known"
    return f"{size / 1024**3:.1f} GiB" if size >= 1024**3 else f"{size / 1024**2:.1f} MiB"


def revision_of(db: Session) -> str:
    """The migration that the database is at."""
    return db.scalar(text("SELECT version_num FROM alembic_version")) or "none"


def _database_version(db: Session) -> str:
    if db.connection().dialect.name == "sqlite":
        return f"SQLite {db.scalar(select(func.sqlite_version()))}"
    return f"PostgreSQL {db.scalar(text('SHOW server_version'))}"
