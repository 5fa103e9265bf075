"""Tokens in pages: they differ each time, and come back as what they were."""

import pytest

from quizapp.web.tokens import masked, unmasked

TOKEN = "IjQ5ZTEi.aSpQxA.m3D-_k"


@pytest.mark.parametrize("pad", [bytes(22), bytes(range(22)), b"\xff" * 22], ids=["zero", "rising", "ones"])
def test_a_token_comes_back(pad: bytes) -> None:
    assert unmasked(masked(TOKEN, pad)) == TOKEN


def test_no_part_of_it_stays_the_same() -> None:
    one, other = masked(TOKEN, bytes(range(22))), masked(TOKEN, bytes(range(100, 122)))
    assert {a == b for a, b in zip(one, other, strict=True)} != {True}
    assert not any(one[start : start + 4] in other for start in range(len(one) - 4))


@pytest.mark.parametrize("sent", ["", "a", "====", "AAA", "é" * 8, "x" * 44, "_____w=="])
def test_what_is_no_token_is_none_or_another(sent: str) -> None:
    assert unmasked(sent) != TOKEN
