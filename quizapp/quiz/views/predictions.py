"""A learner's predictions in labs: how many came true, by how sure they were and over time."""

from flask import Blueprint, render_template

from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.labs import queries
from quizapp.labs.calibration import calibration
from quizapp.web.database import get_db

bp = Blueprint("predictions", __name__, url_prefix="/labs/predictions")


@bp.get("")
@audience(Audience.LEARNER)
def index() -> str:
    """The record."""
    user = current_user()
    page = calibration(queries.foretold(get_db(), user_id=user.id, zone=user.zone))
    return render_template("labs/predictions.html", page=page)
