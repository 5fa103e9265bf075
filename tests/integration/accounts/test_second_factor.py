"""Codes of an app and recovery codes: each counts once, and in its own time."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy.orm import Session

from quizapp import clock
from quizapp.accounts import second_factor
from quizapp.accounts.models import User
from quizapp.accounts.second_factor import STEP_S, WrongCode
from quizapp.errors import Conflict

NOW = clock.now()
SECRET = second_factor.new_secret()
STEP = timedelta(seconds=STEP_S)


def shown(at: object = NOW) -> str:
    return pyotp.TOTP(SECRET).at(at)  # type: ignore[arg-type]


@pytest.fixture
def codes(db: Session, learner: User) -> list[str]:
    """The recovery codes of a learner whose second factor is on since one step ago."""
    before = NOW - STEP
    return list(second_factor.turn_on(db, user=learner, secret=SECRET, code=shown(before), now=before))


def test_a_code_counts_once_and_within_its_own_time(db: Session, learner: User, codes: list[str]) -> None:
    second_factor.check(db, user_id=learner.id, code=f"{shown()[:3]} {shown()[3:]}", now=NOW)
    with pytest.raises(WrongCode, match="was used"):
        second_factor.check(db, user_id=learner.id, code=shown(), now=NOW)
    for late in (-STEP, STEP):
        with pytest.raises(WrongCode):
            second_factor.check(db, user_id=learner.id, code=shown(NOW + late), now=NOW)


def test_the_code_with_which_it_was_turned_on_was_used(db: Session, learner: User, codes: list[str]) -> None:
    with pytest.raises(WrongCode):
        second_factor.check(db, user_id=learner.id, code=shown(NOW - STEP), now=NOW - STEP)


def test_a_clock_that_was_ahead_keeps_nobody_out(db: Session, learner: User, codes: list[str]) -> None:
    ahead = NOW + timedelta(days=366)
    second_factor.check(db, user_id=learner.id, code=shown(ahead), now=ahead)
    second_factor.check(db, user_id=learner.id, code=shown(), now=NOW)


def test_a_recovery_code_counts_once_however_it_is_typed(db: Session, learner: User, codes: list[str]) -> None:
    assert second_factor.recovery_codes_left(db, user_id=learner.id) == len(set(codes)) == 10
    assert all(re.fullmatch("[A-Z2-7]{24}", code.replace("-", "")) for code in codes), "24 times 5 bits"
    second_factor.check(db, user_id=learner.id, code=codes[0].lower().replace("-", " "), now=NOW)
    assert second_factor.recovery_codes_left(db, user_id=learner.id) == 9
    for wrong in (codes[0], codes[1][:-1], "", "\u0661\u0662\u0663\u0664\u0665\u0666", "x" * 100):
        with pytest.raises(WrongCode):
            second_factor.check(db, user_id=learner.id, code=wrong, now=NOW)


def test_new_recovery_codes_take_the_place_of_the_old(db: Session, learner: User, codes: list[str]) -> None:
    made = second_factor.renew_recovery_codes(db, user_id=learner.id)
    with pytest.raises(WrongCode):
        second_factor.check(db, user_id=learner.id, code=codes[0], now=NOW)
    second_factor.check(db, user_id=learner.id, code=made[0], now=NOW)


def test_it_is_turned_on_by_the_right_code_and_once(db: Session, learner: User) -> None:
    with pytest.raises(WrongCode):
        second_factor.turn_on(db, user=learner, secret=SECRET, code="000000x", now=NOW)
    assert not second_factor.is_on(db, user_id=learner.id)
    second_factor.turn_on(db, user=learner, secret=SECRET, code=shown(), now=NOW)
    with pytest.raises(Conflict, match="already"):
        second_factor.turn_on(db, user=learner, secret=SECRET, code=shown(), now=NOW)


def test_once_off_no_code_counts(db: Session, learner: User, codes: list[str]) -> None:
    assert second_factor.turn_off(db, user_id=learner.id)
    assert not second_factor.turn_off(db, user_id=learner.id)
    for code in (shown(), codes[0]):
        with pytest.raises(WrongCode):
            second_factor.check(db, user_id=learner.id, code=code, now=NOW)
