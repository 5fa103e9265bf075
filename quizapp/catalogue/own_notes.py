"""Learners' own notes: how much of them one learner may have, and how one comes to be for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, cast, delete, func, select
from sqlalchemy.orm import Session, defer

from quizapp.catalogue.comments.presence import forget_present
from quizapp.catalogue.labs.models import LabTypedDraft
from quizapp.catalogue.models import (
    Choice,
    Concept,
    DeedOf,
    Note,
    NoteDraft,
    NotePicture,
    Question,
    Section,
    SentPicture,
)
from quizapp.catalogue.note_paths import BROWSER, shown_path
from quizapp.catalogue.remits import forget
from quizapp.catalogue.reports.models import ProblemReport
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.visibility import Reader, offered_to, owned_by
from quizapp.db import note_writes
from quizapp.errors import Invalid, NotFound

OWN_NOTES_MAX = 200  # of one learner: a note a day for a year of working days
# Of one learner: the pictures of 500 screens, at 100 KiB each, or those of a large shared deck of Anki's.
OWN_PICTURES_MAX_BYTES = 50 * 1024 * 1024
# Of one learner, retired ones included, since their cards and what was learnt of them stay: a shared deck of Anki's has
# up to 5,000 cards, and of the 55 courses of notes that were looked at the largest has a thousand questions.
OWN_QUESTIONS_MAX = 20_000
OWN_CHARS_MAX = 20_000_000  # of one learner's texts as they are stored: thirty times what can be sent at once
# Retired, with the text it had.
_LEFT = (Note.retired_at.is_not(None), Note.source != "")
_CLOSED = "There is no such note, or it is not offered any more."


@dataclass(frozen=True, kw_only=True)
class OwnNotes:
    """How much one learner's own notes are, together."""

    notes: int
    """Those that are not retired."""
    questions: int
    """Questions and flashcards, with retired ones."""
    chars: int
    """Characters of all their texts."""
    picture_bytes: int = 0
    """Of their pictures, each counted once."""

    def __add__(self, more: "OwnNotes") -> "OwnNotes":
        return OwnNotes(
            notes=self.notes + more.notes,
            questions=self.questions + more.questions,
            chars=self.chars + more.chars,
            picture_bytes=self.picture_bytes + more.picture_bytes,
        )

    @property
    def too_much(self) -> str | None:
        """Why this is more than one learner may have, and what to do; None if it is not."""
        if self.notes > OWN_NOTES_MAX:
            return f"You would have {self.notes} notes of your own; at most {OWN_NOTES_MAX} fit. Retire one first."
        if self.questions > OWN_QUESTIONS_MAX:
            return (
                f"Your own notes would have {self.questions:,} questions, retired ones included; at most "
                f"{OWN_QUESTIONS_MAX:,} fit. Bring fewer, or offer a note to all: it then counts no more."
            )
        if self.chars > OWN_CHARS_MAX:
            return (
                f"Your own notes would have {self.chars:,} characters; at most {OWN_CHARS_MAX:,} fit. "
                "Retire a note and delete its text, or bring less."
            )
        if self.picture_bytes > OWN_PICTURES_MAX_BYTES:
            return (
                f"The pictures of your own notes would have {self.picture_bytes / 1024**2:.0f} MiB; at most "
                f"{OWN_PICTURES_MAX_BYTES // 1024**2} fit. Retire a note and delete its text, or bring smaller ones."
            )
        return None


def own_notes(db: Session, *, owner: UUID) -> OwnNotes:
    """How much this learner's own notes are."""
    own = select(Note.id).where(owned_by(owner))
    sections = select(Section.id).where(Section.note_id.in_(own))
    questions = select(Question.id).where(Question.note_id.in_(own))
    sums = (
        select(_chars(Note.source)).where(Note.id.in_(own)),
        select(_chars(Section.html)).where(Section.note_id.in_(own)),
        select(_chars(Concept.text)).where(Concept.section_id.in_(sections)),
        select(_chars(Question.prompt, Question.answer, *_GUIDE)).where(Question.note_id.in_(own)),
        select(_chars(Choice.text, Choice.why)).where(Choice.question_id.in_(questions)),
    )
    live = select(func.count()).select_from(Note).where(owned_by(owner), Note.retired_at.is_(None))
    return OwnNotes(
        notes=db.scalars(live).one(),
        questions=db.scalars(select(func.count()).select_from(questions.subquery())).one(),
        chars=sum(db.scalars(each).one() for each in sums),
        picture_bytes=picture_bytes(db, owner=owner),
    )


def picture_bytes(db: Session, *, owner: UUID) -> int:
    """The bytes of the pictures of this learner's own notes, each counted once."""
    of_own = select(NotePicture.name, func.max(NotePicture.size).label("size")).join(Note).where(owned_by(owner))
    pictures = of_own.group_by(NotePicture.name).subquery()
    return int(db.scalar(select(func.coalesce(func.sum(pictures.c.size), 0))) or 0)


def retire_own(db: Session, *, user: Reader, key: str, now: datetime) -> Note:
    """Retire one of the user's own notes. Its text and what was learnt stay, for `restore_own`. Raises NotFound."""
    from quizapp.catalogue.store.note_rows import retire_note  # it loads the parsers, which no other page needs

    note = _own(db, user, key)
    retire_note(db, note, now=now)
    note.offered_at = None
    db.flush()
    return note


def retired_own(db: Session, *, owner: UUID) -> Sequence[Note]:
    """This learner's own notes that are retired and have their text still, the last retired first."""
    left = select(Note).options(defer(Note.source)).where(owned_by(owner), *_LEFT)
    return db.scalars(left.order_by(Note.retired_at.desc(), Note.id).limit(OWN_NOTES_MAX)).all()


def restore_own(db: Session, *, user: Reader, key: str) -> tuple[Note, int]:
    """Let one of `retired_own` be there again; returns it and how many questions came back with it.

    Raises NotFound, and Invalid if the user would have more notes than fit.
    """
    from quizapp.catalogue.store.note_rows import restore_note  # as above

    note = _left(db, user, key)
    questions = restore_note(db, note)
    if (there := own_notes(db, owner=user.id)).notes > OWN_NOTES_MAX and there.too_much:
        raise Invalid(there.too_much)
    return note, len(questions)


def delete_text_of_own(db: Session, *, user: Reader, key: str) -> Note:
    """Delete the text of one of `retired_own` for good; what was learnt stays. Raises NotFound."""
    from quizapp.catalogue.store.note_pictures import replace_pictures  # as above

    note = _left(db, user, key)
    note.source, note.exact = "", None
    note.sections.clear()
    db.flush()
    replace_pictures(db, note.id, db.scalars(select(NotePicture).where(NotePicture.note_id == note.id)).all(), {})
    return note


def offer(db: Session, *, user: Reader, key: str, now: datetime) -> Note:
    """Offer one of the user's own notes to all: editors can read it, and publish it. Raises NotFound."""
    note = _own(db, user, key)
    note.offered_at = note.offered_at or now
    db.flush()
    return note


def take_back(db: Session, *, user: Reader, key: str) -> Note:
    """End the offer of one of the user's own notes. Raises NotFound, also once it is published."""
    note = _own(db, user, key)
    note.offered_at = None
    db.flush()
    return note


def publish(db: Session, *, user: Reader, key: str, now: datetime) -> Note:
    """Make an offered note one for all, of which editors take care from then on. Everybody's cards of it stay.

    Raises NotFound if it is not offered, or if the user is no editor.
    """
    waiting = select(Note).where(Note.key == key, Note.retired_at.is_(None), offered_to(user)).with_for_update()
    note = db.scalar(waiting)
    if note is None:
        raise NotFound(_CLOSED)
    note.owner_id = note.offered_at = None
    note.path = _free_path(db, shown_path(note.path))
    note_down(db, what=DeedOf.PUBLISH_NOTE, words=note.title, editor=user, now=now)
    return note


def delete_own(db: Session, *, owner: UUID) -> None:
    """Delete all own notes of somebody whose cards and quizzes are deleted already, with everything in them.

    With them go the pictures that they sent, what they reported of questions for all, what was named for them to edit
    and what they have open in an editor.
    """
    notes = db.scalars(select(Note.id).where(Note.owner_id == owner)).all()
    db.execute(delete(Question).where(Question.note_id.in_(notes)))
    db.execute(delete(Concept).where(Concept.section_id.in_(select(Section.id).where(Section.note_id.in_(notes)))))
    db.execute(delete(Note).where(Note.owner_id == owner))
    db.execute(delete(SentPicture).where(SentPicture.user_id == owner))
    for drafts in (NoteDraft, LabTypedDraft):
        db.execute(delete(drafts).where(drafts.user_id == owner))
    db.execute(delete(ProblemReport).where(ProblemReport.user_id == owner))
    forget(db, user_id=owner)
    forget_present(db, user_id=owner)
    note_writes(db, Note, notes)
    db.expire_all()


def _left(db: Session, user: Reader, key: str) -> Note:
    note = db.scalar(select(Note).where(Note.key == key, owned_by(user.id), *_LEFT).with_for_update())
    if note is None:
        raise NotFound("There is no such retired note of your own. The list has those there are.")
    return note


def _own(db: Session, user: Reader, key: str) -> Note:
    own = select(Note).where(Note.key == key, owned_by(user.id), Note.retired_at.is_(None)).with_for_update()
    note = db.scalar(own)
    if note is None:
        raise NotFound("There is no such note of your own. The list has those there are.")
    return note


def _free_path(db: Session, name: str) -> str:
    """The Note.path of a note for all that a browser sent under this name, or the first with a number that is free."""
    stem, dot, suffix = name.partition(".")
    names = chain([name], (f"{stem}-{number}{dot}{suffix}" for number in count(2)))
    paths = (f"{BROWSER}{each}" for each in names)
    return next(path for path in paths if db.scalar(select(Note.id).where(Note.path == path)) is None)


_LISTS = (Question.must, Question.bonus, Question.red_flags, Question.hints)
_GUIDE = tuple(cast(points, Text) for points in (*_LISTS, Question.expected))


def _chars(*texts: SQLColumnExpression[str]) -> ColumnElement[int]:
    return func.coalesce(sum(func.sum(func.coalesce(func.length(text), 0)) for text in texts), 0)
