"""The list of notes, one note to read and to find words in, how much of it to remember, and a note as a file."""

from io import BytesIO
from pathlib import PurePosixPath

from flask import flash, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.accounts.models import RETENTION_MAX, RETENTION_MIN
from quizapp.catalogue.articles.explaining import place_explaining
from quizapp.catalogue.articles.note_questions import note_id_of
from quizapp.catalogue.articles.queries import list_notes
from quizapp.errors import Invalid, NotFound
from quizapp.review import note_retentions
from quizapp.review.pages.forms import NoteRetentionForm
from quizapp.study.note_page import note_page
from quizapp.web.application import current_settings
from quizapp.web.database import get_db

READING = "reading"  # an argument and a cookie: a note alone, without what stands beside it
YEAR_S = 365 * 24 * 60 * 60  # for which the cookie keeps it, as those of other preferences

WRONG_RETENTION = (
    f"Enter a whole number from {100 * RETENTION_MIN:.0f} to {100 * RETENTION_MAX:.0f}, or nothing for what is usual."
)


@audience(Audience.LEARNER)
def index() -> str:
    """The list of the notes that the learner learns from."""
    return render_template("study/notes.html", notes=list_notes(get_db(), user=current_user()))


@audience(Audience.LEARNER)
def read(key: str) -> Response:
    """The page of one note. `?reading=on` shows it alone, from then on; `off` ends that."""
    answer = make_response(_page(key))
    if chosen := request.args.get(READING):
        answer.set_cookie(READING, "on" if chosen == "on" else "off", max_age=YEAR_S, samesite="Lax")
    return answer


@audience(Audience.LEARNER)
def find(key: str) -> Response:
    """The search, narrowed to one note: what the field on the note's page leads to without a script."""
    note_id_of(get_db(), user=current_user(), key=key)
    words = request.args.get("q", "").strip()
    return redirect(url_for("search.show", q=f'note:"{key}" {words}'.strip()))


def _page(key: str, **more: object) -> str:
    """The page of one note."""
    page = note_page(get_db(), user=current_user(), key=key, now=clock.now())
    reading = request.args.get(READING, request.cookies.get(READING)) == "on"
    return render_template("study/note.html", page=page, reading=reading, **more)


@audience(Audience.LEARNER)
def about(question_id: int) -> Response:
    """A redirect to the place in a note that explains a question, which is looked up when somebody asks for it."""
    place = place_explaining(get_db(), user=current_user(), question_id=question_id)
    return redirect(url_for("notes.read", key=place.note_key, _anchor=place.element))


@audience(Audience.LEARNER)
def remember(key: str) -> Response | tuple[str, int]:
    """Set how much of the note to remember. A wrong number is told beside it, on the page of the note."""
    form = NoteRetentionForm()
    if not form.validate():
        wrong = {"retention": request.form.get("retention", ""), "why": WRONG_RETENTION}
        return _page(key, wrong=wrong), Invalid.status
    note_id, percent = note_id_of(get_db(), user=current_user(), key=key), form.retention.data
    retention = None if percent is None else percent / 100
    note_retentions.set_for_note(get_db(), user=current_user(), note_id=note_id, retention=retention)
    get_db().commit()
    flash("Saved. It counts for the intervals of your next reviews of this note.", "good")
    return redirect(url_for("notes.read", key=key))


@audience(Audience.LEARNER)
def export(key: str, form: str) -> Response:
    """The note as a file, for editors and its owner. What is not in it is told on the next page."""
    from quizapp.catalogue.exporting.note_files import (  # loads the parsers, which no other page needs
        ExportFormat,
        note_file,
    )

    if form not in set(ExportFormat):
        raise NotFound(f"There is no such form. Choose one of {', '.join(ExportFormat)}.")
    chosen, folder = ExportFormat(form), current_settings().pictures_dir
    file = note_file(get_db(), user=current_user(), key=key, form=chosen, now=clock.now(), pictures=folder)
    for sentence in file.left_out:
        flash(sentence, "warning")
    name = PurePosixPath(file.path).name
    return send_file(BytesIO(file.data), as_attachment=True, download_name=name, mimetype="application/octet-stream")
