"""What editors say to each other: comments on a question, a lab or a note, and the list of open threads."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.admin.comment_threads import all_open, said_about
from quizapp.admin.service import question_by_key
from quizapp.catalogue.comments import service as comments
from quizapp.catalogue.editing.note_text import note_text
from quizapp.catalogue.models import Note, Question
from quizapp.web.database import get_db, only_reading

ID_DIGITS_MAX = 9


@audience(Audience.EDITOR)
def show_open() -> str:
    """All open threads about what this editor may change."""
    with only_reading():
        return render_template("admin/comments.html", threads=all_open(get_db(), editor=current_user()))


@audience(Audience.EDITOR)
def show_of_question(key: str) -> str:
    """The comments on a question."""
    with only_reading():
        question = question_by_key(get_db(), key=key, editor=current_user())
        threads = said_about(get_db(), question)
        return render_template("admin/said.html", threads=threads, question=question, note=None)


@audience(Audience.EDITOR)
def show_of_note(key: str) -> str:
    """The comments on a note for all."""
    with only_reading():
        note = _note(key)
        return render_template("admin/said.html", threads=said_about(get_db(), note), question=None, note=note)


@audience(Audience.EDITOR)
def say_of_question(key: str) -> Response:
    """Begin a thread about a question, or answer in one."""
    _say(question_by_key(get_db(), key=key, editor=current_user()))
    return redirect(url_for("admin.show_of_question", key=key))


@audience(Audience.EDITOR)
def say_of_note(key: str) -> Response:
    """Begin a thread about a note, or answer in one."""
    _say(_note(key))
    return redirect(url_for("note_editor.show_of_note", key=key))


@audience(Audience.EDITOR)
def resolve(comment: int) -> Response:
    """Resolve a thread."""
    found = comments.resolve(get_db(), comment_id=comment, editor=current_user(), now=clock.now())
    get_db().commit()
    flash("Resolved.", "good")
    if found.question is not None:
        return redirect(url_for("admin.show_of_question", key=found.question.key))
    return redirect(url_for("note_editor.show_of_note", key=found.note.key if found.note is not None else ""))


def _say(about: Question | Note) -> None:
    text = request.form.get("answers", "")
    answers = int(text) if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS_MAX else None
    words, editor, now = request.form.get("words", ""), current_user(), clock.now()
    comments.say(get_db(), about=about, words=words, answers_id=answers, editor=editor, now=now)
    get_db().commit()


def _note(key: str) -> Note:
    """A note for all that this editor may change. Raises NotFound and OutsideRemit."""
    source = note_text(get_db(), user=current_user(), key=key)
    return get_db().scalars(select(Note).where(Note.id == source.id)).one()
