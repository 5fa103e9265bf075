"""`flask review evaluate`: how well the product's scheduler foretells the reviews of a log."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from quizapp.errors import Invalid
from quizapp.review.fitting import fits
from quizapp.review.fitting.accuracy import Accuracy
from quizapp.review.fitting.evaluation import Evaluation, Fit, evaluate
from quizapp.review.fitting.history import Histories, histories_of
from quizapp.review.fitting.log_file import BadRow, answers_of, read_log
from quizapp.web.cli import plain_errors
from quizapp.web.templating import plural
from quizapp.zones import zones

NO_LOG_ENDS_BEFORE = datetime(1973, 1, 1, tzinfo=UTC)  # today's seconds, read as milliseconds, are in January 1970
TOLD_MAX = 20  # rows that are left out: of a log that is wrong throughout, more say no more
DIGITS = 6  # of each figure: logs that differ in one review differ in them


@click.command("evaluate")
@click.option("--log", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
              help="A CSV file with the columns card_id, review_rating, review_time.")  # fmt: skip
@click.option("--timezone", "zone", required=True, help="The learner's zone, such as Europe/Berlin.")
@click.option("--rollover", type=click.IntRange(0, 23), required=True, help="The hour at which a study day begins.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@plain_errors
def evaluate_log(path: Path, zone: str, rollover: int, as_json: bool) -> None:
    """Say how well the scheduler foretells the reviews of a log, with FSRS's default weights and with fitted ones.

    Needs no database and changes nothing. Rows that cannot be read are left out, the first ones told with their lines.
    """
    if zone not in zones():
        raise Invalid(f"There is no time zone {zone}. Give an IANA name, such as Europe/Berlin or Etc/GMT+5.")
    log = read_log(path.read_bytes())
    _tell(log.bad_rows, log.no_answers)
    if log.repeated:
        click.echo(f"{plural(log.repeated, 'row')} left out, as earlier rows say the same.", err=True)
    if log.reviews and log.reviews[-1].at < NO_LOG_ENDS_BEFORE:
        click.echo("All reviews are before 1973. If review_time is in seconds, multiply it by 1000.", err=True)
    histories = histories_of(answers_of(log.reviews, zone=zone, rollover_hour=rollover))
    if not fits.is_available():
        click.echo("Nothing is fitted: the package fsrs-rs-python is not installed.", err=True)
    found = evaluate(histories, fit=_fit_of(histories) if fits.is_available() else None)
    if as_json:
        click.echo(json.dumps(_as_json(len(log.reviews), found)))
    else:
        _print(len(log.reviews), found)


def _tell(bad_rows: Sequence[BadRow], no_answers: int) -> None:
    if no_answers:
        click.echo(f"{plural(no_answers, 'row')} with the rating 0, which nobody answered, left out.", err=True)
    for bad in bad_rows[:TOLD_MAX]:
        click.echo(f"Line {bad.line} is left out: {bad.fault}", err=True)
    if len(bad_rows) > TOLD_MAX:
        click.echo("And so on.", err=True)
    if bad_rows:
        click.echo(f"{plural(len(bad_rows), 'row')} left out.", err=True)


def _fit_of(histories: Histories) -> Fit:
    return lambda ends: fits.fit(histories, ends=ends)


def _as_json(reviews: int, found: Evaluation) -> dict[str, Any]:
    figures = {"default": found.default, "fitted": found.fitted}
    return {
        "reviews": reviews,
        "scored": found.scored,
        **{name: None if each is None else _rounded(each) for name, each in figures.items()},
    }


def _rounded(figures: Accuracy) -> dict[str, float | None]:
    return {name: None if value is None else round(value, DIGITS) for name, value in asdict(figures).items()}


def _print(reviews: int, found: Evaluation) -> None:
    click.echo(f"{plural(reviews, 'review')}, of which {found.scored} were foretold by those before them:")
    for name, each in (("default", found.default), ("fitted", found.fitted), ("fitted, as used", found.shrunk)):
        if each is not None:
            auc = "none" if each.auc is None else f"{each.auc:.4f}"
            said = f"log loss {each.log_loss:.4f}, RMSE(bins) {each.rmse_bins:.4f}, AUC {auc}"
            click.echo(f"  {name + ':':17} {said}")
