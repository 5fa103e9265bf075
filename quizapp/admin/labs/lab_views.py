"""The lab editor: a lab's text with what is said of its lines, its draft, and what is published of it.

A draft is kept however faulty it is. What learners have changes by publishing alone, which takes a verified text, or
the owner's word.
"""

from collections.abc import Sequence

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.accounts.models import Role
from quizapp.admin.labs import lab_page
from quizapp.admin.labs.lab_fields import with_fields
from quizapp.admin.labs.lab_forms import WORD_MAX_CHARS, LabForm, NewLabForm
from quizapp.admin.labs.lab_proof_page import verification_page
from quizapp.admin.labs.typed_lab import read_typed_lab
from quizapp.admin.trail import deleted_last
from quizapp.catalogue.editing import lab_authoring as authoring
from quizapp.catalogue.editing import lab_stages, typed_drafts
from quizapp.catalogue.editing.conflict_settling import TakenSide
from quizapp.catalogue.editing.lab_authoring import LabText, LabTextChanged
from quizapp.catalogue.editing.note_text import mark_of
from quizapp.catalogue.editing.typed_drafts import TypedInto, drafts_of, forget_saved
from quizapp.catalogue.labs.lab_example import example
from quizapp.catalogue.labs.lab_file import BadLab
from quizapp.catalogue.labs.lab_import import StoredLab
from quizapp.catalogue.labs.lab_schema import schema
from quizapp.catalogue.labs.lab_sources import versions_of
from quizapp.catalogue.models import DeedOf, Lab
from quizapp.catalogue.patches.line_merge import DisputedLines, merged_lines
from quizapp.catalogue.trail import note_down
from quizapp.catalogue.wiring import settle_forms
from quizapp.errors import Forbidden, Invalid, QuizappError
from quizapp.labs.proof import verification
from quizapp.labs.runs.check_figures import RUNS_READ_MAX, figures_of_runs
from quizapp.labs.runs.draft_runs import forget_draft_runs
from quizapp.web.database import get_db, only_reading
from quizapp.web.error_pages import wants_json
from quizapp.web.security import tells_of_nul

SOUGHT_CHARS = 100  # of a search in the list; the longest title has half of that


@audience(Audience.EDITOR)
def index() -> str:
    """All labs with their drafts, or those that have all words of `?q=` in title or address."""
    return _list(NewLabForm(formdata=None))


@audience(Audience.EDITOR)
def make() -> Response | tuple[str, int]:
    """A new lab, with a working example as its draft."""
    form, db, editor = NewLabForm(), get_db(), current_user()
    slug = form.name.data or ""
    try:
        authoring.make_lab(db, slug=slug, text=example(slug), editor=editor, now=clock.now())
    except Invalid as error:
        with only_reading():
            form.name.errors = [authoring.no_name(slug) if isinstance(error, BadLab) else str(error)]
            return _list(form), error.status
    db.commit()
    flash(
        "A new lab. It works as it stands: change it step by step, and learners have it once it is published.", "good"
    )
    return back_to_editor(slug, is_saved=False)


def _list(form: NewLabForm) -> str:
    rows = lab_page.lab_rows(get_db(), editor=current_user())
    sought = " ".join(request.args.get("q", "")[:SOUGHT_CHARS].split())
    words = sought.casefold().split()
    found = [lab for lab in rows if all(word in f"{lab.title} {lab.slug}".casefold() for word in words)]
    deleted = deleted_last(get_db(), editor=current_user(), now=clock.now())
    return render_template(
        "admin/labs.html", labs=found, of=len(rows), sought=sought, most_chars=SOUGHT_CHARS, form=form, deleted=deleted
    )


@audience(Audience.EDITOR)
def edit(slug: str) -> str:
    """The editor, with the lab's draft or what is offered of it."""
    lab = lab_of(slug)
    stored = authoring.text_to_edit(get_db(), lab)
    if stored.is_behind:
        return _merged(lab, mine=stored.text, base=authoring.draft_base(get_db(), lab=lab), stored=stored)
    return _page(lab, _form(stored.text, opened=stored.text), stored=stored)


@tells_of_nul
@audience(Audience.EDITOR)
def show_typed(slug: str) -> str:
    """What is to be said of a text that is typed; a part of the page."""
    with only_reading():
        return render_template("admin/_typed_lab.html", typed=read_typed_lab(LabForm().typed, slug=lab_of(slug).slug))


@audience(Audience.EDITOR)
def show_format() -> Response:
    """The format of labs, for the completion of their text."""
    return jsonify(schema())


@tells_of_nul
@audience(Audience.EDITOR)
def put_fields(slug: str) -> Response | str | tuple[str, int]:
    """Put what was typed in the form beside the text into its lines; saves nothing.

    A script gets the text, or what is wrong, as JSON; a browser the editor.
    """
    form = LabForm()
    with only_reading():
        lab, said = lab_of(slug), ""
        try:
            form.text.data = with_fields(form.typed, request.form)
        except Invalid as error:
            said = str(error)
        if wants_json():
            return jsonify(text=form.typed, said=said)
        form.text.errors = [said] if said else []
        return _page(lab, form, stored=authoring.text_to_edit(get_db(), lab)), 400 if said else 200


@tells_of_nul
@audience(Audience.EDITOR)
def save(slug: str) -> Response | tuple[str, int]:
    """Keep what was typed as the lab's draft. What somebody else has saved meanwhile is put together with it."""
    kept = keep_typed(slug)
    if not isinstance(kept, LabForm):
        return kept
    lab = lab_of(slug)
    into = TypedInto.lab(lab, text=kept.typed)
    forget_saved(get_db(), user_id=current_user().id, into=into, devices=kept.devices, text=kept.typed)
    get_db().commit()
    flash(f"The draft is saved. Learners have {'nothing of it' if lab.retired_at else 'what was published'}.", "good")
    return back_to_editor(slug)


@tells_of_nul
@audience(Audience.EDITOR)
def open_as_learner(slug: str) -> Response | tuple[str, int]:
    """Keep what was typed, and open it as a learner has it."""
    kept = keep_typed(slug)
    if not isinstance(kept, LabForm):
        return kept
    get_db().commit()
    return redirect(url_for("hands_on.show_draft", slug=slug))


@tells_of_nul
@audience(Audience.EDITOR)
def publish(slug: str) -> Response | tuple[str, int]:
    """Keep what was typed, and offer it to learners if it is verified or the owner says why it is right without."""
    kept = keep_typed(slug)
    if not isinstance(kept, LabForm):
        return kept
    lab, db = lab_of(slug), get_db()
    db.commit()  # the draft stays, whatever comes
    word = (kept.word.data or "").strip()[:WORD_MAX_CHARS]
    if word and current_user().role is not Role.OWNER:
        raise Forbidden("Only the owner publishes a lab that is not verified. The draft is saved.")
    is_proved = verification.is_proved(db, lab_id=lab.id, text=kept.typed)
    editor, now = current_user(), clock.now()
    try:
        made = authoring.publish(db, lab=lab, text=kept.typed, is_proved=is_proved, word=word, editor=editor, now=now)
    except authoring.NothingToPublish as error:
        db.rollback()
        flash(str(error))
        return back_to_editor(slug)
    except (BadLab, authoring.NotProved, LabTextChanged) as error:
        db.rollback()
        flash(f"Not published. {why_not(error)}", "warning")
        return back_to_editor(slug)
    if said := settle_forms(db):
        flash(said)
    db.commit()
    flash(f"Published: “{lab.title}”. Learners have it now. flask content sync writes it into its file.", "good")
    for sentence in _doubts(made):
        flash(sentence, "warning")
    return back_to_editor(slug)


@audience(Audience.EDITOR)
def discard(slug: str) -> Response:
    """Go back to what learners have, and offer what was typed and the draft to be taken again."""
    lab, form, db, now = lab_of(slug), LabForm(), get_db(), clock.now()
    stored = authoring.text_to_edit(db, lab)
    text = form.typed or stored.text  # which has what was typed since the draft was saved
    authoring.discard_draft(db, lab=lab)
    into = TypedInto.lab(lab, text=stored.offered)
    user_id, devices = current_user().id, form.devices
    typed_drafts.discard(db, user_id=user_id, into=into, devices=devices, text=text, opened=stored.offered, now=now)
    db.commit()
    flash("The draft is discarded: this is what learners have. You can take it again below.", "good")
    return back_to_editor(slug)


@audience(Audience.EDITOR)
def set_stage(slug: str) -> Response:
    """Retire the lab, or offer it again."""
    lab, db, editor, now = lab_of(slug), get_db(), current_user(), clock.now()
    if request.form.get("stage") == "restore":
        done = lab_stages.restore_lab(db, lab=lab, editor=editor, now=now)
        said = "Restored. Learners have it again, with all that they learnt of it."
    else:
        done = lab_stages.retire_lab_here(db, lab=lab, editor=editor, now=now)
        said = "Retired. It is offered no more; what learners did of it stays, and Restore offers it again."
    if sentence := settle_forms(db):
        flash(sentence)
    db.commit()
    flash(said if done else "It is so already.", "good")
    return redirect(url_for(".edit", slug=slug))


@audience(Audience.EDITOR)
def delete(slug: str) -> Response:
    """Delete a lab that was never published."""
    lab, db = lab_of(slug), get_db()
    if lab_stages.is_unseen(db, lab):
        forget_draft_runs(db, lab=lab)
    lab_stages.delete_lab_draft(db, lab=lab, editor=current_user(), now=clock.now())
    db.commit()
    flash("The draft is deleted. This list can bring it back, and later an owner from the trail.", "good")
    return redirect(url_for(".index"))


@audience(Audience.EDITOR)
def settle(slug: str) -> Response:
    """Take one side of a lab that its file and the browser have both changed."""
    take = TakenSide.FILE if request.form.get("take") == TakenSide.FILE else TakenSide.DATABASE
    lab, now = lab_of(slug), clock.now()
    if authoring.settle_lab(get_db(), lab=lab, take=take, now=now):
        what, key = DeedOf.SETTLE, lab.question.key
        note_down(get_db(), what=what, words=lab.title, editor=current_user(), now=now, key=key)
        get_db().commit()
        flash("The file's text is offered." if take is TakenSide.FILE else "What was published here stays.", "good")
    return redirect(url_for(".edit", slug=slug))


@audience(Audience.EDITOR)
def show_history(slug: str) -> str:
    """The texts that were published, with what each changed."""
    lab = lab_of(slug)
    offered = authoring.text_to_edit(get_db(), lab).offered
    return render_template(
        "admin/lab_history.html", lab=lab, versions=lab_page.versions(get_db(), lab, offered=offered)
    )


@audience(Audience.EDITOR)
def restore(slug: str) -> Response:
    """Make an older text the draft."""
    lab, number = lab_of(slug), request.form.get("revision", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Invalid("There is no such version of this lab. Its history lists those there are.")
    editor, now = current_user(), clock.now()
    authoring.restore_revision(get_db(), lab=lab, revision_id=int(number), editor=editor, now=now)
    get_db().commit()
    flash("The older text is the draft now. Publish it to give it to learners.", "good")
    return redirect(url_for(".edit", slug=slug))


def lab_of(slug: str) -> Lab:
    """The lab that is edited. Raises NotFound and OutsideRemit."""
    return authoring.lab_to_edit(get_db(), slug=slug, editor=current_user())


def keep_typed(slug: str) -> LabForm | tuple[str, int]:
    """Save what was typed as the draft; the caller commits. The page to answer with if that could not be done."""
    form, lab, db = LabForm(), lab_of(slug), get_db()
    try:
        if "\0" in form.typed:
            raise Invalid("The text holds a NUL character, which no text has. Remove it and save again.")
        authoring.save_draft(db, lab=lab, text=form.typed, opened=form.base, editor=current_user(), now=clock.now())
        offered = authoring.text_to_edit(db, lab).offered
        if form.offered.data == mark_of(offered):  # its editor has seen both
            authoring.rebase_draft(db, lab=lab, offered=offered)
    except LabTextChanged as error:
        with only_reading():
            return _merged(lab_of(slug), mine=form.typed, base=form.base, stored=error.now, is_typed=True), error.status
    except Invalid as error:
        with only_reading():
            form.text.errors = [str(error)]
            return _page(lab_of(slug), form, stored=authoring.text_to_edit(db, lab_of(slug))), error.status
    return form


def back_to_editor(slug: str, *, is_saved: bool = True) -> Response:
    """The editor; after a save its page forgets what it kept of what was typed."""
    return redirect(url_for("lab_editor.edit", slug=slug, saved=1 if is_saved else None))


def _form(text: str, *, opened: str) -> LabForm:
    form = LabForm(formdata=None)
    form.text.data, form.opened.data = text, opened
    return form


def _merged(lab: Lab, *, mine: str, base: str, stored: LabText, is_typed: bool = False) -> str:
    """The editor with what both have; the stretches that both have changed are shown in both versions.

    `is_typed`: `mine` is no draft yet, so `base` is what the page that it was typed into had opened.
    """
    theirs = stored.offered if stored.text == mine else stored.text
    both = merged_lines(base, mine=mine, theirs=theirs)
    form = _form(both.text, opened=stored.text)
    typed_into = base if is_typed else ""
    return _page(lab, form, stored=stored, disputed=both.disputed, is_merged=True, base=typed_into)


def _page(
    lab: Lab,
    form: LabForm,
    *,
    stored: LabText,
    disputed: Sequence[DisputedLines] = (),
    is_merged: bool = False,
    base: str = "",
) -> str:
    form.opened.data, form.offered.data = form.base, mark_of(stored.offered)
    return render_template(
        "admin/lab.html",
        lab=lab,
        form=form,
        stored=stored,
        typed=read_typed_lab(form.typed, slug=lab.slug),
        is_proved=verification.is_proved(get_db(), lab_id=lab.id, text=stored.text),
        verification=verification_page(get_db(), lab=lab, text=stored.text, now=clock.now()),
        waiting=versions_of(get_db(), lab_id=lab.id).waiting,
        disputed=disputed,
        is_merged=is_merged,
        base=base,
        is_unsaved=request.method == "POST" or is_merged,
        is_saved="saved" in request.args,
        is_unseen=lab_stages.is_unseen(get_db(), lab),
        figures=figures_of_runs(get_db(), lab_id=lab.id),
        runs_read_max=RUNS_READ_MAX,
        drafts=drafts_of(
            get_db(), user_id=current_user().id, into=TypedInto.lab(lab, text=stored.text), now=clock.now()
        ),
    )


def why_not(error: QuizappError) -> str:
    """What is wrong, with the line of the first fault."""
    return f"Line {error.faults[0].line}: {error.faults[0].message}" if isinstance(error, BadLab) else str(error)


def _doubts(made: StoredLab) -> Sequence[str]:
    found = [f"No note has the concept {key}." for key in made.unknown]
    if made.alone:
        found.append("No question has the id that same_as names, so this lab is learnt by itself.")
    return found
