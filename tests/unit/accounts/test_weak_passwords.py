"""Which passwords are refused, and how one is found in a long list."""

import hashlib
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from quizapp.accounts.service import PASSWORD_MIN_CHARS
from quizapp.accounts.weak_passwords import EASY, LEAKED, ListAway, fault_of, is_listed

GOOD = "four plain words here"


@pytest.mark.parametrize(
    "password",
    [
        "password12",
        "1234567890",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "quizappquizapp",
        "Kubernetes",
        "Ada Lovelace",
        "ecalevoL adA",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert fault_of(password, words=["Ada Lovelace"]) == EASY


def test_no_common_password_is_taken() -> None:
    """ASVS 5.0, 6.2.4: the common ones that are long enough for the product's rule of length."""
    common = [one for one in FREQUENCY_LISTS["passwords"] if len(one) >= PASSWORD_MIN_CHARS]
    assert len(common) > 50
    assert [one for one in common if fault_of(one, words=[]) is None] == []


@pytest.mark.parametrize(
    "password", [GOOD, "zq7Fk29xPw", "correct horse battery", "ein paar Wörter ohne Sinn", "x9" + "ab3" * 80]
)
def test_what_is_hard_to_guess_is_taken(password: str) -> None:
    assert fault_of(password, words=["Ada"]) is None


def lines(passwords: list[str], *, end: str = "\r\n") -> bytes:
    hashes = sorted(hashlib.sha1(one.encode()).hexdigest().upper() for one in passwords)
    return "".join(f"{one}:{number}{end}" for number, one in enumerate(hashes, 1)).encode()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("size", [1, 2, 3, 1_000])
def test_each_of_a_list_is_found_and_nothing_else(size: int, end: str) -> None:
    passwords = [f"{Random(number).random()}" for number in range(size)]
    file = BytesIO(lines(passwords, end=end))
    assert all(is_listed(one, file) for one in passwords)
    assert not any(is_listed(f"other {number}", file) for number in range(100))
    assert not is_listed("any", BytesIO(b""))


def test_what_leaked_is_refused(tmp_path: Path) -> None:
    leaked = tmp_path / "leaked.txt"
    leaked.write_bytes(lines([GOOD]))
    assert fault_of(GOOD, words=[], leaked=str(leaked)) == LEAKED
    assert fault_of(f"{GOOD} too", words=[], leaked=str(leaked)) is None
    with pytest.raises(ListAway):
        fault_of(GOOD, words=[], leaked=str(tmp_path / "none"))
