"""`flask up`: prepares a fresh checkout for the first page. Loads no view, so that it starts quickly."""

import gc

import click
from flask import Flask

from quizapp.web.cli import make_private_files, plain_errors


def create_app() -> Flask:
    """An application with the database and `up` and `backup` only, for `flask --app quizapp.up up`.

    Raises SystemExit, with the sentence to print, for a setting that is missing or wrong.
    """
    make_private_files()
    gc.disable()  # the process lives for a second, and looking through what it loads for garbage takes a fifth of that
    from quizapp.backups.commands import backup
    from quizapp.settings import Settings, SettingsError, end_start
    from quizapp.web import database, logs

    try:
        settings = Settings.from_env()
    except SettingsError as error:
        end_start(error)
    app = Flask("quizapp", static_folder=None)
    app.extensions["settings"] = settings
    logs.init_app(app)
    database.init_app(app, settings)
    app.cli.add_command(up)
    app.cli.add_command(backup)
    return app


@click.command()
@click.option("--new-key", is_flag=True, help="The secret key was changed on purpose; everybody signs in again.")
@plain_errors
def up(*, new_key: bool = False) -> None:
    """Migrate the database, import the content folder and print a one-use sign-in link for the owner."""
    from quizapp import clock
    from quizapp.accounts import service as accounts
    from quizapp.accounts import shared_key_check
    from quizapp.accounts.commands import sign_in_url
    from quizapp.catalogue.importing.last_import import import_if_changed
    from quizapp.catalogue.importing.unused_pictures import remove_unused
    from quizapp.one_at_a_time import Alone, is_shared, turn
    from quizapp.review.one_thing import joined_cards
    from quizapp.search import index_updates  # noqa: F401  # what an import writes is to be found
    from quizapp.web.application import current_settings
    from quizapp.web.database import alembic, engine, get_db, is_migrated
    from quizapp.web.kept_assets import DIST, keep

    keep(DIST, current_settings().assets_dir, now=clock.now())
    with turn(engine(), Alone.STARTING):  # of several machines that start at once the first one does it for all
        if not is_migrated():
            click.echo("Migrating the database", err=True)
            alembic.upgrade()
        content, db = current_settings().content_dir, get_db()
        if is_shared(engine()):
            shared_key_check.require(db, secret=current_settings().secret_key.get_secret_value(), is_new=new_key)
            db.commit()
        for report in import_if_changed(
            db, content, now=clock.now(), settle=db.commit, pictures=current_settings().pictures_dir
        ):
            for warning in report.warnings:
                click.echo(f"{report.path}:{warning.line}: {warning.message}", err=True)
        if said := joined_cards.said_of(joined_cards.settle(db)):
            click.echo(said, err=True)
        remove_unused(db, current_settings().pictures_dir, now=clock.now())
        owner = accounts.owner(db, now=clock.now())
        click.echo(sign_in_url(owner))
