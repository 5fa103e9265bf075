"""Limits against guessing on real databases: over addresses, names, time, threads and clocks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.accounts import guessing, service
from quizapp.accounts.guessing import (
    FAILURES_OF_ADDRESS,
    FAILURES_OF_NAME,
    FAILURES_OF_PLACE,
    WINDOW,
    SignInPlace,
    TooManyFailures,
)
from quizapp.accounts.models import FailedSignIns, Role
from quizapp.accounts.passwords import Passwords, TooManyHashes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSWORD = "four plain words here"
HOME, ELSEWHERE, NEW = "192.0.2.1", "198.51.100.7", "203.0.113.9"

Enter = Callable[..., str]


@pytest.fixture
def enter(sessions: sessionmaker[Session], passwords: Passwords) -> Enter:
    """`enter(password)`: what comes of signing in as Ada; keywords change who, from where and when.

    `enter(None)` signs in by a link.
    """
    with sessions() as db:
        ada = service.add_user(db, name="Ada", role=Role.LEARNER, now=NOW)
        service.set_password(db, passwords, user_id=ada.id, password=PASSWORD, now=NOW)
        db.commit()

    def sign_in(
        password: str | None = "guess",
        *,
        name: str = "Ada",
        address: str = HOME,
        browser: str = "",
        now: datetime = NOW,
    ) -> str:
        place = SignInPlace(address=address, browser=browser)
        with sessions() as db:
            guess = guessing.guess_of(db, name=name, place=place, secret="secret", now=now)
            try:
                if password is not None:
                    guessing.user_of_password(db, passwords, guess, name=name, password=password, now=now)
            except (TooManyFailures, service.WrongPassword) as error:
                return type(error).__name__
            guessing.remember(db, name=name, place=place, secret="secret", now=now)
            db.commit()
            return "in"

    return sign_in


def fail(enter: Enter, times: int, **how: object) -> None:
    assert [enter(**how) for _ in range(times)] == ["WrongPassword"] * times


def test_a_name_is_closed_after_so_many_failures_and_opens_by_itself(enter: Enter) -> None:
    fail(enter, FAILURES_OF_NAME)
    fail(enter, FAILURES_OF_NAME - FAILURES_OF_PLACE, address=ELSEWHERE)
    for address in (HOME, ELSEWHERE, NEW):
        assert enter(PASSWORD, address=address) == "TooManyFailures"
    assert enter(PASSWORD, now=NOW + WINDOW - timedelta(seconds=1)) == "TooManyFailures"
    assert enter(PASSWORD, now=NOW + WINDOW) == "in"


def test_who_guesses_in_one_place_keeps_nobody_out_elsewhere(enter: Enter) -> None:
    fail(enter, FAILURES_OF_NAME)
    assert enter() == "TooManyFailures"
    fail(enter, FAILURES_OF_PLACE - 1, address=ELSEWHERE)
    assert enter(PASSWORD, address=ELSEWHERE) == "in"


def test_a_guesser_in_several_places_keeps_nobody_out_whose_browser_or_network_is_known(enter: Enter) -> None:
    """However the person signed in there, and wherever their browser is meanwhile."""
    assert enter(None, browser="of Ada") == "in"
    fail(enter, FAILURES_OF_NAME, address=ELSEWHERE)
    fail(enter, FAILURES_OF_NAME - FAILURES_OF_PLACE, address="192.0.2.77")
    assert enter(PASSWORD, address=NEW) == "TooManyFailures"
    assert enter(PASSWORD, address=NEW, browser="of a guesser") == "TooManyFailures"
    assert enter(PASSWORD, address=NEW, browser="of Ada") == "in"
    assert enter(PASSWORD) == "in"


def test_behind_one_address_others_keep_no_known_browser_out(enter: Enter) -> None:
    assert enter(None, browser="of Ada") == "in"
    fail(enter, FAILURES_OF_NAME)
    assert enter(PASSWORD) == "TooManyFailures"
    assert enter(PASSWORD, browser="of Ada") == "in"
    fail(enter, FAILURES_OF_NAME, browser="of Ada")
    assert enter(PASSWORD, browser="of Ada") == "TooManyFailures", "a copied cookie guesses no longer than others"


def test_an_unknown_name_is_closed_like_a_known_one(enter: Enter) -> None:
    fail(enter, FAILURES_OF_NAME, name="Bob")
    assert enter(name="Bob ") == "TooManyFailures"


def test_an_address_is_closed_after_so_many_failures_at_any_names(enter: Enter) -> None:
    for number in range(FAILURES_OF_ADDRESS):
        assert enter(name=f"name {number}") == "WrongPassword"
    assert enter(name="one more") == "TooManyFailures"
    assert enter(PASSWORD, address=ELSEWHERE) == "in"


def test_a_network_counts_as_one_address(enter: Enter) -> None:
    for number in range(FAILURES_OF_ADDRESS):
        assert enter(name=f"name {number}", address=f"2001:db8::{number:x}") == "WrongPassword"
    assert enter(name="one more", address="2001:db8::ffff:ffff") == "TooManyFailures"
    assert enter(name="one more", address="2001:db8:0:1::1") == "WrongPassword"


def test_who_guesses_elsewhere_keeps_nobody_out_where_they_have_signed_in_before(enter: Enter) -> None:
    assert enter(PASSWORD) == "in"
    fail(enter, FAILURES_OF_NAME, address=ELSEWHERE)
    assert enter(PASSWORD, address=ELSEWHERE) == "TooManyFailures"
    assert enter(PASSWORD) == "in"
    fail(enter, FAILURES_OF_NAME)
    assert enter(PASSWORD) == "TooManyFailures"


def test_a_password_that_was_right_is_not_counted(enter: Enter) -> None:
    fail(enter, FAILURES_OF_NAME - 1, address=ELSEWHERE)
    assert [enter(PASSWORD, address=f"192.0.2.{number}") for number in range(20)] == ["in"] * 20


def test_of_guesses_at_the_same_moment_no_more_get_through(enter: Enter) -> None:
    with ThreadPoolExecutor(8) as guessers:
        came = list(guessers.map(lambda number: enter(address=f"192.0.2.{number}"), range(30)))
    assert came.count("WrongPassword") == FAILURES_OF_NAME
    assert came.count("TooManyFailures") == 30 - FAILURES_OF_NAME


def test_a_guess_that_came_first_and_is_counted_later_does_not_open_the_name_again(enter: Enter) -> None:
    fail(enter, FAILURES_OF_NAME, now=NOW + timedelta(seconds=3))
    assert enter(now=NOW) == "TooManyFailures"
    assert enter(PASSWORD, now=NOW + timedelta(seconds=4)) == "TooManyFailures"


def test_guesses_whose_times_are_out_of_order_are_all_counted(enter: Enter) -> None:
    came = [enter(now=NOW - timedelta(milliseconds=number)) for number in range(FAILURES_OF_NAME + 2)]
    assert came == ["WrongPassword"] * FAILURES_OF_NAME + ["TooManyFailures"] * 2


def test_a_clock_that_was_ahead_closes_nothing_for_longer(enter: Enter) -> None:
    fail(enter, FAILURES_OF_NAME, now=NOW + timedelta(days=365))
    assert enter(PASSWORD) == "in"


def test_a_guess_that_was_not_looked_at_counts_for_nothing(enter: Enter, sessions: sessionmaker[Session]) -> None:
    full, here = Passwords(wait_s=0), SignInPlace(address=HOME)
    with full._turn(), full._turn(), sessions() as db:
        for _ in range(FAILURES_OF_NAME + 1):
            guess = guessing.guess_of(db, name="Ada", place=here, secret="secret", now=NOW)
            with pytest.raises(TooManyHashes):
                guessing.user_of_password(db, full, guess, name="Ada", password=PASSWORD, now=NOW)
    assert enter(PASSWORD) == "in"


class Killed(BaseException):
    """The process ends while it checks a password."""


def test_checks_that_a_killed_process_left_counted_are_forgotten_once_somebody_was_right(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object, **__: object) -> None:
        raise Killed

    for _ in range(3):
        with monkeypatch.context() as patched:
            patched.setattr(service, "check_password", kill)
            for _ in range(FAILURES_OF_NAME - 1):
                with pytest.raises(Killed):
                    enter(PASSWORD)
        assert enter(PASSWORD) == "in"


def test_what_is_over_is_deleted_and_nothing_stored_says_who(enter: Enter, sessions: sessionmaker[Session]) -> None:
    for number in range(20):
        enter(name=f"name {number}")
    enter(now=NOW + 2 * WINDOW)
    with sessions() as db:
        assert db.scalar(select(func.count()).select_from(FailedSignIns)) == 3
        assert {len(key) for key in db.scalars(select(FailedSignIns.key))} == {64}
