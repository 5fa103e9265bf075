"""The forms of the review page. Most fields are hidden: the page fills them in, a person presses a button."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import UUID, InputRequired, Length, NumberRange, Optional, Regexp

from quizapp.catalogue.models import KEY_MAX_CHARS
from quizapp.review.memory import Rating


class CardForm(FlaskForm):
    """Something done to one card."""

    card = HiddenField(validators=[InputRequired(), UUID()])


class RatingForm(CardForm):
    """A rating of a card as it was at `version`. `taken_ms` is empty where no script measured it."""

    review_id = HiddenField(validators=[InputRequired(), UUID()])
    version = IntegerField(validators=[InputRequired(), NumberRange(min=0)])
    taken_ms = IntegerField(validators=[Optional()])
    rating = IntegerField(validators=[InputRequired(), NumberRange(min=min(Rating), max=max(Rating))])


class AddForm(FlaskForm):
    """All questions of a note, by its key, as new cards. PostgreSQL refuses to compare with a NUL, so we do first."""

    note = HiddenField(validators=[InputRequired(), Length(max=KEY_MAX_CHARS), Regexp(r"[^\0]+\Z")])
