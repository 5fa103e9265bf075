"""The note editor: a note's text beside the learner's view. An editor changes notes for all, a learner the own ones.

Saving says first what it would do, and stores on a second press, by the service that imports files.
"""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.admin.bringing.import_preview import PreviewedNote, preview
from quizapp.admin.bringing.matching_notes import understood
from quizapp.admin.notes.note_forms import NoteForm
from quizapp.admin.notes.note_history import note_history, text_before
from quizapp.admin.notes.typed_note import TypedNote, read_typed
from quizapp.admin.trail_views import ID_DIGITS_MAX
from quizapp.catalogue import picture_rows
from quizapp.catalogue.editing.conflict_settling import TakenSide
from quizapp.catalogue.editing.note_text import (
    EDITED_MAX_BYTES,
    NoteSource,
    OfAnotherTool,
    TextChanged,
    as_sent,
    mark_of,
    note_text,
    store_text,
)
from quizapp.catalogue.editing.typed_drafts import TypedInto, drafts_of, forget_saved
from quizapp.catalogue.importing.reading import ReadFiles
from quizapp.catalogue.note_paths import shown_path
from quizapp.catalogue.patches.line_merge import DisputedLines, merged_lines
from quizapp.catalogue.retirement_consent import Consent
from quizapp.catalogue.store.identity import Keep
from quizapp.catalogue.store.import_run import FileReport
from quizapp.catalogue.wiring import settle_forms
from quizapp.errors import Invalid, WayOn
from quizapp.web.database import get_db, only_reading
from quizapp.web.security import tells_of_nul

TOO_LONG = f"The text has over {EDITED_MAX_BYTES // 1024} KiB, which is more than this page can send. Split the note."


@audience(Audience.LEARNER)
def edit(key: str) -> str:
    """The editor, with the note's text as it is now; with `?version=` as it was before that change."""
    note, version = _note(key), _version()
    if version is None or note.owner is not None:
        return _page(note, _form(note.text, opened=note.text))
    text = text_before(get_db(), note=note, version=version)
    return _page(note, _form(text, opened=note.text), is_unsaved=True)


@audience(Audience.EDITOR)
def show_history(key: str) -> str:
    """The texts that a note for all had; with `?version=` what one change took away and added."""
    with only_reading():
        page = note_history(get_db(), note=_note(key), version=_version())
        return render_template("admin/note_history.html", page=page)


@tells_of_nul
@audience(Audience.LEARNER)
def show_typed(key: str) -> str:
    """The learner's view of a text that is typed, and what is to be said of its lines; a part of the page."""
    with only_reading():
        note = _note(key)
        return render_template("admin/_typed_note.html", typed=_typed(note, NoteForm().typed))


@tells_of_nul
@audience(Audience.LEARNER)
def save(key: str) -> Response | tuple[str, int]:
    """Say what storing the text would do; store it if the page has said that of this very text."""
    form = NoteForm()
    with only_reading():
        note = _note(key)
        if note.waiting is not None:
            raise Invalid("The file of this note and its text here differ in the same lines. Take one of them first.")
        if len(form.typed.encode()) > EDITED_MAX_BYTES:
            form.text.errors = [TOO_LONG]
            return _page(note, form), 400
        if form.base != note.text:
            return _changed_meanwhile(note, form), 409
        found = _understood(note, form.typed)
        if form.seen.data != mark_of(form.typed):
            return _page(note, form, changes=_changes(found)), 200
    return _stored(note, form, found)


@audience(Audience.EDITOR)
def settle(key: str) -> Response:
    """Take the text of the note's file, or keep the one of here, where both have changed the same lines."""
    from quizapp.catalogue.editing.note_changes import settle_text  # loads the parsers

    take = TakenSide.FILE if request.form.get("take") == TakenSide.FILE else TakenSide.DATABASE
    settle_text(get_db(), key=key, take=take, editor=current_user(), now=clock.now())
    get_db().commit()
    said = "The file's text is taken. The history has the other." if take is TakenSide.FILE else "This text stays."
    flash(said, "good")
    return redirect(url_for("note_editor.edit", key=key))


def _stored(note: NoteSource, form: NoteForm, found: ReadFiles) -> Response | tuple[str, int]:
    """Store the text, or show once more what it would do if that takes more consent, or if somebody was faster."""
    db, now = get_db(), clock.now()
    consent = Consent.GIVEN if form.may_retire.data else Consent.NONE
    keep = Keep(tokens=frozenset(form.keep.data or ()))
    try:
        report = store_text(db, found, key=note.key, opened=note.text, now=now, consent=consent, keep=keep)
    except TextChanged as error:
        with only_reading():
            return _changed_meanwhile(error.note, form), error.status
    if report.error is not None:
        with only_reading():
            changes = _changes(_understood(note, form.typed))
            return _page(note, form, changes=changes, refused=report), 409
    forget_saved(db, user_id=current_user().id, into=TypedInto.note(note), devices=form.devices, text=form.typed)
    if said := settle_forms(db):
        flash(said)
    db.commit()
    flash(f"Saved: “{report.title}”.", "good")
    return redirect(url_for("note_editor.edit", key=note.key, saved=1))  # the page forgets the draft then


def _version() -> int | None:
    """The number of a change in the address; None without one."""
    text = request.args.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS_MAX else None


def _note(key: str) -> NoteSource:
    try:
        return note_text(get_db(), user=current_user(), key=key)
    except OfAnotherTool as error:
        if current_user().is_editor:
            error.way_on = WayOn(name="Edit its questions", url=url_for("admin.index", note=key))
        raise


def _form(text: str, *, opened: str) -> NoteForm:
    form = NoteForm(formdata=None)
    form.text.data, form.opened.data = text, opened
    return form


def _understood(note: NoteSource, text: str) -> ReadFiles:
    """The text, read in the place of its note."""
    pictures = picture_rows.sent_by(get_db(), user_id=current_user().id)
    if note.is_file:
        pictures = {**pictures, **picture_rows.shown_of(get_db(), note_id=note.id)}
    return understood(get_db(), [as_sent(note, text, pictures=pictures)], user=current_user())


def _typed(note: NoteSource, text: str) -> TypedNote:
    sent = picture_rows.sent_by(get_db(), user_id=current_user().id)
    shown = {**sent, **picture_rows.shown_of(get_db(), note_id=note.id)}
    return read_typed(text, name=shown_path(note.path), stored_title=note.title, pictures=shown)


def _changes(found: ReadFiles) -> PreviewedNote:
    """What storing the text would do."""
    [changes] = preview(get_db(), found)
    return changes


def _changed_meanwhile(note: NoteSource, form: NoteForm) -> str:
    """The editor with what both have; the stretches that both have changed are shown in both versions."""
    both = merged_lines(form.base, mine=form.typed, theirs=note.text)
    return _page(note, _form(both.text, opened=note.text), disputed=both.disputed, is_merged=True, base=form.base)


def _page(
    note: NoteSource,
    form: NoteForm,
    *,
    changes: PreviewedNote | None = None,
    refused: FileReport | None = None,
    disputed: Sequence[DisputedLines] = (),
    is_merged: bool = False,
    is_unsaved: bool = False,
    base: str = "",
) -> str:
    form.seen.data = mark_of(form.typed) if changes is not None and changes.report.error is None else ""
    form.opened.data = form.base
    return render_template(
        "admin/note.html",
        note=note,
        form=form,
        typed=_typed(note, form.typed),
        changes=changes,
        refused=refused,
        drafts=drafts_of(get_db(), user_id=current_user().id, into=TypedInto.note(note), now=clock.now()),
        disputed=disputed,
        is_merged=is_merged,
        base=base,
        is_unsaved=is_unsaved or request.method == "POST",
        is_saved="saved" in request.args,
    )
