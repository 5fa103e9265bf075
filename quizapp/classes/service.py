"""Classes: made by an owner, who names teachers; learners are invited, and join and leave by themselves.

Each function is one step of a teacher, a learner or an owner; those of `managing` are the owner's. The caller commits.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import DeedOf
from quizapp.catalogue.trail import note_down, shortened
from quizapp.classes.models import ClassLink, ClassMember, StudyClass
from quizapp.errors import Conflict, Invalid, NotFound

LEARNERS_MAX = 500  # of a class: a page of progress shows them all
NAMES_MAX = 200  # invited at once: more than a class has
LINK_DAYS_MAX = 90  # a term
LINKS_MAX = 20  # of a class that can be used
TOKEN_BYTES = 32  # as of a sign-in link


class NoSuchClass(NotFound):
    """There is no class with this id of which the person is a teacher, or a learner, as it takes."""

    def __init__(self) -> None:
        super().__init__("You are in no such class. Look at your classes, or ask for a new invitation.")


class ClassLinkOver(NotFound):
    """A link into a class that has ended, was used as often as it may be, or never was."""

    title = "This link no longer works"

    def __init__(self) -> None:
        super().__init__("This link into a class has ended, or as many have joined by it as may. Ask for a new one.")


class ClassFull(Conflict):
    """The class has LEARNERS_MAX learners."""

    def __init__(self) -> None:
        super().__init__(f"A class has at most {LEARNERS_MAX} learners, and this one has them.")


class BadInvitation(Invalid):
    """Names that nobody has, or too many of them; nobody was invited."""


def taught(db: Session, *, class_id: UUID, user: User) -> StudyClass:
    """The class, if `user` is a teacher of it. Raises NoSuchClass."""
    return membership(db, class_id=class_id, user=user, as_teacher=True).study_class


def membership(db: Session, *, class_id: UUID, user: User, as_teacher: bool | None = None) -> ClassMember:
    """What `user` is in the class, as a teacher, as a learner or, with None, as either. Raises NoSuchClass."""
    member = db.get(ClassMember, (class_id, user.id))
    if member is None or (as_teacher is not None and member.is_teacher is not as_teacher):
        raise NoSuchClass
    return member


def invite_by_name(db: Session, *, class_id: UUID, names: Sequence[str], teacher: User, now: datetime) -> int:
    """Invite people by the names of their accounts; returns how many were not in the class or invited already.

    Raises NoSuchClass, BadInvitation and ClassFull.
    """
    study_class = taught(db, class_id=class_id, user=teacher)
    if not names or len(names) > NAMES_MAX:
        raise BadInvitation(f"Write 1 to {NAMES_MAX} names, one a line.")
    usable = [name for name in names if name.isprintable()]  # PostgreSQL refuses to compare with a NUL
    found = dict(db.execute(select(User.name, User.id).where(User.name.in_(usable))).all())
    if unknown := [name for name in names if name not in found]:
        raise BadInvitation(f"Nobody was invited, since nobody here is called {shortened(', '.join(unknown))}.")
    there = set(db.scalars(select(ClassMember.user_id).where(ClassMember.class_id == class_id)))
    new = [id for id in dict.fromkeys(found.values()) if id not in there]
    _refuse_full(db, class_id, more=len(new))
    db.add_all(ClassMember(class_id=class_id, user_id=id) for id in new)
    words = f"{study_class.name}: {', '.join(found)}"
    note_down(db, what=DeedOf.INVITE_CLASS, words=words, editor=teacher, now=now)
    return len(new)


def make_class_link(db: Session, *, class_id: UUID, days: int, uses: int, teacher: User, now: datetime) -> str:
    """The token of a link by which `uses` learners may join within `days`. The database stores only its hash.

    Raises NoSuchClass; Invalid for numbers out of range; Conflict if the class has LINKS_MAX live links.
    """
    study_class = taught(db, class_id=class_id, user=teacher)
    if not (1 <= days <= LINK_DAYS_MAX and 1 <= uses <= LEARNERS_MAX):
        raise Invalid(f"A link works for 1 to {LINK_DAYS_MAX} days and 1 to {LEARNERS_MAX} learners.")
    live = select(func.count()).select_from(ClassLink).where(ClassLink.class_id == class_id, _is_live(now))
    if (db.scalar(live) or 0) >= LINKS_MAX:
        raise Conflict(f"{LINKS_MAX} links into this class work already. End one of them first.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ClassLink(class_id=class_id, token_hash=_hash(token), made_at=now, uses_max=uses)
    link.expires_at = now + timedelta(days=days)
    db.add(link)
    words = f"{study_class.name}: up to {uses} by a link, for {days} days"
    note_down(db, what=DeedOf.INVITE_CLASS, words=words, editor=teacher, now=now)
    return token


def end_class_link(db: Session, *, class_id: UUID, link_id: int, teacher: User, now: datetime) -> None:
    """Let nobody join by a link any more. Raises NoSuchClass."""
    taught(db, class_id=class_id, user=teacher)
    mine = ClassLink.id == link_id, ClassLink.class_id == class_id, ClassLink.expires_at > now
    db.execute(update(ClassLink).where(*mine).values(expires_at=now))


def class_of_link(db: Session, *, token: str, now: datetime) -> StudyClass:
    """The class into which a link leads. Raises ClassLinkOver."""
    live = select(StudyClass).join(ClassLink).where(ClassLink.token_hash == _hash(token), _is_live(now))
    found = db.scalar(live)
    if found is None:
        raise ClassLinkOver
    return found


def join_by_link(db: Session, *, token: str, user: User, now: datetime) -> UUID:
    """Join the class of a link; returns its id. Who is in it already uses nothing of the link.

    Of two who come at once for the last place only one gets it. Raises ClassLinkOver and ClassFull.
    """
    class_id = class_of_link(db, token=token, now=now).id
    member = db.get(ClassMember, (class_id, user.id))
    if member is not None:
        member.joined_at = member.joined_at or now
        return class_id
    _refuse_full(db, class_id, more=1)
    used = update(ClassLink).where(ClassLink.token_hash == _hash(token), _is_live(now))
    try:
        with db.begin_nested():
            if not db.scalars(used.values(uses=ClassLink.uses + 1).returning(ClassLink.id)).all():
                raise ClassLinkOver
            db.add(ClassMember(class_id=class_id, user_id=user.id, joined_at=now))
            db.flush()
    except IntegrityError:  # the same learner, in two tabs at once
        db.expire_all()
    return class_id


def accept(db: Session, *, class_id: UUID, user: User, now: datetime) -> StudyClass:
    """Join a class into which one was invited by name. Raises NoSuchClass."""
    member = membership(db, class_id=class_id, user=user)
    member.joined_at = member.joined_at or now
    return member.study_class


def leave(db: Session, *, class_id: UUID, user: User) -> str:
    """Leave a class, or decline an invitation; returns its name. Raises NoSuchClass."""
    member = membership(db, class_id=class_id, user=user)
    name = member.study_class.name
    db.delete(member)
    db.flush()
    return name


def take_out(db: Session, *, class_id: UUID, learner_id: UUID, teacher: User, now: datetime) -> None:
    """Take a learner out of a class, or an invitation back. Raises NoSuchClass."""
    study_class = taught(db, class_id=class_id, user=teacher)
    member = db.get(ClassMember, (class_id, learner_id))
    if member is None or member.is_teacher:
        return  # they have left meanwhile
    name = db.get_one(User, learner_id).name
    db.delete(member)
    note_down(db, what=DeedOf.TAKE_OUT_OF_CLASS, words=f"{study_class.name}: {name}", editor=teacher, now=now)


def _refuse_full(db: Session, class_id: UUID, *, more: int) -> None:
    learners = select(func.count()).select_from(ClassMember)
    learners = learners.where(ClassMember.class_id == class_id, ClassMember.is_teacher.is_(False))
    if (db.scalar(learners) or 0) + more > LEARNERS_MAX:
        raise ClassFull


def _is_live(now: datetime) -> ColumnElement[bool]:
    """The condition that somebody may join by a link."""
    return and_(ClassLink.expires_at > now, ClassLink.uses < ClassLink.uses_max)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
