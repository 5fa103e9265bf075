"""`flask search`: makes what can be found anew."""

import click
from flask.cli import AppGroup

from quizapp.search import index
from quizapp.web.cli import plain_errors
from quizapp.web.database import get_db
from quizapp.web.templating import plural

search = AppGroup("search", help="Look after what can be found.")


@search.command()
@plain_errors
def rebuild() -> None:
    """Make what can be found anew from the notes, questions and labs that are there.

    Needed after rows were changed past the product, and after moving to a SQLite that has FTS5.
    """
    db = get_db()
    made = index.rebuild(db)
    db.commit()
    click.echo(f"{plural(made, 'thing')} can be found")
