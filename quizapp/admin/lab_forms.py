"""The forms of the lab editor."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import Length
from wtforms.widgets import HiddenInput

WORD_MAX_CHARS = 100  # so that it fits into a line of the trail behind the lab's title


class LabForm(FlaskForm):
    """A lab's text, as it was opened and as it is now."""

    text = TextAreaField("Source in YAML")
    opened = StringField(widget=HiddenInput())
    """The text that was opened, so that what others have saved since can be told from what was typed."""
    offered = StringField(widget=HiddenInput())
    """What tells the text that learners had when it was opened."""
    word = StringField("Why it is right all the same", validators=[Length(max=WORD_MAX_CHARS)])
    """Of the owner, who publishes a text that is not verified."""

    @property
    def typed(self) -> str:
        """The text as it is now."""
        return _lines(self.text.data)

    @property
    def base(self) -> str:
        """The text as it was opened."""
        return _lines(self.opened.data)


class NewLabForm(FlaskForm):
    """What a new lab is called."""

    name = StringField(
        "Name of the new lab",
        description="A part of its address, and the name of its folder: publish-a-port.",
        filters=[lambda text: (text or "").strip()],
    )


def _lines(text: str | None) -> str:
    """The text with the line ends of a lab: browsers send CR and LF for each."""
    return (text or "").replace("\r\n", "\n")
