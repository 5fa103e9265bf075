"""The pictures beside backups: files called by the hash of what they hold, which never change.

All backups of a folder share one folder of them, so that each picture is there once. Knows no note.
"""

import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from quizapp.backups.faults import BackupBroken, BackupFailed, told

FOLDER = "pictures"  # beside the backups
_NAME = re.compile(r"(?P<hash>[0-9a-f]{64})\.[a-z]{3,4}")
_UNFINISHED = ".unfinished"


def copy_missing(source: Path, target: Path) -> int:
    """Copy the pictures of a folder that another one does not have; returns how many. One that is damaged stays out.

    Raises BackupFailed, as for a disk that is full; what was copied before is whole.
    """
    copied = 0
    try:
        for path in _pictures(source):
            if not (target / path.name).exists() and _is_whole(path):
                target.mkdir(mode=0o700, parents=True, exist_ok=True)
                unfinished = target / f"{path.name}{_UNFINISHED}"
                shutil.copyfile(path, unfinished)
                unfinished.chmod(0o600)
                unfinished.rename(target / path.name)
                copied += 1
    except OSError as error:
        raise BackupFailed(f"Not all pictures were copied to {target}: {told(error)}") from error
    return copied


def count(folder: Path) -> int:
    """How many pictures are in a folder."""
    return sum(1 for _ in _pictures(folder))


def refuse_damaged(folder: Path) -> None:
    """Raise BackupBroken if a picture of the folder is not what its name says."""
    damaged = [path.name for path in _pictures(folder) if not _is_whole(path)]
    if damaged:
        raise BackupBroken(
            f"{len(damaged)} pictures in {folder} are damaged, such as {damaged[0]}; remove them and back up again."
        )


def _pictures(folder: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError, NotADirectoryError):
        yield from sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))


def _is_whole(path: Path) -> bool:
    """Whether a file is what its name says; not one that was removed meanwhile."""
    named = _NAME.fullmatch(path.name)
    with suppress(FileNotFoundError):
        return named is not None and hashlib.sha256(path.read_bytes()).hexdigest() == named["hash"]
    return False
