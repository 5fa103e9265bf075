"""The form of the pages of concepts."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.widgets import HiddenInput

from quizapp.catalogue.editing.concept_rows import TERM_MAX_CHARS, TEXT_MAX_CHARS
from quizapp.catalogue.editing.concept_words import BadWords
from quizapp.catalogue.patches.concept_text import ConceptWords
from quizapp.catalogue.question_wording import tidy
from quizapp.errors import Invalid


class ConceptForm(FlaskForm):
    """What a concept says, as it was opened and as it is now."""

    term = StringField("Name", render_kw={"maxlength": TERM_MAX_CHARS})
    text = TextAreaField("What the note says of it", render_kw={"maxlength": TEXT_MAX_CHARS})
    opened_term = StringField(widget=HiddenInput())
    opened_text = StringField(widget=HiddenInput())

    @classmethod
    def of(cls, shown: ConceptWords, *, opened: ConceptWords) -> "ConceptForm":
        """The form with these words, which are a change of what was `opened`."""
        form = cls(formdata=None, term=shown.term, text=shown.text)
        form.opened_term.data, form.opened_text.data = opened.term, opened.text
        return form

    @property
    def words(self) -> ConceptWords:
        """What was typed."""
        return ConceptWords(term=self.term.data or "", text=tidy(self.text.data or ""))

    @property
    def opened(self) -> ConceptWords:
        """What it was a change of."""
        return ConceptWords(term=self.opened_term.data or "", text=tidy(self.opened_text.data or ""))

    def refuse(self, error: Invalid) -> None:
        """Show why the words were not taken, at the field that it is about."""
        self[error.field if isinstance(error, BadWords) else "term"].errors = [str(error)]
