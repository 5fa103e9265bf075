"""Labs that ask for one command, graded by its effect: give it, wait for the hosts that try it."""

from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.errors import QuizappError
from quizapp.labs.judging import grading
from quizapp.labs.judging.grading import Grade
from quizapp.labs.runs import service
from quizapp.labs.runs.ticket import Job
from quizapp.labs.trials import store, twins
from quizapp.labs.trials.store import Try
from quizapp.labs.trials.twins import Side
from quizapp.labs.wiring import sandboxes
from quizapp.sandboxes.client import TooManySandboxes, TooManyStarts
from quizapp.study.hands_on import results
from quizapp.study.hands_on.blueprint import bp
from quizapp.verdicts import Verdict
from quizapp.web.database import get_db


@bp.post("/runs/<uuid:run_id>/try")
@audience(Audience.LEARNER)
def give(run_id: UUID) -> Response:
    """Take a command. One that was right before is right at once; for any other, two hosts are asked for."""
    job = service.job_of(get_db(), user_id=current_user().id, run_id=run_id)
    before, now = store.waiting(get_db(), job), clock.now()
    try:
        command = twins.readable(request.form.get("command", ""))
        if store.is_accepted(get_db(), job, command, now=now):
            return _graded(job, grading.accepted(job.lab), command)
        get_db().rollback()  # nothing is locked while sandboxd is asked
        pair = _fresh_pair(job, before)
        store.record(get_db(), job, Try(command=command, twins=pair), now=now)
    except (TooManySandboxes, TooManyStarts):
        raise  # a page of its own, which says when to come back
    except QuizappError as error:
        flash(str(error), "warning")
        return _back(run_id)
    get_db().commit()
    return _back(run_id)


@bp.post("/runs/<uuid:run_id>/trial")
@audience(Audience.LEARNER)
def go_on(run_id: UUID) -> Response:
    """Grade the command that the run waits for, if both of its hosts are up."""
    job = service.job_of(get_db(), user_id=current_user().id, run_id=run_id)
    waiting = store.waiting(get_db(), job)
    get_db().rollback()  # nothing is locked while the hosts work
    if waiting is None:
        return _back(run_id)
    try:
        pair = {side: sandboxes().get(sandbox_id) for side, sandbox_id in waiting.twins.items()}
    except QuizappError as error:
        return _graded(job, grading.not_checked(str(error)), waiting.command)
    if not all(map(twins.is_up, pair.values())):
        return _back(run_id)
    grade = twins.compared(sandboxes(), pair, lab=job.lab, command=waiting.command)
    twins.end(sandboxes(), waiting.twins)
    if grade.verdict is Verdict.PASS:
        store.accept(get_db(), job, waiting.command, now=clock.now())
    return _graded(job, grade, waiting.command)


def _fresh_pair(job: Job, before: Try | None) -> Mapping[Side, str]:
    """Two hosts that nothing was done on; those of the command `before` are given up."""
    if before:
        twins.end(sandboxes(), before.twins)
    return twins.ask(sandboxes(), owner=job.owner, template=job.lab.template)


def _graded(job: Job, grade: Grade, command: str) -> Response:
    """Record the grade of a command; a pass counts for the card."""
    results.record(get_db(), user=current_user(), job=job, grade=grade, typed=command, now=clock.now())
    get_db().commit()
    return redirect(url_for("hands_on.show_run", run_id=job.run_id, _anchor="result"))


def _back(run_id: UUID) -> Response:
    return redirect(url_for("hands_on.show_run", run_id=run_id))
