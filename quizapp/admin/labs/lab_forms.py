"""The forms of the lab editor."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

from quizapp.admin.notes.note_forms import DraftForm

WORD_MAX_CHARS = 100  # so that it fits into a line of the trail behind the lab's title


class LabForm(DraftForm):
    """A lab's text, as it was opened and as it is now."""

    text = TextAreaField("Source in YAML")
    offered = StringField(widget=HiddenInput())
    """What tells the text that learners had when it was opened."""
    word = StringField("Why it is right all the same", validators=[Length(max=WORD_MAX_CHARS)])
    """Of the owner, who publishes a text that is not verified."""


class NewLabForm(FlaskForm):
    """What a new lab is called."""

    name = StringField(
        "Name of the new lab",
        description="A part of its address, and the name of its folder: publish-a-port.",
        filters=[lambda text: (text or "").strip()],
    )
