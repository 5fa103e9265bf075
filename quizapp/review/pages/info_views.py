"""The page of what is known of one card."""

from uuid import UUID

from flask import render_template

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.review.pages.card_info import card_info
from quizapp.web.database import get_db


@audience(Audience.LEARNER)
def info(card_id: UUID) -> str:
    """A card's memory, its forms and its reviews."""
    page = card_info(get_db(), user=current_user(), card_id=card_id, now=clock.now())
    return render_template("review/info.html", page=page)
