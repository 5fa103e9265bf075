"""Accounts on real databases: links work once, passwords are checked, sign-ins end on the server."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts import service
from quizapp.accounts.models import Role, SignIn, SignInLink, User
from quizapp.errors import Conflict, Invalid, NotFound

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def ada(db: Session) -> User:
    return service.add_user(db, name="Ada", role=Role.LEARNER, now=NOW)


def test_a_link_signs_in_once(db: Session, ada: User) -> None:
    token = service.make_link(db, user=ada, now=NOW)
    assert service.redeem_link(db, token=token, now=NOW + timedelta(minutes=59)) is ada
    with pytest.raises(service.LinkSpent):
        service.redeem_link(db, token=token, now=NOW + timedelta(minutes=59))


def test_a_link_ends_after_an_hour(db: Session, ada: User) -> None:
    token = service.make_link(db, user=ada, now=NOW)
    with pytest.raises(service.LinkSpent):
        service.redeem_link(db, token=token, now=NOW + service.LINK_LIFE)


def test_tokens_are_stored_only_as_hashes(db: Session, ada: User) -> None:
    link = service.make_link(db, user=ada, now=NOW)
    cookie = service.sign_in(db, user=ada, life=timedelta(days=1), now=NOW)
    stored = [*db.scalars(select(SignInLink.token_hash)), *db.scalars(select(SignIn.token_hash))]
    assert len(stored) == 2
    assert not any(token in value for value in stored for token in (link, cookie))


def test_a_sign_in_lasts_until_it_is_ended(db: Session, ada: User) -> None:
    token = service.sign_in(db, user=ada, life=timedelta(days=30), now=NOW)
    assert service.signed_in_user(db, token=token, now=NOW) is ada
    service.sign_out(db, token=token, now=NOW)
    assert service.signed_in_user(db, token=token, now=NOW) is None


def test_a_sign_in_ends_by_itself(db: Session, ada: User) -> None:
    token = service.sign_in(db, user=ada, life=timedelta(days=30), now=NOW)
    assert service.signed_in_user(db, token=token, now=NOW + timedelta(days=30)) is None


def test_a_new_password_is_argon2id_and_ends_other_sign_ins(db: Session, ada: User) -> None:
    token = service.sign_in(db, user=ada, life=timedelta(days=30), now=NOW)
    service.set_password(db, user=ada, password="four plain words here", now=NOW)
    assert ada.password_hash is not None
    assert ada.password_hash.startswith("$argon2id$")
    assert service.signed_in_user(db, token=token, now=NOW) is None
    assert service.check_password(db, name="Ada", password="four plain words here") is ada


@pytest.mark.parametrize(("name", "password"), [("Ada", "wrong"), ("Bob", "four plain words here"), ("", "")])
def test_wrong_names_and_wrong_passwords_are_told_alike(db: Session, ada: User, name: str, password: str) -> None:
    service.set_password(db, user=ada, password="four plain words here", now=NOW)
    with pytest.raises(service.WrongPassword) as caught:
        service.check_password(db, name=name, password=password)
    assert "Bob" not in str(caught.value)


def test_an_account_without_a_password_cannot_be_entered_with_one(db: Session, ada: User) -> None:
    with pytest.raises(service.WrongPassword):
        service.check_password(db, name="Ada", password="")


@pytest.mark.parametrize("password", ["short", "x" * (service.PASSWORD_MAX_CHARS + 1)])
def test_a_password_has_a_sensible_length(db: Session, ada: User, password: str) -> None:
    with pytest.raises(Invalid):
        service.set_password(db, user=ada, password=password, now=NOW)


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "two\nlines"])
def test_an_unusable_name_is_refused(db: Session, name: str) -> None:
    with pytest.raises(Invalid):
        service.add_user(db, name=name, role=Role.LEARNER, now=NOW)


def test_a_taken_name_is_refused(db: Session, ada: User) -> None:
    with pytest.raises(Conflict):
        service.add_user(db, name=" Ada ", role=Role.EDITOR, now=NOW)


def test_there_is_one_owner_from_the_first_start_on(db: Session) -> None:
    first = service.owner(db, now=NOW)
    assert first.role is Role.OWNER
    assert service.owner(db, now=NOW + timedelta(days=1)) is first


def test_an_unknown_account_has_no_link(db: Session) -> None:
    with pytest.raises(NotFound, match="flask accounts add Eve"):
        service.user_by_name(db, name="Eve")


@pytest.mark.parametrize(("zone", "hour"), [("Mars/Base", 4), ("Europe/Berlin", 24), ("Europe/Berlin", -1)])
def test_a_calendar_that_does_not_exist_is_refused(ada: User, zone: str, hour: int) -> None:
    with pytest.raises(Invalid):
        service.set_calendar(ada, zone=zone, rollover_hour=hour)
    assert (ada.zone, ada.rollover_hour) == ("UTC", 4)
