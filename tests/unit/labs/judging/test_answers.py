"""Typed values: what can be read, and what means the same."""

import pytest

from quizapp.catalogue.labs.lab_parts import Compare
from quizapp.labs.judging.answers import ANSWER_MAX_CHARS, AnswerUnreadable, agree, agrees_with_one, read


@pytest.mark.parametrize(("typed", "compare"), [(" 32768 ", Compare.INT), ("-5", Compare.INT), ("b  a", Compare.TEXT)])
def test_what_was_typed_is_read_without_its_spaces(typed: str, compare: Compare) -> None:
    assert read(typed, compare=compare) == " ".join(typed.split())


@pytest.mark.parametrize(
    ("typed", "compare"),
    [
        ("", Compare.TEXT),
        (" \n ", Compare.SET),
        ("x" * (ANSWER_MAX_CHARS + 1), Compare.TEXT),
        ("80/x", Compare.INT),
        ("8e3", Compare.INT),
        ("٣", Compare.INT),
        ("9" * 5000, Compare.INT),
        ("\n\n", Compare.ORDER),
        ("eth0\n\ndocker0", Compare.ORDER),
        ("eth0\neth0", Compare.ORDER),
    ],
)
def test_what_is_no_answer_says_what_to_do(typed: str, compare: Compare) -> None:
    with pytest.raises(AnswerUnreadable, match="check"):
        read(typed, compare=compare)


def test_places_at_the_end_may_stay_open() -> None:
    assert read("eth0\n docker0 \n\n", compare=Compare.ORDER) == "eth0\ndocker0"


@pytest.mark.parametrize(
    ("one", "other", "compare", "same"),
    [
        ("32768", "32768\n", Compare.INT, True),
        ("032768", "32768", Compare.INT, True),
        ("32768", "32769", Compare.INT, False),
        ("32768", "no such container", Compare.INT, None),
        ("32768", "", Compare.INT, None),
        ("VETH12", " veth12\n", Compare.TEXT, True),
        ("veth1", "veth2", Compare.TEXT, False),
        ("veth1", "", Compare.TEXT, None),
        ("b, a", "a\nb\n", Compare.SET, True),
        ("a a;b", "b a", Compare.SET, True),
        ("a", "a b", Compare.SET, False),
        ("a", "", Compare.SET, False),
        ("eth0\n docker0", "eth0\n\ndocker0\n", Compare.ORDER, True),
        ("docker0\neth0", "eth0\ndocker0", Compare.ORDER, False),
        ("eth0", "eth0\ndocker0", Compare.ORDER, False),
        ("eth0", "\n", Compare.ORDER, None),
    ],
)
def test_same_value(one: str, other: str, compare: Compare, same: bool | None) -> None:
    assert agree(one, other, compare=compare) is same


@pytest.mark.parametrize(
    "typed",
    [
        "eth0 -> docker0",
        "eth0 → docker0",
        "eth0, docker0",
        "eth0 > docker0",
        "eth0 --> docker0",
        "eth0 | docker0",
        "eth0 - docker0",
        "ETH0\ndocker0",
        "1. eth0\n2. docker0",
        "1) eth0, 2) docker0",
    ],
)
def test_an_order_has_arrows_or_commas_on_one_line_and_may_be_numbered(typed: str) -> None:
    given = read(typed, compare=Compare.ORDER, among=("docker0", "eth0", "lo"))
    assert agree(given, "eth0\ndocker0", compare=Compare.ORDER)


def test_a_place_that_is_not_to_choose_from_is_told_and_no_try() -> None:
    with pytest.raises(AnswerUnreadable, match="wlan0: choose from these places: eth0, lo"):
        read("eth0\nwlan0", compare=Compare.ORDER, among=("eth0", "lo"))


def test_each_line_of_a_host_is_a_right_answer_where_one_is_asked() -> None:
    told = "0.0.0.0:8080\n\n[::1]:8080\n"
    assert agrees_with_one("127.0.0.1:8080", told, compare=Compare.ENDPOINT) is False
    assert agrees_with_one("0.0.0.0:8080", told, compare=Compare.ENDPOINT)
    assert agrees_with_one("80", "nothing here", compare=Compare.INT) is None
    assert agrees_with_one("a b", "a\nb", compare=Compare.SET)
