"""A draft of a lab, tried by its editor as a learner would have it: the page before a run, and the run's begin."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock, confidence
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.catalogue.editing.lab_authoring import lab_to_edit, save_draft, text_to_edit
from quizapp.catalogue.labs.lab_file import BadLab, read_lab
from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.lab_lines import with_value
from quizapp.catalogue.models import Lab
from quizapp.labs.runs import service
from quizapp.labs.runs.draft_recording import lacking, recording_of
from quizapp.labs.runs.draft_runs import before_a_draft_run, begin_draft_run
from quizapp.labs.runs.predictions import PredictionMissing
from quizapp.study.hands_on.views import before_a_run
from quizapp.web.database import get_db


@audience(Audience.EDITOR)
def show_draft(slug: str) -> Response | str:
    """The draft before a run; the editor again if its text is no lab."""
    lab, user_id = _lab(slug), current_user().id
    draft = _draft(lab)
    if draft is None:
        return _to_editor(slug)
    return before_a_run(before_a_draft_run(get_db(), user_id=user_id, lab=lab, draft=draft))


@audience(Audience.EDITOR)
def begin_draft(slug: str) -> Response | tuple[str, int]:
    """Begin a run of the draft with the predictions."""
    lab, user_id, given = _lab(slug), current_user().id, request.form
    draft = _draft(lab)
    if draft is None:
        return _to_editor(slug)
    sure = confidence.said(given.get("how_sure"))
    try:
        run = begin_draft_run(
            get_db(), user_id=user_id, lab=lab, draft=draft, given=given, confidence=sure, now=clock.now()
        )
    except PredictionMissing as error:
        get_db().rollback()
        texts = before_a_draft_run(get_db(), user_id=user_id, lab=_lab(slug), draft=draft)
        return before_a_run(texts, given=given, error=str(error)), error.status
    get_db().commit()
    return redirect(url_for(".show_run", run_id=run.id))


@audience(Audience.EDITOR)
def record_run(run_id: UUID) -> Response:
    """Put what was typed in a run of a draft, and what it printed, into the draft as its recording."""
    db, editor, now = get_db(), current_user(), clock.now()
    run = service.run_of(db, user_id=editor.id, run_id=run_id)
    lab = _lab(run.lab.slug)
    stored = text_to_edit(db, lab)
    recording = recording_of(run)
    text = with_value(stored.text, "recorded", recording)
    save_draft(db, lab=lab, text=text, opened=stored.text, editor=editor, now=now)
    db.commit()
    if names := lacking(recording):
        flash(f"The recording is in the draft. Below recorded, write what it lacks: {', '.join(names)}.", "warning")
    else:
        flash("The recording is in the draft. Shorten it to what the question needs, then verify the draft.", "good")
    return redirect(url_for("lab_editor.edit", slug=lab.slug))


def _lab(slug: str) -> Lab:
    return lab_to_edit(get_db(), slug=slug, editor=current_user())


def _draft(lab: Lab) -> LabDefinition | None:
    """The draft's definition; None, and a word on it, if its text is no lab."""
    try:
        return read_lab(text_to_edit(get_db(), lab).text, folder=lab.slug)
    except BadLab as error:
        first = error.faults[0]
        flash(f"It cannot be tried: line {first.line}: {first.message}", "warning")
        return None


def _to_editor(slug: str) -> Response:
    return redirect(url_for("lab_editor.edit", slug=slug))
