"""The pages on which an editor makes, duplicates, moves, rekinds, publishes, retires and restores a question."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.accounts.models import Role
from quizapp.admin import service
from quizapp.admin.question_places import notes_for_all, place_from, places_in, title_of, value_of
from quizapp.admin.questions import queries
from quizapp.admin.questions.forms import QuestionForm
from quizapp.admin.questions.kept_forms import address_of, address_of_list, kept
from quizapp.catalogue.editing import authoring
from quizapp.catalogue.editing.drafts import delete_draft, make_again
from quizapp.catalogue.editing.kind_change import changed_kind
from quizapp.catalogue.editing.lab_stages import OFFERED, make_lab_again
from quizapp.catalogue.models import CHOICE_KINDS, ContentDeed, Question, QuestionKind
from quizapp.catalogue.question_shape import KIND_WORDS, STAGE_WORDS, Stage, place_of, wording_of
from quizapp.catalogue.question_wording import EMPTY, faults
from quizapp.catalogue.remits import OutsideRemit
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.web.database import get_db, only_reading
from quizapp.web.error_pages import is_swapped_in

MADE_KINDS = tuple(kind for kind in QuestionKind if kind is not QuestionKind.LAB)  # a lab is made of its own files


@audience(Audience.EDITOR)
def new_question() -> str:
    """The empty editor of a new question of `?kind=`, for the note `?note=`; without them, what to choose them with."""
    kind = _kind(request.args.get("kind", ""))
    form = QuestionForm.of(kind, EMPTY) if kind is not None else None
    return _new(kind, form, note=request.args.get("note", ""), where=request.args.get("where", ""))


@audience(Audience.EDITOR)
def make_question() -> Response | tuple[str, int]:
    """Store a new question as a draft, or published; shows it again with the reason if it breaks a rule.

    With `change` it stores nothing: it shows what was typed as another kind, or in another place.
    """
    kind = _kind(request.form.get("kind", ""))
    if kind is None:
        raise Invalid("Choose a kind of question.")
    if "change" in request.form:
        with only_reading():
            return _changed(kind), 200
    note, where = request.form.get("note", ""), request.form.get("where", "")
    form = QuestionForm.of(kind)
    form.validate()
    stage = Stage.PUBLISHED if request.form.get("stage") == Stage.PUBLISHED else Stage.DRAFT
    found = form.unreadable()
    if not found:
        try:
            question = authoring.make(
                get_db(),
                kind=kind,
                wording=form.wording(EMPTY),
                place=place_from(note, where),
                stage=stage,
                editor=current_user(),
                now=clock.now(),
            )
            get_db().commit()
        except authoring.Unfit as error:
            found = dict(error.faults)
        except OutsideRemit as error:
            get_db().rollback()
            found = service.tag_to_keep(get_db(), error, editor=current_user(), is_new=True)
        else:
            standing = "a draft" if stage is Stage.DRAFT else STAGE_WORDS[stage]
            flash(f"The new question is {standing}." + _seen_by(question), "good")
            return redirect(url_for("admin.edit_question", key=question.key))
    form.show(found)
    with only_reading():
        return _new(kind, form, note=note, where=where), 400


@audience(Audience.EDITOR)
def preview_new() -> str:
    """The learner's view of a new question; stores nothing."""
    with only_reading():
        kind = _kind(request.form.get("kind", "")) or QuestionKind.OPEN
        form = QuestionForm.of(kind)
        form.validate()
        shown = form.wording(EMPTY)
        found = {**faults(shown, kind, draft=False), **form.unreadable()}
        if not is_swapped_in():
            form.show(found)
            return _new(kind, form, note=request.form.get("note", ""), where=request.form.get("where", ""))
        view = queries.preview(queries.unsaved(kind), shown)
        return render_template("admin/_view.html", view=view, faults=list(found.values()))


@audience(Audience.EDITOR)
def duplicate_question(key: str) -> Response:
    """Make a draft with the same texts, and open it."""
    question = service.question_by_key(get_db(), key=key, editor=current_user())
    if question.kind is QuestionKind.LAB:
        raise Invalid("A lab is duplicated with its files.")
    made = authoring.duplicate(get_db(), question=question, editor=current_user(), now=clock.now())
    get_db().commit()
    flash("This is the duplicate, a draft. Change it, then publish it.", "good")
    return redirect(address_of("admin.edit_question", made.key))


@audience(Audience.EDITOR)
def show_place(key: str) -> str:
    """Where a question stands, and where it may be moved to: first the note, then its section or concept."""
    question = service.question_by_key(get_db(), key=key, editor=current_user())
    place = place_of(question)
    note, notes = request.args.get("to", place.note or ""), notes_for_all(get_db(), editor=current_user())
    return render_template(
        "admin/place.html",
        page=queries.editor_page(get_db(), question=question, shown=wording_of(question), today=clock.now().date()),
        notes=notes,
        places=places_in(get_db(), note) if note else [],
        note=note,
        where=value_of(place) if note == place.note else "",
        note_title=title_of(notes, note),
        kept=kept(),
    )


@audience(Audience.EDITOR)
def move_question(key: str) -> Response:
    """Move a question to another note, section or concept."""
    question = service.question_by_key(get_db(), key=key, editor=current_user())
    place = place_from(request.form.get("note", ""), request.form.get("where", ""))
    if place.note is None:
        raise Invalid("Choose the note to move it to.")
    saved = authoring.move(get_db(), question=question, place=place, editor=current_user(), now=clock.now())
    get_db().commit()
    flash("Moved. What was learnt of it stays." if saved.changed else "It is there already.", "good")
    return redirect(address_of("admin.edit_question", key))


@audience(Audience.EDITOR)
def show_kind(key: str) -> str:
    """What a question would be as each other kind, and what would be lost."""
    question = service.question_by_key(get_db(), key=key, editor=current_user())
    wording = wording_of(question)
    others = [kind for kind in MADE_KINDS if kind is not question.kind]
    return render_template(
        "admin/kind.html",
        page=queries.editor_page(get_db(), question=question, shown=wording, today=clock.now().date()),
        kinds=[(kind, KIND_WORDS[kind], changed_kind(wording, question.kind, kind)) for kind in others],
        kept=kept(),
    )


@audience(Audience.EDITOR)
def change_kind(key: str) -> Response:
    """Ask a question in another way."""
    question = service.question_by_key(get_db(), key=key, editor=current_user())
    kind, rev = _kind(request.form.get("kind", "")), request.form.get("rev", "")
    if kind is None:
        raise Invalid("Choose a kind of question.")
    at = int(rev) if rev.isascii() and rev.isdigit() and len(rev) < 10 else None
    authoring.change_kind(get_db(), question=question, kind=kind, rev=at, editor=current_user(), now=clock.now())
    get_db().commit()
    flash("It is asked in another way now." + _seen_by(question), "good")
    return redirect(address_of("admin.edit_question", key))


@audience(Audience.EDITOR)
def set_stage(key: str) -> Response:
    """Publish a question, hold it back, retire or restore it; says why if a rule forbids it."""
    question = service.question_by_key(get_db(), key=key, editor=current_user())
    sent = request.form.get("stage", "")
    stage = authoring.stage_if_restored(question) if sent == "restore" else _stage(sent)
    try:
        saved = authoring.set_stage(get_db(), question=question, stage=stage, editor=current_user(), now=clock.now())
        get_db().commit()
    except authoring.Unfit as error:
        flash(f"It stays as it is. {error}", "bad")
    else:
        flash(f"Now {STAGE_WORDS[stage]}." + _seen_by(question) if saved.changed else "It is so already.", "good")
    return redirect(address_of("admin.edit_question", key))


@audience(Audience.EDITOR)
def delete_question(key: str) -> Response:
    """Delete a draft that nobody has seen."""
    question = service.question_by_key(get_db(), key=key, editor=current_user())
    delete_draft(get_db(), question=question, editor=current_user(), now=clock.now())
    get_db().commit()
    flash("The draft is deleted. The list can bring it back, and later an owner from the trail.", "good")
    return redirect(address_of_list())


@audience(Audience.EDITOR)
def restore_version(key: str) -> Response:
    """Take the texts again that an edit left, or those from before it."""
    question = service.question_by_key(get_db(), key=key, editor=current_user())
    edit, rev = request.form.get("edit", ""), request.form.get("rev", "")
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in (edit, rev)):
        raise Invalid("There is no such version of this question. Its history lists those there are.")
    first = request.form.get("first") == "y"
    try:
        saved = authoring.restore_version(
            get_db(),
            question=question,
            edit_id=int(edit),
            first=first,
            rev=int(rev),
            editor=current_user(),
            now=clock.now(),
        )
        get_db().commit()
    except (authoring.Unfit, authoring.ChangedMeanwhile) as error:
        flash(f"It stays as it is. {error}", "bad")
        return redirect(address_of("admin.question_history", key))
    flash("That version is taken again." if saved.changed else "It says that already.", "good")
    return redirect(address_of("admin.edit_question", key))


@audience(Audience.EDITOR)
def make_deleted_again(deed: int) -> Response:
    """Make a deleted draft again: one's own from the list, an owner any from the trail."""
    row, editor = get_db().get(ContentDeed, deed), current_user()
    is_theirs = row is not None and (row.editor_id == editor.id or editor.role is Role.OWNER)
    if row is None or row.kept is None or row.key is None or not is_theirs:
        raise NotFound("There is no such draft in the trail.")
    if OFFERED in row.kept:
        lab = make_lab_again(get_db(), kept=row.kept, slug=row.key, editor=editor, now=clock.now())
        get_db().commit()
        flash("The lab's draft is here again.", "good")
        return redirect(url_for("lab_editor.edit", slug=lab.slug))
    made = make_again(get_db(), kept=row.kept, key=row.key, editor=editor, now=clock.now())
    get_db().commit()
    flash("The draft is here again.", "good")
    return redirect(url_for("admin.edit_question", key=made.key))


def _changed(old: QuestionKind) -> str:
    """The editor of a new question with what was typed as `old`, for the kind and the place that are chosen now."""
    typed = QuestionForm.of(old)
    typed.validate()
    wording = typed.wording(EMPTY)
    lost: list[str] = []
    if "level" in typed.unreadable():
        lost.append("its level, which was no number from 1 to 5")
    kind = _kind(request.form.get("to_kind", "")) or old
    if kind is not old and not {kind, old} <= {*CHOICE_KINDS}:  # between these all options stay
        change = changed_kind(wording, old, kind)
        wording, lost = change.wording, [*change.lost, *lost]
    form = QuestionForm.of(kind, wording, opened=EMPTY)
    return _new(kind, form, note=request.form.get("to_note", ""), where=request.form.get("to_where", ""), lost=lost)


def _new(
    kind: QuestionKind | None, form: QuestionForm | None, *, note: str, where: str, lost: Sequence[str] = ()
) -> str:
    shown = form.wording(EMPTY) if form is not None else EMPTY
    places = places_in(get_db(), note) if note else []
    return render_template(
        "admin/new.html",
        form=form,
        kind=kind,
        kinds=[(one, KIND_WORDS[one]) for one in MADE_KINDS],
        notes=notes_for_all(get_db(), editor=current_user()),
        note=note,
        places=places,
        where=where if any(place.value == where for place in places) else "",  # a section of another note is none here
        lost=lost,
        view=queries.preview(queries.unsaved(kind), shown) if kind is not None else None,
    )


def _kind(text: str) -> QuestionKind | None:
    return next((kind for kind in MADE_KINDS if kind == text), None)


def _stage(text: str) -> Stage:
    try:
        return Stage(text)
    except ValueError:
        raise Conflict("There is no such stage. Reload the page.") from None


def _seen_by(question: Question) -> str:
    return " Learners do not see it." if question.hidden else " Learners see it."
