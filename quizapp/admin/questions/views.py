"""The pages of Content: the list of questions, the editor with the learner's view beside it, a question's edits."""

from dataclasses import replace
from http import HTTPStatus

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.admin import service
from quizapp.admin.question_places import notes_for_all
from quizapp.admin.questions import history, queries
from quizapp.admin.questions.disputes import dispute_of
from quizapp.admin.questions.editor_priorities import FLAG_WORDS, with_flaky_labs
from quizapp.admin.questions.forms import FilterForm, QuestionForm
from quizapp.admin.questions.kept_forms import address_of, filters, kept, way_back
from quizapp.admin.questions.many_forms import EXPORT, NOTHING_CHOSEN, ManyChosen
from quizapp.admin.questions.stale_view import staleness_of
from quizapp.admin.trail import deleted_last
from quizapp.admin.wiring import edits_in_reviews, tells_authors
from quizapp.catalogue.articles.queries import notes_to_choose
from quizapp.catalogue.editing import authoring
from quizapp.catalogue.editing.bulk import AT_ONCE_MAX, BulkAction, last_step
from quizapp.catalogue.editing.conflict_settling import TakenSide, decide
from quizapp.catalogue.editing.merging import Marks, merged, read_marks
from quizapp.catalogue.editing.still_right import mark_looked_at
from quizapp.catalogue.models import Question
from quizapp.catalogue.question_wording import faults
from quizapp.catalogue.remits import OutsideRemit
from quizapp.catalogue.reports.waiting import count_open
from quizapp.web.database import get_db, only_reading
from quizapp.web.error_pages import is_swapped_in

DEEDS_ON_MANY = (
    *((BulkAction.TAG, "Tag"), (BulkAction.UNTAG, "Untag"), (BulkAction.PUBLISH, "Publish")),
    *((BulkAction.RETIRE, "Retire"), (BulkAction.RESTORE, "Restore"), (BulkAction.MOVE, "Move to a note")),
    (BulkAction.STILL_RIGHT, "Still right"),
    (EXPORT, "Export as JSON"),
)
PAGE_DIGITS_MAX = 6  # no list has a million pages; a longer number counts as page 1


@audience(Audience.EDITOR)
def index() -> str:
    """The list of questions with search and filters."""
    return list_page(NOTHING_CHOSEN)


def list_page(many: ManyChosen) -> str:
    """The list, with what was chosen for many questions where that could not be done."""
    form = FilterForm.of(request.args, notes_to_choose(get_db(), user=current_user()))
    chosen = form.filters()
    editor, now = current_user(), clock.now()
    page = queries.content_list(
        get_db(),
        filters=chosen,
        today=now.date(),
        page=page_number(),
        editor=editor,
        flagged=with_flaky_labs(tells_authors().flagged),
    )
    step, deleted = last_step(get_db(), editor=editor, now=now), deleted_last(get_db(), editor=editor, now=now)
    notes = notes_for_all(get_db(), editor=editor) if page.rows else []
    return render_template(
        "admin/index.html",
        page=page,
        form=form,
        filters=chosen,
        step=step,
        deleted=deleted,
        chosen=many,
        deeds=DEEDS_ON_MANY,
        notes=notes,
        all_at_once=page.pages > 1 and page.found <= AT_ONCE_MAX,
        reports=count_open(get_db(), editor=current_user()),
    )


@audience(Audience.EDITOR)
def edit_question(key: str) -> str:
    """The editor."""
    question = service.question_by_key(get_db(), key=key, editor=current_user())
    current = authoring.wording_of(question)
    return _editor(question, QuestionForm.of(question.kind, current, rev=question.rev))


@audience(Audience.EDITOR)
def save_question(key: str) -> Response | tuple[str, int]:
    """Save what was typed, and go back to `?back=` if one came from there, such as a card in a review.

    If it breaks a rule or somebody else has saved meanwhile, show it again with the reason.
    """
    question = service.question_by_key(get_db(), key=key, editor=current_user())
    form = QuestionForm.of(question.kind)
    form.validate()
    if unreadable := form.unreadable():
        form.show(unreadable)
        with only_reading():
            return _editor(question, form), 400
    wording, now = form.wording(authoring.wording_of(question)), clock.now()
    opened = read_marks(form.opened.data or "")
    try:
        saved = authoring.save(
            get_db(),
            question=question,
            wording=wording,
            rev=form.rev.data,
            opened=opened,
            editor=current_user(),
            now=now,
        )
    except authoring.Unfit as error:
        form.show(error.faults)
        with only_reading():
            return _editor(question, form), error.status
    except OutsideRemit as error:
        with only_reading():
            question = service.question_by_key(get_db(), key=key, editor=current_user())
            form.show(service.tag_to_keep(get_db(), error, editor=current_user()))
            return _editor(question, form), HTTPStatus.BAD_REQUEST
    except authoring.ChangedMeanwhile as error:
        with only_reading():
            return _conflict(question, form, opened), error.status
    if saved.changed:
        mark_looked_at(get_db(), question_ids=[question.id], now=now)  # who has edited it has looked
    back = way_back()
    if back and saved.edit_id is not None:
        edits_in_reviews()(get_db(), user=current_user(), edits={saved.edit_id: question.id}, now=now)
    get_db().commit()
    flash(_saved_sentence(saved), "good" if saved.changed else "message")
    return redirect(back or address_of("admin.edit_question", key))


@audience(Audience.EDITOR)
def settle_question(key: str) -> Response:
    """Take the file's version of a question that both have changed, or keep the one of the browser."""
    question = service.question_by_key(get_db(), key=key, editor=current_user())
    take = TakenSide.FILE if request.form.get("take") == TakenSide.FILE else TakenSide.DATABASE
    decide(get_db(), question, take=take, editor=current_user(), now=clock.now())
    get_db().commit()
    flash("The file's version is taken." if take is TakenSide.FILE else "The version of the browser stays.", "good")
    return redirect(address_of("admin.edit_question", key))


@audience(Audience.EDITOR)
def preview_question(key: str) -> str:
    """The learner's view of what was typed; saves nothing. htmx gets the view alone, a browser the whole editor."""
    with only_reading():
        question = service.question_by_key(get_db(), key=key, editor=current_user())
        form = QuestionForm.of(question.kind)
        form.validate()
        shown = form.wording(authoring.wording_of(question))
        found = {**faults(shown, question.kind, draft=question.draft), **form.unreadable()}
        if not is_swapped_in():
            form.show(found)
            return _editor(question, form)
        view = queries.preview(question, shown)
        return render_template("admin/_view.html", view=view, faults=list(found.values()))


@audience(Audience.EDITOR)
def question_history(key: str) -> str:
    """A page of the question's edits: who changed what, and when."""
    question = service.question_by_key(get_db(), key=key, editor=current_user())
    page = history.edits_of(get_db(), question=question, page=page_number())
    return render_template("admin/history.html", page=page, kept=kept())


def _editor(question: Question, form: QuestionForm) -> str:
    shown = form.wording(authoring.wording_of(question))
    today = clock.now().date()
    page = queries.editor_page(get_db(), question=question, shown=shown, today=today)
    chosen = filters()
    before, after = queries.neighbours(get_db(), question=question, filters=chosen, editor=current_user(), today=today)
    return render_template(
        "admin/edit.html",
        page=page,
        form=form,
        dispute=dispute_of(get_db(), question),
        way_back=way_back(),
        filters=chosen.chosen,
        kept=kept(chosen),
        before=before,
        after=after,
        waits=staleness_of(get_db(), question=question, today=today),
        figures=tells_authors().figures_of(get_db(), question=question),
        flags=FLAG_WORDS,
    )


def _conflict(question: Question, form: QuestionForm, opened: Marks | None) -> str:
    """The editor with what both have, and the parts that both have changed. Saving again takes the own version.

    Both are brought together anew: a third one may have saved since, and the page says what is stored now.
    """
    saved = authoring.wording_of(question)
    typed = form.wording(saved)
    both = merged(opened, saved=saved, typed=typed) if opened is not None else None
    typed = typed if both is None else both.wording
    mine = typed if both is None else replace(saved, **{name: getattr(typed, name) for name in both.disputed})
    shown = typed.without_lost_choices(saved)
    again = QuestionForm.of(question.kind, shown, rev=question.rev, opened=saved)
    return render_template(
        "admin/conflict.html",
        page=queries.editor_page(get_db(), question=question, shown=typed, today=clock.now().date()),
        form=again,
        differences=history.differences(saved, mine),
        who=history.last_editor(get_db(), question=question),
        kept=kept(),
    )


def _saved_sentence(saved: authoring.Saved) -> str:
    if not saved.changed:
        return "Nothing was changed, so nothing was saved."
    parts = ", ".join(saved.changed)
    if saved.theirs:
        parts += f". Somebody else has changed meanwhile, and that stays: {', '.join(saved.theirs)}"
    return f"Saved: {parts}. It is no longer a draft and will be asked." if saved.ended_draft else f"Saved: {parts}."


def page_number() -> int:
    """The number in `?page=`; 1 if that is no page number."""
    text = request.args.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= PAGE_DIGITS_MAX else 1
