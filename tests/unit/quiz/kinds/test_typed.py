"""Words and numbers that a learner typed: what is right, what is forgiven, what is told and not counted."""

import pytest

from quizapp.catalogue.kinds import number as numbers
from quizapp.catalogue.kinds import short_text as texts
from quizapp.errors import Invalid
from quizapp.quiz.kinds import number, short_text
from quizapp.quiz.kinds.short_text import NearMiss
from quizapp.verdicts import Verdict


def typed(accepted: str, text: str) -> Verdict:
    return short_text.mark(texts.read(accepted), text).verdict


def numbered(right: str, text: str) -> Verdict:
    return number.mark(numbers.read(right), text).verdict


@pytest.mark.parametrize(
    "text", ["nginx", "NGINX", "  nginx ", "nginx.", "Nginx :latest", "nginx :latest", "`nginx`"[1:-1]]
)
def test_capitals_blanks_and_a_final_stop_are_forgiven(text: str) -> None:
    assert typed("nginx | Nginx :latest", text) is Verdict.PASS


@pytest.mark.parametrize(
    ("accepted", "text"),
    [
        ("`docker run -p 80:80 nginx`", "docker  run -p 80:80 nginx"),
        ("the \\*default\\* bridge", "the *default* bridge"),
        ("it's \u201cup\u201d", 'it\u2019s "up"'),
        ("`..`", ".."),
        ("Brücke", "Bru\u0308cke"),
        ("127.0.0.11", "127.0.0.11."),
    ],
)
def test_an_answer_is_compared_as_it_is_typed(accepted: str, text: str) -> None:
    assert typed(accepted, text) is Verdict.PASS


@pytest.mark.parametrize(
    ("accepted", "text"),
    [
        ("172.17.0.1", "172.18.0.1"),
        ("port 8080", "port 8081"),
        ("tcp", "top"),
        ("`docker run -p nginx`", "docker run -d nginx"),
        ("--net", "-net"),
        ("overlay", "bridge"),
        ("iptables", "ip6tables"),
    ],
)
def test_another_number_sign_or_short_word_is_another_answer(accepted: str, text: str) -> None:
    assert typed(accepted, text) is Verdict.FAIL


@pytest.mark.parametrize(
    ("accepted", "text", "told"),
    [
        ("iptables", "iptabels", "spelling"),
        ("overlay", "overlai", "spelling"),
        ("`docker run -P nginx`", "docker run -p nginx", "capital"),
        ("`MYSQL_HOST`", "mysql_host", "capital"),
    ],
)
def test_a_near_miss_is_told_and_not_counted(accepted: str, text: str, told: str) -> None:
    with pytest.raises(NearMiss, match=told):
        typed(accepted, text)


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_nothing_and_too_much_are_no_answer(text: str) -> None:
    with pytest.raises(Invalid):
        typed("nginx", text)


@pytest.mark.parametrize(
    "text",
    ["1450", "1450 bytes", "1450 Byte", "1440", "1460.0", "1 450", "1\u202f450 bytes", "1.45e3", "1450.", "1445,5"],
)
def test_a_number_within_its_tolerance_is_right_with_or_without_its_unit(text: str) -> None:
    assert numbered("1450 ± 10 bytes", text) is Verdict.PASS


def test_a_number_is_compared_as_a_decimal() -> None:
    assert numbered("0.3", "0.30") is Verdict.PASS
    assert numbered("0.3 ± 0.1", "0.4") is Verdict.PASS
    assert numbered("0.3 ± 0.1", "0.4000000000000001") is Verdict.FAIL
    assert numbered("-5", "\u22125") is Verdict.PASS


@pytest.mark.parametrize("text", ["1439", "1461", "-1450", "1e999"])
def test_a_number_beyond_its_tolerance_is_wrong(text: str) -> None:
    assert numbered("1450 ± 10 bytes", text) is Verdict.FAIL


@pytest.mark.parametrize("text", ["", "many", "1450 kB", "1,450", "1450 or so", "0x5AA", "9" * 81])
def test_what_is_no_number_in_its_unit_is_told_and_not_counted(text: str) -> None:
    with pytest.raises(Invalid, match=r"\.$"):
        numbered("1450 ± 10 bytes", text)


@pytest.mark.parametrize(
    ("right", "text"),
    [
        ("1450", "1\u2009450"),
        ("1450", "1_450"),
        ("1234567.5", "1 234 567,5"),
        ("0.125", "0,125"),
        ("-0.125 ms", "\u22120,125\u2009ms"),
        ("5 ms", "5 ms."),
        ("3 days", "3 day"),
    ],
)
def test_a_number_is_read_as_it_is_written_elsewhere(right: str, text: str) -> None:
    assert numbered(right, text) is Verdict.PASS


@pytest.mark.parametrize(
    ("right", "text", "said"),
    [
        ("5 ms", "5 m", "It is asked in ms"),
        ("5", "5 s", "without a unit"),
        ("1450", "1.450", "If 1450 is meant"),
        ("10", "10,000", "could not be read"),
        ("1234567", "1,234,567", "could not be read"),
    ],
)
def test_what_may_mean_another_number_is_told_and_not_counted(right: str, text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        numbered(right, text)


def test_a_point_stands_before_a_fraction_where_both_are_wrong() -> None:
    assert numbered("7", "1.450") is Verdict.FAIL
    assert numbered("1.45", "1.450") is Verdict.PASS
