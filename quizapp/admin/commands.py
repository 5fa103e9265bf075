"""`flask accounts role`, which needs both the accounts and what there is to edit."""

import click

from quizapp.accounts import service as accounts_service
from quizapp.accounts.commands import accounts
from quizapp.accounts.models import NAME_MAX_CHARS, Role
from quizapp.admin.roles import give_role
from quizapp.catalogue.remits import Remit
from quizapp.web.cli import plain_errors
from quizapp.web.database import get_db

accounts_with_roles = accounts


@accounts.command()
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option("--note", "notes", multiple=True, metavar="ID", help="An editor of this note alone; may be repeated.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="An editor of what has this tag; may be repeated.")
@plain_errors
def role(name: str, role: str, notes: tuple[str, ...], tags: tuple[str, ...]) -> None:
    """Give NAME a role: learner, editor or owner.

    An editor changes all notes and questions; with --note and --tag only these notes, and the questions with these
    tags. The address of a note's page ends in its ID.
    """
    user = accounts_service.user_by_name(get_db(), name=name[:NAME_MAX_CHARS])
    remit = Remit(notes=notes, tags=tags) if notes or tags else None
    give_role(get_db(), user=user, role=Role(role), remit=remit)
    get_db().commit()
    of = f" of {', '.join((*notes, *tags))}" if remit is not None else ""
    click.echo(f"{name} is {role}{of}.")
