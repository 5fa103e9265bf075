"""The forms of the pages of classes."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from quizapp.accounts.models import NAME_MAX_CHARS
from quizapp.classes.assigning import KIND_WORDS, Assignable
from quizapp.classes.models import CLASS_NAME_MAX_CHARS
from quizapp.classes.service import LEARNERS_MAX, LINK_DAYS_MAX, NAMES_MAX
from quizapp.web.choices import SelectChoice
from quizapp.web.whole_numbers import WholeNumber
from quizapp.zones import zones


def _zone_choices() -> list[SelectChoice]:
    return [SelectChoice(zone, zone.replace("_", " ")) for zone in sorted(zones())]


class ClassForm(FlaskForm):
    """What a class is called, and in which zone its days are meant."""

    name = StringField("Name", [Length(max=CLASS_NAME_MAX_CHARS)])
    zone = SelectField("Time zone", choices=_zone_choices)


class TeacherForm(FlaskForm):
    """Who is named as a teacher."""

    teacher = StringField("Name of the account", [Length(max=NAME_MAX_CHARS)])


class DeleteClassForm(FlaskForm):
    """Whether a class is meant to be deleted."""

    sure = BooleanField("I am sure: delete this class")


class NamesForm(FlaskForm):
    """Who is invited, one name a line."""

    names = TextAreaField("Names", [Length(max=NAMES_MAX * (NAME_MAX_CHARS + 2))])

    def listed(self) -> list[str]:
        """The names that were typed."""
        return [name for line in (self.names.data or "").splitlines() if (name := line.strip())]


class ClassLinkForm(FlaskForm):
    """How long a link into a class works, and for how many."""

    days = WholeNumber("Days", least=1, most=LINK_DAYS_MAX, default=14)
    uses = WholeNumber("Learners", least=1, most=LEARNERS_MAX, default=30)


_BAD_DAY = "Enter the day as year, month and day, such as 2026-12-24."


class AssignForm(FlaskForm):
    """What is assigned, and its days."""

    what = SelectField("What", validate_choice=False)
    first = DateField(  # type: ignore[call-arg]  # the published stubs (3.2) have no sentence for a wrong date
        "From", [InputRequired("Enter the first day.")], invalid_value_message=_BAD_DAY
    )
    last = DateField(  # type: ignore[call-arg]
        "Until, if it has a last day", [Optional()], invalid_value_message=_BAD_DAY
    )

    def offer(self, things: Iterable[Assignable]) -> None:
        """Let these be chosen."""
        self.what.choices = [SelectChoice(one.value, one.title, optgroup=KIND_WORDS[one.kind]) for one in things]
