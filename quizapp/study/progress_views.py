"""The page Progress, and the button that fits a learner's weights."""

from datetime import date
from functools import partial

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.confidence import said
from quizapp.db import keeping_more
from quizapp.review.fitting import refitting
from quizapp.review.log.review_selection import ReviewsOf, WhichReviews
from quizapp.review.queries import today_of
from quizapp.study.charts import Counted
from quizapp.study.confidence_list import WhichAnswers, answers, predictions_of
from quizapp.study.progress_page import progress_page
from quizapp.study.review_list import reviews
from quizapp.study_day import date_of
from quizapp.web.database import get_db

YEARS = range(1970, 3000)  # of reviews, as a search knows them
DIGITS = 10  # fewer than a database's whole number may have


@audience(Audience.LEARNER)
def show() -> str:
    """The page Progress."""
    with keeping_more(get_db()):
        page = progress_page(get_db(), user=current_user(), now=clock.now())
    return render_template("study/progress.html", page=page, counted_url=_counted_url, answers_url=_answers_url)


@audience(Audience.LEARNER)
def show_answers() -> str:
    """The answers that a number on Progress counts: by how sure one was, note, concept, and whether they were right."""
    asked = request.args
    which = WhichAnswers(
        confidence=said(asked.get("said")),
        note=_number(asked.get("note")),
        concept=_number(asked.get("concept")),
        is_right={"right": True, "wrong": False}.get(asked.get("went", "")),
    )
    db, user = get_db(), current_user()
    predictions = predictions_of(db, user=user)
    page = answers(db, user=user, which=which, predictions=predictions, page=_number(asked.get("page")) or 1)
    return render_template("study/answers.html", page=page, which=which, address=partial(_answers_url, which))


@audience(Audience.LEARNER)
def show_reviews() -> str:
    """The reviews that a number on Progress counts. Without days in the address, those of all days up to today."""
    asked, db, user = request.args, get_db(), current_user()
    of, hour = asked.get("of"), _number(asked.get("hour"))
    which = WhichReviews(
        of=ReviewsOf(of) if of in set(ReviewsOf) else ReviewsOf.ALL,
        first=_date(asked.get("first")),
        last=_date(asked.get("last")) or date_of(today_of(user, now=clock.now())),
        hour=hour if hour in range(24) else None,
        note=_number(asked.get("note")),
        concept=_number(asked.get("concept")),
    )
    page = reviews(db, user=user, which=which, page=_number(asked.get("page")) or 1)
    return render_template("study/reviews.html", page=page, which=which, address=partial(_reviews_url, which))


@audience(Audience.LEARNER)
def refit() -> Response:
    """Fit the learner's weights to their reviews."""
    db, user = get_db(), current_user()
    found = refitting.fitted(db, user=user, is_asked=True)
    if found is None:
        flash(f"There are too few reviews yet. At least {refitting.ITEMS_MIN} on a later day than the last are needed.")
    elif refitting.use(db, user=user, found=found, now=clock.now()).is_better:
        flash("Fitted. The next intervals follow your own forgetting.", "good")
    else:
        flash("Fitted, but the usual weights foretold your newest reviews better. They stay in use.")
    db.commit()
    return redirect(url_for("progress.show", _anchor="forgetting"))


def _counted_url(counted: Counted | None) -> str | None:
    """Where the cards or reviews of a figure are listed; None without one, and for cards where there is no search."""
    if isinstance(counted, WhichReviews):
        return _reviews_url(counted)
    if counted is None or "search.show" not in current_app.view_functions:
        return None
    return url_for("search.show", q=counted)


def _reviews_url(which: WhichReviews, page: int = 1) -> str:
    return url_for(
        "progress.show_reviews",
        of=which.of,
        first=which.first,
        last=which.last,
        hour=which.hour,
        note=which.note,
        concept=which.concept,
        page=page if page > 1 else None,
    )


def _answers_url(which: WhichAnswers, page: int = 1) -> str:
    """Where these answers are listed."""
    return url_for(
        "progress.show_answers",
        said=which.confidence,
        note=which.note,
        concept=which.concept,
        went=None if which.is_right is None else "right" if which.is_right else "wrong",
        page=page if page > 1 else None,
    )


def _number(written: str | None) -> int | None:
    """A number of an address; None for none, or for what is none."""
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < DIGITS else None


def _date(written: str | None) -> date | None:
    """A date of an address; None for none, or for what is none that the calendar of study days has."""
    try:
        found = date.fromisoformat(written or "")
    except ValueError:
        return None
    return found if found.year in YEARS else None
