"""What is typed in the editors of notes and labs, kept for the other devices of whoever types it."""

from flask import Response, flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.admin.labs.lab_forms import LabForm
from quizapp.admin.notes.note_forms import DraftForm
from quizapp.catalogue.editing import lab_authoring, typed_drafts
from quizapp.catalogue.editing.note_text import note_text
from quizapp.catalogue.editing.typed_drafts import TypedInto
from quizapp.web.database import get_db
from quizapp.web.security import tells_of_nul

DISCARDED = "Discarded. Until you save something else you can take it again."


@audience(Audience.LEARNER)
def draft(key: str) -> Response:
    """What was typed into a note on the device in `?device=`, and what it is a change of; null if it is gone."""
    return _found(_note(key))


@tells_of_nul
@audience(Audience.LEARNER)
def keep(key: str) -> Response:
    """Keep what is typed into a note on a device."""
    return _kept(_note(key), DraftForm())


@audience(Audience.LEARNER)
def forget(key: str) -> Response:
    """Let go of what was typed into a note on a device."""
    return _forgotten(_note(key))


@tells_of_nul
@audience(Audience.LEARNER)
def discard(key: str) -> Answer:
    """Let go of what is typed into a note, and offer it to be taken again."""
    form, user_id = DraftForm(), current_user().id
    typed_drafts.discard(
        get_db(),
        user_id=user_id,
        into=_note(key),
        devices=form.devices,
        text=form.typed,
        opened=form.base,
        now=clock.now(),
    )
    get_db().commit()
    flash(DISCARDED)
    return redirect(url_for("note_editor.edit", key=key, saved=1))  # the page forgets what it kept


@audience(Audience.EDITOR)
def lab_draft(slug: str) -> Response:
    """The same of a lab."""
    return _found(_lab(slug))


@tells_of_nul
@audience(Audience.EDITOR)
def keep_lab(slug: str) -> Response:
    """Keep what is typed into a lab on a device."""
    return _kept(_lab(slug), LabForm())


@audience(Audience.EDITOR)
def forget_lab(slug: str) -> Response:
    """Let go of what was typed into a lab on a device."""
    return _forgotten(_lab(slug))


def _found(into: TypedInto) -> Response:
    device = request.args.get("device", "")
    for one in typed_drafts.drafts_of(get_db(), user_id=current_user().id, into=into, now=clock.now()):
        if one.device == device:
            return jsonify(text=one.text, opened=one.opened)
    return jsonify(text=None, opened=None)


def _kept(into: TypedInto, form: DraftForm) -> Response:
    typed_drafts.keep_draft(
        get_db(),
        user_id=current_user().id,
        into=into,
        device=form.device.data or "",
        text=form.typed,
        opened=form.base,
        now=clock.now(),
    )
    get_db().commit()
    return jsonify(kept=True)


def _forgotten(into: TypedInto) -> Response:
    device = DraftForm().device.data or ""
    typed_drafts.forget_draft(get_db(), user_id=current_user().id, into=into, device=device)
    get_db().commit()
    return jsonify(kept=False)


def _note(key: str) -> TypedInto:
    return TypedInto.note(note_text(get_db(), user=current_user(), key=key))


def _lab(slug: str) -> TypedInto:
    db = get_db()
    lab = lab_authoring.lab_to_edit(db, slug=slug, editor=current_user())
    return TypedInto.lab(lab, text=lab_authoring.text_to_edit(db, lab).text)
