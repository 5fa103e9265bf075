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


def test_numbers_as_programs_of_tables_write_them_and_ratings_by_name() -> None:
    found = read_log(b"card_id, review_rating, review_time\r\n7, 3.0, 1772452800000.0\r\n7, again, 1772452800000.")
    assert [(review.card, review.rating, review.at.hour) for review in found.reviews] == [("7", 3, 12), ("7", 1, 12)]


def test_cards_of_two_learners_with_one_number_are_two() -> None:
    found = read_log(b"user_id,card_id,review_rating,review_time\n1,7,3,1772452800000\n2,7,3,1772452800000\n")
    assert len({review.card for review in found.reviews}) == 2


def test_columns_may_come_in_any_order_and_with_a_byte_order_mark() -> None:
    found = read_log("\ufeffreview_time,card_id,review_rating\n2026-03-02T12:00:00Z,a,1\n".encode())
    assert [(review.card, review.rating) for review in found.reviews] == [("a", 1)]


def test_a_row_that_says_the_same_as_another_is_one_review() -> None:
    rows = "1,3,2026-03-02T12:00:00Z,1\n2,3,2026-03-02T12:00:00Z,1\n1,3,2026-03-02T13:00:00+01:00,1\n"
    found = read_log(f"{HEAD}{rows}1,1,2026-03-02T12:00:00Z,1\n1,3,2026-03-02T12:00:01Z,1\n".encode())
    assert (len(found.reviews), found.repeated) == (4, 1)


@pytest.mark.parametrize("rating", ["0", "0.0"])
def test_a_due_day_that_was_set_by_hand_is_no_answer(rating: str) -> None:
    found = read_log(f"{HEAD}1,3,2026-03-02T12:00:00Z,1\n1,{rating},2026-03-02T12:00:00Z,1\n".encode())
    assert (len(found.reviews), found.no_answers, found.bad_rows) == (1, 1, [])


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",3,2026-03-02T12:00:00Z", "card_id is empty"),
        ("1,-1,2026-03-02T12:00:00Z", "review_rating is '-1'"),
        ("1,3,2026-03-02T12:00:00", "with its offset"),
        ("1,3.5,2026-03-02T12:00:00Z", "review_rating is '3.5'"),
        ("1,3,1772452800.5", "review_time is '1772452800.5'"),
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
