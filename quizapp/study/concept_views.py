"""The page of one concept: all that asks it, what was done of it, and what leads to it."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.catalogue.concept_article import key_of
from quizapp.study.concept_page import concept_page
from quizapp.web.database import get_db


@audience(Audience.LEARNER)
def concept(key: str) -> str:
    """One concept."""
    page = concept_page(get_db(), user=current_user(), key=key, now=clock.now())
    return render_template("study/concept.html", page=page)


@audience(Audience.LEARNER)
def concept_by_id(concept_id: int) -> Response:
    """A redirect to the page of a concept, for links that know no more of it, such as those of a search."""
    return redirect(url_for("notes.concept", key=key_of(get_db(), concept_id=concept_id)))
