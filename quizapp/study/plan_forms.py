"""The form of the plan for an interview."""

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from quizapp.review.planning import MINUTES_MAX, MINUTES_MIN


class PlanForm(FlaskForm):
    """The date of the interview, and the minutes a day until then."""

    on = DateField("Day of the interview", [InputRequired("Enter the day of your interview.")])
    minutes = IntegerField(
        "Minutes a day",
        [
            InputRequired("Enter how many minutes you have a day."),
            NumberRange(MINUTES_MIN, MINUTES_MAX, f"Choose a number from {MINUTES_MIN} to {MINUTES_MAX}."),
        ],
        description="For reviews and new cards together. Until the interview they take the place of your usual limits.",
    )
