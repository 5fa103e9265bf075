"""What is assigned, as pages show it: with its days, where it leads, and how a learner stands with it. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from quizapp.accounts.models import User
from quizapp.catalogue.articles.lab_links import ADDRESS
from quizapp.catalogue.models import Lab, Note
from quizapp.classes.assignment_progress import Achieved, AssignedState, achieved, state_of
from quizapp.classes.models import AssignedKind, Assignment, ClassMember
from quizapp.dates import date_text
from quizapp.study_day import StudyDay, day_of, start_of

ON_TODAY_MAX = 5  # things that are shown on Today: what is further away stands on the class's page
UNTIL_PATTERN = "%a %d %b, %H:%M"
_MOMENT = timedelta(microseconds=1)  # the last one of a day, by which the day is called that ends


@dataclass(frozen=True, kw_only=True)
class AssignedItem:
    """Something that is assigned."""

    id: int
    class_id: UUID
    class_name: str
    kind: AssignedKind
    title: str
    key: str
    """Of the note; of a lab, what stands in its address."""
    first_day: date
    """In the class's zone."""
    last_day: date | None
    """None if it has none."""
    is_offered: bool
    """Whether learners can do it: a note may be retired, or a lab, since it was assigned."""


@dataclass(frozen=True, kw_only=True)
class OwnItem:
    """Something that is assigned, with how one learner stands with it."""

    item: AssignedItem
    state: AssignedState
    words: str
    """What was done of it, such as "12 of 30 questions answered"."""
    is_pressing: bool
    """Whether it is late, or its last day has begun."""
    done_day: date | None
    """The day on which it was done, in the class's zone; None before."""
    until: str | None
    """When it is due on the clock of the learner; None if that is the class's, or it has no last day."""


def assigned_to(db: Session, *, class_id: UUID) -> Sequence[Assignment]:
    """All that is assigned to a class, what is due first at the top; what has no last day comes last."""
    return db.scalars(_with_items().where(Assignment.class_id == class_id)).all()


def item_of(db: Session, assigned: Sequence[Assignment]) -> dict[int, AssignedItem]:
    """These things as pages show them, by the assignment's id."""
    labs = select(Lab.id, ADDRESS).where(Lab.id.in_({one.lab_id for one in assigned if one.lab_id is not None}))
    addresses: dict[int, str] = dict(db.execute(labs).all())
    return {one.id: _item(one, addresses) for one in assigned}


def own_items(db: Session, *, assigned: Sequence[Assignment], learner: User, now: datetime) -> Sequence[OwnItem]:
    """How a learner stands with each of these things, in their order."""
    items, done = item_of(db, assigned), achieved(db, assigned=assigned, user_ids=[learner.id])
    return [own_item(one, items[one.id], done[one.id, learner.id], zone=learner.zone, now=now) for one in assigned]


def own_item(assigned: Assignment, item: AssignedItem, done: Achieved, *, zone: str, now: datetime) -> OwnItem:
    """How a learner, whose clock is that of `zone`, stands with one thing."""
    class_zone, due = assigned.study_class.zone, assigned.due_at
    state = state_of(assigned, done, now=now)
    begun_last = due is not None and now >= start_of(_last_day(due, class_zone), class_zone, 0)
    return OwnItem(
        item=item,
        state=state,
        words=in_words(assigned.kind, done),
        is_pressing=state is AssignedState.LATE or (state is AssignedState.OPEN and begun_last),
        done_day=None if done.done_at is None else _day(done.done_at, class_zone),
        until=None if due is None else _until(due, zone, class_zone),
    )


def in_words(kind: AssignedKind, done: Achieved) -> str:
    """What was done of something."""
    match kind:
        case AssignedKind.NOTE:
            return f"{done.made} of {done.of} questions answered" if done.of else "no questions"
        case AssignedKind.QUIZ:
            if done.percent is not None:
                return f"finished, {done.percent} % at best"
            return "begun" if done.begun else "not begun"
        case AssignedKind.LAB:
            if done.done_at is not None:
                return "passed"
            return "begun" if done.begun else "not begun"
        case _:
            assert_never(kind)


def assigned_today(db: Session, *, learner: User, now: datetime) -> Sequence[OwnItem]:
    """What a learner is to do now for the classes that they are in, what is due first at the top."""
    mine = ClassMember.user_id == learner.id, ClassMember.is_teacher.is_(False), ClassMember.joined_at.is_not(None)
    rows = _with_items().join(ClassMember, ClassMember.class_id == Assignment.class_id).where(*mine)
    assigned = db.scalars(rows.where(Assignment.from_at <= now)).all()
    if not assigned:
        return ()
    own = own_items(db, assigned=assigned, learner=learner, now=now)
    undone = [one for one in own if one.item.is_offered and one.state in (AssignedState.OPEN, AssignedState.LATE)]
    return undone[:ON_TODAY_MAX]


def _with_items() -> Select[Assignment]:
    loaded = joinedload(Assignment.note).load_only(Note.key, Note.title, Note.retired_at, Note.owner_id)
    of_lab = joinedload(Assignment.lab).load_only(Lab.title, Lab.slug, Lab.retired_at)
    rows = select(Assignment).options(loaded, of_lab, joinedload(Assignment.study_class))
    return rows.order_by(Assignment.due_at.nulls_last(), Assignment.from_at, Assignment.id)


def _item(assigned: Assignment, addresses: dict[int, str]) -> AssignedItem:
    note, lab, study_class = assigned.note, assigned.lab, assigned.study_class
    if lab is not None:
        title, key, is_offered = lab.title, addresses[lab.id], lab.retired_at is None
    else:
        assert note is not None
        title, key, is_offered = note.title, note.key, note.retired_at is None and note.owner_id is None
    return AssignedItem(
        id=assigned.id,
        class_id=assigned.class_id,
        class_name=study_class.name,
        kind=assigned.kind,
        title=title,
        key=key,
        first_day=_day(assigned.from_at, study_class.zone),
        last_day=None if assigned.due_at is None else _day(assigned.due_at - _MOMENT, study_class.zone),
        is_offered=is_offered,
    )


def _until(due_at: datetime, zone: str, class_zone: str) -> str | None:
    """When it is due on the clock of a zone; None if the class's shows the same."""
    own, theirs = due_at.astimezone(ZoneInfo(zone)), due_at.astimezone(ZoneInfo(class_zone))
    return date_text(own, UNTIL_PATTERN) if own.utcoffset() != theirs.utcoffset() else None


def _last_day(due_at: datetime, zone: str) -> StudyDay:
    return day_of(_day(due_at - _MOMENT, zone))


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()
