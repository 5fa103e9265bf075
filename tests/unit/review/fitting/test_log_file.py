"""Logs as other programs write them: both kinds of time, and rows that cannot be read told by their line."""

from datetime import UTC, datetime

import pytest

from quizapp.errors import Invalid
from quizapp.review.fitting.log_file import read_log

HEAD = "card_id,review_rating,review_time,review_duration\n"


def test_iso_times_and_milliseconds_are_one_instant() -> None:
    found = read_log(f"{HEAD}1,3,2026-03-02T13:00:00+01:00,900\n1,4,1772452800000,900\n".encode())
    assert [review.at for review in found.reviews] == [datetime(2026, 3, 2, 12, tzinfo=UTC)] * 2
    assert [review.rating for review in found.reviews] == [3, 4]


def test_columns_may_come_in_any_order_and_with_a_byte_order_mark() -> None:
    found = read_log("\ufeffreview_time,card_id,review_rating\n2026-03-02T12:00:00Z,a,1\n".encode())
    assert [(review.card, review.rating) for review in found.reviews] == [("a", 1)]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",3,2026-03-02T12:00:00Z", "card_id is empty"),
        ("1,0,2026-03-02T12:00:00Z", "review_rating is '0'"),
        ("1,3,2026-03-02T12:00:00", "with its offset"),
        ("1,3,99999999999999999999", "review_time is '99999999999999999999'"),
        ("1", "review_rating is ''"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_others_are_read(row: str, fault: str) -> None:
    found = read_log(f"{HEAD}1,3,2026-03-02T12:00:00Z,1\n{row}\n2,3,2026-03-02T12:00:00Z,1\n".encode())
    assert ([bad.line for bad in found.bad_rows], len(found.reviews)) == ([3], 2)
    assert fault in found.bad_rows[0].fault


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "names no column card_id and no review_rating and no review_time"),
        (b"card_id,rating,review_time\n", "no column review_rating"),
        (HEAD.encode() + b"1,3,\xff\n", "Line 2 is not UTF-8"),
        (HEAD.encode() + b'1,3,"' + b"x" * 200_000, "Line 2 cannot be read as CSV"),
    ],
)
def test_a_file_that_is_no_log_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_log(raw)
