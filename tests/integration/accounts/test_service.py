"""Accounts on real databases: links work once, passwords are checked, sign-ins end on the server."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from quizapp.accounts import people, service
from quizapp.accounts.models import Role, SignIn, SignInLink, User
from quizapp.accounts.passwords import Passwords
from quizapp.errors import Conflict, Invalid, NotFound

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSWORD = "four plain words here"


@pytest.fixture
def ada(db: Session) -> User:
    user = service.add_user(db, name="Ada", role=Role.LEARNER, now=NOW)
    db.commit()
    return user


def test_a_link_signs_in_once(db: Session, ada: User) -> None:
    token = service.make_link(db, user=ada, now=NOW)
    assert service.redeem_link(db, token=token, now=NOW + timedelta(minutes=59)) is ada
    with pytest.raises(service.LinkSpent):
        service.redeem_link(db, token=token, now=NOW + timedelta(minutes=59))


def test_a_link_ends_after_an_hour(db: Session, ada: User) -> None:
    token = service.make_link(db, user=ada, now=NOW)
    with pytest.raises(service.LinkSpent):
        service.redeem_link(db, token=token, now=NOW + service.LINK_LIFE)


def test_an_error_of_the_database_shows_no_hash(db: Session) -> None:
    with pytest.raises(DBAPIError) as caught:
        db.execute(text("SELECT 1 FROM nowhere WHERE token_hash = :hash"), {"hash": "0123abcd"})
    assert "nowhere" in str(caught.value)
    assert "0123abcd" not in str(caught.value)


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


def test_a_user_that_is_read_past_the_session_is_the_same_and_can_be_changed(db: Session, ada: User) -> None:
    token = service.sign_in(db, user=ada, life=timedelta(days=30), now=NOW)
    before = {column.name: getattr(ada, column.name) for column in User.__table__.columns}
    db.expunge(ada)
    found = service.user_signed_in_by(db.connection(), token=token, now=NOW)
    assert found is not None
    assert {name: getattr(found, name) for name in before} == before
    db.add(found)
    service.set_calendar(found, zone="Europe/Berlin", rollover_hour=3)
    db.flush()
    assert db.scalars(select(User.zone)).one() == "Europe/Berlin"


def test_a_sign_in_that_was_ended_or_is_over_gives_no_user_past_the_session(db: Session, ada: User) -> None:
    over, ended = (service.sign_in(db, user=ada, life=timedelta(hours=hours), now=NOW) for hours in (1, 9))
    service.sign_out(db, token=ended, now=NOW)
    later = NOW + timedelta(hours=1)
    assert {service.user_signed_in_by(db.connection(), token=token, now=later) for token in (over, ended, "")} == {None}


def test_a_sign_in_ends_by_itself(db: Session, ada: User) -> None:
    token = service.sign_in(db, user=ada, life=timedelta(days=30), now=NOW)
    assert service.signed_in_user(db, token=token, now=NOW + timedelta(days=30)) is None


def test_a_new_password_is_argon2id_and_ends_other_sign_ins(db: Session, passwords: Passwords, ada: User) -> None:
    token = service.sign_in(db, user=ada, life=timedelta(days=30), now=NOW)
    service.set_password(db, passwords, user_id=ada.id, password=PASSWORD, now=NOW)
    assert ada.password_hash is not None
    assert ada.password_hash.startswith("$argon2id$")
    assert service.signed_in_user(db, token=token, now=NOW) is None
    db.commit()
    assert service.check_password(db, passwords, name=" Ada", password=PASSWORD) is ada


@pytest.mark.parametrize(("name", "password"), [("Ada", "wrong"), ("Bob", PASSWORD), ("", "")])
def test_wrong_names_and_wrong_passwords_are_told_alike(
    db: Session, passwords: Passwords, ada: User, name: str, password: str
) -> None:
    service.set_password(db, passwords, user_id=ada.id, password=PASSWORD, now=NOW)
    db.commit()
    with pytest.raises(service.WrongPassword) as caught:
        service.check_password(db, passwords, name=name, password=password)
    assert "Bob" not in str(caught.value)


def test_an_account_without_a_password_cannot_be_entered_with_one(db: Session, passwords: Passwords, ada: User) -> None:
    with pytest.raises(service.WrongPassword):
        service.check_password(db, passwords, name="Ada", password="")


def test_a_hash_of_former_parameters_is_made_anew(db: Session, passwords: Passwords, ada: User) -> None:
    former = Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    service.set_password(db, former, user_id=ada.id, password=PASSWORD, now=NOW)
    db.commit()
    assert service.check_password(db, passwords, name="Ada", password=PASSWORD) is ada
    assert ada.password_hash is not None
    assert not passwords.is_outdated(ada.password_hash)


@pytest.mark.parametrize("password", ["short", "x" * (service.PASSWORD_MAX_CHARS + 1)])
def test_a_password_has_a_sensible_length(db: Session, passwords: Passwords, ada: User, password: str) -> None:
    with pytest.raises(Invalid):
        service.set_password(db, passwords, user_id=ada.id, password=password, now=NOW)


class Meanwhile(Passwords):
    """Hashes during which something else happens."""

    def __init__(self, happens: Callable[[], None]) -> None:
        super().__init__(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self._happens = happens

    def fits(self, password: str, stored: str | None) -> bool:
        self._happens()
        return super().fits(password, stored)

    def hash(self, password: str) -> str:
        self._happens()
        return super().hash(password)


def test_others_write_while_a_password_is_hashed(sessions: sessionmaker[Session]) -> None:
    added = []

    def add_somebody() -> None:
        with sessions() as db:
            added.append(service.add_user(db, name=f"Bob {len(added)}", role=Role.LEARNER, now=NOW).name)
            db.commit()

    busy = Meanwhile(add_somebody)
    with sessions() as db:
        user_id = service.add_user(db, name="Ada", role=Role.LEARNER, now=NOW).id
        db.commit()
        service.set_password(db, busy, user_id=user_id, password=PASSWORD, now=NOW)
        db.commit()
        service.check_password(db, busy, name="Ada", password=PASSWORD)
    assert added == ["Bob 0", "Bob 1"]


def test_a_password_that_is_replaced_while_it_is_checked_is_wrong(
    sessions: sessionmaker[Session], passwords: Passwords
) -> None:
    with sessions() as db:
        ada = service.add_user(db, name="Ada", role=Role.LEARNER, now=NOW)
        service.set_password(db, passwords, user_id=ada.id, password=PASSWORD, now=NOW)
        db.commit()
        user_id = ada.id

    def replace() -> None:
        with sessions() as db:
            service.set_password(db, passwords, user_id=user_id, password="another four plain words", now=NOW)
            db.commit()

    with sessions() as db, pytest.raises(service.WrongPassword):
        service.check_password(db, Meanwhile(replace), name="Ada", password=PASSWORD)


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


def test_nobody_enters_a_deactivated_account(db: Session, passwords: Passwords, ada: User) -> None:
    service.set_password(db, passwords, user_id=ada.id, password=PASSWORD, now=NOW)
    token, link = (
        service.sign_in(db, user=ada, life=timedelta(days=1), now=NOW),
        service.make_link(db, user=ada, now=NOW),
    )
    people.deactivate(db, user=ada, now=NOW)
    assert service.signed_in_user(db, token=token, now=NOW) is None
    with pytest.raises(service.LinkSpent):
        service.redeem_link(db, token=link, now=NOW)
    with pytest.raises(service.Deactivated):
        service.make_link(db, user=ada, now=NOW)
    db.commit()
    user = service.check_password(db, passwords, name="Ada", password=PASSWORD)
    with pytest.raises(service.Deactivated):
        service.sign_in(db, user=user, life=timedelta(days=1), now=NOW)
    people.activate(db, user=ada)
    assert service.signed_in_user(db, token=token, now=NOW) is None
    assert service.sign_in(db, user=ada, life=timedelta(days=1), now=NOW)


def test_a_person_is_signed_out_everywhere_at_once(db: Session, ada: User) -> None:
    for device in ("Firefox on Linux", "Safari on iPhone"):
        service.sign_in(db, user=ada, life=timedelta(days=1), now=NOW, device=device)
    service.sign_in(db, user=ada, life=timedelta(0), now=NOW)
    assert [one.device for one in people.sign_ins_of(db, user_id=ada.id, now=NOW)] != []
    assert people.count_sign_ins(db, now=NOW) == {ada.id: 2}
    assert people.sign_out_everywhere(db, user_id=ada.id, now=NOW) == 2
    assert people.count_sign_ins(db, now=NOW) == {}
