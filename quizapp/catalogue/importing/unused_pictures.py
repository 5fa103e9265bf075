"""Removes copied pictures that no note shows any more."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp.catalogue.html.inline_html import PICTURE_NAME
from quizapp.catalogue.models import NotePicture, SentPicture
from quizapp.catalogue.store.note_pictures import names_in_texts
from quizapp.db import reading

# How old a copy must be: an import has copied a note's pictures before the note is stored, at most some hours before,
# and a preview is open for a day.
UNUSED_AFTER = timedelta(days=1)


def remove_unused(db: Session, folder: Path, *, now: datetime) -> int:
    """Remove the copies in a folder that are older than UNUSED_AFTER and that no note shows; returns how many.

    What is retired counts as well, since it may come back; and so do the texts before an edit in the browser.
    Forgets what was sent in the browser before UNUSED_AFTER. Commits before it looks at texts and files, for which no
    writer is to wait: it looks at a copy's age once more before it removes it, and an import makes that new.
    """
    db.execute(delete(SentPicture).where(SentPicture.sent_at < now - UNUSED_AFTER))
    db.commit()
    with reading():
        unused = _unused(db, folder, now=now)
    db.commit()  # ends what was only read
    for path in unused:
        path.unlink(missing_ok=True)
    return len(unused)


def _unused(db: Session, folder: Path, *, now: datetime) -> list[Path]:
    old = [path for path in _copies(folder) if _is_old(path, now)]
    if not old:
        return []
    used = {*db.scalars(select(NotePicture.name)), *db.scalars(select(SentPicture.name))}
    unused = [path for path in old if path.name not in used]
    used = set(names_in_texts(db)) if unused else set()  # a text without its row is a fault, and loses nothing
    return [path for path in unused if path.name not in used and _is_old(path, now)]


def _copies(folder: Path) -> list[Path]:
    with suppress(OSError):
        return [path for path in folder.iterdir() if PICTURE_NAME.fullmatch(path.name)]
    return []


def _is_old(path: Path, now: datetime) -> bool:
    """Whether a copy was made, and last wanted, longer ago than UNUSED_AFTER; not one that is gone."""
    with suppress(OSError):
        return path.stat().st_mtime < (now - UNUSED_AFTER).timestamp()
    return False
