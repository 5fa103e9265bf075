"""`flask quiz`: compute the estimates of abilities and difficulties anew."""

import click
from flask.cli import AppGroup

from quizapp.quiz.figures import strengths
from quizapp.web.cli import plain_errors
from quizapp.web.database import get_db
from quizapp.web.templating import plural

quiz = AppGroup("quiz", help="Look after what quizzes tell of learners and questions.")


@quiz.command()
@plain_errors
def estimates() -> None:
    """Compute anew how able learners and how hard questions are, from the first answers in the order of time."""
    number = strengths.rebuild(get_db())
    get_db().commit()
    click.echo(f"Estimates are computed from {plural(number, 'first answer')}.")
