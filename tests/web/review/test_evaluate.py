"""`flask review evaluate` as people and scripts use it."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from quizapp.review.fitting import fits
from tests.unit.review.fitting.logs import as_csv, drawn_log

LOG = as_csv(drawn_log(cards=60, seed=1))


def evaluate(app: Flask, log: Path, *options: str, zone: str = "Etc/GMT+5") -> Result:
    args = ["review", "evaluate", "--log", str(log), "--timezone", zone, "--rollover", "4", *options]
    return app.test_cli_runner().invoke(args=args)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log of 60 cards."""
    path = tmp_path / "log.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


def test_json_has_the_figures_and_nothing_else(app: Flask, log: Path) -> None:
    said = json.loads(evaluate(app, log, "--json").stdout)
    assert list(said) == ["reviews", "scored", "default", "fitted"]
    assert (said["reviews"], list(said["default"])) == (LOG.count("\n") - 1, ["log_loss", "rmse_bins", "auc"])
    assert (said["fitted"] is None) is not fits.is_available()


def test_without_the_package_nothing_is_fitted_and_it_says_so(
    app: Flask, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fits, "is_available", lambda: False)
    result = evaluate(app, log, "--json")
    assert json.loads(result.stdout)["fitted"] is None
    assert "fsrs-rs-python is not installed" in result.stderr


def test_a_bad_row_is_told_with_its_line(app: Flask, log: Path) -> None:
    head, first, *rest = LOG.splitlines()
    log.write_text("\n".join([head, first, "c1,5,2026-01-01", *rest]))
    result = evaluate(app, log)
    assert "Line 3 is left out: review_rating is '5'" in result.stderr
    assert (result.exit_code, "1 row left out" in result.stderr) == (0, True)


def test_what_stands_between_columns_and_before_the_first_makes_no_difference(app: Flask, log: Path) -> None:
    plain = evaluate(app, log, "--json").stdout
    for text in (LOG.replace(",", ";"), "\ufeff" + LOG.replace(",", "\t"), LOG.replace("\n", "\r\n")):
        log.write_text(text, encoding="utf-8")
        assert evaluate(app, log, "--json").stdout == plain


def test_due_days_set_by_hand_are_no_answers(app: Flask, log: Path) -> None:
    plain = evaluate(app, log, "--json").stdout
    head, first, *rest = LOG.splitlines()
    by_hand = [f"{card},0,{at}" for card, _, at, *_ in (row.split(",") for row in rest[:9])]
    log.write_text("\n".join([head, first, *by_hand, *rest]))
    result = evaluate(app, log, "--json")
    assert (result.stdout, "9 rows with the rating 0" in result.stderr) == (plain, True)


def test_exports_of_one_log_that_overlap_are_one_log(app: Flask, log: Path) -> None:
    plain = evaluate(app, log, "--json").stdout
    head, *rows = LOG.splitlines()
    log.write_text("\n".join([head, *rows, *rows[:7]]))
    result = evaluate(app, log, "--json")
    assert (result.stdout, "7 rows left out, as earlier rows say the same" in result.stderr) == (plain, True)


def test_of_a_log_that_is_wrong_throughout_the_first_rows_are_told(app: Flask, log: Path) -> None:
    log.write_text("card_id,review_rating,review_time\n" + "1,7,x\n" * 500)
    said = evaluate(app, log).stderr
    assert said.count("is left out") == 20
    assert "500 rows left out." in said
    assert "The log has 0 reviews" in said


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("", "The log has 0 reviews"),
        ("1,3,2026-01-01T10:00:00Z\n" * 9, "The log has 0 reviews"),  # one day
        ("\n".join(f"1,3,2026-01-{day:02}T10:00:00Z" for day in range(1, 31)), "AUC none"),  # one card, no lapse
        (
            "\n".join(f"{card},{1 + card % 4},1767261600000" for card in range(40)),
            "The log has 0 reviews",
        ),  # one moment
    ],
)
def test_odd_logs_end_with_a_sentence(app: Flask, log: Path, rows: str, says: str) -> None:
    log.write_text("card_id,review_rating,review_time\n" + rows)
    first, again = evaluate(app, log), evaluate(app, log)
    assert says in first.output
    assert "Traceback" not in first.output
    assert again.output == first.output


def test_seconds_in_place_of_milliseconds_are_told(app: Flask, log: Path) -> None:
    log.write_text("card_id,review_rating,review_time\n" + "\n".join(f"1,3,{86_400_000 * day}" for day in range(20)))
    assert "multiply it by 1000" in evaluate(app, log).stderr


def test_an_unknown_zone_is_one_sentence(app: Flask, log: Path) -> None:
    assert evaluate(app, log, zone="Mars/Olympus").stderr.startswith("Error: There is no time zone Mars/Olympus.")
