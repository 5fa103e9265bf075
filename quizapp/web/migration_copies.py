"""The copies of a SQLite file in its own folder that each migration leaves: their names, and how many are kept."""

import re
from datetime import datetime
from pathlib import Path

from quizapp.errors import QuizappError
from quizapp.web.sqlite_copy import COPY_DEADLINE_S, copy_file

# Files, one for each migration, failed ones included: five, so that a few failed starts do not remove the first copy.
COPIES_KEPT = 5


class CopyFailed(QuizappError):
    """No copy could be made, or no old copy removed. The database itself was not changed."""


def keep_copy(source: Path, *, revision: str, now: datetime, deadline_s: float = COPY_DEADLINE_S) -> Path:
    """Copy the SQLite file `source`, at `revision`, beside itself, and remove all but the newest copies.

    The copy's name has `now` and `revision` in it; the copy has the committed rows only. Waits for other processes up
    to `deadline_s` seconds. Raises CopyFailed.
    """
    target = source.with_name(f"{source.stem}-{now:%Y%m%dT%H%M%S.%fZ}-at-{revision}{source.suffix}")
    try:
        copy_file(source, target, deadline_s=deadline_s)
        for old in kept_copies(source)[:-COPIES_KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise CopyFailed(
            f"Nothing was changed, since {source} could not be copied first: {error}; make room or end what uses it."
        ) from error
    return target


def kept_copies(source: Path) -> list[Path]:
    """The copies that `keep_copy` has left beside `source`, the oldest first."""
    name = re.compile(rf"{re.escape(source.stem)}-\d{{8}}T\d{{6}}\.\d{{6}}Z-at-[^/]+{re.escape(source.suffix)}")
    return sorted(path for path in source.parent.iterdir() if name.fullmatch(path.name))
