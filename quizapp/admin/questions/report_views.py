"""The inbox of what learners report: an editor takes a suggested text, says that it is mended, or declines."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.admin.questions.inbox import inbox as inbox_page
from quizapp.admin.questions.views import page_number
from quizapp.catalogue.reports import service as problem_reports
from quizapp.catalogue.reports.models import ReportState
from quizapp.catalogue.reports.service import BadReport
from quizapp.errors import Conflict, WayOn
from quizapp.web.database import get_db, only_reading


@audience(Audience.EDITOR)
def inbox() -> str:
    """A page of the reports, what is open first."""
    with only_reading():
        return render_template("admin/inbox.html", page=inbox_page(get_db(), page=page_number(), editor=current_user()))


@audience(Audience.EDITOR)
def take(report: int) -> Response:
    """Write the suggested text into its question."""
    with _leading_to_the_list():
        question = problem_reports.take(get_db(), report_id=report, editor=current_user(), now=clock.now())
    get_db().commit()
    flash("Taken: learners see the suggested text from now on. The question's history has the one before.", "good")
    return redirect(url_for("admin.inbox", _anchor=question.key))


@audience(Audience.EDITOR)
def settle(report: int) -> Response | tuple[str, int]:
    """Say that it is mended, or decline it with a word for the learner; the list again, if that word is missing."""
    asked = request.form.get("state", "")
    state = next((one for one in ReportState if one == asked), ReportState.OPEN)
    reply, editor = request.form.get("reply", ""), current_user()
    try:
        with _leading_to_the_list():
            problem_reports.settle(get_db(), report_id=report, state=state, reply=reply, editor=editor, now=clock.now())
    except BadReport as error:
        get_db().rollback()
        return _list_again(report, reply=reply, why=str(error)), 400
    get_db().commit()
    flash("Mended." if state is ReportState.TAKEN else "Declined. The learner reads why.", "good")
    return redirect(url_for("admin.inbox"))


def _list_again(report: int, *, reply: str, why: str) -> str:
    """The reports, with what was typed at the one whose answer could not be stored, and why."""
    page, refused = page_number(), {"report": report, "reply": reply, "why": why}
    with only_reading():
        shown = inbox_page(get_db(), page=page, editor=current_user())
        return render_template("admin/inbox.html", page=shown, refused=refused)


@contextmanager
def _leading_to_the_list() -> Iterator[None]:
    """What another editor has done meanwhile leads back to the reports, which say it."""
    try:
        yield
    except Conflict as error:
        error.way_on = WayOn(name="Go to the reports", url=url_for("admin.inbox"))
        raise
