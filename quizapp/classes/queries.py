"""What the pages of classes show. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.classes.models import ClassLink, ClassMember, StudyClass

OWN_CLASSES_MAX = 20  # on Today: whoever is in more finds the others under their classes


@dataclass(frozen=True, kw_only=True)
class OwnClass:
    """A class that somebody is in, or invited into."""

    id: UUID
    name: str
    is_teacher: bool
    is_invited: bool
    """Whether they have not joined yet."""


@dataclass(frozen=True, kw_only=True)
class ListedMember:
    """Somebody in a class."""

    id: UUID
    name: str
    joined_at: datetime | None
    """None while they are only invited."""


@dataclass(frozen=True, kw_only=True)
class ManagedClass:
    """A class as an owner sees it in a list."""

    id: UUID
    name: str
    learners: int
    """Those who have joined."""
    teachers: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ClassPage:
    """A class as its teachers see it."""

    id: UUID
    name: str
    zone: str
    teachers: Sequence[ListedMember]
    learners: Sequence[ListedMember]
    invited: Sequence[ListedMember]
    links: Sequence[ClassLink]
    """Those that still work, the newest first."""


def own_classes(db: Session, *, user: User) -> Sequence[OwnClass]:
    """The classes that somebody is in, by name; those that they are invited into come first."""
    rows = select(StudyClass.id, StudyClass.name, ClassMember.is_teacher, ClassMember.joined_at)
    rows = rows.join(ClassMember).where(ClassMember.user_id == user.id)
    is_waiting = case((ClassMember.joined_at.is_(None), 0), else_=1)
    rows = rows.order_by(is_waiting, StudyClass.name, StudyClass.id).limit(OWN_CLASSES_MAX)
    return [
        OwnClass(id=id, name=name, is_teacher=is_teacher, is_invited=joined_at is None)
        for id, name, is_teacher, joined_at in db.execute(rows)
    ]


def class_page(db: Session, *, study_class: StudyClass, now: datetime) -> ClassPage:
    """A class with everybody in it."""
    people = members(db, class_id=study_class.id)
    live = ClassLink.expires_at > now, ClassLink.uses < ClassLink.uses_max
    links = select(ClassLink).where(ClassLink.class_id == study_class.id, *live).order_by(ClassLink.id.desc())
    return ClassPage(
        id=study_class.id,
        name=study_class.name,
        zone=study_class.zone,
        teachers=[one for one, is_teacher in people if is_teacher],
        learners=[one for one, is_teacher in people if not is_teacher and one.joined_at is not None],
        invited=[one for one, is_teacher in people if not is_teacher and one.joined_at is None],
        links=db.scalars(links).all(),
    )


def members(db: Session, *, class_id: UUID) -> Sequence[tuple[ListedMember, bool]]:
    """Everybody in a class by name, each with whether they teach it."""
    rows = select(User.id, User.name, ClassMember.joined_at, ClassMember.is_teacher).join(ClassMember)
    rows = rows.where(ClassMember.class_id == class_id).order_by(User.name)
    return [
        (ListedMember(id=id, name=name, joined_at=joined_at), is_teacher)
        for id, name, joined_at, is_teacher in db.execute(rows)
    ]


def teacher_names(db: Session, *, class_id: UUID) -> Sequence[str]:
    """The names of a class's teachers."""
    names = select(User.name).join(ClassMember).where(ClassMember.class_id == class_id, ClassMember.is_teacher)
    return db.scalars(names.order_by(User.name)).all()


def managed_classes(db: Session) -> Sequence[ManagedClass]:
    """All classes, by name."""
    joined = func.count().filter(ClassMember.is_teacher.is_(False), ClassMember.joined_at.is_not(None))
    rows = (
        select(StudyClass.id, StudyClass.name, joined).outerjoin(ClassMember).group_by(StudyClass.id, StudyClass.name)
    )
    teachers: dict[UUID, list[str]] = {}
    named = select(ClassMember.class_id, User.name).join(User).where(ClassMember.is_teacher).order_by(User.name)
    for class_id, name in db.execute(named):
        teachers.setdefault(class_id, []).append(name)
    return [
        ManagedClass(id=id, name=name, learners=learners, teachers=teachers.get(id, ()))
        for id, name, learners in db.execute(rows.order_by(StudyClass.name, StudyClass.id))
    ]
