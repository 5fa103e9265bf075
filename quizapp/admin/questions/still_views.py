"""Says that a question is still right, though what it was made of has changed."""

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.admin import service
from quizapp.admin.questions.kept_forms import address_of
from quizapp.catalogue.editing.still_right import still_right
from quizapp.web.database import get_db

SEEN_MAX_CHARS = 64  # of the mark of a text


@audience(Audience.EDITOR)
def say_still_right(key: str) -> Response:
    """Note down that the question was looked at and is right, and go back to its editor."""
    question = service.question_by_key(get_db(), key=key, editor=current_user())
    seen = request.form.get("seen", "")[:SEEN_MAX_CHARS]
    saved = still_right(get_db(), question=question, editor=current_user(), now=clock.now(), seen=seen)
    get_db().commit()
    if saved.edit_id is not None:
        flash("Still right: its source counts as checked today.", "good")
    else:
        flash("Still right: it waits for no look any more." if saved.changed else "It waited for no look.", "good")
    return redirect(address_of("admin.edit_question", key))
