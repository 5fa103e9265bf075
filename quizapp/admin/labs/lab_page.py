"""What the pages of the lab editor show: the labs with their drafts, and the texts that were published. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.admin.diff import DiffLine, line_diff
from quizapp.admin.trail import SOMEBODY
from quizapp.catalogue.labs.models import LabDraft, LabRevision, ReleaseGround
from quizapp.catalogue.models import Lab, LabSource
from quizapp.catalogue.remits import edited_by

REVISIONS_MAX = 50  # of a lab's history on its page


@dataclass(frozen=True, kw_only=True)
class LabRow:
    """A lab in the editors' list."""

    slug: str
    title: str
    minutes: int
    is_offered: bool
    has_draft: bool
    drafted_at: datetime | None
    is_disputed: bool
    """Whether its file and the browser have both changed it."""
    is_ahead: bool
    """Whether what was published here is not in its file yet."""


@dataclass(frozen=True, kw_only=True)
class LabVersion:
    """A text that was published, and what it changed."""

    id: int
    at: datetime
    who: str
    """The editor's name, SOMEBODY, or that it came from the file."""
    how: str
    changes: Sequence[DiffLine]
    """Against the one before it; empty for the first."""
    is_offered: bool
    """Whether it is what learners have now."""


def lab_rows(db: Session, *, editor: User) -> Sequence[LabRow]:
    """The labs that this editor may change: first those with something to do, then by title."""
    rows = db.execute(
        select(
            *(Lab.slug, Lab.title, Lab.minutes, Lab.retired_at),
            *(LabDraft.saved_at, LabSource.waiting, LabSource.published),
        )
        .outerjoin(LabDraft, LabDraft.lab_id == Lab.id)
        .outerjoin(LabSource, LabSource.lab_id == Lab.id)
        .join(Lab.question)
        .where(edited_by(editor))
        .order_by(Lab.title, Lab.id)
    )
    found = [
        LabRow(
            slug=slug,
            title=title,
            minutes=minutes,
            is_offered=retired_at is None,
            has_draft=saved_at is not None,
            drafted_at=saved_at,
            is_disputed=waiting is not None,
            is_ahead=published is not None,
        )
        for slug, title, minutes, retired_at, saved_at, waiting, published in rows
    ]
    return sorted(found, key=lambda row: (not row.is_disputed, not row.has_draft, not row.is_offered))


def versions(db: Session, lab: Lab, *, offered: str) -> Sequence[LabVersion]:
    """The texts of a lab that were published, the newest first, at most REVISIONS_MAX."""
    found = db.execute(
        select(LabRevision, User.name)
        .outerjoin(User, User.id == LabRevision.editor_id)
        .where(LabRevision.lab_id == lab.id)
        .order_by(LabRevision.id.desc())
        .limit(REVISIONS_MAX + 1)
    ).all()
    before = [row.text for row, _ in found[1:]]
    return [
        LabVersion(
            id=row.id,
            at=row.published_at,
            who="The file" if row.ground is ReleaseGround.FILE else name or SOMEBODY,
            how=_how(row),
            changes=line_diff(before[index], row.text) if index < len(before) else (),
            is_offered=row.text == offered,
        )
        for index, (row, name) in enumerate(found[:REVISIONS_MAX])
    ]


def _how(row: LabRevision) -> str:
    match row.ground:
        case ReleaseGround.FILE:
            return "had this"
        case ReleaseGround.PROOF:
            return "published it, verified"
        case ReleaseGround.WORD:
            return f"published it, not verified: {row.words}"
