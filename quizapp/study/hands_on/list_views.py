"""The list of labs."""

from dataclasses import replace

from flask import render_template, request

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.accounts.models import Role
from quizapp.labs.hosts import run_host
from quizapp.labs.hosts.run_host import Offer
from quizapp.labs.runs.calibration import calibration
from quizapp.labs.runs.lab_list import lab_list
from quizapp.labs.runs.prediction_outcomes import foretold
from quizapp.labs.wiring import sandboxes
from quizapp.review.knowledge import Knowledge, knowledge
from quizapp.review.queries import today_of
from quizapp.study.hands_on.labs_page import MINUTES, LabsPage, narrowed_by
from quizapp.study.hands_on.way_back_forms import forget
from quizapp.web.application import current_settings
from quizapp.web.database import get_db


@audience(Audience.LEARNER)
def index() -> str:
    """The list of labs, narrowed by what the address says."""
    forget()
    user, now = current_user(), clock.now()
    labs = lab_list(get_db(), user_id=user.id)
    today = today_of(user, now=now)
    known = knowledge(get_db(), user_id=user.id, question_ids=[lab.question_id for lab in labs], today=today)
    predicted = foretold(get_db(), user_id=user.id, zone=user.zone)
    due = frozenset(question_id for question_id, state in known.items() if state is Knowledge.DUE)
    get_db().rollback()  # nothing is locked while sandboxd is asked
    narrowed = narrowed_by(request.args)
    page = LabsPage(labs=labs, calibration=calibration(predicted), due=due, offer=offer(), narrowed=narrowed)
    return render_template("hands_on/index.html", page=page, minutes=MINUTES)


def offer() -> Offer:
    """Which hosts this installation can start at present."""
    settings = current_settings()
    offered = run_host.offer(
        sandboxes(), switched_on=settings.hands_on, templates=settings.sandbox_templates.split(",")
    )
    return replace(offered, says_how=current_user().role.may_act_as(Role.OWNER))
