"""Labs that ask for one command, done in their card of the review: each answer is the card's part, for its script.

The hosts are begun when the part is asked for, which is while the card before is shown. What the card is rated is
decided here, by the grade; no request says it.
"""

from contextlib import suppress
from datetime import datetime

from flask import jsonify, render_template, request
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.errors import Invalid, QuizappError
from quizapp.labs.runs import run_numbers, service
from quizapp.labs.trials import store, twins
from quizapp.labs.wiring import sandboxes
from quizapp.quiz import given_commands
from quizapp.review.pages import sitting_forms
from quizapp.review.pages.deed_messages import due_text, leech_text
from quizapp.review.pages.forms import CHOSEN
from quizapp.review.queries import question_comes_back
from quizapp.review.rating import Rated
from quizapp.study.hands_on import lab_card, results, trying
from quizapp.study.hands_on.lab_card import CardRun, LabCard
from quizapp.study.hands_on.results import InCard
from quizapp.study.hands_on.trial_page import trial_page
from quizapp.study.hands_on.trying import Trier
from quizapp.study.hands_on.views import why_off
from quizapp.web.database import get_db

UNREADABLE = "That could not be read. Reload the page and try again."


@audience(Audience.LEARNER)
def show_card(slug: str) -> Response:
    """The part of the card, with two hosts begun for its command."""
    return _drawn(slug)


@audience(Audience.LEARNER)
def give_in_card(slug: str) -> Response:
    """Take a command and grade it, if its hosts are up; a pass rates the card."""
    rated = None
    try:
        command = twins.readable(request.form.get("command", ""))
        trier = _trier(slug)
        if trier.ticket.is_open:
            rated = trying.give(trier, command) or trying.grade(trier).rated
    except QuizappError as error:
        get_db().rollback()
        return _drawn(slug, number=_number(), trouble=str(error))
    return _drawn(slug, number=_number(), rated=rated)


@audience(Audience.LEARNER)
def grade_in_card(slug: str) -> Response:
    """Grade the command that waits, if its hosts are up."""
    return _drawn(slug, number=_number(), rated=trying.grade(_trier(slug)).rated)


@audience(Audience.LEARNER)
def hint_in_card(slug: str) -> Response:
    """Show one more hint."""
    trier = _trier(slug)
    if trier.ticket.is_open:
        service.hint(get_db(), user_id=trier.user.id, run_id=trier.ticket.run_id, now=clock.now())
        get_db().commit()
    return _drawn(slug, number=_number())


@audience(Audience.LEARNER)
def show_solution_in_card(slug: str) -> Response:
    """Show the solution, which rates the card Again."""
    trier, rated = _trier(slug), None
    if trier.ticket.is_open:
        run = service.show_solution(get_db(), user_id=trier.user.id, run_id=trier.ticket.run_id, now=clock.now())
        rated = results.count(get_db(), user=trier.user, run=run, now=clock.now(), in_review=trier.in_review)
        get_db().commit()
    return _drawn(slug, number=_number(), rated=rated)


@audience(Audience.LEARNER)
def end_hosts_ahead() -> tuple[str, int]:
    """End the hosts that were begun for a card or a quiz session, unless a command is tried on them."""
    user_id = current_user().id
    used = {*store.used_by(get_db(), user_id=user_id), *given_commands.hosts_in_use(get_db(), user_id=user_id)}
    get_db().rollback()  # nothing is locked while sandboxd is asked
    with suppress(QuizappError):  # sandboxd ends by itself what nobody asks for
        twins.end_unused(sandboxes(), owner=str(user_id), used=used)
    return "", 204


def _trier(slug: str) -> Trier:
    """What it takes to go on with the run that the form names, which is opened if it is the next one.

    Raises NotFound, Invalid, and OtherNumber if that is not the present one any more.
    """
    db, user, now = get_db(), current_user(), clock.now()
    number, lab = _number(), run_numbers.lab_of(db, slug=slug)
    run_id = run_numbers.run_at(db, user_id=user.id, lab=lab, number=number, now=now).id
    db.commit()
    ticket = service.ticket_of(db, user_id=user.id, run_id=run_id)
    return Trier(db=db, client=sandboxes(), user=user, ticket=ticket, now=clock.now, in_review=_in_review())


def _number() -> int:
    number = request.form.get("number", type=int)
    if number is None:
        raise Invalid(UNREADABLE)
    return number


def _in_review() -> InCard:
    return InCard(taken_ms=request.form.get("taken_ms", type=int), spares_siblings=CHOSEN in sitting_forms.sitting())


def _drawn(slug: str, *, number: int | None = None, trouble: str | None = None, rated: Rated | None = None) -> Response:
    """The card as it stands, with hosts for a further command begun if one is asked for."""
    db, user, now = get_db(), current_user(), clock.now()
    found = lab_card.card_run(db, user=user, slug=slug, now=now, number=number)
    rated = rated or _rated_before(found, now)
    comes_back = question_comes_back(db, user=user, question_id=found.lab.question_id, now=now)
    db.rollback()  # nothing is locked while sandboxd is asked
    page = LabCard(
        lab=found.lab,
        number=found.number,
        run=found.run,
        trial=trial_page(sandboxes(), found.waiting) if found.waiting else None,
        rating=rated.rating if rated else None,
        comes_back=comes_back if rated else None,
        typed=_typed_before(found),
        trouble=trouble,
        no_hosts=None if trouble or rated or found.waiting else _no_hosts(found),
    )
    return jsonify(
        state=page.state,
        html=_html(page),
        again_ms=page.trial.again_ms if page.trial else None,
        rated=_rated_json(rated) if rated else None,
    )


def _rated_json(rated: Rated) -> dict[str, str | None]:
    """What the page's script takes up of a rating: when the card is due, and what is to be told of it."""
    return {"due": due_text(rated), "notice": leech_text(current_user()) if rated.is_leech else None}


def _typed_before(found: CardRun) -> str:
    """The command that was just sent, else the last one that was graded."""
    graded = found.run.last_check if found.run else None
    return request.form.get("command", graded.typed if graded else "")


def _html(page: LabCard) -> str:
    around = {"sitting": sitting_forms.sitting(), "command_chars": twins.COMMAND_CHARS}
    return render_template("hands_on/_in_card.html", page=page, **around)


def _rated_before(found: CardRun, now: datetime) -> Rated | None:
    """The rating of a run that is finished, if another request has made it."""
    if found.run is None or found.run.is_open:
        return None
    run = service.run_of(get_db(), user_id=current_user().id, run_id=found.run.id)
    rated = results.count(get_db(), user=current_user(), run=run, now=now, in_review=_in_review())
    get_db().commit()
    return rated


def _no_hosts(found: CardRun) -> str | None:
    """Begin the hosts for the command. Why there are none, in a sentence; None if there are."""
    off = why_off(found.lab)
    return off or lab_card.begin(sandboxes(), owner=str(current_user().id), template=found.lab.template)
