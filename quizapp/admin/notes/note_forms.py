"""The form of the note editor, and what those of notes and labs have in common."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import HiddenInput

from quizapp.catalogue.editing.typed_drafts import DRAFTS_MAX


class DraftForm(FlaskForm):
    """A text, as it was opened and as it is typed on a device."""

    text = TextAreaField("Text of the note")
    opened = StringField(widget=HiddenInput())
    """The text that was opened, so that what others have saved since can be told from what was typed."""
    device = StringField(widget=HiddenInput())
    """What the browser calls itself; empty without a script, which keeps no draft."""
    taken = StringField(widget=HiddenInput())
    """The devices whose drafts were taken into the text, with blanks between them."""

    @property
    def typed(self) -> str:
        """The text as it is now."""
        return _lines(self.text.data)

    @property
    def base(self) -> str:
        """The text as it was opened."""
        return _lines(self.opened.data)

    @property
    def devices(self) -> list[str]:
        """Those whose drafts the text has."""
        return [self.device.data or "", *(self.taken.data or "").split()[:DRAFTS_MAX]]


class NoteForm(DraftForm):
    """What is saved."""

    seen = StringField(widget=HiddenInput())
    """The mark of the text of which the page shows what saving would do; empty before that."""
    may_retire = BooleanField("Ask no more what has left the note. What was learnt of it stays")
    keep = SelectMultipleField(validate_choice=False)
    """Tokens of the doubts (see `store.import_run.Doubt`) that are edits."""


def _lines(text: str | None) -> str:
    """The text with the line ends of a note or a lab: browsers send CR and LF for each."""
    return (text or "").replace("\r\n", "\n")
