"""Hashes of passwords: their parameters, and how many there are at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from quizapp.accounts.passwords import HASHES_AT_ONCE, Passwords, TooManyHashes
from tests.conftest import CHEAP_PASSWORDS


def test_the_parameters_are_those_of_rfc_9106() -> None:
    made = extract_parameters(Passwords().hash("four plain words here"))
    assert (made.type, made.memory_cost, made.time_cost, made.parallelism) == (Type.ID, 64 * 1024, 3, 4)


def test_a_password_fits_its_own_hash_alone() -> None:
    stored = CHEAP_PASSWORDS.hash("four plain words here")
    assert CHEAP_PASSWORDS.fits("four plain words here", stored)
    assert not CHEAP_PASSWORDS.fits("four plain words", stored)
    assert not CHEAP_PASSWORDS.fits("four plain words here", "no hash")
    assert not CHEAP_PASSWORDS.fits("four plain words here", None)


class Counting(PasswordHasher):
    """Counts how many hashes are made at once."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.now = self.most = 0
        self.met = threading.Barrier(HASHES_AT_ONCE)

    def hash(self, *_: object, **__: object) -> str:
        self.now += 1
        self.most = max(self.most, self.now)
        self.met.wait(60)
        self.now -= 1
        return ""


def test_no_more_are_made_at_once_than_there_is_memory_for() -> None:
    hasher = Counting()
    with ThreadPoolExecutor(4 * HASHES_AT_ONCE) as people:
        list(people.map(Passwords(hasher).hash, ["password"] * 4 * HASHES_AT_ONCE))
    assert hasher.most == HASHES_AT_ONCE


def test_who_waits_too_long_is_told_to_come_back() -> None:
    passwords = Passwords(wait_s=0)
    with passwords._turn(), passwords._turn(), pytest.raises(TooManyHashes, match="Try again"):
        passwords.hash("four plain words here")
