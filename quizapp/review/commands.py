"""`flask review`: rebuild cards, evaluate logs, mend reviews that a wrong clock has dated."""

import time

import click
from flask.cli import AppGroup

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.models import User
from quizapp.review.fitting import refitting
from quizapp.review.fitting.commands import evaluate_log
from quizapp.review.log import misdated_reviews, rebuilding, study_day_figures
from quizapp.web.cli import plain_errors
from quizapp.web.database import get_db
from quizapp.web.templating import plural

SAID_EVERY_S = 1.0  # how far a long command is

review = AppGroup("review", help="Look after learners' reviews.")
review.add_command(evaluate_log)


@review.command()
@plain_errors
def mend() -> None:
    """Let reviews that are dated after now count as made now, for every learner.

    The server's clock was ahead when they were made, so their cards would come back too late.
    """
    db = get_db()
    for user in misdated_reviews.learners(db, now=clock.now()):
        mended = 0
        while some := misdated_reviews.mend(db, user=user, now=clock.now()):
            db.commit()
            mended += some
        click.echo(f"{user.name}: {plural(mended, 'review')} dated after now, counted as made now")
    db.commit()


@review.command()
@click.option("--name", default=None, help="Only this learner; everybody without it.")
@plain_errors
def rebuild(name: str | None) -> None:
    """Compute every card anew from the log, and the figures of study days with them.

    Cards that are already what their log says stay untouched. It may be broken off at any time and begun again.
    """
    db = get_db()
    users = [accounts.user_by_name(db, name=name)] if name else accounts.users(db)
    for user in users:
        _rebuild(user)


def _rebuild(user: User) -> None:
    """Rebuild a learner's cards, a batch in a transaction, and say about once a second how far it is."""
    db, said_at, reviews, changed = get_db(), time.monotonic(), 0, 0
    cards, name = rebuilding.cards_of(db, user=user), user.name
    for start in range(0, len(cards), rebuilding.CARDS_AT_ONCE):
        some = cards[start : start + rebuilding.CARDS_AT_ONCE]
        done = rebuilding.rebuild_cards(db, user=user, card_ids=some)
        db.commit()
        reviews, changed = reviews + done.reviews, changed + done.changed
        if time.monotonic() - said_at > SAID_EVERY_S:
            said_at = time.monotonic()
            click.echo(f"{name}: {start + len(some):,} of {len(cards):,} cards", err=True)
    study_day_figures.recount(db, user_id=user.id)
    db.commit()
    click.echo(f"{name}: {plural(len(cards), 'card')} computed from {plural(reviews, 'review')}, {changed} changed")


@review.command()
@click.option("--name", default=None, help="Only this learner; everybody without it.")
@plain_errors
def refit(name: str | None) -> None:
    """Fit learners' weights to their own reviews, where these have grown since. The web server does it every night.

    Weights are used only if they foretell reviews that they have not seen better than the defaults do.
    """
    db = get_db()
    for user in [accounts.user_by_name(db, name=name)] if name else accounts.users(db):
        name_of = user.name
        found = refitting.fitted(db, user=user, is_asked=name is not None)
        if found is None:
            click.echo(f"{name_of}: too few reviews, or few new ones")
            continue
        row = refitting.use(db, user=user, found=found, now=clock.now())
        said = "in force" if row.is_better else "not used, the default weights are better"
        click.echo(
            f"{name_of}: fitted to {plural(row.items, 'review')}; on the newest {row.held_out} log loss"
            f" {row.loss_fitted:.4f}, by the defaults {row.loss_before:.4f}: {said}"
        )
        db.commit()
