"""`flask review`: evaluate a log; mend reviews that a wrong clock has dated."""

import click
from flask.cli import AppGroup

from quizapp import clock
from quizapp.review import mending
from quizapp.review.fitting.commands import evaluate_log
from quizapp.web.cli import plain_errors
from quizapp.web.database import get_db
from quizapp.web.templating import plural

review = AppGroup("review", help="Look after learners' reviews.")
review.add_command(evaluate_log)


@review.command()
@plain_errors
def mend() -> None:
    """Let reviews that are dated after now count as made now, for every learner.

    The server's clock was ahead when they were made, so their cards would come back too late.
    """
    db = get_db()
    for user in mending.learners(db, now=clock.now()):
        mended = 0
        while some := mending.mend(db, user=user, now=clock.now()):
            db.commit()
            mended += some
        click.echo(f"{user.name}: {plural(mended, 'review')} dated after now, counted as made now")
    db.commit()
