"""What many predictions come to: in all, by how sure, by month."""

from datetime import date
from uuid import UUID

import pytest

from quizapp.confidence import Confidence, said
from quizapp.labs.runs.calibration import LISTED, MONTHS, NEWEST, Foretold, Share, calibration


def foretold(day: date, *, came_true: bool, confidence: Confidence | None = None) -> Foretold:
    return Foretold(
        run_id=UUID(int=1),
        lab="A lab",
        question_id=1,
        day=day,
        label="It answers on `80`",
        predicted="80",
        happened="80" if came_true else "81",
        came_true=came_true,
        confidence=confidence,
    )


def test_nothing_was_predicted() -> None:
    record = calibration([])
    assert (record.whole, record.by_confidence, record.by_month) == (Share(made=0, right=0), (), ())


def test_by_how_sure_one_was_the_unsure_first() -> None:
    day = date(2026, 11, 20)
    record = calibration(
        [
            foretold(day, came_true=True, confidence=Confidence.SURE),
            foretold(day, came_true=False),
            foretold(day, came_true=True, confidence=Confidence.GUESS),
            foretold(day, came_true=False, confidence=Confidence.GUESS),
        ]
    )
    assert record.by_confidence == (
        (Confidence.GUESS, Share(made=2, right=1)),
        (Confidence.SURE, Share(made=1, right=1)),
        (None, Share(made=1, right=0)),
    )


def test_by_month_the_newest_first_and_a_year_of_them() -> None:
    days = [date(2026 - number // 12, 12 - number % 12, 28) for number in range(MONTHS + 2)]
    record = calibration([foretold(day, came_true=True) for day in days])
    assert [month for month, _ in record.by_month] == [day.replace(day=1) for day in days[:MONTHS]]
    assert record.whole == Share(made=MONTHS + 2, right=MONTHS + 2)


def test_the_newest_tell_of_a_change() -> None:
    day = date(2026, 11, 20)
    record = calibration([foretold(day, came_true=number < NEWEST) for number in range(LISTED + 5)])
    assert record.newest == Share(made=NEWEST, right=NEWEST)
    assert record.whole == Share(made=LISTED + 5, right=NEWEST)
    assert len(record.listed) == LISTED


def test_what_it_was_about_is_ready_for_a_page() -> None:
    assert foretold(date(2026, 11, 20), came_true=True).subject == "It answers on <code>80</code>"


@pytest.mark.parametrize(("made", "right", "percent"), [(3, 2, 67), (1, 0, 0), (7, 7, 100)])
def test_the_share_is_in_whole_percent(made: int, right: int, percent: int) -> None:
    assert Share(made=made, right=right).percent == percent


@pytest.mark.parametrize(
    ("text", "meant"),
    [("sure", Confidence.SURE), ("think-so", Confidence.THINK_SO), ("", None), (None, None), ("SURE", None)],
)
def test_what_a_form_says(text: str | None, meant: Confidence | None) -> None:
    assert said(text) is meant
