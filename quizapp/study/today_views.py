"""The first page, Today: the cards that are due, and what else can be done."""

from flask import render_template

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.study.today_page import today_page
from quizapp.web.database import get_db


@audience(Audience.LEARNER)
def show() -> str:
    """The page Today."""
    return render_template("study/today.html", page=today_page(get_db(), user=current_user(), now=clock.now()))
