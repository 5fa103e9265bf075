"""The pages on which an editor makes, changes, moves, merges, retires, restores and deletes a concept."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user, local_path
from quizapp.admin.concepts import concept_pages as pages
from quizapp.admin.concepts.concept_forms import ConceptForm
from quizapp.admin.question_places import PLACE_MAX_CHARS, notes_for_all, places_in
from quizapp.admin.questions.views import page_number
from quizapp.admin.trail import last_done
from quizapp.admin.trail_views import ID_DIGITS_MAX
from quizapp.catalogue.editing import concept_authoring as authoring
from quizapp.catalogue.editing.concept_rows import both_words, concept_by_key, words_of
from quizapp.catalogue.patches.concept_text import ConceptWords
from quizapp.errors import Invalid
from quizapp.web.database import get_db, only_reading
from quizapp.web.error_pages import is_swapped_in

NOTHING = ConceptWords(term="", text="")


@audience(Audience.EDITOR)
def show_concepts() -> str:
    """The list of concepts."""
    editor, sent = current_user(), request.args
    filters = pages.ConceptFilters(
        q=sent.get("q", ""), note=_key(sent.get("note", "")), retired="y" if sent.get("retired") else ""
    )
    return render_template(
        "admin/concepts.html",
        page=pages.concept_list(get_db(), filters=filters, editor=editor, page=page_number()),
        filters=filters,
        notes=notes_for_all(get_db(), editor=editor),
        step=last_done(get_db(), of=None, deeds=authoring.STEPS, editor=editor),
    )


@audience(Audience.EDITOR)
def new_concept() -> str:
    """The empty editor of a new concept for the note `?note=`; without one, what to choose it with."""
    note, where = _key(request.args.get("note", "")), request.args.get("where", "")
    return _new(ConceptForm.of(NOTHING, opened=NOTHING), note=note, where=where)


@audience(Audience.EDITOR)
def make_concept() -> Response | tuple[str, int]:
    """Write a new concept into its note; shows it again with the reason if that cannot be done."""
    form, note, where = ConceptForm(), _key(request.form.get("note", "")), request.form.get("where", "")
    try:
        key = authoring.make_concept(
            get_db(), note=note, section=_section(where), words=form.words, editor=current_user(), now=clock.now()
        )
    except Invalid as error:
        get_db().rollback()
        form.refuse(error)
        with only_reading():
            return _new(form, note=note, where=where), error.status
    get_db().commit()
    flash("The concept is made. It stands last in its section.", "good")
    return redirect(url_for("admin.edit_concept", key=key))


@audience(Audience.EDITOR)
def edit_concept(key: str) -> str:
    """The editor."""
    concept = concept_by_key(get_db(), key=key, editor=current_user())
    words = words_of(concept)
    return _page(key, ConceptForm.of(words, opened=words))


@audience(Audience.EDITOR)
def save_concept(key: str) -> Response | tuple[str, int]:
    """Save what was typed; shows it again with the reason if it cannot be written, or if somebody was faster."""
    form = ConceptForm()
    try:
        changed = authoring.save_concept(
            get_db(), key=key, words=form.words, opened=form.opened, editor=current_user(), now=clock.now()
        )
    except authoring.ConceptChanged as error:
        get_db().rollback()
        again = ConceptForm.of(form.words, opened=error.saved)
        with only_reading():
            return _page(key, again, saved=error.saved), error.status
    except Invalid as error:
        get_db().rollback()
        form.refuse(error)
        with only_reading():
            return _page(key, form), error.status
    get_db().commit()
    said = "Saved. Learners see it now, on the note's page too." if changed else "Nothing to save."
    flash(said, "good" if changed else "message")
    return redirect(url_for("admin.edit_concept", key=key))


@audience(Audience.EDITOR)
def preview_concept() -> str:
    """The learner's view of what was typed; stores nothing."""
    with only_reading():
        words = ConceptForm().words
        if not is_swapped_in():
            raise Invalid("The learner's view stands beside the form. Go back to it.")
        term, text = pages.shown_words(words)
        return render_template("admin/_concept_view.html", term_html=term, text_html=text)


@audience(Audience.EDITOR)
def duplicate_concept(key: str) -> Response:
    """Write it once more under another name, and open that."""
    made = authoring.duplicate_concept(get_db(), key=key, editor=current_user(), now=clock.now())
    get_db().commit()
    flash("This is the copy. Change its name and text.", "good")
    return redirect(url_for("admin.edit_concept", key=made))


@audience(Audience.EDITOR)
def show_concept_place(key: str) -> str:
    """Where it may be moved to: first the note, then its section."""
    editor = current_user()
    page = pages.concept_page(get_db(), concept=concept_by_key(get_db(), key=key, editor=editor), editor=editor)
    note = _key(request.args.get("to", page.note_key))
    return render_template(
        "admin/concept_place.html",
        page=page,
        notes=notes_for_all(get_db(), editor=editor),
        note=note,
        places=[one for one in places_in(get_db(), note) if not one.is_concept],
        where=f"section:{page.anchor}" if note == page.note_key else "",
    )


@audience(Audience.EDITOR)
def move_concept(key: str) -> Response:
    """Move it into a section."""
    sent = request.form
    moved = authoring.move_concept(
        get_db(),
        key=key,
        note=_key(sent.get("note", "")),
        section=_section(sent.get("where", "")),
        editor=current_user(),
        now=clock.now(),
    )
    get_db().commit()
    flash("Moved, with what is asked of it." if moved else "It stands there already.", "good" if moved else "message")
    return redirect(url_for("admin.edit_concept", key=key))


@audience(Audience.EDITOR)
def show_merge(key: str) -> str:
    """What it may be merged with, and what the other one says then."""
    note, into = request.args.get("to"), request.args.get("into", "")
    return _merge(key, note=_key(note) if note is not None else None, into=_key(into), form=None)


@audience(Audience.EDITOR)
def merge_concept(key: str) -> Response | tuple[str, int]:
    """Let it be a part of another one; shows the page again with the reason if that cannot be written."""
    form, into = ConceptForm(), _key(request.form.get("into", ""))
    try:
        authoring.merge_concepts(get_db(), key=key, into=into, words=form.words, editor=current_user(), now=clock.now())
    except Invalid as error:
        get_db().rollback()
        form.refuse(error)
        with only_reading():
            return _merge(key, note=None, into=into, form=form), error.status
    get_db().commit()
    flash("Merged. What was asked of either is asked of this one.", "good")
    return redirect(url_for("admin.edit_concept", key=into))


@audience(Audience.EDITOR)
def retire_concept(key: str) -> Response:
    """Let it be no concept any more."""
    authoring.retire_concept(get_db(), key=key, editor=current_user(), now=clock.now())
    get_db().commit()
    flash("Retired: its lines are text of the note, and what is asked of it is asked as before.", "good")
    return redirect(url_for("admin.edit_concept", key=key))


@audience(Audience.EDITOR)
def restore_concept(key: str) -> Response:
    """Let it be one again."""
    authoring.restore_concept(get_db(), key=key, editor=current_user(), now=clock.now())
    get_db().commit()
    flash("It is a concept again.", "good")
    return redirect(url_for("admin.edit_concept", key=key))


@audience(Audience.EDITOR)
def delete_concept(key: str) -> Response:
    """Take its lines out of the note."""
    authoring.delete_concept(get_db(), key=key, editor=current_user(), now=clock.now())
    get_db().commit()
    flash("Deleted from its note.", "good")
    return redirect(url_for("admin.show_concepts"))


@audience(Audience.EDITOR)
def undo_concept() -> Response:
    """Take back what this editor did to a concept."""
    step = request.form.get("step", "")
    if not (step.isascii() and step.isdigit() and len(step) <= ID_DIGITS_MAX):
        raise Invalid("There is nothing to take back.")
    undone = authoring.undo_concept(get_db(), step_id=int(step), editor=current_user(), now=clock.now())
    get_db().commit()
    flash("Taken back." if undone.back else "It was taken back already.", "good")
    key, back = _key(request.form.get("key", "")), request.form.get("back")
    if back:
        return redirect(local_path(back))
    return redirect(url_for("admin.edit_concept", key=key) if key else url_for("admin.show_concepts"))


def _page(key: str, form: ConceptForm, *, saved: ConceptWords | None = None) -> str:
    editor = current_user()
    concept = concept_by_key(get_db(), key=key, editor=editor)
    term, text = pages.shown_words(form.words)
    return render_template(
        "admin/concept.html",
        page=pages.concept_page(get_db(), concept=concept, editor=editor),
        form=form,
        saved=saved,
        term_html=term,
        text_html=text,
    )


def _new(form: ConceptForm, *, note: str, where: str) -> str:
    term, text = pages.shown_words(form.words)
    return render_template(
        "admin/new_concept.html",
        form=form,
        notes=notes_for_all(get_db(), editor=current_user()),
        note=note,
        places=[one for one in places_in(get_db(), note) if not one.is_concept] if note else [],
        where=where,
        is_file=pages.is_in_file(get_db(), note=note),
        term_html=term,
        text_html=text,
    )


def _merge(key: str, *, note: str | None, into: str, form: ConceptForm | None) -> str:
    db, editor = get_db(), current_user()
    concept = concept_by_key(db, key=key, editor=editor)
    page = pages.concept_page(db, concept=concept, editor=editor)
    other = concept_by_key(db, key=into, editor=editor) if into and into != key else None
    if other is not None and other.section is not None:
        note = other.section.note.key
    note = page.note_key if note is None else note
    if form is None and other is not None:
        form = ConceptForm.of(both_words(db, gone=key, into=other.key, editor=editor), opened=NOTHING)
    return render_template(
        "admin/concept_merge.html",
        page=page,
        notes=notes_for_all(db, editor=editor),
        note=note,
        choices=pages.concepts_of(db, note=note, besides=key),
        into=into if other is not None else "",
        form=form if other is not None else None,
    )


def _key(text: str) -> str:
    return text.replace("\x00", "")[:PLACE_MAX_CHARS]


def _section(where: str) -> str:
    """The anchor of the section that a form names."""
    return _key(where).removeprefix("section:")
