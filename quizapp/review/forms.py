"""The forms of the review page. Most fields are hidden: the page fills them in, the learner presses a button."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import UUID, InputRequired, Length, NumberRange, Optional, Regexp

from quizapp.catalogue.models import KEY_MAX_CHARS
from quizapp.review.memory import Rating


class CardForm(FlaskForm):
    """An action on one card, given by its id."""

    card = HiddenField(validators=[InputRequired(), UUID()])


class RatingForm(CardForm):
    """A rating of a card that was shown at `version`. `taken_ms` is in ms; None without a script to measure it."""

    review_id = HiddenField(validators=[InputRequired(), UUID()])
    version = IntegerField(validators=[InputRequired(), NumberRange(min=0)])
    taken_ms = IntegerField(validators=[Optional()])
    rating = IntegerField(validators=[InputRequired(), NumberRange(min=min(Rating), max=max(Rating))])


class AddForm(FlaskForm):
    """All questions of a note, by its key, as new cards. A NUL in the key is refused: PostgreSQL cannot compare it."""

    note = HiddenField(validators=[InputRequired(), Length(max=KEY_MAX_CHARS), Regexp(r"[^\0]+\Z")])
