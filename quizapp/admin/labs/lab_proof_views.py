"""Verifying a lab from its editor: begun, looked at while it runs, stopped. It goes on when the page is left."""

import random
import threading

from flask import flash, render_template
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.admin.labs.lab_forms import LabForm
from quizapp.admin.labs.lab_proof_page import verification_page
from quizapp.admin.labs.lab_views import back_to_editor, keep_typed, lab_of, why_not
from quizapp.catalogue.editing import lab_authoring as authoring
from quizapp.catalogue.labs.lab_file import BadLab, read_lab
from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.labs.hosts import run_host
from quizapp.labs.proof import verification
from quizapp.labs.wiring import sandboxes
from quizapp.web.application import current_settings
from quizapp.web.database import engine, get_db
from quizapp.web.security import tells_of_nul


@tells_of_nul
@audience(Audience.EDITOR)
def verify(slug: str) -> Response | tuple[str, int]:
    """Keep what was typed, and begin to verify it."""
    kept = keep_typed(slug)
    if not isinstance(kept, LabForm):
        return kept
    db = get_db()
    db.commit()  # the draft stays, whatever comes
    try:
        why = no_host_for(read_lab(kept.typed, folder=slug))
        if why is not None:
            flash(f"Not verified. {why} The draft is saved.", "warning")
            return back_to_editor(slug)
        editor_id, now = current_user().id, clock.now()
        number = verification.begin(db, lab=lab_of(slug), text=kept.typed, editor_id=editor_id, now=now).id
        db.commit()
    except (BadLab, verification.AlreadyVerifying) as error:
        db.rollback()
        flash(f"Not verified. {why_not(error)} The draft is saved.", "warning")
        return back_to_editor(slug)
    _begin(number)
    return back_to_editor(slug)


@audience(Audience.EDITOR)
def stop(slug: str) -> Response:
    """Stop verifying."""
    verification.ask_to_stop(get_db(), lab=lab_of(slug), now=clock.now())
    get_db().commit()
    return back_to_editor(slug, is_saved=False)


@audience(Audience.EDITOR)
def show(slug: str) -> str:
    """How far it is, and what may be published; a part of the page."""
    lab, db = lab_of(slug), get_db()
    stored = authoring.text_to_edit(db, lab)
    return render_template(
        "admin/_lab_publishing.html",
        lab=lab,
        form=LabForm(formdata=None),
        stored=stored,
        is_proved=verification.is_proved(db, lab_id=lab.id, text=stored.text),
        verification=verification_page(db, lab=lab, text=stored.text, now=clock.now()),
    )


def no_host_for(lab: LabDefinition) -> str | None:
    """Why no host for this lab can be started here, in a sentence; None if one can."""
    settings = current_settings()
    offer = run_host.offer(sandboxes(), switched_on=settings.hands_on, templates=settings.sandbox_templates.split(","))
    return offer.off or offer.why_not(lab.template, lab.needs)


def _begin(verification_id: int) -> None:
    """Make a verification in a thread of its own, which ends with the process."""
    threading.Thread(
        target=verification.run,
        args=(engine(), sandboxes(), verification_id),
        kwargs={"rng": random.Random(), "now": clock.now},
        name="verification",
        daemon=True,
    ).start()
