"""The list of notes, one note to read, and a note as a file."""

from io import BytesIO
from pathlib import PurePosixPath

from flask import Blueprint, flash, render_template, send_file
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.catalogue.queries import list_notes
from quizapp.errors import NotFound
from quizapp.study.note_page import note_page
from quizapp.web.application import current_settings
from quizapp.web.database import get_db

bp = Blueprint("notes", __name__, url_prefix="/notes")


@bp.get("")
@audience(Audience.LEARNER)
def index() -> str:
    """The list of the notes that the learner learns from."""
    return render_template("study/notes.html", notes=list_notes(get_db(), user=current_user()))


@bp.get("/<key>")
@audience(Audience.LEARNER)
def read(key: str) -> str:
    """The page of one note."""
    page = note_page(get_db(), user=current_user(), key=key, now=clock.now())
    return render_template("study/note.html", page=page)


@bp.get("/<key>/file/<form>")
@audience(Audience.LEARNER)
def export(key: str, form: str) -> Response:
    """The note as a file, for editors and its owner. What is not in it is told on the next page."""
    from quizapp.catalogue.note_files import ExportFormat, note_file  # loads the parsers, which no other page needs

    if form not in set(ExportFormat):
        raise NotFound(f"There is no such form. Choose one of {', '.join(ExportFormat)}.")
    chosen, folder = ExportFormat(form), current_settings().pictures_dir
    file = note_file(get_db(), user=current_user(), key=key, form=chosen, now=clock.now(), pictures=folder)
    for sentence in file.left_out:
        flash(sentence, "warning")
    name = PurePosixPath(file.path).name
    return send_file(BytesIO(file.data), as_attachment=True, download_name=name, mimetype="application/octet-stream")
