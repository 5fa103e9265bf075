"""Writes content files whole or not at all, and never over what somebody has changed meanwhile."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from quizapp.errors import Conflict


class FileChanged(Conflict):
    """A file that was changed while its next version was worked out; it is left as it is."""

    title = "The file was changed meanwhile"


def write_whole(path: Path, data: bytes, *, before: bytes) -> None:
    """Put `data` in the place of `before`, with the file's own rights; a link stays one.

    Raises FileChanged if the file holds something else by now, and OSError if it cannot be written.
    """
    target = path.resolve(strict=True)
    with NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".new", delete=False) as new:
        try:
            new.write(data)
            new.flush()
            os.fsync(new.fileno())
            Path(new.name).chmod(target.stat().st_mode & 0o7777)
            if target.read_bytes() != before:
                raise FileChanged(f"{path} was changed meanwhile. Nothing was written; start again.")
            Path(new.name).replace(target)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise


def write_new(path: Path, data: bytes) -> None:
    """Make a file that is not there yet, with its folders. Raises OSError if it is there or cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as new:
        new.write(data)
        new.flush()
        os.fsync(new.fileno())
