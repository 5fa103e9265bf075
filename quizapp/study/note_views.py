"""The list of notes, and one note to read."""

from flask import Blueprint, render_template

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.catalogue.queries import list_notes
from quizapp.study.note_page import note_page
from quizapp.web.database import get_db

bp = Blueprint("notes", __name__, url_prefix="/notes")


@bp.get("")
@audience(Audience.LEARNER)
def index() -> str:
    """The list of the notes that the learner learns from."""
    return render_template("study/notes.html", notes=list_notes(get_db(), user=current_user()))


@bp.get("/<key>")
@audience(Audience.LEARNER)
def read(key: str) -> str:
    """The page of one note."""
    page = note_page(get_db(), user=current_user(), key=key, now=clock.now())
    return render_template("study/note.html", page=page)
