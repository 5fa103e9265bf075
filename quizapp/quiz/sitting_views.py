"""A test before it is handed in: the list of its questions, and the end."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.quiz import service, sittings
from quizapp.quiz.modes import Mode
from quizapp.quiz.questions_page import questions_page
from quizapp.quiz.waiting import is_over
from quizapp.web.database import get_db


@audience(Audience.LEARNER)
def questions(quiz_id: UUID) -> Response | str:
    """All questions of a test, which are answered, and the way to hand it in; `?ask=1` asks about the others first."""
    quiz, now = service.quiz_of(get_db(), user=current_user(), quiz_id=quiz_id), clock.now()
    if quiz.mode is not Mode.TEST or is_over(quiz, now=now):
        return redirect(url_for("practice.result", quiz_id=quiz_id))
    page = questions_page(quiz, now=now)
    return render_template("quiz/questions.html", page=page, asks=bool(request.args.get("ask")) and page.unanswered)


@audience(Audience.LEARNER)
def hand_in(quiz_id: UUID) -> Response:
    """Close a test or an interview and mark it; with questions that have no answer the learner is asked first."""
    quiz, now = service.quiz_of(get_db(), user=current_user(), quiz_id=quiz_id), clock.now()
    is_sure = request.form.get("sure") == "1" or is_over(quiz, now=now)
    if not is_sure and any(attempt.answer is None for attempt in quiz.attempts):
        return redirect(url_for("practice.questions", quiz_id=quiz_id, ask=1))
    sittings.hand_in(get_db(), user=current_user(), quiz=quiz, now=now)
    get_db().commit()
    return redirect(url_for("practice.result", quiz_id=quiz_id))
