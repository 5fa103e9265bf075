"""Classes, sign-ins and identities of a site that a row tries, as teachers, owners and providers make them."""

import csv
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from benchmarks.raters import Site
from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import NAME_MAX_CHARS, SUBJECT_MAX_CHARS, ProviderIdentity, Role, User
from quizapp.classes import assigning, managing
from quizapp.classes import service as classes
from quizapp.classes.models import CLASS_NAME_MAX_CHARS
from quizapp.db import create_engine_for
from quizapp.errors import NotFound

ROOMS = 40  # classes with all that a class can have
ASSIGNED = 20  # things of a class, of which each has a row on its page
NAME_END = 8  # characters that make a name the only one
LINK_DAYS, LINK_USES = 7, 30


@dataclass(frozen=True, kw_only=True)
class Classroom:
    """A class with learners, a link and things assigned."""

    id: UUID
    learners: Sequence[UUID]
    token: str

    @property
    def pages(self) -> Sequence[str]:
        """The paths of its pages, for its teachers, for owners, and for who has its link."""
        own = f"/classes/{self.id}"
        seen = [f"{own}/learners/{learner}" for learner in self.learners[:2]]
        return [own, f"{own}/people", f"/owner/classes/{self.id}", *seen, self.door]

    @property
    def file(self) -> str:
        """The path of its progress for a spreadsheet, which a browser stores and does not show."""
        return f"/classes/{self.id}/progress.csv"

    @property
    def door(self) -> str:
        """The path of the link into it."""
        return f"/classes/join/{self.token}"


def classroom(db: Session, *, name: str, teacher: User, learners: Sequence[str]) -> Classroom:
    """A new class of which `teacher`, an owner, is the teacher; its learners have joined but for the last. Flushes."""
    now = clock.now()
    made = managing.make_class(db, name=name, zone="UTC", owner=teacher, now=now)
    managing.name_teacher(db, class_id=made.id, name=teacher.name, owner=teacher, now=now)
    users = [accounts.add_user(db, name=one, role=Role.LEARNER, now=now) for one in learners]
    db.flush()
    classes.invite_by_name(db, class_id=made.id, names=learners, teacher=teacher, now=now)
    for user in users[:-1]:
        classes.accept(db, class_id=made.id, user=user, now=now)
    for thing in assigning.assignable(db)[:ASSIGNED]:
        today = now.date()
        assigning.assign(db, class_id=made.id, value=thing.value, first=today, last=today, teacher=teacher, now=now)
    token = classes.make_class_link(db, class_id=made.id, days=LINK_DAYS, uses=LINK_USES, teacher=teacher, now=now)
    db.flush()
    return Classroom(id=made.id, learners=[user.id for user in users], token=token)


def named(texts: Iterable[str], most: int) -> list[str]:
    """Those of the texts that can be a name of so many characters, each made the only one of its kind."""
    lines = (" ".join(text.split()) for text in texts)
    return [f"{line} {uuid4().hex[: NAME_END - 1]}" for line in lines if len(line) <= most - NAME_END]


def taught_by_owner(running: Site) -> tuple[Sequence[str], Classroom]:
    """Two one-use sign-in links of one new owner, and a class of which they are the teacher."""
    engine = create_engine_for(running.database_url)
    with Session(engine) as db:
        now = clock.now()
        owner = accounts.add_user(db, name=f"teacher {uuid4()}", role=Role.OWNER, now=now)
        db.flush()
        names = named(("Ada", "Bob"), NAME_MAX_CHARS)
        room = classroom(db, name=f"Class {uuid4()}", teacher=owner, learners=names)
        tokens = [accounts.make_link(db, user=owner, now=now) for _ in range(2)]
        db.commit()
    engine.dispose()
    return [f"{running.installation.address}/sign-in/{token}" for token in tokens], room


def teacher_link(running: Site, room: Classroom) -> str:
    """The one-use sign-in link of another owner, who is a teacher of the class as well if there is one still."""
    engine = create_engine_for(running.database_url)
    with Session(engine) as db:
        now = clock.now()
        owner = accounts.add_user(db, name=f"teacher {uuid4()}", role=Role.OWNER, now=now)
        with suppress(NotFound):
            managing.name_teacher(db, class_id=room.id, name=owner.name, owner=owner, now=now)
        token = accounts.make_link(db, user=owner, now=now)
        db.commit()
    engine.dispose()
    return f"{running.installation.address}/sign-in/{token}"


def hostile_classrooms(db: Session, payloads: Sequence[str], owner: User) -> Sequence[str]:
    """Classes whose names, learners and assigned notes are payloads, and what a provider calls the owner.

    Returns the paths of the pages that show them. Beyond ROOMS classes there are names alone.
    """
    names, now = named(payloads, CLASS_NAME_MAX_CHARS), clock.now()
    paths = ["/classes", "/owner/classes", "/owner", f"/owner/people/{owner.id}"]
    for number, name in enumerate(names[:ROOMS]):
        learners = [*named(payloads[number::ROOMS], NAME_MAX_CHARS), *named(("Ada",), NAME_MAX_CHARS)]
        room = classroom(db, name=name, teacher=owner, learners=learners)
        paths += [*room.pages, *(f"/owner/people/{learner}" for learner in room.learners[:1])]
    for name in names[ROOMS:]:
        managing.make_class(db, name=name, zone="UTC", owner=owner, now=now)
    calls = dict.fromkeys(" ".join(payload.split())[:SUBJECT_MAX_CHARS] for payload in payloads)
    db.add_all(
        ProviderIdentity(issuer=f"https://{number}.example", subject=one, user_id=owner.id, shown_as=one, linked_at=now)
        for number, one in enumerate(calls)
    )
    return paths


def hostile_list(payloads: Sequence[str]) -> str:
    """A list of accounts as a spreadsheet saves it, whose names, roles and classes are payloads."""
    target = StringIO(newline="")
    lines = [" ".join(payload.split()) for payload in payloads]
    rows = [row for one in lines for row in ((one, "learner", ""), ("Ada", one, ""), (f"{one}.", "learner", one))]
    csv.writer(target, delimiter=";").writerows([("name", "role", "class"), *rows])
    return target.getvalue()
