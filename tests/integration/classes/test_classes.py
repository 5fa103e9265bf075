"""Who is in a class: by a link, by name, and by nobody's doing but their own."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from quizapp.accounts.models import Role, User
from quizapp.accounts.service import add_user
from quizapp.classes import managing, service
from quizapp.classes.models import StudyClass
from quizapp.classes.queries import class_page, managed_classes, own_classes
from quizapp.errors import Invalid
from tests.builders import NOW


def person(db: Session, name: str, role: Role = Role.LEARNER) -> User:
    return add_user(db, name=name, role=role, now=NOW)


@pytest.fixture
def teacher(db: Session) -> User:
    return person(db, "Tess")


@pytest.fixture
def taught(db: Session, teacher: User) -> StudyClass:
    """A class that Tess teaches."""
    owner = person(db, "Olga", Role.OWNER)
    made = managing.make_class(db, name="Containers", zone="Europe/Berlin", owner=owner, now=NOW)
    managing.name_teacher(db, class_id=made.id, name="Tess", owner=owner, now=NOW)
    return made


def link(db: Session, taught: StudyClass, teacher: User, *, uses: int = 1) -> str:
    return service.make_class_link(db, class_id=taught.id, days=2, uses=uses, teacher=teacher, now=NOW)


def learners(db: Session, taught: StudyClass) -> list[str]:
    return [one.name for one in class_page(db, study_class=taught, now=NOW).learners]


def test_as_many_join_by_a_link_as_may_and_none_after_its_end(db: Session, taught: StudyClass, teacher: User) -> None:
    token, ada = link(db, taught, teacher), person(db, "Ada")
    assert service.join_by_link(db, token=token, user=ada, now=NOW) == taught.id
    with pytest.raises(service.ClassLinkOver):
        service.join_by_link(db, token=token, user=person(db, "Bob"), now=NOW)
    other = link(db, taught, teacher, uses=5)
    service.join_by_link(db, token=other, user=ada, now=NOW)
    assert class_page(db, study_class=taught, now=NOW).links[0].uses == 0
    with pytest.raises(service.ClassLinkOver):
        service.join_by_link(db, token=other, user=person(db, "Cleo"), now=NOW + timedelta(days=2))
    assert learners(db, taught) == ["Ada"]


def test_a_link_that_its_teacher_ended_leads_nowhere(db: Session, taught: StudyClass, teacher: User) -> None:
    token = link(db, taught, teacher)
    (made,) = class_page(db, study_class=taught, now=NOW).links
    service.end_class_link(db, class_id=taught.id, link_id=made.id, teacher=teacher, now=NOW)
    with pytest.raises(service.ClassLinkOver):
        service.class_of_link(db, token=token, now=NOW)


def test_who_is_invited_by_name_joins_by_themselves(db: Session, taught: StudyClass, teacher: User) -> None:
    ada, bob = person(db, "Ada"), person(db, "Bob")
    for new in (2, 0):
        invited = service.invite_by_name(db, class_id=taught.id, names=["Ada", "Bob"], teacher=teacher, now=NOW)
        assert invited == new
    assert learners(db, taught) == []
    assert [(one.name, one.is_invited) for one in own_classes(db, user=ada)] == [("Containers", True)]
    service.accept(db, class_id=taught.id, user=ada, now=NOW)
    service.leave(db, class_id=taught.id, user=bob)
    page = class_page(db, study_class=taught, now=NOW)
    assert ([one.name for one in page.learners], page.invited) == (["Ada"], [])
    service.leave(db, class_id=taught.id, user=ada)
    assert own_classes(db, user=ada) == []


def test_a_name_that_nobody_has_invites_nobody(db: Session, taught: StudyClass, teacher: User) -> None:
    person(db, "Ada")
    with pytest.raises(service.BadInvitation, match="nobody here is called Bob,"):
        service.invite_by_name(db, class_id=taught.id, names=["Ada", "Bob", "\0"], teacher=teacher, now=NOW)
    assert not class_page(db, study_class=taught, now=NOW).invited


def test_only_a_teacher_of_it_teaches_a_class(db: Session, taught: StudyClass, teacher: User) -> None:
    ada = person(db, "Ada", Role.OWNER)
    service.join_by_link(db, token=link(db, taught, teacher), user=ada, now=NOW)
    for user in (ada, person(db, "Eve")):
        with pytest.raises(service.NoSuchClass):
            service.taught(db, class_id=taught.id, user=user)
    with pytest.raises(service.NoSuchClass):
        service.taught(db, class_id=uuid4(), user=teacher)


def test_a_learner_who_is_named_teaches_and_ends_with_it(db: Session, taught: StudyClass, teacher: User) -> None:
    ada, owner = person(db, "Ada"), person(db, "Other", Role.OWNER)
    service.join_by_link(db, token=link(db, taught, teacher), user=ada, now=NOW)
    managing.name_teacher(db, class_id=taught.id, name=" Ada ", owner=owner, now=NOW)
    (listed,) = managed_classes(db)
    assert (listed.teachers, listed.learners) == (["Ada", "Tess"], 0)
    managing.end_teacher(db, class_id=taught.id, user_id=ada.id, owner=owner, now=NOW)
    assert own_classes(db, user=ada) == []
    with pytest.raises(Invalid):
        managing.name_teacher(db, class_id=taught.id, name="Ada\0", owner=owner, now=NOW)
    for bad in ("", "x" * 81, "a\nb"):
        with pytest.raises(Invalid):
            managing.set_name(taught, name=bad, zone="UTC")


def test_a_class_takes_so_many_and_no_more(
    db: Session, taught: StudyClass, teacher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LEARNERS_MAX", 1)
    token = link(db, taught, teacher)
    person(db, "Ada"), person(db, "Bob")
    with pytest.raises(service.ClassFull):
        service.invite_by_name(db, class_id=taught.id, names=["Ada", "Bob"], teacher=teacher, now=NOW)
    service.invite_by_name(db, class_id=taught.id, names=["Ada"], teacher=teacher, now=NOW)
    with pytest.raises(service.ClassFull):
        service.join_by_link(db, token=token, user=person(db, "Cleo"), now=NOW)


def test_with_a_class_goes_who_was_in_it_and_nothing_else(db: Session, taught: StudyClass, teacher: User) -> None:
    link(db, taught, teacher)
    managing.delete_class(db, class_id=taught.id, owner=teacher, now=NOW)
    db.flush()
    db.expire_all()
    assert (list(own_classes(db, user=teacher)), list(managed_classes(db))) == ([], [])
    assert db.get(User, teacher.id) is not None
