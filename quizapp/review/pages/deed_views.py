"""What is done with a card beside rating it: undo, bury, suspend, flags. From the page's forms, and from its script."""

from datetime import datetime
from uuid import UUID

from flask import flash, jsonify, redirect, request, session, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.errors import Invalid
from quizapp.review import deeds, queries, undoing
from quizapp.review.models import DeedKind
from quizapp.review.pages import chosen_cards
from quizapp.review.pages.answer_views import for_script, has_host, left_here, next_page, next_url, show_again
from quizapp.review.pages.card_page import card_page
from quizapp.review.pages.deed_messages import DONE, HIDDEN, NEW_LAB_PUT_OFF, RATE_AGAIN, UNCHANGED, undone_text
from quizapp.review.pages.forms import UNREADABLE, BuryForm, CardForm, FlagForm, UndoForm
from quizapp.review.pages.given_forms import done_at
from quizapp.review.pages.sitting_forms import chosen_left
from quizapp.review.undoing import Undone
from quizapp.web.database import get_db
from quizapp.web.error_pages import wants_json

NOTHING = "There is nothing to undo."


@audience(Audience.LEARNER)
def undo() -> Response:
    """Take back the last rating, or the last other deed, and show its card again; with `done`, what has that id."""
    if "done" in request.form:
        return _undo_one()
    undone = undoing.undo(get_db(), user=current_user(), now=clock.now())
    get_db().commit()
    if wants_json():
        return _undone_json(undone)
    if undone is None:
        flash(NOTHING)
        return next_page()
    if undone.is_hidden:
        flash(f"{undone_text(undone)} {HIDDEN}")
        return next_page()
    if undone.is_apart and not _is_of_sitting(undone):
        flash(undone_text(undone))
        return next_page()
    flash(_said(undone))
    if undone.is_apart:
        return redirect(url_for("review.show", card=undone.card_id, chosen=1), code=303)
    return next_page() if undone.card_id is None or undone.cards > 1 else show_again(undone.card_id)


@audience(Audience.LEARNER)
def bury() -> Response:
    """Keep a card out of the queue until the next study day, a new lab for some days if the form says so."""
    form = BuryForm()
    if not form.validate():
        raise Invalid(UNREADABLE)
    days = int(form.days.data or 1)
    done = deeds.bury(get_db(), user=current_user(), card_ids=form.cards, now=_done_at(), step=form.step, days=days)
    get_db().commit()
    said = DONE[DeedKind.BURY] if days == 1 else NEW_LAB_PUT_OFF
    return _done(said if done else UNCHANGED, is_as_said=done > 0)


@audience(Audience.LEARNER)
def suspend() -> Response:
    """Keep a card out of the queue until it is unsuspended."""
    form = _card_form()
    deeds.suspend(get_db(), user=current_user(), card_ids=form.cards, now=_done_at(), step=form.step)
    get_db().commit()
    return _done(DONE[DeedKind.SUSPEND])


@audience(Audience.LEARNER)
def unsuspend() -> Response:
    """Let a suspended card come back, and show it."""
    form = _card_form()
    deeds.unsuspend(get_db(), user=current_user(), card_ids=form.cards, now=clock.now(), step=form.step)
    get_db().commit()
    flash("Back in its turn.")
    return show_again(form.cards[0])


@audience(Audience.LEARNER)
def release() -> Response:
    """Take the mark of a leech from a card, and show it."""
    form = _card_form()
    deeds.release(get_db(), user=current_user(), card_ids=form.cards, now=clock.now(), step=form.step)
    get_db().commit()
    return show_again(form.cards[0])


@audience(Audience.LEARNER)
def flag() -> Response:
    """Give a card a flag, or with the flag that it has take it away, and show the card again."""
    form = FlagForm()
    if not form.validate():
        raise Invalid(UNREADABLE)
    wanted = int(form.flag.data or 0)
    deeds.flag(get_db(), user=current_user(), card_ids=form.cards, flag=wanted, now=_done_at(), step=form.step)
    get_db().commit()
    if wants_json():
        return _answer(None)
    flash(DONE[DeedKind.FLAG])
    return show_again(form.cards[0])


def _done_at() -> datetime:
    """When what is sent was done."""
    return done_at(request.form, now=clock.now())


def _undo_one() -> Response:
    """Take back what a page has done, for its script, which shows the card again by itself."""
    form = UndoForm()
    if not form.validate():
        raise Invalid(UNREADABLE)
    now, user = clock.now(), current_user()
    undone = undoing.undo_one(get_db(), user=user, card_id=form.cards[0], done=UUID(form.done.data), now=now)
    get_db().commit()
    notice = HIDDEN if undone is not None and undone.is_hidden else None
    return jsonify(notice=notice, next=next_url(), left=left_here(now))  # with siblings that come back with the card


def _card_form() -> CardForm:
    """The form of one button. Raises Invalid without a card."""
    form = CardForm()
    if not form.validate():
        raise Invalid(UNREADABLE)
    return form


def _done(said: str, *, is_as_said: bool = True) -> Response:
    """Go on with the next card. A script has said already what it expected, so it is told of anything else alone."""
    if wants_json():
        return _answer(None if is_as_said else said)
    flash(said)
    return next_page()


def _answer(notice: str | None) -> Response:
    return jsonify(notice=notice, next=next_url())


def _said(undone: Undone) -> str:
    return undone_text(undone) if undone.rating is None else f"{undone_text(undone)} {RATE_AGAIN}"


def _undone_json(undone: Undone | None) -> Response:
    """What was taken back, for the page's script: what to say, the card to show again if there is one, what is left."""
    if undone is None:
        return jsonify(said=NOTHING, card=None, left=None, next=None)
    is_elsewhere = undone.is_apart and not _is_of_sitting(undone)
    if undone.card_id is None or undone.is_hidden or undone.cards > 1 or is_elsewhere:
        said = f"{undone_text(undone)} {HIDDEN}" if undone.is_hidden else undone_text(undone)
        flash(said)
        return jsonify(said=said, card=None, left=None, next=next_url())
    card = queries.card_of(get_db(), user=current_user(), card_id=undone.card_id)
    assert card is not None  # it was locked a moment ago
    now = clock.now()
    page = card_page(get_db(), user=current_user(), card=card, now=now, sitting=chosen_left(now), has_host=has_host)
    return jsonify(said=_said(undone), card=for_script(page), left=left_here(now), next=None)


def _is_of_sitting(undone: Undone) -> bool:
    """Whether the card of an answer apart is shown in its sitting: outside of it a rating would count."""
    cards = chosen_cards.kept(session)
    return cards is not None and cards.is_apart and undone.card_id in cards.ids
