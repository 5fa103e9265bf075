"""When a backup was last checked and what came of it, kept beside it. The backup and its seal are not touched."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

ENDING = ".checked.json"


@dataclass(frozen=True, kw_only=True)
class BackupCheck:
    """The last check of a backup."""

    at: datetime
    is_whole: bool


def note_check(backup: Path, *, is_whole: bool, now: datetime) -> None:
    """Keep what came of a check. Where nothing can be written, as on a disk that is full, nothing is kept."""
    with suppress(OSError):
        said = {"at": now.isoformat(timespec="seconds"), "is_whole": is_whole}
        _file_of(backup).write_text(json.dumps(said), encoding="utf-8")


def check_of(backup: Path) -> BackupCheck | None:
    """The last check of a backup; None if there was none, or it cannot be read."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads(_file_of(backup).read_text(encoding="utf-8"))
        at = datetime.fromisoformat(said["at"])
        if at.tzinfo is not None:
            return BackupCheck(at=at, is_whole=bool(said["is_whole"]))
    return None


def _file_of(backup: Path) -> Path:
    return backup.with_name(backup.name + ENDING)
