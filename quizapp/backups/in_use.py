"""Which processes have a file open. Knows of them only what Linux shows under /proc to this user."""

import os
from contextlib import suppress
from pathlib import Path

GONE = " (deleted)"  # what Linux appends to the name of an open file that was removed


def users_of(paths: set[Path]) -> list[int]:
    """The ids of other processes that have one of these files open, or had when it was removed; sorted."""
    names = {f"{path}{ending}" for path in paths for ending in ("", GONE)}
    return sorted({pid for pid in _processes() if pid != os.getpid() and names & _open_files(pid)})


def _processes() -> list[int]:
    try:
        return [int(process.name) for process in Path("/proc").iterdir() if process.name.isdecimal()]
    except OSError:  # no Linux
        return []


def _open_files(pid: int) -> set[str]:
    found = set()
    with suppress(OSError):  # it has ended, or is somebody else's
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                found.add(str(link.readlink()))
    return found
