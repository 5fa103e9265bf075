"""The review page: one card at a time, four ratings, limits for today. What else is done with a card: `deed_views`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from flask import flash, jsonify, render_template, request
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.accounts.models import PER_DAY_MAX
from quizapp.errors import Invalid, NotFound
from quizapp.review import limits, queries, rating
from quizapp.review.log import misdated_reviews
from quizapp.review.models import Card, Outcome
from quizapp.review.one_thing import one_memory
from quizapp.review.pages import sitting_forms
from quizapp.review.pages.answer_views import for_script, has_host, left_here, next_page, next_url, of_sitting
from quizapp.review.pages.card_page import Sitting, card_page, coming_pages, done_page
from quizapp.review.pages.deed_messages import due_text, leech_text
from quizapp.review.pages.forms import UNREADABLE, MoreForm, TodayForm, sent_rating
from quizapp.review.pages.given_forms import done_at
from quizapp.review.rating import Rated
from quizapp.web.database import direct, get_db
from quizapp.web.error_pages import wants_json
from quizapp.web.templating import plural

COMING = 50  # cards that a browser has before it needs them: some ten minutes of reviews without a connection
STALE = "You had already rated that card elsewhere. This rating is kept in its history; its schedule did not change."
GONE = "The question of that card has been removed meanwhile. Your rating is kept in its history."


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
        done = done_page(get_db(), user=current_user(), now=now, sitting=sitting_forms.done_of_chosen())
        around = {"today": TodayForm(formdata=None), "sitting": sitting_forms.sitting()}
        return render_template("review/done.html", page=done, **around)
    page = card_page(get_db(), user=current_user(), card=card, now=now, sitting=sitting, has_host=has_host)
    return render_template(
        "review/card.html",
        page=page,
        review_id=uuid4(),
        shown="shown" in request.args,
        **of_sitting(page),
    )


@audience(Audience.LEARNER)
def coming() -> Response:
    """The next cards as the page's script shows them, up to COMING or `?most=`: each `{card, pile, html}`, in order.

    `left` has how many are left of each count, the one that the page shows among them.

    `user` is whose they are: a page may still be open when somebody else has signed in in another tab.
    """
    most = min(max(request.args.get("most", COMING, type=int), 1), COMING)
    pages = coming_pages(
        get_db(),
        user=current_user(),
        now=clock.now(),
        most=most,
        ahead=sitting_forms.is_ahead(),
        without=sitting_forms.held_back(),
        sitting=sitting_forms.chosen_left(clock.now()),
        has_host=has_host,
    )
    return jsonify(user=current_user().id, cards=[for_script(page) for page in pages], left=left_here(clock.now()))


@audience(Audience.LEARNER)
def rate() -> Response:
    """Store a rating, from the page's form or from its script."""
    sent = sent_rating(request.form)  # CSRFProtect has checked the token before this
    if sent is None:
        raise Invalid(UNREADABLE)
    user, now = current_user(), done_at(request.form, now=clock.now())
    with direct() as connection:
        begun = connection.begin()
        rated = rating.rate(begun, user=user, card_id=sent.card, review=sent.review, seen_version=sent.version, now=now)
        if sent.asked is not None:
            one_memory.note_asked(begun, review_id=sent.review.id, card_id=sent.card, question_id=sent.asked)
    told = _told_of(rated)
    if wants_json():
        return _rated_json(rated, told)
    for notice in told:
        flash(notice, "warning")
    return next_page()


@audience(Audience.LEARNER)
def mend() -> Response:
    """Let reviews that are dated after now count as made now."""
    db, user, mended = get_db(), current_user(), 0
    while some := misdated_reviews.mend(db, user=user, now=clock.now()):
        db.commit()
        mended += some
    db.commit()
    flash(f"{plural(mended, 'review')} put right. Their cards come back in their time.", "good")
    return next_page()


@audience(Audience.LEARNER)
def more() -> Response:
    """Begin further new cards today, beyond the limit."""
    form = MoreForm()
    if not form.validate():
        raise Invalid(f"Enter how many further new cards you want today, from 1 to {PER_DAY_MAX}.")
    limits.allow_more_new(get_db(), user=current_user(), more=form.more.data or 0, now=clock.now())
    get_db().commit()
    return next_page()


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
    return next_page()


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


def _told_of(rated: Rated) -> Sequence[str]:
    """What the learner has to know about a rating, if anything."""
    notice = STALE if rated.outcome is Outcome.STALE else GONE if rated.is_hidden else None
    leech = leech_text(current_user()) if rated.is_leech else None
    return [text for text in (notice, leech) if text is not None]


def _rated_json(rated: Rated, told: Sequence[str]) -> Response:
    """The JSON that the page's script reads. A review that is sent again gets the same.

    `left` has how many cards are left of each count if siblings are no longer among them, which the page cannot know;
    to count them each time would be the greater part of a rating.
    """
    left = left_here(clock.now()) if rated.buries else None
    told_of = {"outcome": rated.outcome, "due": due_text(rated), "notice": " ".join(told) or None}
    return jsonify(**told_of, left=left, next=next_url())
