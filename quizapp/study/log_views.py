"""What a learner takes along as a file, and the end of an account."""

from collections.abc import Iterator
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

from flask import flash, redirect, send_file, session, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.forms import DeletionForm
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.catalogue.importing.unused_pictures import remove_unused
from quizapp.errors import NotFound
from quizapp.study import personal_files
from quizapp.study.account_deletion import delete_account
from quizapp.study.personal_files import TextForm
from quizapp.web.application import current_settings
from quizapp.web.database import get_db

PIECE_CHARS = 65_536  # sent at once
_TYPES = {TextForm.CSV: "text/csv", TextForm.REVLOG: "text/csv", TextForm.JSON: "application/json"}


@audience(Audience.LEARNER)
def export(form: str) -> Response:
    """The file. It is written before it is sent: a slow line would keep the database from being tidied meanwhile."""
    if form not in set(TextForm):
        raise NotFound("There is no such form. Choose csv, json or revlog.")
    user, chosen = current_user(), TextForm(form)
    name = personal_files.file_name(user, chosen)
    file = TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115 (closed once it is sent)
    file.writelines(personal_files.text(get_db(), user=user, form=chosen))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(_sent(file), headers=headers, content_type=f"{_TYPES[chosen]}; charset=utf-8")


def _sent(file: IO[str]) -> Iterator[str]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE_CHARS):
            yield piece


@audience(Audience.LEARNER)
def export_notes() -> Response:
    """The learner's own notes in a zip file."""
    user = current_user()
    folder = current_settings().pictures_dir
    data = personal_files.own_notes_zip(get_db(), user=user, now=clock.now(), pictures=folder)
    name = personal_files.file_name(user, None)
    return send_file(BytesIO(data), mimetype="application/zip", as_attachment=True, download_name=name)


@audience(Audience.LEARNER)
def delete() -> Response:
    """Delete this account and all that its person did."""
    form, user = DeletionForm(), current_user()
    if not form.validate() or (form.name.data or "").strip() != user.name:
        flash(f"Nothing was deleted: that is another name. Enter {user.name} to delete this account.", "warning")
        return redirect(url_for("accounts.show_account", _anchor="delete"))
    delete_account(get_db(), user=user)
    get_db().commit()
    remove_unused(get_db(), current_settings().pictures_dir, now=clock.now())
    session.clear()
    flash("Your account is deleted, with all that you did here.")
    return redirect(url_for("accounts.show_sign_in"))
