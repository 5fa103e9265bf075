"""What is right, read from its text and written again, for every kind."""

import json
from decimal import Decimal

import pytest

from quizapp.catalogue.kinds.cloze import Cloze
from quizapp.catalogue.kinds.expected import KIND_OF, LABEL_OF, from_json, read, to_json
from quizapp.catalogue.kinds.faults import NotExpected
from quizapp.catalogue.kinds.number import NumberValue
from quizapp.catalogue.kinds.ordering import Ordering
from quizapp.catalogue.kinds.short_text import ShortText
from quizapp.catalogue.models import EXPECTING_KINDS
from tests.builders import EXPECTED


@pytest.mark.parametrize("kind", EXPECTING_KINDS)
def test_what_is_right_is_the_same_after_it_is_written_and_stored(kind: str) -> None:
    expected = read(kind, EXPECTED[kind])  # type: ignore[index]
    assert read(kind, expected.source) == expected
    assert from_json(json.loads(json.dumps(to_json(expected)))) == expected
    assert expected.solution


def test_every_kind_has_a_label() -> None:
    assert [kind.value for kind in EXPECTING_KINDS] == list(LABEL_OF) == list(KIND_OF.values())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("short", " | "),
        ("short", "x" * 301),
        ("number", "about five"),
        ("number", "5 ± -1"),
        ("number", f"{'9' * 40}"),
        ("number", "1,450"),
        ("number", "1.450.000 bytes"),
        ("number", "0x1F"),
        ("truth", "perhaps"),
        ("order", "one"),
        ("order", "one\none"),
        ("match", "a → b\nc"),
        ("match", "a → b"),
        ("match", "a → b\na → c"),
        ("cloze", "no gap"),
    ],
)
def test_what_says_nothing_that_is_right_is_refused_with_a_sentence(kind: str, text: str) -> None:
    with pytest.raises(NotExpected, match=r"\.$"):
        read(kind, text)


def test_a_bar_in_code_parts_nothing() -> None:
    assert read("short", "`ps | wc -l`|count them") == ShortText(accepted=("`ps | wc -l`", "count them"))


@pytest.mark.parametrize(
    ("text", "value", "tolerance", "unit"),
    [
        ("1450 ± 10 bytes", "1450", "10", "bytes"),
        ("1450 +/- 10 bytes", "1450", "10", "bytes"),
        ("-0.5", "-0.5", "0", ""),
        ("`65535`", "65535", "0", ""),
        ("99.9 %", "99.9", "0", "%"),
        ("64MiB", "64", "0", "MiB"),
        ("20°C", "20", "0", "°C"),
        ("3 m2", "3", "0", "m2"),
        ("1e3 packets per second", "1e3", "0", "packets per second"),
    ],
)
def test_a_number_has_a_tolerance_and_a_unit(text: str, value: str, tolerance: str, unit: str) -> None:
    assert read("number", text) == NumberValue(value=value, tolerance=tolerance, unit=unit)
    assert Decimal(value).is_finite()


def test_the_things_to_be_put_in_order_are_shown_in_another_one() -> None:
    expected = Ordering(items=("second by letter", "first by letter"))
    assert expected.task.index("first by letter") < expected.task.index("second by letter")


def test_bold_words_are_the_gaps_of_a_text() -> None:
    expected = Cloze(text="A bridge **docker0 | docker 0** has __172.17.0.1__, not \\*\\*this\\*\\*.")
    assert [gap.accepted for gap in expected.gaps] == [("docker0", "docker 0"), ("172.17.0.1",)]
    assert expected.filled(["a", "b"]) == "A bridge a has b, not \\*\\*this\\*\\*."
