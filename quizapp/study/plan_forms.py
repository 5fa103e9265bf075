"""The form of the plan for an interview."""

from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import InputRequired

from quizapp.review.planning import MINUTES_MAX, MINUTES_MIN
from quizapp.web.whole_numbers import WholeNumber


class PlanForm(FlaskForm):
    """The date of the interview, and the minutes a day until then."""

    on = DateField(  # type: ignore[call-arg]  # the published stubs (3.2) have no sentence for a wrong date
        "Day of the interview",
        [InputRequired("Enter the day of your interview.")],
        invalid_value_message="Enter the day as year, month and day, such as 2026-12-24.",
    )
    minutes = WholeNumber(
        "Minutes a day",
        least=MINUTES_MIN,
        most=MINUTES_MAX,
        description="For reviews and new cards together. Until the interview they take the place of your usual limits.",
    )
