"""The page of a learner's predictions in labs: how many came true, by confidence and by month."""

from flask import render_template

from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.labs.runs.calibration import calibration
from quizapp.labs.runs.prediction_outcomes import foretold
from quizapp.web.database import get_db


@audience(Audience.LEARNER)
def predictions() -> str:
    """The predictions and the shares of them that came true."""
    user = current_user()
    page = calibration(foretold(get_db(), user_id=user.id, zone=user.zone))
    return render_template("hands_on/predictions.html", page=page)
