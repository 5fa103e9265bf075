"""The page of the plan for an interview, and the buttons that make and drop it."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.forms import InterviewForm
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.accounts.interview import drop_interview
from quizapp.study.plan_page import plan_page
from quizapp.web.database import get_db


@audience(Audience.LEARNER)
def show() -> str:
    """The plan as it comes out today."""
    return _page(None)


@audience(Audience.LEARNER)
def make() -> Response | tuple[str, int]:
    """Plan for an interview."""
    form = InterviewForm()
    if not form.sets(current_user(), now=clock.now()):
        return _page(form), 400
    get_db().commit()
    flash("Planned. Today gives you what the plan says.", "good")
    return redirect(url_for("plan.show"))


@audience(Audience.LEARNER)
def drop() -> Response:
    """Go back to the usual limits."""
    drop_interview(current_user())
    get_db().commit()
    flash("The plan is dropped. Your usual limits count again.")
    return redirect(url_for("plan.show"))


def _page(form: InterviewForm | None) -> str:
    """The page with the form as it is, or with one that was sent and is wrong."""
    now, user = clock.now(), current_user()
    page = plan_page(get_db(), user=user, now=now)
    return render_template("study/plan.html", page=page, form=form or InterviewForm.of(user, now=now))
