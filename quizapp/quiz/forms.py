"""The forms of Practice."""

from typing import cast

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from quizapp.catalogue.bounds import LEVELS
from quizapp.catalogue.models import QuestionKind
from quizapp.confidence import Confidence
from quizapp.quiz.kinds.marker import ANSWER_MAX_CHARS
from quizapp.quiz.modes import LIMIT_LEAST_MIN, LIMIT_MOST_MIN, WORDS, Mode
from quizapp.quiz.narrowing import Only
from quizapp.quiz.selection import LONGEST, SHORTEST
from quizapp.web.choices import SelectChoice
from quizapp.web.whole_numbers import WholeNumber

EVERYTHING = ""  # the value of "all notes"
USUAL_LENGTH = 10


ANY = SelectChoice("", "Any")
KIND_WORDS = {
    QuestionKind.SINGLE: "One right option",
    QuestionKind.MULTIPLE: "Several right options",
    QuestionKind.TRUTH: "True or false",
    QuestionKind.SHORT: "A few words or a command",
    QuestionKind.NUMBER: "A number",
    QuestionKind.ORDER: "Order",
    QuestionKind.MATCH: "Pairs",
    QuestionKind.CLOZE: "Gaps",
    QuestionKind.OPEN: "Open",
}
ONLY_WORDS = {Only.MISSED: "Only mistakes", Only.UNSEEN: "Only unseen"}


class ChooseForm(FlaskForm):
    """What to be asked about and the number of questions. The view sets the notes and tags to choose from."""

    note = SelectField("About", choices=[], default=EVERYTHING)
    tag = SelectField("Tag", choices=[ANY], default="")
    level = SelectField("Level", choices=[ANY, *(SelectChoice(str(one), f"Level {one}") for one in LEVELS)], default="")
    kind = SelectField("Kind", choices=[ANY, *(SelectChoice(*one) for one in KIND_WORDS.items())], default="")
    only = SelectField("Which", choices=[ANY, *(SelectChoice(*one) for one in ONLY_WORDS.items())], default="")
    length = WholeNumber("How many questions", least=SHORTEST, most=LONGEST, default=USUAL_LENGTH)
    mode = RadioField(
        "How", choices=[SelectChoice(mode.value, words) for mode, words in WORDS.items()], default=Mode.PRACTICE
    )
    limit = WholeNumber("Time limit in minutes", least=LIMIT_LEAST_MIN, most=LIMIT_MOST_MIN, may_be_empty=True)


NARROWING = ("note", "tag", "level", "kind", "only")  # the fields that say which questions


def chosen_words(form: ChooseForm) -> dict[str, tuple[str, str]]:
    """Of each field of NARROWING its value and the words for it; of one with a value that it does not offer, any."""
    found = {}
    for name in NARROWING:
        field: SelectField = getattr(form, name)
        offered = {str(one.value): str(one.label) for one in cast(list[SelectChoice], field.choices)}
        value = str(field.data or "")
        found[name] = (value, offered[value]) if value in offered else ("", offered[""])
    return found


class _SentChoices(SelectMultipleField):
    """Ids or numbers, as sent. The service checks whether they exist, and raises Invalid."""

    def pre_validate(self, form: object) -> None:
        """Compare with no list of choices; `coerce` has refused values that are no numbers."""


class AnswerForm(FlaskForm):
    """An answer: chosen options, a text, a line, or several values in the order of their fields."""

    choices = _SentChoices(coerce=int, validate_choice=False)
    text = TextAreaField("Your answer", [Length(max=ANSWER_MAX_CHARS)])
    parts = _SentChoices(coerce=str, validate_choice=False)
    unknown = BooleanField("I don't know")
    line = StringField("Your answer", [Length(max=ANSWER_MAX_CHARS)])
    confidence = RadioField(
        "How sure?", [Optional()], choices=[SelectChoice(one.value, one.value) for one in Confidence]
    )


class MarkForm(FlaskForm):
    """The points of the guide that the learner says they made, by number from 0."""

    points = _SentChoices(coerce=int, validate_choice=False)
    bonus = _SentChoices(coerce=int, validate_choice=False)
    red_flags = _SentChoices(coerce=int, validate_choice=False)
    nothing = BooleanField("I said none of these")


def first_error(form: FlaskForm) -> str:
    """One sentence about what is wrong with a form that did not validate."""
    field: Field
    for field in form:
        if field.errors:
            return f"{field.label.text}: {field.errors[0]}"
    return "Reload the page and try again."
