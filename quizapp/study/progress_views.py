"""The page Progress, and the button that fits a learner's weights."""

from functools import partial

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.confidence import said
from quizapp.review import refitting
from quizapp.study.answers import WhichAnswers, answers, predictions_of
from quizapp.study.progress_page import progress_page
from quizapp.web.database import get_db

DIGITS = 10  # fewer than a database's whole number may have


@audience(Audience.LEARNER)
def show() -> str:
    """The page Progress."""
    page = progress_page(get_db(), user=current_user(), now=clock.now())
    return render_template("study/progress.html", page=page, cards_url=_cards_url, answers_url=_answers_url)


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


def _cards_url(query: str | None) -> str | None:
    """Where the cards of a query are listed; None without one, and where there is no search."""
    if query is None or "search.show" not in current_app.view_functions:
        return None
    return url_for("search.show", q=query)


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
