"""Begins a sitting over chosen cards: those ticked, all of a note, or what a search finds."""

from collections.abc import Collection
from random import Random
from uuid import UUID

from flask import flash, redirect, render_template, request, session, url_for
from sqlalchemy import Select
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.errors import Invalid
from quizapp.review.deed_order import next_number
from quizapp.review.pages import chosen_cards
from quizapp.review.pages.chosen_cards import CHOSEN_MAX, CUT
from quizapp.review.pages.sitting_cards import SittingOrder, of_note, take
from quizapp.search import queries
from quizapp.search.language import NotUnderstood, in_address
from quizapp.web.database import get_db

AHEAD_DAYS_MAX = 365  # a year: no plan for an interview looks further
FORGOTTEN = "rated:1:1"
NOTHING_OF_NOTE = "No card of this note can be studied: add its cards to your reviews, or bring back those put away."
NOTHING_FORGOTTEN = "Nothing was forgotten today."
NOTHING_AHEAD = "No card comes in these days. Look further ahead, or search for what you want to study."
WRONG_DAYS = f"Enter how many days to look ahead, from 1 to {AHEAD_DAYS_MAX}."
NOTHING_FOUND = (
    "This finds none of your cards, suspended and buried ones left out. "
    "A question that is not in your reviews is no card yet: tick it here and add it."
)


@audience(Audience.LEARNER)
def of_a_note() -> Response:
    """Study all cards of a note."""
    key = request.form.get("note", "")
    back = redirect(url_for("notes.read", key=key), code=303)
    return begin(of_note(key), nothing=NOTHING_OF_NOTE, back=back, usual=SittingOrder.OLDEST)


@audience(Audience.LEARNER)
def forgotten() -> Response:
    """Study what was rated Again today."""
    back = redirect(url_for("review.show"), code=303)
    return begin(_found(FORGOTTEN), nothing=NOTHING_FORGOTTEN, back=back, usual=SittingOrder.LEAST_RECALL)


@audience(Audience.LEARNER)
def ahead() -> Response | tuple[str, int]:
    """Study what comes in the next days, in the order in which it comes. A wrong number is told beside it."""
    written = request.form.get("days", "").strip()
    days = int(written) if written.isascii() and written.isdigit() and len(written) <= len(str(AHEAD_DAYS_MAX)) else 0
    if not 1 <= days <= AHEAD_DAYS_MAX:
        wrong = {"days": written, "why": WRONG_DAYS, "is_apart": "apart" in request.form}
        return render_template("review/other_sittings.html", wrong=wrong), Invalid.status
    back = redirect(url_for("review.show"), code=303)
    return begin(_found(f"prop:due<={days}"), nothing=NOTHING_AHEAD, back=back, usual=SittingOrder.DUE)


@audience(Audience.LEARNER)
def found() -> Response:
    """Study what a search finds."""
    query = request.form.get("q", "").strip()
    back = redirect(url_for("search.show", q=in_address(query)), code=303)
    try:
        among = _found(query)
    except NotUnderstood:
        return back  # where it says what is not understood
    return begin(among, nothing=NOTHING_FOUND, back=back, usual=SittingOrder.LEAST_RECALL)


def begin(
    among: Select[UUID] | Collection[UUID], *, nothing: str, back: Response, usual: SittingOrder = SittingOrder.AS_FOUND
) -> Response:
    """Begin a sitting over some of these cards, in the order of the form or else the usual one.

    If there is none, say `nothing` and go back.
    """
    now, is_apart, user = clock.now(), "apart" in request.form, current_user()
    order = _order() or usual
    ids = take(get_db(), user=user, among=among, order=order, is_apart=is_apart, now=now, chance=Random())
    if not ids:
        flash(nothing)
        return back
    chosen_cards.keep(session, ids, now=now, first_number=next_number(get_db(), user=user), is_apart=is_apart)
    if len(ids) > CHOSEN_MAX:
        flash(CUT)
    return redirect(url_for("review.show", chosen=1), code=303)


def _found(query: str) -> Select[UUID]:
    return queries.found_cards(get_db(), user=current_user(), query=query, now=clock.now())


def _order() -> SittingOrder | None:
    """The order of the form; None if it has none, or none that there is."""
    wanted = request.form.get("order", "")
    return SittingOrder(wanted) if wanted in list(SittingOrder) else None
