"""`flask accounts`: open, deactivate and link accounts and give them roles, as the owner's page does, in the trail."""

import sys
from pathlib import Path
from typing import IO

import click

from quizapp import clock, spreadsheets
from quizapp.accounts import second_factor
from quizapp.accounts import service as accounts_service
from quizapp.accounts.commands import accounts, address_of_link
from quizapp.accounts.models import NAME_MAX_CHARS, Role, User
from quizapp.admin.owner import listed_accounts, people
from quizapp.admin.wiring import classes_of_lists
from quizapp.catalogue.remits import Remit
from quizapp.catalogue.visibility import Operator
from quizapp.errors import Invalid
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


@accounts.command("second-factor")
@click.argument("name")
@click.option("--off", is_flag=True, help="Turn it off, for somebody who has lost the app and the recovery codes.")
@plain_errors
def second_factor_of(name: str, off: bool) -> None:
    """Say whether NAME has a second factor; with --off, turn it off."""
    user, db = _user(name), get_db()
    if off:
        was_on = people.turn_off_second_factor(db, user_id=user.id, owner=Operator(), now=clock.now())
        db.commit()
    else:
        was_on = second_factor.is_on(db, user_id=user.id)
    state = "is off now" if off and was_on else "is on" if was_on else "is off"
    click.echo(f"The second factor of {user.name} {state}.")


@accounts.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Say what the list does, and do nothing.")
@click.option("--anew", is_flag=True, help="Make new links for those of the list who have never signed in.")
@click.option("--out", type=click.Path(dir_okay=False), help="The file for the links, CSV; else they are printed.")
@plain_errors
def import_list(file: IO[bytes], dry_run: bool, anew: bool, out: str | None) -> None:
    """Open the accounts of FILE, CSV with the columns name, role and class, and write a sign-in link for each.

    A list may be brought again: whoever has an account keeps it. Rows that are wrong are told by their lines, the rest
    goes on; the exit code is 1 if any is.
    """
    from quizapp.admin.owner.list_views import rows_of_links  # loads what reads files

    found, db = listed_accounts.read_list(file.read()), get_db()
    plan = listed_accounts.plan_of(db, found, classes=classes_of_lists())
    db.rollback()
    for fault in plan.faults:
        click.echo(f"line {fault.line}: {fault.said}", err=True)
    if not dry_run:
        links = _new_file(out) if out is not None else None  # first, since nothing else keeps the links
        opened = listed_accounts.open_accounts(
            db, found, classes=classes_of_lists(), links_anew=anew, owner=Operator(), now=clock.now(), settle=db.commit
        )
        text = spreadsheets.table(rows_of_links(opened.links))
        if links is None:
            click.echo(text.removeprefix(spreadsheets.MARK), nl=False)
        else:
            with links:
                links.write(text)
    done = f"{len(plan.new)} {'would be ' if dry_run else ''}opened, {len(plan.there)} there already"
    click.echo(f"{done}, {len(plan.faults)} lines to look at.", err=True)
    sys.exit(1 if plan.faults else 0)


def _new_file(path: str) -> IO[str]:
    """A file that was not there. Raises Invalid."""
    try:
        return Path(path).open("x", encoding="utf-8", newline="")
    except OSError as error:
        raise Invalid(f"{path} cannot be made: {error.strerror}. Nothing was done; name a new file.") from None


def _user(name: str) -> User:
    return accounts_service.user_by_name(get_db(), name=name[:NAME_MAX_CHARS])


def _link(user: User) -> str:
    """A new sign-in link for `user`, committed."""
    return address_of_link(people.make_link(get_db(), user_id=user.id, owner=Operator(), now=clock.now()))


@accounts.command()
@plain_errors
def doctor() -> None:
    """Say whether people can sign in by the OpenID provider, and what to do if not; exits with 1 then."""
    from quizapp.admin.owner.provider_views import page_of_provider  # loads what asks the provider

    page = page_of_provider()
    for fact in page.facts:
        click.echo(f"{fact.name}: {fact.value}")
    for trouble in page.troubles:
        click.echo(f"no  {trouble}")
    sys.exit(1 if page.troubles else 0)
