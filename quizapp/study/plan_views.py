"""The page of the plan for an interview, and the buttons that make and drop it."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.review import planned
from quizapp.study.plan_forms import PlanForm
from quizapp.study.plan_page import plan_page
from quizapp.web.database import get_db

DEFAULT_MINUTES = 30  # the daily half hour, until the learner says otherwise


@audience(Audience.LEARNER)
def show() -> str:
    """The plan as it comes out today."""
    return _page(None)


@audience(Audience.LEARNER)
def make() -> Response | tuple[str, int]:
    """Plan for an interview."""
    form = PlanForm()
    if not form.validate():
        return _page(form), 400
    on, minutes = form.on.data, form.minutes.data
    assert on is not None  # the form requires both
    assert minutes is not None
    try:
        planned.set_interview(current_user(), on=on, minutes=minutes, now=clock.now())
    except planned.BadInterviewDate as error:
        form.on.errors = [str(error)]
        return _page(form), 400
    get_db().commit()
    flash("Planned. Today gives you what the plan says.", "good")
    return redirect(url_for("plan.show"))


@audience(Audience.LEARNER)
def drop() -> Response:
    """Go back to the usual limits."""
    planned.drop_interview(current_user())
    get_db().commit()
    flash("The plan is dropped. Your usual limits count again.")
    return redirect(url_for("plan.show"))


def _page(form: PlanForm | None) -> str:
    """The page with the form as it is, or with one that was sent and is wrong."""
    page = plan_page(get_db(), user=current_user(), now=clock.now())
    given = form or PlanForm(formdata=None, on=page.interview, minutes=page.minutes or DEFAULT_MINUTES)
    return render_template("study/plan.html", page=page, form=given)
