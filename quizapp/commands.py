"""All commands of the product, and `flask up`: everything between a fresh checkout and the first page."""

import click

from quizapp import clock
from quizapp.accounts import service as accounts
from quizapp.accounts.commands import accounts as accounts_group
from quizapp.accounts.commands import sign_in_url
from quizapp.catalogue.commands import content
from quizapp.catalogue.service import import_content
from quizapp.labs.commands import labs
from quizapp.sandboxes.commands import sandboxes
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.database import alembic, get_db, is_migrated


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


ALL = (accounts_group, content, labs, sandboxes, up)
