"""`flask accounts`: open, deactivate and delete accounts, make sign-in links."""

import click
from flask.cli import AppGroup

from quizapp import clock
from quizapp.accounts import people, service
from quizapp.accounts.models import NAME_MAX_CHARS, Role, User
from quizapp.web.application import current_settings
from quizapp.web.cli import plain_errors
from quizapp.web.database import get_db

accounts = AppGroup("accounts", help="Open and delete accounts, make one-use sign-in links.")


@accounts.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.LEARNER.value, show_default=True)
@plain_errors
def add(name: str, role: str) -> None:
    """Open an account called NAME and print its first sign-in link."""
    user = service.add_user(get_db(), name=name, role=Role(role), now=clock.now())
    click.echo(sign_in_url(user))


@accounts.command()
@click.argument("name")
@plain_errors
def link(name: str) -> None:
    """Print a sign-in link for NAME. It works once, within the hour."""
    click.echo(sign_in_url(_user(name)))


@accounts.command()
@click.argument("name")
@plain_errors
def deactivate(name: str) -> None:
    """Let nobody sign in to the account NAME, and sign it out everywhere. All that is in it stays."""
    people.deactivate(get_db(), user=_user(name), now=clock.now())
    get_db().commit()
    click.echo(f"{name} is deactivated. To open it again: flask accounts activate {name}")


@accounts.command()
@click.argument("name")
@plain_errors
def activate(name: str) -> None:
    """Let NAME sign in again, and print a sign-in link."""
    user = _user(name)
    people.activate(get_db(), user=user)
    click.echo(sign_in_url(user))


def _user(name: str) -> User:
    return service.user_by_name(get_db(), name=name[:NAME_MAX_CHARS])


def sign_in_url(user: User) -> str:
    """Make and commit a new sign-in link for `user`; returns its full address."""
    token = service.make_link(get_db(), user=user, now=clock.now())
    get_db().commit()
    return f"{current_settings().public_url}/sign-in/{token}"
