"""The form with which a learner reports a mistake."""

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from quizapp.catalogue.html.rendering import FIELD_MAX_CHARS
from quizapp.catalogue.models import KEY_MAX_CHARS
from quizapp.catalogue.reports.models import ProblemKind, ReportedFrom
from quizapp.catalogue.reports.service import WORDS_MAX_CHARS

BACK_MAX_CHARS = 2_000  # of an address; browsers and servers take more, and no page here has a longer one


OPTION, RIGHT = "option-", "right-"  # with the id of a choice: its text, and a tick if it is right
ID_DIGITS_MAX = 9


class ReportForm(FlaskForm):
    """What is the matter with a question, by its key, or with a lab, by its address: its slug may tell the fault."""

    question = HiddenField(validators=[Length(max=KEY_MAX_CHARS)])
    lab = HiddenField(validators=[Length(max=KEY_MAX_CHARS)])
    came_from = HiddenField()
    back = HiddenField(validators=[Length(max=BACK_MAX_CHARS)])
    rev = IntegerField(widget=HiddenInput(), validators=[Optional()])
    kind = StringField()
    """Drawn by a macro: the same choices stand below an answer, where there is no form of WTForms."""
    words = TextAreaField(
        "What exactly?", [Length(max=WORDS_MAX_CHARS, message=f"Say it in at most {WORDS_MAX_CHARS} characters.")]
    )
    prompt = TextAreaField("Question", [Length(max=FIELD_MAX_CHARS)])
    answer = TextAreaField("Answer", [Length(max=FIELD_MAX_CHARS)])

    def options(self, sent: Mapping[str, str]) -> dict[int, tuple[str, bool]]:
        """What was sent of each option: its text, and whether it is right, by the id of its choice."""
        found = {}
        for name, text in sent.items():
            number = name.removeprefix(OPTION)
            if name.startswith(OPTION) and number.isascii() and number.isdigit() and len(number) <= ID_DIGITS_MAX:
                found[int(number)] = (text, f"{RIGHT}{number}" in sent)
        return found

    @property
    def place(self) -> ReportedFrom:
        """Where the learner was; a quiz if that is not said."""
        return next((one for one in ReportedFrom if one == self.came_from.data), ReportedFrom.QUIZ)

    @property
    def problem(self) -> ProblemKind | None:
        """What is the matter; None if nothing was chosen."""
        return next((one for one in ProblemKind if one == self.kind.data), None)
