"""Invites the people of an owner's list into classes, by the names of these. The caller commits."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.catalogue.models import DeedOf
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.visibility import Reader
from quizapp.classes.models import ClassMember, StudyClass
from quizapp.classes.service import LEARNERS_MAX


def why_not(db: Session, *, class_name: str) -> str | None:
    """Why nobody can be invited into the class with this name; None if somebody can."""
    found = _called(db, class_name)
    if not found:
        return f"there is no class called {class_name}; the account does without. Make it, and bring the list again."
    return f"several classes are called {class_name}. Call them otherwise." if len(found) > 1 else None


def invite_listed(
    db: Session, *, class_name: str, user_ids: Sequence[UUID], owner: Reader, now: datetime
) -> str | None:
    """Invite people; who is in the class or invited already stays so. Returns why it cannot be, or None."""
    if why := why_not(db, class_name=class_name):
        return why
    (study_class,) = _called(db, class_name)
    there = set(db.scalars(select(ClassMember.user_id).where(ClassMember.class_id == study_class.id)))
    new = [user_id for user_id in user_ids if user_id not in there]
    learners = select(func.count()).select_from(ClassMember)
    learners = learners.where(ClassMember.class_id == study_class.id, ClassMember.is_teacher.is_(False))
    if (db.scalar(learners) or 0) + len(new) > LEARNERS_MAX:
        return f"{class_name} has no room for {len(new)} more: a class has at most {LEARNERS_MAX} learners."
    if new:
        db.add_all(ClassMember(class_id=study_class.id, user_id=user_id) for user_id in new)
        words = f"{study_class.name}: {len(new)} of a list"
        note_down(db, what=DeedOf.INVITE_CLASS, words=words, editor=owner, now=now)
    return None


def _called(db: Session, class_name: str) -> Sequence[StudyClass]:
    return db.scalars(select(StudyClass).where(StudyClass.name == class_name).limit(2)).all()
