"""The forms of Practice."""

from typing import cast

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from quizapp.catalogue.bounds import LEVELS
from quizapp.catalogue.models import QuestionKind
from quizapp.confidence import Confidence
from quizapp.quiz.draw.question_filter import KIND_WORDS, ONLY_WORDS
from quizapp.quiz.draw.selection import LONGEST, LONGEST_MINUTES, SHORTEST, SHORTEST_MINUTES, Length
from quizapp.quiz.draw.wish import Narrowed, Only, Wish
from quizapp.quiz.kinds.marker import ANSWER_MAX_CHARS
from quizapp.quiz.modes import LIMIT_LEAST_MIN, LIMIT_MOST_MIN, WORDS, Mode
from quizapp.web.choices import SelectChoice, Ticks
from quizapp.web.whole_numbers import WholeNumber

USUAL_LENGTH = 10
ANY = SelectChoice("", "Any")


class ChooseForm(FlaskForm):
    """What to be asked about and for how long. The view sets the notes, concepts and tags to choose from."""

    note = Ticks("Notes", choices=[])
    concept = Ticks("Concepts", choices=[])
    tag = Ticks("Tags", choices=[])
    level = SelectField("Level", choices=[ANY, *(SelectChoice(str(one), f"Level {one}") for one in LEVELS)], default="")
    kind = SelectField("Kind", choices=[ANY, *(SelectChoice(*one) for one in KIND_WORDS.items())], default="")
    only = SelectField("Which", choices=[ANY, *(SelectChoice(*one) for one in ONLY_WORDS.items())], default="")
    length = WholeNumber("How many questions", least=SHORTEST, most=LONGEST, default=USUAL_LENGTH)
    mode = RadioField(
        "How", choices=[SelectChoice(mode.value, words) for mode, words in WORDS.items()], default=Mode.PRACTICE
    )
    limit = WholeNumber("Time limit in minutes", least=LIMIT_LEAST_MIN, most=LIMIT_MOST_MIN, may_be_empty=True)
    minutes = WholeNumber(
        "Or as many as fit into minutes", least=SHORTEST_MINUTES, most=LONGEST_MINUTES, may_be_empty=True
    )
    suits = BooleanField("Of a difficulty that suits me: I should get about three of four right")
    certainty = BooleanField("Marked by how sure I am: up to 3 points for a right answer, up to 6 less for a wrong one")


SEVERAL, ONE = ("note", "concept", "tag"), ("level", "kind", "only")  # the fields that say which questions
NARROWING = (*SEVERAL, *ONE)


def narrowed_by(form: ChooseForm) -> Narrowed:
    """What is chosen of NARROWING; a value that is not offered narrows nothing."""
    of = {name: tuple(sorted(set(form[name].data or ()) & _offered(form[name]))) for name in SEVERAL}
    one = {name: form[name].data if form[name].data in _offered(form[name]) else "" for name in ONE}
    return Narrowed(
        notes=of["note"],
        concepts=of["concept"],
        tags=of["tag"],
        level=int(one["level"]) if one["level"] else None,
        kind=QuestionKind(one["kind"]) if one["kind"] else None,
        only=Only(one["only"]) if one["only"] else None,
    )


def wish_in(form: ChooseForm) -> Wish:
    """What is wished for. Minutes go before a number of questions."""
    minutes = form.minutes.data
    length = Length(questions=form.length.data or 0) if minutes is None else Length(minutes=minutes)
    return Wish(
        narrowed=narrowed_by(form), length=length, suits=bool(form.suits.data), certainty=bool(form.certainty.data)
    )


def _offered(field: Field) -> set[str]:
    choices = cast(SelectField, field).choices
    return {str(one.value) for one in cast(list[SelectChoice], choices)}


class _SentChoices(SelectMultipleField):
    """Ids or numbers, as sent. The service checks whether they exist, and raises Invalid."""

    def pre_validate(self, form: object) -> None:
        """Compare with no list of choices; `coerce` has refused values that are no numbers."""


def _is_short_enough(_: FlaskForm, field: Field) -> None:
    """As WTForms' Length, without the attribute by which a browser cuts off what is pasted and says nothing."""
    if (length := len(field.data or "")) > ANSWER_MAX_CHARS:
        raise ValidationError(
            f"It has {length:,} characters; an answer has at most {ANSWER_MAX_CHARS:,}. All of it is kept: shorten it."
        )


COUNTED = {"data-most-chars": ANSWER_MAX_CHARS}  # what counts them on the page


class AnswerForm(FlaskForm):
    """An answer: chosen options, a text, a line, or several values in the order of their fields."""

    choices = _SentChoices(coerce=int, validate_choice=False)
    text = TextAreaField("Your answer", [_is_short_enough], render_kw=COUNTED)
    parts = _SentChoices(coerce=str, validate_choice=False)
    unknown = BooleanField("I don't know")
    line = StringField("Your answer", [_is_short_enough], render_kw=COUNTED)
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
