"""A lab's page and a run's page, and the forms on them: predictions, checks, hints, the solution."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock, confidence
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.classes.onlooking import onlooking_of
from quizapp.errors import QuizappError
from quizapp.labs.hosts import command_box, run_host
from quizapp.labs.hosts.run_host import HostState
from quizapp.labs.judging import grading
from quizapp.labs.runs import queries, service
from quizapp.labs.runs.predictions import PredictionMissing
from quizapp.labs.runs.queries import LabTexts
from quizapp.labs.trials import store
from quizapp.labs.wiring import sandboxes
from quizapp.review.queries import counts, question_comes_back
from quizapp.study.hands_on import results
from quizapp.study.hands_on.host_page import host_page
from quizapp.study.hands_on.lab_page_views import LabPage
from quizapp.study.hands_on.list_views import offer
from quizapp.study.hands_on.trial_page import trial_page
from quizapp.study.hands_on.way_back_forms import remember, way_back
from quizapp.verdicts import Verdict
from quizapp.web.database import get_db

TYPED_MAX_CHARS = 4_000  # more than any answer has; a longer one is cut before it is graded and stored
NEEDS_A_HOST = frozenset({HostState.NONE, HostState.LOST, HostState.UNFIT})


@audience(Audience.LEARNER)
def show(slug: str) -> Response | str:
    """A lab: a redirect to its open run, or the page before a run. `?from=…` keeps the way back to there."""
    remember(slug)
    lab, open_run = queries.lab_page(get_db(), user_id=current_user().id, slug=slug)
    if open_run is not None:
        return redirect(url_for(".show_run", run_id=open_run))
    return before_a_run(lab)


@audience(Audience.LEARNER)
def predict(slug: str) -> Response | tuple[str, int]:
    """Store the learner's predictions in their open run, or in a new one."""
    now = clock.now()
    run = service.open_run(get_db(), user_id=current_user().id, slug=slug, now=now)
    try:
        sure = confidence.said(request.form.get("how_sure"))
        service.predict(get_db(), run=run, given=request.form, confidence=sure, now=now)
    except PredictionMissing as error:
        get_db().rollback()
        lab, _ = queries.lab_page(get_db(), user_id=current_user().id, slug=slug)
        return before_a_run(lab, given=request.form, error=str(error)), error.status
    get_db().commit()
    return redirect(url_for(".show_run", run_id=run.id))


@audience(Audience.LEARNER)
def show_run(run_id: UUID) -> Response:
    """One run: its next step, or its result."""
    user_id = current_user().id
    lab, run = queries.run_page(get_db(), user_id=user_id, run_id=run_id)
    ticket = service.ticket_of(get_db(), user_id=user_id, run_id=run_id)
    open_run = queries.open_run_of(get_db(), user_id=user_id, lab_id=lab.id)
    comes_back = _comes_back(lab)
    reviews_left = 0 if run.is_open else counts(get_db(), user=current_user(), now=clock.now()).total
    passed = not run.is_open and run.verdict is Verdict.PASS
    passed = passed and not lab.is_draft
    next_lab = queries.next_lab(get_db(), user_id=user_id, lab_id=lab.id) if passed else None
    commands = command_box.log(get_db(), user_id=user_id, run_id=run_id)
    waiting, back = store.waiting(get_db(), ticket), way_back(lab.slug, now=clock.now())
    onlooking = onlooking_of(get_db(), run_id=run_id, learner=current_user(), now=clock.now())
    get_db().rollback()  # nothing is locked while sandboxd is asked
    host = run_host.host_now(sandboxes(), ticket)
    page = LabPage(
        lab=lab,
        run=run,
        onlooking=onlooking,
        host=host_page(host, now=clock.now()),
        commands=commands,
        trial=trial_page(sandboxes(), waiting) if waiting else None,
        open_run=open_run if open_run != run.id else None,
        off=why_off(lab) if run.is_open and host.state in NEEDS_A_HOST else None,
        other=run_host.taken_by(sandboxes(), ticket) if run.is_open else None,
        comes_back=comes_back,
        reviews_left=reviews_left,
        next_lab=next_lab,
        back=back,
    )
    response = make_response(render_template("hands_on/lab.html", page=page))
    if not run.is_open and "HX-Request" in request.headers:
        response.headers["HX-Trigger"] = "networks-told"  # what the picture had left out it may show now
    return response


@audience(Audience.LEARNER)
def check(run_id: UUID) -> Response:
    """Grade the lab by its host's state; a pass rates the card."""
    user = current_user()
    run = run_host.check(get_db(), sandboxes(), user_id=user.id, run_id=run_id, typed=_typed(), now=clock.now)
    results.count(get_db(), user=user, run=run, now=clock.now())
    get_db().commit()
    return _to_result(run_id)


@audience(Audience.LEARNER)
def live_checks(run_id: UUID) -> Response | str | tuple[str, int]:
    """Run the checks for a script, after the host has changed. Only a pass is recorded, and told as an event.

    Otherwise a part of the page with the verdicts, or 204 if they are those that the page shows.
    """
    ticket = service.ticket_of(get_db(), user_id=current_user().id, run_id=run_id)
    get_db().rollback()  # nothing is locked while the sandbox works
    grade = run_host.examine(sandboxes(), ticket, typed="")
    if ticket.is_open and grade.verdict is Verdict.PASS:
        results.record(get_db(), user=current_user(), ticket=ticket, grade=grade, typed="", now=clock.now())
        get_db().commit()
        return Response(status=HTTPStatus.NO_CONTENT, headers={"HX-Trigger": "lab-passed"})
    checks = grade.checks[: len(ticket.lab.checks)]
    shown = " ".join(check.verdict for check in checks)
    if not ticket.is_open or shown == request.form.get("shown", ""):
        return "", HTTPStatus.NO_CONTENT
    return render_template(
        "hands_on/_live_checks.html", checks=checks, shown=shown, asks_answer=ticket.lab.answer is not None
    )


@audience(Audience.LEARNER)
def explain(run_id: UUID) -> Response:
    """Judge the answer to the question after a pass by the host's present state. It changes no rating."""
    ticket = service.ticket_of(get_db(), user_id=current_user().id, run_id=run_id)
    get_db().rollback()  # nothing is locked while the sandbox works
    typed = _typed()
    try:
        verdict = run_host.explained(sandboxes(), ticket, typed=typed)
    except QuizappError as error:
        flash(str(error), "warning")
    else:
        service.record_explained(get_db(), ticket, verdict, typed=typed, now=clock.now())
        get_db().commit()
    return redirect(url_for(".show_run", run_id=run_id, _anchor="explain"))


@audience(Audience.LEARNER)
def hint(run_id: UUID) -> Response:
    """Show one more hint."""
    service.hint(get_db(), user_id=current_user().id, run_id=run_id, now=clock.now())
    get_db().commit()
    return redirect(url_for(".show_run", run_id=run_id, _anchor="hints"))


@audience(Audience.LEARNER)
def show_solution(run_id: UUID) -> Response:
    """Show the run's solution, which rates the card Again. It ends the run unless the learner goes on (`go_on`)."""
    goes_on = "go_on" in request.form
    show = service.read_solution if goes_on else service.show_solution
    run = show(get_db(), user_id=current_user().id, run_id=run_id, now=clock.now())
    results.count(get_db(), user=current_user(), run=run, now=clock.now())
    get_db().commit()
    return redirect(url_for(".show_run", run_id=run_id, _anchor="solution")) if goes_on else _to_result(run_id)


@audience(Audience.LEARNER)
def answer_recording(run_id: UUID) -> Response:
    """Grade an answer to the recording of a lab for which no host can be started; a pass rates the card."""
    ticket = service.ticket_of(get_db(), user_id=current_user().id, run_id=run_id)
    get_db().rollback()  # nothing is locked while sandboxd is asked
    if ticket.lab.recorded is None or why_off(ticket.lab) is None:
        flash("There is a host for this lab; do it there.", "warning")
        return redirect(url_for(".show_run", run_id=run_id))
    typed = _typed()
    grade = grading.judge_recording(ticket.lab.recorded, typed=typed)
    results.record(get_db(), user=current_user(), ticket=ticket, grade=grade, typed=typed, now=clock.now())
    get_db().commit()
    return _to_result(run_id)


def _typed() -> str:
    """The answer in the form. Several fields, the places of an order, become one line each."""
    return "\n".join(request.form.getlist("answer"))[:TYPED_MAX_CHARS]


def before_a_run(lab: LabTexts, *, given: Mapping[str, str] | None = None, error: str | None = None) -> str:
    """The page of a lab before a run, with what was wrong with a prediction if one was sent."""
    comes_back, back = _comes_back(lab), way_back(lab.slug, now=clock.now())
    get_db().rollback()  # nothing is locked while sandboxd is asked
    page = LabPage(lab=lab, given=given or {}, error=error, off=why_off(lab), comes_back=comes_back, back=back)
    return render_template("hands_on/lab.html", page=page)


def why_off(lab: LabTexts | LabDefinition) -> str | None:
    """Why no host for this lab can be started, in a sentence; None if one can."""
    offered = offer()
    return offered.off or offered.why_not(lab.template, lab.needs)


def _comes_back(lab: LabTexts) -> str | None:
    if lab.is_draft:
        return None
    return question_comes_back(get_db(), user=current_user(), question_id=lab.question_id, now=clock.now())


def _to_result(run_id: UUID) -> Response:
    return redirect(url_for(".show_run", run_id=run_id, _anchor="result"))
