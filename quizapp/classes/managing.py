"""What an owner does with classes: makes and ends them, and names their teachers. The caller commits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import DeedOf
from quizapp.catalogue.trail import note_down
from quizapp.classes.models import CLASS_NAME_MAX_CHARS, ClassMember, StudyClass
from quizapp.errors import Invalid, NotFound
from quizapp.zones import zones


def managed_class(db: Session, *, class_id: UUID) -> StudyClass:
    """The class with this id. Raises NotFound."""
    study_class = db.get(StudyClass, class_id)
    if study_class is None:
        raise NotFound("There is no such class any more.")
    return study_class


def make_class(db: Session, *, name: str, zone: str, owner: User, now: datetime) -> StudyClass:
    """Make a class without anybody in it. Raises Invalid for an unusable name or zone."""
    study_class = StudyClass(made_at=now)
    set_name(study_class, name=name, zone=zone)
    db.add(study_class)
    db.flush()
    note_down(db, what=DeedOf.MAKE_CLASS, words=study_class.name, editor=owner, now=now)
    return study_class


def set_name(study_class: StudyClass, *, name: str, zone: str) -> None:
    """Call a class otherwise, and say in which zone its days are meant. Raises Invalid."""
    name = name.strip()
    if not name or len(name) > CLASS_NAME_MAX_CHARS or not name.isprintable():
        raise Invalid(f"A name has 1 to {CLASS_NAME_MAX_CHARS} printable characters.")
    if zone not in zones():
        raise Invalid(f"{zone!r} is not a time zone. Choose one such as Europe/Berlin.")
    study_class.name, study_class.zone = name, zone


def name_teacher(db: Session, *, class_id: UUID, name: str, owner: User, now: datetime) -> User:
    """Make somebody a teacher of a class, who may have been a learner of it. Raises NotFound, Invalid."""
    study_class = managed_class(db, class_id=class_id)
    name = name.strip()
    # PostgreSQL refuses to compare with a NUL.
    user = db.scalar(select(User).where(User.name == name)) if name.isprintable() else None
    if user is None:
        raise Invalid("Nobody here has this name. Invite them first, under People.")
    member = db.get(ClassMember, (class_id, user.id)) or ClassMember(class_id=class_id, user_id=user.id)
    member.is_teacher, member.joined_at = True, member.joined_at or now
    db.add(member)
    note_down(db, what=DeedOf.NAME_TEACHER, words=f"{user.name}, of {study_class.name}", editor=owner, now=now)
    return user


def end_teacher(db: Session, *, class_id: UUID, user_id: UUID, owner: User, now: datetime) -> None:
    """Let somebody be a teacher of a class no more. Raises NotFound."""
    study_class = managed_class(db, class_id=class_id)
    member = db.get(ClassMember, (class_id, user_id))
    if member is None or not member.is_teacher:
        return  # another owner was quicker
    name = db.get_one(User, user_id).name
    db.delete(member)
    note_down(db, what=DeedOf.END_TEACHER, words=f"{name}, of {study_class.name}", editor=owner, now=now)


def delete_class(db: Session, *, class_id: UUID, owner: User, now: datetime) -> str:
    """Delete a class with all that is in it; what its learners learnt stays theirs. Returns its name.

    Raises NotFound.
    """
    study_class = managed_class(db, class_id=class_id)
    name = study_class.name
    db.delete(study_class)
    note_down(db, what=DeedOf.DELETE_CLASS, words=name, editor=owner, now=now)
    return name
