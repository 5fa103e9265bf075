"""A command that a quiz session asks for, run on two hosts and marked by its effect; the quiz itself knows no host.

While sandboxd is asked, nothing is locked: each view commits or ends its transaction before.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, jsonify, redirect, request, url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.catalogue.labs.lab_format import LabDefinition
from quizapp.catalogue.labs.lab_parts import ASPECT_NAMES
from quizapp.errors import Invalid, QuizappError
from quizapp.labs.judging import grading
from quizapp.labs.judging.grading import Grade
from quizapp.labs.trials import store, twins
from quizapp.labs.trials.store import GivenCommand, Trial
from quizapp.labs.trials.twins import Side
from quizapp.labs.wiring import sandboxes
from quizapp.quiz import given_commands, service
from quizapp.quiz.models import Attempt
from quizapp.quiz.unanswered import waits_for_answers
from quizapp.study.hands_on import lab_card
from quizapp.study.hands_on.trial_page import AGAIN_MS, trial_page
from quizapp.study.hands_on.views import why_off
from quizapp.verdicts import Verdict
from quizapp.web.database import get_db

HOSTS_ARE_THERE = "Hosts can be had now: give the command. If you do not know it, say so."
IN_THE_TEST = "Left out: it does not count. You may still give a command until you hand the test in."
NO_LAB = "This question is of a version that is gone, so that it cannot be run any more."


@audience(Audience.LEARNER)
def begin_hosts(quiz_id: UUID, position: int) -> Response:
    """Begin two hosts for the command that this question asks for, or say why there are none; a test begins none."""
    attempt = _attempt(quiz_id, position)
    return jsonify(no_hosts=None if attempt.verdict is not None else _no_hosts(attempt))


@audience(Audience.LEARNER)
def run_asked(quiz_id: UUID, position: int) -> Response:
    """Run the command of a question, or look whether its hosts are up. A script is told what they do meanwhile.

    Several requests may ask at once: the first one marks it.
    """
    attempt = _attempt(quiz_id, position)
    if given_commands.is_to_be_run(attempt):
        try:
            _run(attempt)
        except QuizappError as error:
            get_db().rollback()
            hosts = given_commands.hosts_of(attempt)
            given_commands.could_not_run(get_db(), attempt=attempt, why=str(error), hosts=hosts)
            get_db().commit()
            twins.end(sandboxes(), {Side(side): host for side, host in hosts.items()})
    return _shown(attempt)


@audience(Audience.LEARNER)
def leave_out(quiz_id: UUID, position: int) -> Response:
    """Go on without a command for which no hosts can be had: it does not count. With hosts, it is asked as before."""
    attempt = _attempt(quiz_id, position)
    back = redirect(url_for("practice.show", quiz_id=quiz_id, position=position))
    is_in_trouble = given_commands.TROUBLE in (attempt.answer or {})
    if attempt.verdict is None and not is_in_trouble and _no_hosts(attempt) is None:
        flash(HOSTS_ARE_THERE, "warning")
        return back
    given_commands.leave_out(get_db(), user=current_user(), attempt=attempt, now=clock.now())
    get_db().commit()
    if waits_for_answers(attempt.quiz_session):
        flash(IN_THE_TEST)
    return back


def _attempt(quiz_id: UUID, position: int) -> Attempt:
    """The learner's attempt, which asks for a command. Raises NotFound, and Invalid for a question of another kind."""
    attempt = service.attempt_at(service.quiz_of(get_db(), user=current_user(), quiz_id=quiz_id), position)
    if attempt.shown.lab is None:
        raise Invalid("This question asks for no command.")
    return attempt


def _lab(attempt: Attempt) -> LabDefinition:
    """The lab as it was asked. Raises Invalid if this version cannot read it any more."""
    asked = attempt.shown.lab
    assert asked is not None  # see _attempt
    try:
        return LabDefinition.model_validate(dict(asked.definition))
    except ValidationError:
        raise Invalid(NO_LAB) from None


def _no_hosts(attempt: Attempt) -> str | None:
    """Begin the hosts for a command. Why there are none, in a sentence; None if there are, or could be in a test."""
    lab, owner = _lab(attempt), str(current_user().id)
    is_later = waits_for_answers(attempt.quiz_session)
    get_db().rollback()  # nothing is locked while sandboxd is asked
    off = why_off(lab)
    return off if off or is_later else lab_card.begin(sandboxes(), owner=owner, template=lab.template)


def _run(attempt: Attempt) -> None:
    """Ask for hosts if there are none yet, and mark the command if both are up. Raises what `twins.ask` raises."""
    db, client, lab, command = get_db(), sandboxes(), _lab(attempt), (attempt.answer or {})["text"]
    asked = attempt.shown.lab
    assert asked is not None  # see _attempt
    given = GivenCommand(lab=lab, values=asked.values, command=command)
    if not given_commands.hosts_of(attempt):
        if store.is_accepted(db, given, now=clock.now()):
            return _mark(attempt, grading.accepted(lab))
        owner = str(current_user().id)
        db.rollback()
        pair = twins.ask(client, owner=owner, template=lab.template)
        given_commands.run_on(db, attempt=attempt, hosts={side.value: host for side, host in pair.items()})
        db.commit()
    hosts = {Side(side): host for side, host in given_commands.hosts_of(attempt).items()}
    db.rollback()
    found = twins.graded(client, hosts, lab=lab, command=command) if hosts else None
    if found is None:
        return None
    if found.verdict is Verdict.COULD_NOT_CHECK:
        raise Invalid(found.said)
    if found.verdict is Verdict.PASS:
        store.accept(db, given, now=clock.now())
    _mark(attempt, found)
    return twins.end(client, hosts)


def _mark(attempt: Attempt, found: Grade) -> None:
    given_commands.mark_by_effect(
        get_db(),
        user=current_user(),
        attempt=attempt,
        verdict=found.verdict,
        effect=_effect(found),
        now=clock.now(),
    )
    get_db().commit()


def _effect(found: Grade) -> Mapping[str, Any]:
    """What came of a command, as the page of the question shows it and its attempt keeps it."""
    return {
        "said": found.said,
        "ending": found.ending,
        "printed": found.printed,
        "contrasts": [
            {"aspect": ASPECT_NAMES[each.aspect.value], "missing": list(each.missing), "extra": list(each.extra)}
            for each in found.differences
        ],
    }


def _shown(attempt: Attempt) -> Response:
    """The page of the question; for a script, what the hosts do, and whether the page has something new to show."""
    if request.accept_mimetypes.best == "application/json":
        hosts = {Side(side): host for side, host in given_commands.hosts_of(attempt).items()}
        is_waiting = given_commands.is_to_be_run(attempt) and bool(hosts)
        get_db().rollback()
        says = trial_page(sandboxes(), Trial(command="", twins=hosts)).says if is_waiting else ()
        return jsonify(is_over=not is_waiting, says=says, again_ms=AGAIN_MS)
    return redirect(url_for("practice.show", quiz_id=attempt.quiz_session_id, position=attempt.position))
