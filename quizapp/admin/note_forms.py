"""The form of the note editor."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import HiddenInput


class NoteForm(FlaskForm):
    """A note's text, as it was opened and as it is now."""

    text = TextAreaField("Text of the note")
    opened = StringField(widget=HiddenInput())
    """The text that was opened, so that what others have saved since can be told from what was typed."""
    seen = StringField(widget=HiddenInput())
    """The mark of the text of which the page shows what saving would do; empty before that."""
    may_retire = BooleanField("Ask no more what has left the note. What was learnt of it stays")
    keep = SelectMultipleField(validate_choice=False)
    """Tokens of the doubts (see `store.import_run.Doubt`) that are edits."""

    @property
    def typed(self) -> str:
        """The text as it is now."""
        return _lines(self.text.data)

    @property
    def base(self) -> str:
        """The text as it was opened."""
        return _lines(self.opened.data)


def _lines(text: str | None) -> str:
    """The text with the line ends of a note: browsers send CR and LF for each."""
    return (text or "").replace("\r\n", "\n")
