"""Labs that ask for one command, graded by its effect: give the command, then have it graded on two hosts."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.errors import QuizappError
from quizapp.labs.runs import service
from quizapp.labs.trials import store, twins
from quizapp.labs.wiring import sandboxes
from quizapp.sandboxes.client import TooManySandboxes, TooManyStarts
from quizapp.study.hands_on import trying
from quizapp.study.hands_on.trying import Trier
from quizapp.web.database import get_db


@audience(Audience.LEARNER)
def give_command(run_id: UUID) -> Response:
    """Take a command. If its form was right before, the run passes at once; else two hosts are asked for."""
    trier = _trier(run_id)
    try:
        trying.give(trier, twins.readable(request.form.get("command", "")))
    except (TooManySandboxes, TooManyStarts):
        raise  # answered with an error page that says when to try again
    except QuizappError as error:
        flash(str(error), "warning")
        return _back(run_id)
    return _back(run_id) if store.waiting(get_db(), trier.ticket) else _to_result(run_id)


@audience(Audience.LEARNER)
def grade_trial(run_id: UUID) -> Response:
    """Grade the run's trial, if both of its hosts are up; all pages that ask at once show the same grade."""
    return _to_result(run_id) if trying.grade(_trier(run_id)).is_graded else _back(run_id)


def _trier(run_id: UUID) -> Trier:
    """Raises NotFound for another learner's run."""
    user = current_user()
    ticket = service.ticket_of(get_db(), user_id=user.id, run_id=run_id)
    return Trier(db=get_db(), client=sandboxes(), user=user, ticket=ticket, now=clock.now)


def _to_result(run_id: UUID) -> Response:
    return redirect(url_for("hands_on.show_run", run_id=run_id, _anchor="result"))


def _back(run_id: UUID) -> Response:
    return redirect(url_for("hands_on.show_run", run_id=run_id))
