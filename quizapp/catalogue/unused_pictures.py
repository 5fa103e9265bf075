"""Removes copied pictures that nothing in the catalogue shows any more."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import SQLColumnExpression, Text, cast, or_, select
from sqlalchemy.orm import Session

from quizapp.catalogue.inline_html import KEPT, PICTURE_NAME
from quizapp.catalogue.models import Choice, Concept, Question, QuestionEdit, Section, Unsettled

# How old a copy must be: an import has copied a note's pictures before the note is stored, at most some hours before.
UNUSED_AFTER = timedelta(days=1)
SHOWN = "/pictures/"  # what the address of a picture begins with in a section's HTML
_TEXTS: tuple[tuple[str, tuple[SQLColumnExpression[str], ...]], ...] = (
    (SHOWN, (Section.html,)),
    (KEPT, (Concept.text,)),
    (KEPT, (Choice.text, Choice.why)),
    (
        KEPT,
        (
            Question.prompt,
            Question.answer,
            *(cast(one, Text) for one in (Question.must, Question.bonus, Question.red_flags, Question.base)),
        ),
    ),
    (KEPT, (cast(QuestionEdit.before, Text), cast(QuestionEdit.after, Text))),
    (KEPT, (cast(Unsettled.file, Text),)),
)


def remove_unused(db: Session, folder: Path, *, now: datetime) -> int:
    """Remove the copies in a folder that are older than UNUSED_AFTER and that no text names; returns how many.

    What is retired counts as well, since it may come back; and so do the texts before an edit in the browser.
    """
    old = [path for path in _copies(folder) if _made(path) < (now - UNUSED_AFTER).timestamp()]
    if not old:
        return 0
    used = set(_names(db))
    unused = [path for path in old if path.name not in used]
    for path in unused:
        path.unlink(missing_ok=True)
    return len(unused)


def _copies(folder: Path) -> list[Path]:
    with suppress(OSError):
        return [path for path in folder.iterdir() if PICTURE_NAME.fullmatch(path.name)]
    return []


def _made(path: Path) -> float:
    """When a copy was made, or last wanted, in seconds since 1970; never for one that is gone."""
    with suppress(OSError):
        return path.stat().st_mtime
    return float("inf")


def _names(db: Session) -> Iterator[str]:
    """The names of the pictures in all texts."""
    for mark, columns in _TEXTS:
        named = or_(*(column.contains(mark, autoescape=True) for column in columns))
        for row in db.execute(select(*columns).where(named)):
            for text in row:
                yield from PICTURE_NAME.findall(text or "")
