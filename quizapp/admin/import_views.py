"""The page on which notes are pasted or uploaded, looked at as they were understood, and then imported."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience
from quizapp.admin.import_forms import ConfirmForm, NewNotesForm
from quizapp.catalogue import sent_rows
from quizapp.catalogue.sent_notes import BROWSER, too_much
from quizapp.catalogue.store.import_run import FileReport
from quizapp.web.database import get_db, only_reading
from quizapp.web.templating import plural

if TYPE_CHECKING:
    from quizapp.admin.import_preview import PreviewedNote

bp = Blueprint("imports", __name__, url_prefix="/content/import")


@bp.get("")
@audience(Audience.EDITOR)
def show() -> str:
    """The form, empty or with the text of the note in `?note=` to be changed; and the notes that were brought so."""
    form = NewNotesForm(formdata=None)
    if key := request.args.get("note"):
        note = sent_rows.sent_note(get_db(), key=key)
        form.text.data, form.name.data = note.source, note.path.removeprefix(BROWSER)
    return _page(form)


@bp.post("/preview")
@audience(Audience.EDITOR)
def show_preview() -> str | tuple[str, int]:
    """What was understood of the notes that were sent; stores nothing."""
    from quizapp.admin.import_preview import preview, unread  # loads the parsers, which no other page needs
    from quizapp.catalogue.reading import read_sent

    form = NewNotesForm()
    with only_reading():
        notes, faults = form.sent()
        if not notes and not faults:
            form.text.errors = ["There is nothing to import yet: paste a text or choose a file."]
            return _page(form), 400
        if why := too_much(notes):
            form.text.errors = [why]
            return _page(form), 400
        shown = preview(get_db(), read_sent(notes), now=clock.now())
        return _page(form, [*map(unread, faults), *shown])


@bp.post("")
@audience(Audience.EDITOR)
def store() -> Response | tuple[str, int]:
    """Import the notes of a preview, and go on to the note or back to the list.

    What would retire much without consent is shown once more, with what it would do by now.
    """
    from quizapp.admin.import_preview import preview  # loads the parsers, which no other page needs
    from quizapp.catalogue.reading import read_sent
    from quizapp.catalogue.service import Consent, import_sent

    db, form = get_db(), ConfirmForm()
    found, consent = read_sent(list(form.sent())), Consent.GIVEN if form.may_retire.data else Consent.NONE
    reports = import_sent(db, found, now=clock.now(), settle=db.commit, consent=consent)
    _tell(reports)
    if held := [found.sent[report.path] for report in reports if report.held]:
        with only_reading():
            return _page(NewNotesForm(formdata=None), preview(db, read_sent(held), now=clock.now())), 409
    stored = [report for report in reports if report.error is None]
    if len(stored) != 1:
        return redirect(url_for("imports.show"))
    return redirect(url_for("notes.read", key=sent_rows.sent_note_at(db, path=BROWSER + stored[0].path).key))


@bp.post("/<key>/retire")
@audience(Audience.EDITOR)
def retire(key: str) -> Response:
    """Take a note that was brought in the browser out of what is asked."""
    from quizapp.catalogue.service import retire_sent  # loads the parsers, which no other page needs

    note = retire_sent(get_db(), key=key, now=clock.now())
    get_db().commit()
    flash(
        f"“{note.title}” is asked no more. What was learnt stays, and comes back if you bring the note again.", "good"
    )
    return redirect(url_for("imports.show"))


def _page(form: NewNotesForm, shown: "Sequence[PreviewedNote]" = ()) -> str:
    brought = get_db().scalars(sent_rows.sent_notes()).all()
    confirm = ConfirmForm(formdata=None)
    return render_template("admin/import.html", form=form, confirm=confirm, shown=shown, brought=brought)


def _tell(reports: Sequence[FileReport]) -> None:
    """Say on the next page what was stored and what was not."""
    stored = [report for report in reports if report.error is None]
    for report in reports:
        if report.error is not None:
            flash(f"{report.path}: {report.error}", "bad")
    if stored:
        flash(_stored_sentence(stored), "good")


def _stored_sentence(reports: Sequence[FileReport]) -> str:
    questions = sum(report.questions + report.cards for report in reports)
    names = f"“{reports[0].title}”" if len(reports) == 1 else plural(len(reports), "note")
    return f"Imported: {names} with {plural(questions, 'question')}. Add its cards to your reviews, or practise them."
