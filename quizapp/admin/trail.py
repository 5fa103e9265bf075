"""The trail of what editors did, a page at a time, with their names. Reads only; `catalogue.trail` writes it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from quizapp.accounts.models import User
from quizapp.catalogue.editing.drafts import last_deleted
from quizapp.catalogue.editing.note_changes import last_step_of
from quizapp.catalogue.html.rendering import in_plain_text
from quizapp.catalogue.models import OPERATOR, ContentDeed, DeedOf, Question
from quizapp.catalogue.store.revisions import NEW
from quizapp.catalogue.trail import shortened
from quizapp.catalogue.visibility import Reader
from quizapp.errors import NotFound

LINES_PER_PAGE = 50
STEP_LINES_PER_PAGE = 200
NEW_SHOWN_MAX = 200  # of one note
SOMEBODY = "Somebody whose account is gone"
THE_OPERATOR = "The operator"
_NOTES = (DeedOf.NOTE, DeedOf.RETIRE_NOTE, DeedOf.RESTORE_NOTE)  # of the parts of an import
_IMPORTS = (DeedOf.IMPORT, DeedOf.INVITE, *_NOTES)
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
    DeedOf.IMPORT: "imported",
    DeedOf.NOTE: "saved the note",
    DeedOf.RETIRE_NOTE: "retired the note",
    DeedOf.RESTORE_NOTE: "restored the note",
    DeedOf.PUBLISH_NOTE: "published the note",
    DeedOf.COMMENT: "said something about",
    DeedOf.RESOLVE: "resolved what was said about",
    DeedOf.INVITE: "opened an account for",
    DeedOf.ROLE: "gave a role:",
    DeedOf.LINK: "made a sign-in link for",
    DeedOf.SIGN_OUT: "signed out everywhere:",
    DeedOf.DEACTIVATE: "deactivated the account of",
    DeedOf.ACTIVATE: "opened again the account of",
    DeedOf.DELETE_ACCOUNT: "deleted the account of",
    DeedOf.RESTORE_BACKUP: "put back the backup",
    DeedOf.STILL_RIGHT: "found to be still right",
    DeedOf.MAKE_CLASS: "made the class",
    DeedOf.DELETE_CLASS: "deleted the class",
    DeedOf.NAME_TEACHER: "named a teacher:",
    DeedOf.END_TEACHER: "named no longer a teacher:",
    DeedOf.INVITE_CLASS: "invited into the class",
    DeedOf.TAKE_OUT_OF_CLASS: "took out of the class",
    DeedOf.ASSIGN: "assigned to the class",
    DeedOf.UNASSIGN: "assigned no longer to the class",
    DeedOf.ONLOOK: "looked on at the terminal of",
    DeedOf.CONCEPT: "changed the concept",
    DeedOf.RETIRE_CONCEPT: "retired the concept",
    DeedOf.RESTORE_CONCEPT: "restored the concept",
    DeedOf.RENAME_TAG: "renamed the tag",
    DeedOf.REMOVE_TAG: "removed the tag",
    DeedOf.SECOND_FACTOR_OFF: "turned off the second factor of",
}
# Their words are names of people, classes and files, in which a star is a star; all others' are lines of Markdown.
_NAMES = frozenset(
    [
        *(DeedOf.INVITE, DeedOf.ROLE, DeedOf.LINK, DeedOf.SIGN_OUT, DeedOf.DEACTIVATE, DeedOf.ACTIVATE),
        *(DeedOf.DELETE_ACCOUNT, DeedOf.SECOND_FACTOR_OFF, DeedOf.RESTORE_BACKUP, DeedOf.ONLOOK, DeedOf.IMPORT),
        *(DeedOf.MAKE_CLASS, DeedOf.DELETE_CLASS, DeedOf.NAME_TEACHER, DeedOf.END_TEACHER, DeedOf.INVITE_CLASS),
        *(DeedOf.TAKE_OUT_OF_CLASS, DeedOf.ASSIGN, DeedOf.UNASSIGN),
    ]
)
_OF_A_PART = {
    DeedOf.INVITE: "account",
    DeedOf.EDIT: "changed",
    DeedOf.RETIRE_NOTE: "note retired",
    DeedOf.RESTORE_NOTE: "note restored",
    DeedOf.NOTE: "note",
}


@dataclass(frozen=True, kw_only=True)
class LastDone:
    """An editor's last step, which a press takes back."""

    id: int
    words: str
    """What was done to what."""


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
    """How many parts a deed on several has: questions, or an import's notes as well; 0 for a deed on one."""
    is_import: bool
    """Whether its words say what came of the parts: of an import, a note that was saved, a list of people."""
    can_be_made_again: bool
    undone_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Trail:
    """A page of the trail, the newest first."""

    lines: Sequence[TrailLine]
    before: int | None
    """Where the next page begins; None on the last one."""


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """A part of what was done to several at once."""

    what: str
    words: str
    key: str | None
    """The key of the question; None for a note, and for a question that is no longer there."""
    is_note: bool
    """Whether it is a note or lab, whose questions come after it."""


@dataclass(frozen=True, kw_only=True)
class StepPage:
    """A page of the parts of one line of the trail, in their order."""

    id: int
    who: str
    what: str
    at: datetime
    words: str
    lines: Sequence[StepLine]
    after: int | None
    """Where the next page begins; None on the last one."""


def who_is(name: str | None, user_id: UUID) -> str:
    """Who did something, given the name of their account; None for one that is gone, and for what no account did."""
    return name or (THE_OPERATOR if user_id == OPERATOR else SOMEBODY)


def words_of(deed: ContentDeed) -> str:
    """What was done to, as it is read: the words of a question or concept without the marks of Markdown."""
    return deed.words if deed.what in _NAMES else in_plain_text(deed.words)


def step_page(db: Session, *, deed_id: int, after: int) -> StepPage:
    """The parts of a line of the trail that come after the row with the id `after`. Raises NotFound."""
    found = select(ContentDeed, User.name).outerjoin(User, User.id == ContentDeed.editor_id)
    row = db.execute(found.where(ContentDeed.id == deed_id, ContentDeed.step_id.is_(None))).one_or_none()
    if row is None:
        raise NotFound("There is no such line in the trail.")
    step, name = row
    there = select(Question.id).where(Question.key == ContentDeed.key).exists()
    parts = select(ContentDeed, there).where(ContentDeed.step_id == deed_id, ContentDeed.id > after)
    rows = db.execute(parts.order_by(ContentDeed.id).limit(STEP_LINES_PER_PAGE + 1)).all()
    shown = rows[:STEP_LINES_PER_PAGE]
    lines: list[StepLine] = []
    for part, is_there in shown:
        what, key = _OF_A_PART.get(part.what, DEED_WORDS[part.what]), part.key if is_there else None
        lines.append(
            StepLine(
                what=what, words=words_of(part), key=key, is_note=part.key is None and part.what is not DeedOf.INVITE
            )
        )
        lines += _new_questions(db, (part.kept or {}).get(NEW, ()))
    return StepPage(
        id=step.id,
        who=who_is(name, step.editor_id),
        what=DEED_WORDS[step.what],
        at=step.at,
        words=words_of(step),
        lines=lines,
        after=shown[-1][0].id if len(rows) > len(shown) else None,
    )


def _new_questions(db: Session, keys: Sequence[str]) -> Iterator[StepLine]:
    """The questions that a note brought, as they are now."""
    named = select(Question.key, Question.prompt).where(Question.key.in_(keys[:NEW_SHOWN_MAX]))
    prompts = dict(db.execute(named).all()) if keys else {}
    for key in keys[:NEW_SHOWN_MAX]:
        there = key if key in prompts else None
        yield StepLine(what="new", words=in_plain_text(shortened(prompts.get(key, key))), key=there, is_note=False)
    if len(keys) > NEW_SHOWN_MAX:
        yield StepLine(what="new", words=f"{len(keys) - NEW_SHOWN_MAX} more", key=None, is_note=False)


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
            who=who_is(name, deed.editor_id),
            what=DEED_WORDS[deed.what],
            at=deed.at,
            key=deed.key if is_there else None,
            words=words_of(deed),
            parts=count,
            is_import=deed.what in _IMPORTS,
            can_be_made_again=deed.kept is not None and deed.key is not None and not is_there,
            undone_at=deed.undone_at,
        )
        for deed, name, count, is_there in found[:LINES_PER_PAGE]
    ]
    return Trail(lines=lines, before=lines[-1].id if len(found) > LINES_PER_PAGE else None)


def deleted_last(db: Session, *, editor: Reader, now: datetime) -> LastDone | None:
    """The draft that an editor deleted last, which a press brings back."""
    deed = last_deleted(db, editor=editor, now=now)
    return LastDone(id=deed.id, words=words_of(deed)) if deed is not None else None


def last_done(db: Session, *, of: str | None, deeds: Sequence[DeedOf], editor: Reader) -> LastDone | None:
    """The editor's last step that was done to something, or to anything, if it was not taken back."""
    step = last_step_of(db, of=of, deeds=deeds, editor=editor)
    if step is None:
        return None
    has_verb = step.what is DeedOf.CONCEPT  # its words say what was done: made, changed, moved, merged
    words = words_of(step)
    return LastDone(id=step.id, words=words if has_verb else f"{DEED_WORDS[step.what]} {words}")
