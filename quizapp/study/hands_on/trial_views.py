"""Labs that ask for one command, graded by its effect: give the command, then have it graded on two hosts."""

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
from quizapp.labs.runs.ticket import RunTicket
from quizapp.labs.trials import store, twins
from quizapp.labs.trials.store import Trial
from quizapp.labs.trials.twins import Side
from quizapp.labs.wiring import sandboxes
from quizapp.sandboxes.client import TooManySandboxes, TooManyStarts
from quizapp.study.hands_on import results
from quizapp.study.hands_on.blueprint import bp
from quizapp.verdicts import Verdict
from quizapp.web.database import get_db


@bp.post("/runs/<uuid:run_id>/trial")
@audience(Audience.LEARNER)
def give_command(run_id: UUID) -> Response:
    """Take a command. If its form was right before, the run passes at once; else two hosts are asked for."""
    ticket = service.ticket_of(get_db(), user_id=current_user().id, run_id=run_id)
    before, now = store.waiting(get_db(), ticket), clock.now()
    try:
        command = twins.readable(request.form.get("command", ""))
        if store.is_accepted(get_db(), ticket, command, now=now):
            return _accepted(ticket, command, before)
        get_db().rollback()  # nothing is locked while sandboxd is asked
        pair = _fresh_pair(ticket, before)
        store.record(get_db(), ticket, Trial(command=command, twins=pair), now=now)
    except (TooManySandboxes, TooManyStarts):
        raise  # answered with an error page that says when to try again
    except QuizappError as error:
        flash(str(error), "warning")
        return _back(run_id)
    get_db().commit()
    return _back(run_id)


@bp.post("/runs/<uuid:run_id>/trial/grade")
@audience(Audience.LEARNER)
def grade_trial(run_id: UUID) -> Response:
    """Grade the run's trial, if both of its hosts are up.

    Several pages may ask at once: the first request records its grade, and all pages show that grade.
    """
    ticket = service.ticket_of(get_db(), user_id=current_user().id, run_id=run_id)
    waiting = store.waiting(get_db(), ticket)
    get_db().rollback()  # nothing is locked while the hosts work
    if waiting is None:
        return _to_result(run_id)
    grade = twins.graded(sandboxes(), waiting.twins, lab=ticket.lab, command=waiting.command)
    if grade is None:
        return _back(run_id)
    now_waiting = store.locked_waiting(get_db(), ticket)
    if now_waiting == waiting:
        if grade.verdict is Verdict.PASS:
            store.accept(get_db(), ticket, waiting.command, now=clock.now())
        _record(ticket, grade, waiting.command)
    get_db().commit()
    if now_waiting in (None, waiting):  # a newer command has ended these hosts already, or runs on them
        twins.end(sandboxes(), waiting.twins)
    return _to_result(run_id)


def _fresh_pair(ticket: RunTicket, before: Trial | None) -> Mapping[Side, str]:
    """Ask for two new hosts, after ending those of the trial `before`."""
    if before:
        twins.end(sandboxes(), before.twins)
    return twins.ask(sandboxes(), owner=ticket.owner, template=ticket.lab.template)


def _accepted(ticket: RunTicket, command: str, before: Trial | None) -> Response:
    """Record a pass without hosts, and end those of the trial `before`."""
    _record(ticket, grading.accepted(ticket.lab), command)
    get_db().commit()
    if before:
        twins.end(sandboxes(), before.twins)
    return _to_result(ticket.run_id)


def _record(ticket: RunTicket, grade: Grade, command: str) -> None:
    """Record the grade of a command; a pass rates the card."""
    results.record(get_db(), user=current_user(), ticket=ticket, grade=grade, typed=command, now=clock.now())


def _to_result(run_id: UUID) -> Response:
    return redirect(url_for("hands_on.show_run", run_id=run_id, _anchor="result"))


def _back(run_id: UUID) -> Response:
    return redirect(url_for("hands_on.show_run", run_id=run_id))
