"""Teachers look on at a learner's terminals, where the learner lets them. The caller commits.

A learner lets the teachers of all their classes, for one run, and may end it at any time; with the run it is over.
Whoever looks on types nothing: see `SandboxClient.onlooker`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, aliased

from quizapp.accounts.models import User
from quizapp.catalogue.models import DeedOf, Lab
from quizapp.catalogue.trail import note_down
from quizapp.classes.models import ClassMember, Onlooking, OnlookingAllowed, StudyClass
from quizapp.clock import SET_BACK
from quizapp.errors import Conflict, NotFound
from quizapp.labs.runs.models import COUNTS, LabRun

BEAT = timedelta(seconds=10)  # how often it is kept that a teacher still looks on
GONE_AFTER = 3 * BEAT  # without a word of it, whoever looked on counts as gone: the process that knew of it has ended
PAST_MAX = 10  # of those who looked on, the newest, on the learner's page


class OnlookingRefused(NotFound):
    """The learner lets nobody look on at this run, or it is over, or they are in no class that the teacher teaches."""

    title = "Nobody may look on here"

    def __init__(self) -> None:
        super().__init__("The learner lets nobody look on at this terminal. Ask them to allow it on the lab's page.")


@dataclass(frozen=True, kw_only=True)
class OnlookTicket:
    """What a teacher needs to look on."""

    run_id: UUID
    class_id: UUID
    sandbox_id: str | None
    """The run's sandbox; None if it has none at present."""
    learner: str
    lab: str
    """Its title."""
    class_name: str


@dataclass(frozen=True, kw_only=True)
class PastOnlooking:
    """Somebody who looked on."""

    name: str
    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class OnlookingState:
    """Who may look on at a run and who does, for its learner."""

    teachers: Sequence[str]
    """Those of the learner's classes."""
    is_allowed: bool
    now: Sequence[str]
    """Who looks on at this moment."""
    past: Sequence[PastOnlooking]


def allow(db: Session, *, run_id: UUID, learner: User, now: datetime) -> None:
    """Let the teachers of the learner's classes look on at an open run. Raises NotFound, and Conflict for one over."""
    run = _own_run(db, run_id, learner)
    if run.finished_at is not None:
        raise Conflict("This run is over, and so is what may be seen of its terminal.")
    if db.get(OnlookingAllowed, run_id) is None and _teachers_of(db, learner.id):
        db.add(OnlookingAllowed(run_id=run_id, allowed_at=now))
        db.flush()


def forbid(db: Session, *, run_id: UUID, learner: User) -> None:
    """Let nobody look on any more; who does is shown nothing more within a second. Raises NotFound."""
    _own_run(db, run_id, learner)
    db.execute(delete(OnlookingAllowed).where(OnlookingAllowed.run_id == run_id))


def onlooking_of(db: Session, *, run_id: UUID, learner: User, now: datetime) -> OnlookingState:
    """Who may look on at the learner's run, who does and who did. Raises NotFound."""
    _own_run(db, run_id, learner)
    rows = select(User.name, Onlooking).join(User, User.id == Onlooking.user_id).where(Onlooking.run_id == run_id)
    found = db.execute(rows.order_by(Onlooking.id.desc()).limit(PAST_MAX)).all()
    live = [name for name, one in found if _is_live(one, now)]
    past = [
        PastOnlooking(name=name, began_at=one.began_at, ended_at=one.ended_at or one.seen_at)
        for name, one in found
        if not _is_live(one, now)
    ]
    is_allowed = db.get(OnlookingAllowed, run_id) is not None
    return OnlookingState(
        teachers=_teachers_of(db, learner.id), is_allowed=is_allowed, now=list(dict.fromkeys(live)), past=past
    )


def _is_live(one: Onlooking, now: datetime) -> bool:
    """Whether somebody looks on now. What was kept while the clock was ahead says nothing of that."""
    return one.ended_at is None and -SET_BACK <= now - one.seen_at < GONE_AFTER


def ticket_for(db: Session, *, class_id: UUID, run_id: UUID, teacher_id: UUID) -> OnlookTicket:
    """What a teacher of the class needs to look on at a run of one of its learners. Raises OnlookingRefused."""
    for ticket in _tickets(db, class_id=class_id, teacher_id=teacher_id, run_id=run_id):
        return ticket
    raise OnlookingRefused


def open_to(db: Session, *, class_id: UUID, teacher_id: UUID) -> Sequence[OnlookTicket]:
    """The runs of the learners of a class at which a teacher of it may look on, by the learner's name."""
    return _tickets(db, class_id=class_id, teacher_id=teacher_id)


def begin(db: Session, *, ticket: OnlookTicket, teacher: User, now: datetime) -> int:
    """Keep that a teacher looks on from now, in the trail too; returns the id of the Onlooking."""
    made = Onlooking(run_id=ticket.run_id, user_id=teacher.id, began_at=now, seen_at=now)
    db.add(made)
    db.flush()
    words = f"{ticket.learner}, in {ticket.lab}, of {ticket.class_name}"
    note_down(db, what=DeedOf.ONLOOK, words=words, editor=teacher, now=now)
    return made.id


def goes_on(db: Session, *, onlooking_id: int, now: datetime) -> None:
    """Keep that a teacher still looks on."""
    db.execute(update(Onlooking).where(Onlooking.id == onlooking_id).values(seen_at=now))


def end(db: Session, *, onlooking_id: int, now: datetime) -> None:
    """Keep that a teacher looks on no more."""
    db.execute(update(Onlooking).where(Onlooking.id == onlooking_id).values(seen_at=now, ended_at=now))


def _tickets(db: Session, *, class_id: UUID, teacher_id: UUID, run_id: UUID | None = None) -> Sequence[OnlookTicket]:
    teaching, learning = aliased(ClassMember), aliased(ClassMember)
    rows = (
        select(LabRun.id, LabRun.sandbox_id, User.name, Lab.title, StudyClass.name)
        .select_from(teaching)
        .join(StudyClass, StudyClass.id == teaching.class_id)
        .join(learning, learning.class_id == teaching.class_id)
        .join(User, User.id == learning.user_id)
        .join(LabRun, LabRun.user_id == learning.user_id)
        .join(OnlookingAllowed, OnlookingAllowed.run_id == LabRun.id)
        .join(Lab, Lab.id == LabRun.lab_id)
        .where(teaching.class_id == class_id, teaching.user_id == teacher_id, teaching.is_teacher)
        .where(learning.is_teacher.is_(False), learning.joined_at.is_not(None))
        .where(LabRun.finished_at.is_(None), COUNTS)
        .order_by(User.name, LabRun.id)
    )
    found = db.execute(rows if run_id is None else rows.where(LabRun.id == run_id))
    return [
        OnlookTicket(run_id=id, class_id=class_id, sandbox_id=sandbox_id, learner=learner, lab=lab, class_name=name)
        for id, sandbox_id, learner, lab, name in found
    ]


def _own_run(db: Session, run_id: UUID, learner: User) -> LabRun:
    run = db.get(LabRun, run_id)
    if run is None or run.user_id != learner.id:
        raise NotFound("There is no such run.")
    return run


def _teachers_of(db: Session, learner_id: UUID) -> Sequence[str]:
    """The names of the teachers of a learner's classes."""
    learning = select(ClassMember.class_id).where(
        ClassMember.user_id == learner_id, ClassMember.is_teacher.is_(False), ClassMember.joined_at.is_not(None)
    )
    names = select(User.name).join(ClassMember).where(ClassMember.is_teacher, ClassMember.class_id.in_(learning))
    return db.scalars(names.distinct().order_by(User.name)).all()
