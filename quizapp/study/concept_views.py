"""The page of one concept: all that asks it, what was done of it, and what leads to it."""

from flask import render_template

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.study.concept_page import concept_page
from quizapp.web.database import get_db


@audience(Audience.LEARNER)
def concept(concept: str) -> str:
    """One concept, by its key."""
    page = concept_page(get_db(), user=current_user(), key=concept, now=clock.now())
    return render_template("study/concept.html", page=page)
