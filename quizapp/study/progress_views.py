"""The page Progress, and the button that fits a learner's weights."""

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.review import refitting
from quizapp.study.progress_page import progress_page
from quizapp.web.database import get_db


@audience(Audience.LEARNER)
def show() -> str:
    """The page Progress."""
    page = progress_page(get_db(), user=current_user(), now=clock.now())
    return render_template("study/progress.html", page=page, cards_url=_cards_url)


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
