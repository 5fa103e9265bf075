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


def test_seconds_in_place_of_milliseconds_are_told(app: Flask, log: Path) -> None:
    log.write_text("card_id,review_rating,review_time\n" + "\n".join(f"1,3,{86_400_000 * day}" for day in range(20)))
    assert "multiply it by 1000" in evaluate(app, log).stderr


def test_an_unknown_zone_is_one_sentence(app: Flask, log: Path) -> None:
    assert evaluate(app, log, zone="Mars/Olympus").stderr.startswith("Error: There is no time zone Mars/Olympus.")
