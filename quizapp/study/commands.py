"""`flask accounts delete`, which reaches into all rooms; the other commands of accounts are in theirs."""

import click

from quizapp import clock
from quizapp.accounts import service as accounts_service
from quizapp.accounts.commands import accounts
from quizapp.catalogue.unused_pictures import remove_unused
from quizapp.study.leaving import delete_account
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.database import get_db


@accounts.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@plain_errors
def delete(name: str, yes: bool) -> None:
    """Delete the account NAME with all that its person did, and their own notes. It cannot be undone."""
    user = accounts_service.user_by_name(get_db(), name=name)
    if not yes:
        click.confirm(f"Delete {name} with all cards, reviews, quizzes, runs of labs and own notes?", abort=True)
    delete_account(get_db(), user=user)
    get_db().commit()
    remove_unused(get_db(), current_settings().pictures_dir, now=clock.now())
    get_db().commit()
    click.echo(f"{name} is deleted.")


accounts_with_deletion = accounts
