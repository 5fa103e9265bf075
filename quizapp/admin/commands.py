"""`flask accounts`: open, deactivate and link accounts and give them roles, as the owner's page does, in the trail."""

import sys

import click

from quizapp import clock
from quizapp.accounts import service as accounts_service
from quizapp.accounts.commands import accounts, address_of_link
from quizapp.accounts.models import NAME_MAX_CHARS, Role, User
from quizapp.admin import people
from quizapp.catalogue.remits import Remit
from quizapp.catalogue.visibility import Operator
from quizapp.web.cli import plain_errors
from quizapp.web.database import get_db

accounts_with_roles = accounts


@accounts.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.LEARNER.value, show_default=True)
@plain_errors
def add(name: str, role: str) -> None:
    """Open an account called NAME and print its first sign-in link."""
    user = people.invite(get_db(), name=name, role=Role(role), owner=Operator(), now=clock.now())
    click.echo(_link(user))


@accounts.command()
@click.argument("name")
@plain_errors
def link(name: str) -> None:
    """Print a sign-in link for NAME. It works once, within the hour."""
    click.echo(_link(_user(name)))


@accounts.command()
@click.argument("name")
@plain_errors
def deactivate(name: str) -> None:
    """Let nobody sign in to the account NAME, and sign it out everywhere. All that is in it stays."""
    people.deactivate(get_db(), user_id=_user(name).id, owner=Operator(), now=clock.now())
    get_db().commit()
    click.echo(f"{name} is deactivated. To open it again: flask accounts activate {name}")


@accounts.command()
@click.argument("name")
@plain_errors
def activate(name: str) -> None:
    """Let NAME sign in again, and print a sign-in link."""
    user = people.activate(get_db(), user_id=_user(name).id, owner=Operator(), now=clock.now())
    click.echo(_link(user))


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
    remit = Remit(notes=notes, tags=tags) if notes or tags else None
    now = clock.now()
    people.set_role(get_db(), user_id=_user(name).id, role=Role(role), remit=remit, owner=Operator(), now=now)
    get_db().commit()
    of = f" of {', '.join((*notes, *tags))}" if remit is not None else ""
    click.echo(f"{name} is {role}{of}.")


def _user(name: str) -> User:
    return accounts_service.user_by_name(get_db(), name=name[:NAME_MAX_CHARS])


def _link(user: User) -> str:
    """A new sign-in link for `user`, committed."""
    return address_of_link(people.make_link(get_db(), user_id=user.id, owner=Operator(), now=clock.now()))


@accounts.command()
@plain_errors
def doctor() -> None:
    """Say whether people can sign in by the OpenID provider, and what to do if not; exits with 1 then."""
    from quizapp.admin.provider_views import page_of_provider  # loads what asks the provider

    page = page_of_provider()
    for fact in page.facts:
        click.echo(f"{fact.name}: {fact.value}")
    for trouble in page.troubles:
        click.echo(f"no  {trouble}")
    sys.exit(1 if page.troubles else 0)
