"""The trail of what editors did, a page at a time, with their names. Reads only; `catalogue.trail` writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from quizapp.accounts.models import User
from quizapp.catalogue.models import ContentDeed, DeedOf, Question

LINES_PER_PAGE = 50
SOMEBODY = "Somebody whose account is gone"
DEED_WORDS: Mapping[DeedOf, str] = {
    DeedOf.EDIT: "edited",
    DeedOf.MAKE: "made",
    DeedOf.DUPLICATE: "duplicated",
    DeedOf.MOVE: "moved",
    DeedOf.KIND: "changed the kind of",
    DeedOf.DRAFT: "made a draft of",
    DeedOf.REVIEW: "sent to review",
    DeedOf.PUBLISH: "published",
    DeedOf.RETIRE: "retired",
    DeedOf.RESTORE: "restored",
    DeedOf.VERSION: "took an older version of",
    DeedOf.SETTLE: "settled the versions of",
    DeedOf.UNDO: "took a change back in",
    DeedOf.DELETE: "deleted the draft",
    DeedOf.TAG: "tagged",
    DeedOf.UNTAG: "untagged",
    DeedOf.TAKE_REPORT: "took the text that a learner suggested for",
    DeedOf.SETTLE_REPORT: "settled what a learner reported of",
    DeedOf.DECLINE_REPORT: "declined what a learner reported of",
}


@dataclass(frozen=True, kw_only=True)
class TrailLine:
    """What somebody did."""

    id: int
    who: str
    what: str
    at: datetime
    key: str | None
    """The key of the question; None for several at once, and for one that is no longer there."""
    words: str
    parts: int
    """How many questions a deed on several changed; 0 for a deed on one."""
    can_be_made_again: bool
    undone_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Trail:
    """A page of the trail, the newest first."""

    lines: Sequence[TrailLine]
    before: int | None
    """Where the next page begins; None on the last one."""


def trail_before(db: Session, *, before: int | None) -> Trail:
    """The lines before the row with this id, or the newest ones. What was done to several at once is one line."""
    part = aliased(ContentDeed)
    parts = select(func.count()).where(part.step_id == ContentDeed.id).scalar_subquery()
    there = select(Question.id).where(Question.key == ContentDeed.key).exists()
    rows = (
        select(ContentDeed, User.name, parts, there)
        .outerjoin(User, User.id == ContentDeed.editor_id)
        .where(ContentDeed.step_id.is_(None))
        .order_by(ContentDeed.id.desc())
        .limit(LINES_PER_PAGE + 1)
    )
    found = db.execute(rows.where(ContentDeed.id < before) if before is not None else rows).all()
    lines = [
        TrailLine(
            id=deed.id,
            who=name or SOMEBODY,
            what=DEED_WORDS[deed.what],
            at=deed.at,
            key=deed.key if is_there else None,
            words=deed.words,
            parts=count,
            can_be_made_again=deed.kept is not None and not is_there,
            undone_at=deed.undone_at,
        )
        for deed, name, count, is_there in found[:LINES_PER_PAGE]
    ]
    return Trail(lines=lines, before=lines[-1].id if len(found) > LINES_PER_PAGE else None)
