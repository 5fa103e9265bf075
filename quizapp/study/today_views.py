"""The first page, Today: the cards that are due, and what else can be done."""

from flask import render_template, session

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.review.pages.chosen_cards import left_of_today
from quizapp.study.today_page import today_page
from quizapp.web.database import get_db


@audience(Audience.LEARNER)
def show() -> str:
    """The page Today."""
    now, user = clock.now(), current_user()
    sitting_left = left_of_today(get_db(), session, user=user, now=now)
    return render_template("study/today.html", page=today_page(get_db(), user=user, now=now), sitting_left=sitting_left)
