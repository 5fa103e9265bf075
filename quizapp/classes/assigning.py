"""What teachers assign: a note, a quiz on one or a lab, from a day and until one. The caller commits.

Days are chosen on the calendar of the class's zone; stored are the instants at which the first one begins and the last
one ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import KEY_MAX_CHARS, PAGE_KINDS, DeedOf, Lab, Note, Question, QuestionKind
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.visibility import FOR_ALL
from quizapp.classes.models import AssignedKind, Assignment
from quizapp.classes.service import taught
from quizapp.errors import Conflict, Invalid
from quizapp.study_day import day_of, start_of

ASSIGNED_MAX = 100  # of a class: a year of two a week
YEARS = range(2000, 2101)  # of days that are taken for meant
KIND_WORDS = {AssignedKind.NOTE: "Learn a note", AssignedKind.QUIZ: "A quiz on a note", AssignedKind.LAB: "A lab"}


class BadAssignment(Invalid):
    """What is to be assigned is not there, or its days cannot be meant."""


@dataclass(frozen=True, kw_only=True)
class Assignable:
    """Something that can be assigned."""

    value: str
    """As a form sends it: the kind, a colon, and the note's key or the lab's slug."""
    title: str
    kind: AssignedKind


def assignable(db: Session) -> Sequence[Assignable]:
    """The notes for all that have questions, and the labs that are offered, in the order of their lists."""
    asked = Question.note_id == Note.id, Question.hidden == false()
    learnt = select(Question.id).where(*asked, Question.kind != QuestionKind.LAB).exists()
    quizzed = select(Question.id).where(*asked, Question.kind.in_(PAGE_KINDS)).exists()
    live = select(Note.key, Note.title, learnt, quizzed).where(FOR_ALL, Note.retired_at.is_(None))
    notes = db.execute(live.order_by(Note.number.nulls_last(), Note.title, Note.id)).all()
    labs = db.execute(select(Lab.slug, Lab.title).where(Lab.retired_at.is_(None)).order_by(Lab.title, Lab.id)).all()
    return [
        *(_choice(AssignedKind.NOTE, key, title) for key, title, is_learnt, _ in notes if is_learnt),
        *(_choice(AssignedKind.QUIZ, key, title) for key, title, _, is_quizzed in notes if is_quizzed),
        *(_choice(AssignedKind.LAB, slug, title) for slug, title in labs),
    ]


def assign(
    db: Session, *, class_id: UUID, value: str, first: date, last: date | None, teacher: User, now: datetime
) -> str:
    """Assign something from the day `first` to the end of the day `last`; returns its title.

    What is assigned already gets these days instead. Raises NoSuchClass, BadAssignment, and Conflict beyond
    ASSIGNED_MAX.
    """
    study_class = taught(db, class_id=class_id, user=teacher)
    db.refresh(study_class, with_for_update=True)  # so that two who assign one thing at once do so once
    if first.year not in YEARS or (last is not None and last.year not in YEARS):
        raise BadAssignment(f"Choose days of the years {YEARS.start} to {YEARS.stop - 1}.")
    if last is not None and last < first:
        raise BadAssignment("The last day comes before the first. Choose a later one, or none.")
    kind, item = _item(db, value)
    column = Assignment.lab_id if isinstance(item, Lab) else Assignment.note_id
    same = select(Assignment).where(Assignment.class_id == class_id, Assignment.kind == kind, column == item.id)
    made = db.scalar(same)
    if made is None:
        _refuse_more(db, class_id)
        made = Assignment(class_id=class_id, kind=kind)
        made.lab_id, made.note_id = (item.id, None) if isinstance(item, Lab) else (None, item.id)
        db.add(made)
    made.from_at = start_of(day_of(first), study_class.zone, 0)
    made.due_at = None if last is None else start_of(day_of(last) + 1, study_class.zone, 0)
    words = f"{study_class.name}: {KIND_WORDS[kind].lower()}, {item.title}"
    note_down(db, what=DeedOf.ASSIGN, words=words, editor=teacher, now=now)
    return item.title


def take_back(db: Session, *, class_id: UUID, assigned_id: int, teacher: User, now: datetime) -> None:
    """Assign something no longer; what learners did of it stays theirs. Raises NoSuchClass."""
    study_class = taught(db, class_id=class_id, user=teacher)
    mine = Assignment.id == assigned_id, Assignment.class_id == class_id
    found = db.scalar(select(Assignment).where(*mine))
    if found is None:
        return  # another teacher was quicker
    item = found.lab or found.note
    title = item.title if item is not None else ""
    db.delete(found)
    words = f"{study_class.name}: {KIND_WORDS[found.kind].lower()}, {title}"
    note_down(db, what=DeedOf.UNASSIGN, words=words, editor=teacher, now=now)


def _choice(kind: AssignedKind, key: str, title: str) -> Assignable:
    return Assignable(value=f"{kind.value}:{key}", title=title, kind=kind)


def _item(db: Session, value: str) -> tuple[AssignedKind, Note | Lab]:
    named, _, key = value.partition(":")
    usable = named in set(AssignedKind) and len(key) <= KEY_MAX_CHARS and key.isprintable()
    kind = AssignedKind(named) if usable else AssignedKind.NOTE
    item: Note | Lab | None = None
    if usable and kind is AssignedKind.LAB:
        item = db.scalar(select(Lab).where(Lab.slug == key, Lab.retired_at.is_(None)))
    elif usable:
        item = db.scalar(select(Note).where(Note.key == key, FOR_ALL, Note.retired_at.is_(None)))
    if item is None:
        raise BadAssignment("Choose a note for all or a lab of the list.")
    return kind, item


def _refuse_more(db: Session, class_id: UUID) -> None:
    assigned = select(func.count()).select_from(Assignment).where(Assignment.class_id == class_id)
    if (db.scalar(assigned) or 0) >= ASSIGNED_MAX:
        raise Conflict(f"A class has at most {ASSIGNED_MAX} things assigned. Take some back that are past.")
