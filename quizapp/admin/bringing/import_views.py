"""The page on which notes are pasted or uploaded, looked at as they were understood, and then imported.

What a learner brings is the learner's own; what an editor brings is for all.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, session, url_for
from sqlalchemy import Select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.admin.bringing import remembered_columns
from quizapp.admin.bringing.import_forms import ConfirmForm, NewNotesForm, Received
from quizapp.admin.bringing.matching_notes import owner_of_notes, understood
from quizapp.admin.bringing.offered_notes import offered
from quizapp.admin.service import note_by_key
from quizapp.admin.wiring import learnt_elsewhere
from quizapp.catalogue import own_notes, picture_rows
from quizapp.catalogue.editing.note_stages import restore_note, retire_note_here, retired_notes
from quizapp.catalogue.formats.columns import ColumnMeaning
from quizapp.catalogue.importing import sent_rows
from quizapp.catalogue.importing.sent_folder import SENT_PICTURES_MAX
from quizapp.catalogue.importing.sent_notes import SentNote, too_much
from quizapp.catalogue.importing.sent_rows import learnt_of
from quizapp.catalogue.importing.unused_pictures import remove_unused
from quizapp.catalogue.models import Note
from quizapp.catalogue.note_paths import BROWSER, shown_path
from quizapp.catalogue.pictures.picture_text import Picture
from quizapp.catalogue.pictures.pictures import Copies
from quizapp.catalogue.remits import notes_edited_by
from quizapp.catalogue.store.import_run import FileReport
from quizapp.catalogue.wiring import settle_forms
from quizapp.web.application import current_settings
from quizapp.web.database import get_db, only_reading
from quizapp.web.security import tells_of_nul
from quizapp.web.templating import plural

if TYPE_CHECKING:
    from quizapp.admin.bringing.import_preview import PreviewedNote
    from quizapp.catalogue.importing.reading import ReadFiles

# A cookie that assets/js/bring.js reads and removes: it keeps the text in the tab until it is imported.
IMPORTED = "imported"
AS_BEFORE = "A table is read with the columns that you chose for one with the same first row. Look at them below."
IMPORTED_FOR_S = 24 * 60 * 60  # a tab that stays open longer shows the imported text once more


@audience(Audience.LEARNER)
def show() -> str:
    """The form, empty or with the text of the note in `?note=` to be changed; and the notes that were brought so."""
    form = NewNotesForm(formdata=None)
    if key := request.args.get("note"):
        note = sent_rows.sent_note(get_db(), key=key, owner=_owner())
        form.text.data, form.name.data = note.source, shown_path(note.path)
    return _page(form)


@tells_of_nul
@audience(Audience.LEARNER)
def show_preview() -> str | tuple[str, int]:
    """What was understood of the notes that were sent; stores nothing."""
    from quizapp.admin.bringing.import_preview import preview, unread  # loads the parsers, which no other page needs

    form = NewNotesForm()
    with only_reading():
        sent = form.sent()
        if not sent.notes and not sent.faults:
            form.text.errors = ["There is nothing to import yet: paste a text or choose a file."]
            return _page(form), 400
        if why := too_much(sent.notes):
            form.text.errors = [why]
            return _page(form), 400
        notes = [remembered_columns.with_kept(session, note) for note in sent.notes]
        found = _understood(notes, _copies())
    _note_sent(found)
    if any(note.columns is not None for note in notes):
        flash(AS_BEFORE)
    with only_reading():
        shown = preview(get_db(), found)
        return _page(form, [*map(unread, sent.faults), *shown], left_out=[*sent.left_out, *_not_shown(found, sent)])


@audience(Audience.LEARNER)
def choose_columns() -> str:
    """The preview once more, with the columns of its tables as they were chosen; stores nothing."""
    from quizapp.admin.bringing.import_preview import preview  # loads the parsers, which no other page needs

    sent = list(ConfirmForm().sent(_seen))
    with only_reading():
        if all(note.columns is None for note in sent):
            flash("No column was chosen as the question, so the table is read as before.", "warning")
        for note in sent:
            remembered_columns.keep(session, note)
        return _page(NewNotesForm(formdata=None), preview(get_db(), _understood(sent)))


@audience(Audience.LEARNER)
def store() -> Response | tuple[str, int]:
    """Import the notes of a preview, and go on to the note or the list of notes.

    What would retire much without consent is shown once more, with what it would do by now.
    """
    from quizapp.admin.bringing.import_preview import preview  # loads the parsers, which no other page needs
    from quizapp.catalogue.importing.service import import_sent
    from quizapp.catalogue.retirement_consent import Consent
    from quizapp.catalogue.store.identity import Keep

    db, form = get_db(), ConfirmForm()
    with only_reading():  # to parse takes longer than others should wait for their turn at writing
        found = _understood(list(form.sent(_seen)))
    consent = Consent.GIVEN if form.may_retire.data else Consent.NONE
    keep = Keep(tokens=frozenset(form.keep.data or ()))
    reports = import_sent(db, found, now=clock.now(), settle=db.commit, consent=consent, keep=keep)
    _tell(reports)
    if said := settle_forms(db):
        flash(said)
    db.commit()
    if form.keep_learnt.data:
        _keep_learnt(db, found, reports)
    if held := [found.sent[report.path] for report in reports if report.held]:
        with only_reading():
            shown = preview(db, _understood(held))
            return _page(NewNotesForm(formdata=None), shown), 409
    return _onward([report for report in reports if report.error is None])


def _keep_learnt(db: Session, found: "ReadFiles", reports: Sequence[FileReport]) -> None:
    """Take up what the person has learnt of the stored cards in another program."""
    stored = {report.path for report in reports if report.error is None}
    learnt = learnt_of(db, [note for note in found.notes if note.path in stored])
    taken = learnt_elsewhere()(db, user=current_user(), learnt=learnt, now=clock.now(), settle=db.commit)
    kept = [f"{plural(taken.reviews, 'review')} of {plural(taken.cards, 'card')}"] if taken.reviews else []
    kept += [f"the schedule of {plural(taken.states, 'card')}"] if taken.states else []
    if kept:
        flash(f"Kept: {' and '.join(kept)}.", "good")


def _onward(stored: Sequence[FileReport]) -> Response:
    """On to the one note that was stored, or to the list with them. Tells the page's script to forget the text."""
    if len(stored) == 1:
        note = sent_rows.sent_note_at(get_db(), path=BROWSER + stored[0].path, owner=_owner())
        answer = redirect(url_for("notes.read", key=note.key))
    else:
        answer = redirect(url_for("notes.index" if stored else "imports.show"))
    if stored:
        answer.set_cookie(IMPORTED, "1", max_age=IMPORTED_FOR_S, samesite="Lax")
    return answer


@audience(Audience.LEARNER)
def retire(key: str) -> Response:
    """Take a note out of what is asked: one of one's own, or for an editor one for all."""
    db, now = get_db(), clock.now()
    if _owner() is None:
        note = note_by_key(db, key=key, editor=current_user())
        retire_note_here(db, note=note, editor=current_user(), now=now)
    else:
        note = own_notes.retire_own(db, user=current_user(), key=key, now=now)
    db.commit()
    remove_unused(db, current_settings().pictures_dir, now=now)
    said = "Its text and what was learnt stay, and come back with it if you restore it below."
    flash(f"“{note.title}” is asked no more. {said}", "good")
    return redirect(url_for("imports.show", _anchor="retired"))


@audience(Audience.LEARNER)
def restore(key: str) -> Response:
    """Let a retired note be there again: one of one's own, or for an editor one for all."""
    db, user = get_db(), current_user()
    if _owner() is None:
        note = note_by_key(db, key=key, editor=user)
        count = restore_note(db, note=note, editor=user, now=clock.now())
    else:
        note, count = own_notes.restore_own(db, user=user, key=key)
    db.commit()
    flash(f"“{note.title}” is there again, with {plural(count, 'question')} that went with it.", "good")
    return redirect(url_for("notes.read", key=key))


@audience(Audience.LEARNER)
def delete_text(key: str) -> Response:
    """Delete the text of a retired note of one's own."""
    db = get_db()
    note = own_notes.delete_text_of_own(db, user=current_user(), key=key)
    db.commit()
    remove_unused(db, current_settings().pictures_dir, now=clock.now())
    flash(f"The text of “{note.title}” is deleted. What was learnt comes back if you bring the note again.", "good")
    return redirect(url_for("imports.show"))


@audience(Audience.LEARNER)
def offer(key: str) -> Response:
    """Offer a note of one's own to all."""
    note = own_notes.offer(get_db(), user=current_user(), key=key, now=clock.now())
    get_db().commit()
    flash(f"“{note.title}” is offered. Editors can read it now; it is for all once one of them publishes it.", "good")
    return redirect(url_for("imports.show"))


@audience(Audience.LEARNER)
def take_back(key: str) -> Response:
    """End the offer of a note of one's own."""
    note = own_notes.take_back(get_db(), user=current_user(), key=key)
    get_db().commit()
    flash(f"“{note.title}” is yours alone again.", "good")
    return redirect(url_for("imports.show"))


@audience(Audience.EDITOR)
def publish(key: str) -> Response:
    """Make a note that a learner offers one for all."""
    note = own_notes.publish(get_db(), user=current_user(), key=key, now=clock.now())
    get_db().commit()
    flash(f"“{note.title}” is for all now. Its questions are in Content, where editors change them.", "good")
    return redirect(url_for("notes.read", key=key))


def _understood(sent: Sequence[SentNote], copies: Copies | None = None) -> "ReadFiles":
    """What was sent, each note in the place of the stored one that it is."""
    return understood(get_db(), sent, user=current_user(), copies=copies)


def _copies() -> Copies:
    """Takes the pictures of an upload without their metadata, as far as this person has room for them."""
    left_bytes, counted = picture_rows.room_for_pictures(get_db(), user_id=current_user().id)
    folder = current_settings().pictures_dir
    most = SENT_PICTURES_MAX
    return Copies(folder=folder, left_bytes=left_bytes, left=most, free=counted)


def _note_sent(found: "ReadFiles") -> None:
    """Keep that this person has sent the pictures, so that the preview shows them and they can be confirmed."""
    if pictures := [one for note in found.notes for one in note.pictures.values()]:
        picture_rows.note_sent(get_db(), user_id=current_user().id, pictures=pictures, now=clock.now())
        get_db().commit()


def _not_shown(found: "ReadFiles", sent: Received) -> Iterator[str]:
    """What is said of pictures that are not taken."""
    yield from (said for folder in sent.folders if (said := folder.left_out) is not None)
    if found.copies.refused:
        yield (
            f"{plural(found.copies.refused, 'picture')} left out: at most {SENT_PICTURES_MAX} fit at once, and "
            f"{own_notes.OWN_PICTURES_MAX_BYTES // 1024**2} MiB of all that you have. "
            "Retire a note and delete its text, or send fewer."
        )


def _seen(names: Collection[str]) -> Mapping[str, Picture]:
    """Those of these pictures that this person sees."""
    return picture_rows.seen_of(get_db(), user=current_user(), names=names)


def _owner() -> UUID | None:
    """Whose own the notes are that this person brings; see `owner_of_notes`."""
    return owner_of_notes(current_user())


def _page(form: NewNotesForm, shown: "Sequence[PreviewedNote]" = (), *, left_out: Sequence[str] = ()) -> str:
    db, owner = get_db(), _owner()
    retired = retired_notes(db, editor=current_user()) if owner is None else own_notes.retired_own(db, owner=owner)
    return render_template(
        "admin/import.html",
        form=form,
        confirm=ConfirmForm(formdata=None),
        shown=shown,
        left_out=left_out,
        brought=db.scalars(_brought(owner)).all(),
        offered=offered(db, user=current_user()),
        retired=retired,
        for_all=owner is None,
        meanings=list(ColumnMeaning),
    )


def _brought(owner: UUID | None) -> Select[Note]:
    """The notes that this person may bring anew: the own ones, or those for all that they may change."""
    notes = sent_rows.sent_notes(owner=owner)
    return notes.where(notes_edited_by(current_user())) if owner is None else notes


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
    to_review = sum(report.answered + report.cards for report in reports)
    names = f"“{reports[0].title}”" if len(reports) == 1 else plural(len(reports), "note")
    then = "Review them now, or read the note first." if len(reports) == 1 else "Open one to review its cards."
    if not questions:
        return f"Imported: {names} to read, without a question."
    if not to_review:
        then = "There is nothing to review until one has an answer."
    return f"Imported: {names} with {plural(questions, 'question')}. {then}"
