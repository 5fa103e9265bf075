"""`flask up`: everything between a fresh checkout's parts and the first page, in one process."""

import click
from flask import Flask

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.commands import sign_in_url
from quizapp.catalogue.service import import_content
from quizapp.web import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.database import alembic, get_db, is_migrated


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(up)


@click.command()
@plain_errors
def up() -> None:
    """Migrate the database, import the content folder and print a one-use sign-in link for the owner."""
    if not is_migrated():
        click.echo("Migrating the database", err=True)
        alembic.upgrade()
    for report in import_content(get_db(), current_settings().content_dir, now=clock.now()):
        for warning in report.warnings:
            click.echo(f"{report.path}:{warning.line}: {warning.message}", err=True)
    owner = accounts.owner(get_db(), now=clock.now())
    click.echo(sign_in_url(owner))
