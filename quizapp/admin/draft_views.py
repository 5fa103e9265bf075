"""What is typed in the note editor, kept for the other devices of whoever types it."""

from flask import Response, jsonify, request

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.admin.note_forms import DraftForm
from quizapp.catalogue import note_drafts
from quizapp.catalogue.note_text import NoteSource, note_text
from quizapp.web.database import get_db
from quizapp.web.security import tells_of_nul


@audience(Audience.LEARNER)
def draft(key: str) -> Response:
    """What was typed on the device in `?device=`, and the text that it is a change of; null if it is gone."""
    note, device = _note(key), request.args.get("device", "")
    for one in note_drafts.drafts_of(get_db(), user_id=current_user().id, note=note, now=clock.now()):
        if one.device == device:
            return jsonify(text=one.text, opened=one.opened)
    return jsonify(text=None, opened=None)


@tells_of_nul
@audience(Audience.LEARNER)
def keep(key: str) -> Response:
    """Keep what is typed on a device."""
    form, note, user_id = DraftForm(), _note(key), current_user().id
    note_drafts.keep_draft(
        get_db(),
        user_id=user_id,
        note=note,
        device=form.device.data or "",
        text=form.typed,
        opened=form.base,
        now=clock.now(),
    )
    get_db().commit()
    return jsonify(kept=True)


@audience(Audience.LEARNER)
def forget(key: str) -> Response:
    """Let go of what was typed on a device."""
    note, device = _note(key), DraftForm().device.data or ""
    note_drafts.forget_draft(get_db(), user_id=current_user().id, note_id=note.id, device=device)
    get_db().commit()
    return jsonify(kept=False)


def _note(key: str) -> NoteSource:
    return note_text(get_db(), user=current_user(), key=key)
