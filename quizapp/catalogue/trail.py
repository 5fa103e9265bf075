"""The trail of what editors did with the content: who, what, to which question, and when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.catalogue.models import DEED_MAX_CHARS, ContentDeed, DeedOf
from quizapp.catalogue.visibility import Reader


def note_down(
    db: Session,
    *,
    what: DeedOf,
    words: str,
    editor: Reader,
    now: datetime,
    key: str | None = None,
    edit_id: int | None = None,
    step_id: int | None = None,
    kept: Mapping[str, Any] | None = None,
) -> ContentDeed:
    """Add a line to the trail, and return its row; see ContentDeed for the arguments. Flushes; the caller commits."""
    deed = ContentDeed(
        step_id=step_id,
        editor_id=editor.id,
        at=now,
        what=what,
        key=key,
        words=shortened(words),
        edit_id=edit_id,
        kept=dict(kept) if kept is not None else None,
    )
    db.add(deed)
    db.flush()
    return deed


def shortened(words: str) -> str:
    """A text on one line of at most DEED_MAX_CHARS characters."""
    line = " ".join(words[: 2 * DEED_MAX_CHARS].split())
    return line if len(line) <= DEED_MAX_CHARS else f"{line[: DEED_MAX_CHARS - 1]}…"
