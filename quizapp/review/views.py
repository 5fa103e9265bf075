"""The review page: one card at a time, four ratings, undo, bury, suspend, flags."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.accounts.models import PER_DAY_MAX, Role
from quizapp.errors import Invalid, NotFound
from quizapp.review import chosen, deeds, limits, mending, queries, rating, sitting_forms, undoing
from quizapp.review.card_page import Sitting, card_page, coming_pages, done_page
from quizapp.review.forms import CardForm, FlagForm, MoreForm, TodayForm, sent_rating
from quizapp.review.models import Card, Outcome
from quizapp.review.rating import Rated
from quizapp.review.said import due_text, leech_text, undone_text
from quizapp.web.database import direct, get_db
from quizapp.web.error_pages import wants_json
from quizapp.web.templating import plural

bp = Blueprint("review", __name__, url_prefix="/review")

COMING = 50  # cards that a browser has before it needs them: some ten minutes of reviews without a connection
UNREADABLE = "That answer could not be read, so nothing was counted. Reload the page and rate the card again."
STALE = "You had already rated that card elsewhere. This rating is kept in its history; its schedule did not change."
GONE = "The question of that card has been removed meanwhile. Your rating is kept in its history."


@bp.get("")
@audience(Audience.LEARNER)
def show() -> str:
    """The next card or that of `?card=`, with its answer for `?shown=1`; `?ahead=1` also takes cards due soon.

    With `?chosen=1` only the cards that were chosen come, due or not. A sitting that was begun so goes on so: the
    page's forms send it along.
    """
    now = clock.now()
    sitting = sitting_forms.chosen_left(now)
    card = _card_asked_for(now, sitting)
    if card is None:
        page = done_page(get_db(), user=current_user(), now=now, sitting=sitting_forms.done_of_chosen())
        return render_template("review/done.html", page=page, today=TodayForm(formdata=None))
    return render_template(
        "review/card.html",
        page=card_page(get_db(), user=current_user(), card=card, now=now, sitting=sitting),
        review_id=uuid4(),
        shown="shown" in request.args,
        **_of_sitting(),
    )


@bp.get("/coming")
@audience(Audience.LEARNER)
def coming() -> Response:
    """The next cards as the page's script shows them, up to COMING or `?most=`: each `{card, pile, html}`, in order."""
    most = min(max(request.args.get("most", COMING, type=int), 1), COMING)
    pages = coming_pages(
        get_db(),
        user=current_user(),
        now=clock.now(),
        most=most,
        ahead=sitting_forms.is_ahead(),
        without=sitting_forms.held_back(),
        sitting=sitting_forms.chosen_left(clock.now()),
    )
    around = _of_sitting()
    cards = [
        {
            "card": page.card_id,
            "pile": page.pile,
            "html": render_template("review/_card.html", page=page, review_id=uuid4(), shown=False, **around),
        }
        for page in pages
    ]
    return jsonify(cards=cards)


@bp.post("")
@audience(Audience.LEARNER)
def rate() -> Response:
    """Store a rating, from the page's form or from its script."""
    sent = sent_rating(request.form)  # CSRFProtect has checked the token before this
    if sent is None:
        raise Invalid(UNREADABLE)
    user, now = current_user(), clock.now()
    with direct() as connection:
        rated = rating.rate(
            connection.begin(), user=user, card_id=sent.card, review=sent.review, seen_version=sent.version, now=now
        )
    told = _told_of(rated)
    if wants_json():
        return _rated_json(rated, told)
    for notice in told:
        flash(notice, "warning")
    return _next()


@bp.post("/undo")
@audience(Audience.LEARNER)
def undo() -> Response:
    """Take back the last rating, or the last other deed, and show its card again."""
    undone = undoing.undo(get_db(), user=current_user(), now=clock.now())
    get_db().commit()
    if undone is None:
        flash("There is nothing to undo.")
        return _next()
    said = undone_text(undone)
    if undone.is_hidden:
        flash(f"{said} Its question has been removed meanwhile, so the card is not shown again.")
        return _next()
    if undone.is_apart:
        return _undone_apart(undone.card_id, said)
    flash(said if undone.rating is None else f"{said} Rate the card again.")
    return _show(undone.card_id) if undone.cards == 1 else _next()


@bp.post("/bury")
@audience(Audience.LEARNER)
def bury() -> Response:
    """Keep a card out of the queue until the next study day."""
    deeds.bury(get_db(), user=current_user(), card_ids=_card_sent(), now=clock.now())
    get_db().commit()
    flash("Buried. The card comes back tomorrow.")
    return _next()


@bp.post("/suspend")
@audience(Audience.LEARNER)
def suspend() -> Response:
    """Keep a card out of the queue until it is unsuspended."""
    deeds.suspend(get_db(), user=current_user(), card_ids=_card_sent(), now=clock.now())
    get_db().commit()
    flash("Suspended. The card stays away until you bring it back.")
    return _next()


@bp.post("/unsuspend")
@audience(Audience.LEARNER)
def unsuspend() -> Response:
    """Let a suspended card come back, and show it."""
    card_ids = _card_sent()
    deeds.unsuspend(get_db(), user=current_user(), card_ids=card_ids, now=clock.now())
    get_db().commit()
    flash("Back in its turn.")
    return _show(card_ids[0])


@bp.post("/release")
@audience(Audience.LEARNER)
def release() -> Response:
    """Take the mark of a leech from a card, and show it."""
    card_ids = _card_sent()
    deeds.release(get_db(), user=current_user(), card_ids=card_ids, now=clock.now())
    get_db().commit()
    return _show(card_ids[0])


@bp.post("/flag")
@audience(Audience.LEARNER)
def flag() -> Response:
    """Give a card a flag, or with the flag that it has take it away, and show the card again."""
    form = FlagForm()
    if not form.validate():
        raise Invalid(UNREADABLE)
    card_id, wanted = UUID(form.card.data), int(form.flag.data or 0)
    deeds.flag(get_db(), user=current_user(), card_ids=[card_id], flag=wanted, now=clock.now())
    get_db().commit()
    return _show(card_id)


@bp.post("/mend")
@audience(Audience.LEARNER)
def mend() -> Response:
    """Let reviews that are dated after now count as made now."""
    db, user, mended = get_db(), current_user(), 0
    while some := mending.mend(db, user=user, now=clock.now()):
        db.commit()
        mended += some
    db.commit()
    flash(f"{plural(mended, 'review')} put right. Their cards come back in their time.", "good")
    return _next()


@bp.post("/more")
@audience(Audience.LEARNER)
def more() -> Response:
    """Begin further new cards today, beyond the limit."""
    form = MoreForm()
    if not form.validate():
        raise Invalid(f"Enter how many further new cards you want today, from 1 to {PER_DAY_MAX}.")
    limits.allow_more_new(get_db(), user=current_user(), more=form.more.data or 0, now=clock.now())
    get_db().commit()
    return _next()


@bp.post("/today")
@audience(Audience.LEARNER)
def set_today() -> Response:
    """Set other limits for today alone."""
    form = TodayForm()
    if not form.validate():
        raise Invalid(f"Enter numbers from 0 to {PER_DAY_MAX}, or nothing for what is usual.")
    wanted = {"new_cards": form.new_cards.data, "reviews": form.reviews.data}
    limits.set_for_today(get_db(), user=current_user(), now=clock.now(), **wanted)
    get_db().commit()
    flash("Saved, for today alone.")
    return _next()


def _undone_apart(card_id: UUID, said: str) -> Response:
    """Show the card again in its sitting; outside of it a rating would count, so then go on without it."""
    cards = chosen.kept(session)
    if cards is None or not cards.is_apart or card_id not in cards.ids:
        flash(said)
        return _next()
    flash(f"{said} Rate the card again.")
    return redirect(url_for("review.show", card=card_id, chosen=1), code=303)


def _card_asked_for(now: datetime, sitting: Sitting | None) -> Card | None:
    """The card of `?card=`, else the next one; None if none is left. Raises NotFound for a card not this learner's."""
    if "card" not in request.args:
        if sitting is not None:
            return next(iter(sitting.cards), None)
        return queries.next_card(
            get_db(), user=current_user(), now=now, ahead=sitting_forms.is_ahead(), without=sitting_forms.held_back()
        )
    card_id = request.args.get("card", type=UUID)
    card = card_id and queries.card_of(get_db(), user=current_user(), card_id=card_id)
    if not card:
        raise NotFound("There is no such card. Its question may have been removed; go on with the next one.")
    return card


def _card_sent() -> Sequence[UUID]:
    """The card of a form with one button, in a list. Raises Invalid without one."""
    form = CardForm()
    if not form.validate():
        raise Invalid(UNREADABLE)
    return [UUID(form.card.data)]


def _told_of(rated: Rated) -> Sequence[str]:
    """What the learner has to know about a rating, if anything."""
    notice = STALE if rated.outcome is Outcome.STALE else GONE if rated.is_hidden else None
    leech = leech_text(current_user()) if rated.is_leech else None
    return [text for text in (notice, leech) if text is not None]


def _show(card_id: UUID) -> Response:
    return redirect(url_for("review.show", card=card_id, **sitting_forms.sitting()), code=303)


def _next() -> Response:
    return redirect(url_for("review.show", **sitting_forms.sitting()), code=303)


def _next_url() -> str:
    """Where `_next` leads. A rating is sent to the page's own address; `url_for` takes as long as a statement."""
    sitting = "&".join(f"{name}=1" for name in sitting_forms.sitting())
    return f"{request.root_path}{request.path}" + (f"?{sitting}" if sitting else "")


def _of_sitting() -> dict[str, Any]:
    """What the templates of a card need to know beside the card."""
    return {"may_edit": current_user().role.may_act_as(Role.EDITOR), "sitting": sitting_forms.sitting()}


def _rated_json(rated: Rated, told: Sequence[str]) -> Response:
    """The JSON that the page's script reads. A review that is sent again gets the same."""
    return jsonify(outcome=rated.outcome, due=due_text(rated), notice=" ".join(told) or None, next=_next_url())
