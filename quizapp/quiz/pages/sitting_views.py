"""The ends of tests and interviews: all questions and handing in, the report and its link."""

from uuid import UUID, uuid4

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.quiz import service, sittings
from quizapp.quiz.modes import Mode
from quizapp.quiz.pages.questions_page import questions_page
from quizapp.quiz.pages.report_page import interview_report, shared_report
from quizapp.quiz.unanswered import is_over
from quizapp.web.database import get_db
from quizapp.web.security import allow_recordings


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


@audience(Audience.LEARNER)
def report(quiz_id: UUID) -> Response | str:
    """The report of an interview; before it has ended, a redirect to what is still to be done."""
    quiz = service.quiz_of(get_db(), user=current_user(), quiz_id=quiz_id)
    if quiz.mode is not Mode.INTERVIEW or quiz.finished_at is None or quiz.handed_in_at is None:
        return redirect(url_for("practice.result", quiz_id=quiz_id))
    page = interview_report(get_db(), user=current_user(), quiz=quiz)
    return allow_recordings(make_response(render_template("quiz/report.html", page=page, is_own=True)))


@audience(Audience.LEARNER)
def share(quiz_id: UUID) -> Response:
    """Make the link by which anybody may read the report, or take it back: the form says which."""
    quiz = service.quiz_of(get_db(), user=current_user(), quiz_id=quiz_id)
    if request.form.get("share") == "1":
        sittings.share(get_db(), quiz=quiz, key=uuid4())
    else:
        sittings.take_share_back(get_db(), quiz=quiz)
    get_db().commit()
    return redirect(url_for("practice.report", quiz_id=quiz_id, _anchor="share"))


@audience(Audience.ANYONE)
def shared(key: UUID) -> Response:
    """A report that its learner has shared, for whoever has the link. Nothing on it leads to the learner."""
    response = make_response(render_template("quiz/report.html", page=shared_report(get_db(), key=key), is_own=False))
    response.headers["X-Robots-Tag"] = "noindex"
    return response
