"""`flask accounts delete` and `flask review export`, which reach into all rooms; the other commands are in theirs."""

from pathlib import Path

import click

from quizapp import clock
from quizapp.accounts import service as accounts_service
from quizapp.accounts.commands import accounts
from quizapp.catalogue.importing.unused_pictures import remove_unused
from quizapp.catalogue.models import DeedOf
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.visibility import Operator
from quizapp.review.commands import review
from quizapp.study import personal_files
from quizapp.study.account_deletion import delete_account
from quizapp.study.personal_files import TextForm
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
    note_down(get_db(), what=DeedOf.DELETE_ACCOUNT, words=name, editor=Operator(), now=clock.now())
    get_db().commit()
    remove_unused(get_db(), current_settings().pictures_dir, now=clock.now())
    click.echo(f"{name} is deleted.")


@review.command()
@click.argument("name")
@click.option("--format", "form", type=click.Choice([form.value for form in TextForm]), default=TextForm.CSV.value,
              show_default=True)  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=None, help="A new file; else printed.")
@plain_errors
def export(name: str, form: str, out: Path | None) -> None:
    """Write what the learner NAME did: csv has the reviews for programs of FSRS, revlog for Anki, json has everything.

    Everything is also quizzes, runs of labs, own notes with their texts, and settings. The file is complete or not
    there.
    """
    db = get_db()
    pieces = personal_files.text(db, user=accounts_service.user_by_name(db, name=name), form=TextForm(form))
    if out is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    part = out.with_name(f"{out.name}.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        file.writelines(pieces)
    part.rename(out)


accounts_with_deletion = accounts
review_with_export = review
