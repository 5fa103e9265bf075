"""Keeps the built front-end files of each version that was brought up, for pages of another version. Serves nothing.

Their names have hashes, so files of several versions lie in one folder. A page that was open before an upgrade loads
scripts by the old names, and while one process after the other is replaced, any of them may be asked for either's.
"""

import os
import re
import secrets
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"
HASHED = re.compile(r"[\w.-]+-[0-9A-Za-z]{8}\.\w+")  # the names that may be cached for good
_PACKED = (".br", ".gz")
# Since the last start of a version that has it: as long as a sign-in lasts, and so a tab that is left open.
KEPT_FOR = timedelta(days=30)


def keep(dist: Path, folder: Path, *, now: datetime) -> None:
    """Copy the built files of this version into the folder, and remove those that no version had within KEPT_FOR.

    Several processes may do so at once. Nothing is done before the first build.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    for file in dist.iterdir() if dist.is_dir() else ():
        if _is_hashed(file.name):
            _keep_one(file, folder / file.name, now=now)
    for kept in list(folder.iterdir()):
        with suppress(FileNotFoundError):  # another process has removed it, or given it its name
            if kept.stat().st_mtime < (now - KEPT_FOR).timestamp():
                kept.unlink()


def _keep_one(file: Path, kept: Path, *, now: datetime) -> None:
    if not kept.exists():
        aside = kept.with_name(f"{kept.name}.{secrets.token_hex(8)}")  # whoever serves it must never see a half
        shutil.copyfile(file, aside)
        aside.replace(kept)
    os.utime(kept, (now.timestamp(), now.timestamp()))


def _is_hashed(name: str) -> bool:
    plain = name[:-3] if name.endswith(_PACKED) else name
    return HASHED.fullmatch(plain) is not None
