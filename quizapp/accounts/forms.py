"""The forms of signing in and of the account page."""

from collections.abc import Sequence
from datetime import datetime

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from quizapp.accounts.interview import (
    MINUTES_MAX,
    MINUTES_MIN,
    MINUTES_USUAL,
    BadInterviewDate,
    is_over,
    set_interview,
)
from quizapp.accounts.models import (
    LEECH_THRESHOLD_MAX,
    NAME_MAX_CHARS,
    PER_DAY_MAX,
    RETENTION_MAX,
    RETENTION_MIN,
    USUAL_SHARE,
    ZONE_MAX_CHARS,
    User,
)
from quizapp.accounts.service import PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS
from quizapp.study_day import date_of
from quizapp.web.choices import SelectChoice
from quizapp.web.whole_numbers import WholeNumber
from quizapp.zones import zones

CODE_MAX_CHARS = 100  # a recovery code has 29 as it is shown
OPENID_STATE_MAX_CHARS = 100  # of our own making, with 43
OPENID_CODE_MAX_CHARS = 4_000  # of the provider's; Microsoft's have up to 1,500


class LinkForm(FlaskForm):
    """The button on a sign-in link's page. A script sets `zone` to the browser's IANA zone; without one it is empty."""

    zone = HiddenField(validators=[Length(max=ZONE_MAX_CHARS)])


class SignInForm(LinkForm):
    """Name and password."""

    name = StringField("Name", [InputRequired("Enter your name."), Length(max=NAME_MAX_CHARS)])
    password = PasswordField("Password", [InputRequired("Enter your password."), Length(max=PASSWORD_MAX_CHARS)])


class CodeForm(FlaskForm):
    """A code of an authenticator app, or a recovery code."""

    code = StringField("Code", [InputRequired("Enter the code."), Length(max=CODE_MAX_CHARS)])


class TurnOnForm(CodeForm):
    """The first code of an app, and the password where the account has one."""

    old = PasswordField("Password", [Length(max=PASSWORD_MAX_CHARS)])


class OpenidReturnForm(LinkForm):
    """What a provider sent somebody back with."""

    state = HiddenField(validators=[InputRequired(), Length(max=OPENID_STATE_MAX_CHARS)])
    code = HiddenField(validators=[InputRequired(), Length(max=OPENID_CODE_MAX_CHARS)])


class OwnLinkForm(FlaskForm):
    """The password, where the account has one, before a sign-in link for another device is made."""

    old = PasswordField("Password", [Length(max=PASSWORD_MAX_CHARS)])


class OpenidLinkForm(FlaskForm):
    """The password, where the account has one, before somebody at a provider may sign in to it."""

    old = PasswordField("Password", [Length(max=PASSWORD_MAX_CHARS)])


def _zone_choices() -> list[SelectChoice]:
    return [SelectChoice(zone, zone.replace("_", " ")) for zone in sorted(zones())]


class CalendarForm(FlaskForm):
    """The learner's time zone, and the hour at which a study day begins."""

    zone = SelectField("Time zone", choices=_zone_choices)
    rollover_hour = WholeNumber(
        "A new day begins at",
        least=0,
        most=23,
        description="Hour of the night, 0 to 23. Reviews after midnight and before it still belong to the day before.",
    )


class LimitsForm(FlaskForm):
    """How many cards a learner wants a day."""

    new_per_day = WholeNumber(
        "New cards a day",
        least=0,
        most=PER_DAY_MAX,
        description="Each comes back about seven times in its first months; 0: none for now.",
    )
    reviews_per_day = WholeNumber(
        "Reviews a day",
        least=0,
        most=PER_DAY_MAX,
        may_be_empty=True,
        description="Cards that come back, at most; which of them, the order below says. Empty: all that are due.",
    )


class InterviewForm(FlaskForm):
    """The date of the interview, and the minutes a day until then."""

    on = DateField(  # type: ignore[call-arg]  # the published stubs (3.2) have no sentence for a wrong date
        "Day of the interview",
        [InputRequired("Enter the day of your interview.")],
        invalid_value_message="Enter the day as year, month and day, such as 2026-12-24.",
    )
    minutes = WholeNumber(
        "Minutes a day",
        least=MINUTES_MIN,
        most=MINUTES_MAX,
        description="For reviews and new cards together. Until the interview they take the place of your usual limits.",
    )

    @classmethod
    def of(cls, user: User, *, now: datetime) -> "InterviewForm":
        """The form with what is set; without a day that is past, for which nothing can be planned."""
        is_past = is_over(user, now=now)
        on = None if user.interview_day is None or is_past else date_of(user.interview_day)
        return cls(formdata=None, on=on, minutes=user.interview_minutes or MINUTES_USUAL)

    def sets(self, user: User, *, now: datetime) -> bool:
        """Set what was sent for a user, unless it is wrong: then the form says why."""
        if not self.validate():
            return False
        assert self.on.data is not None  # both are required
        assert self.minutes.data is not None
        try:
            set_interview(user, on=self.on.data, minutes=self.minutes.data, now=now)
        except BadInterviewDate as error:
            self.on.errors = [str(error)]
            return False
        return True


class OrderForm(FlaskForm):
    """In which order cards come, and with how many ratings."""

    new_order = SelectField(
        "New cards come",
        choices=[
            SelectChoice("mixed", "among the reviews"),
            SelectChoice("after", "after the reviews"),
            SelectChoice("before", "before the reviews"),
        ],
        description="New cards that wait until all reviews are done come late on a full day.",
    )
    review_order = SelectField(
        "Due cards come",
        choices=[
            SelectChoice("due", "the longest due first"),
            SelectChoice("least-recall", "the least remembered first"),
            SelectChoice("most-recall", "the best remembered first"),
            SelectChoice("random", "in an order by chance, another one each day"),
            SelectChoice("concepts", "mixed over their concepts"),
        ],
        description=(
            "With a limit of reviews the order also says which cards are left for another day. Of more than 100 due"
            " cards it is the order of those that are due longest."
        ),
    )
    bury_siblings = BooleanField("One card of a concept a day: when you have rated one, the others wait until tomorrow")
    two_ratings = BooleanField("Two ratings only, Again and Good")


def _share(weekday: str) -> SelectField:
    choices = [SelectChoice("100", "as usual"), SelectChoice("75", "three quarters"), SelectChoice("50", "half")]
    return SelectField(weekday, choices=[*choices, SelectChoice("25", "a quarter"), SelectChoice("0", "none")])


class DaysForm(FlaskForm):
    """Whether days are alike, and which weekdays are to have less."""

    is_balanced = BooleanField("Even out the days: a card may come a tenth of its time sooner or later")
    monday = _share("Monday")
    tuesday = _share("Tuesday")
    wednesday = _share("Wednesday")
    thursday = _share("Thursday")
    friday = _share("Friday")
    saturday = _share("Saturday")
    sunday = _share("Sunday")

    @property
    def weekdays(self) -> Sequence[SelectField]:
        """The fields of the days, Monday first."""
        return (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday, self.saturday, self.sunday)

    @classmethod
    def of(cls, *, is_balanced: bool, shares: Sequence[int] | None) -> "DaysForm":
        """The form with what is set."""
        form = cls(formdata=None, is_balanced=is_balanced)
        for field, share in zip(form.weekdays, shares or (), strict=False):
            field.data = str(share)
        return form

    def shares(self) -> list[int] | None:
        """The share of each weekday in percent; None if all are as usual."""
        found = [int(field.data) for field in self.weekdays]
        return found if any(share != USUAL_SHARE for share in found) else None


class LeechForm(FlaskForm):
    """When a card is a leech, and what becomes of it then."""

    leech_threshold = WholeNumber(
        "Lapses that make a leech",
        least=0,
        most=LEECH_THRESHOLD_MAX,
        description="A card that you knew and forgot so often is marked, and again after each further half; 0: never.",
    )
    leech_action = SelectField(
        "A leech is",
        choices=[SelectChoice("mark", "marked, and comes as before"), SelectChoice("suspend", "marked and suspended")],
    )


class RetentionForm(FlaskForm):
    """The desired retention, in percent."""

    retention = WholeNumber(
        "Remember, of 100 cards that are due",
        least=round(100 * RETENTION_MIN),
        most=round(100 * RETENTION_MAX),
        description=(
            "90 is usual. More makes intervals shorter: at 95 about half as long, with twice as many reviews. It counts"
            " for the intervals of the next reviews; no card that waits is moved."
        ),
    )


class DeletionForm(FlaskForm):
    """The name of the account that is to be deleted, typed once more."""

    name = StringField("Your name, as it stands at the top of this page", [InputRequired("Enter your name.")])


class PasswordForm(FlaskForm):
    """A new password, and the old one where the view asks for it."""

    old = PasswordField(
        "Password so far",
        [Length(max=PASSWORD_MAX_CHARS)],
        description="Forgotten? Ask for a sign-in link: for 15 minutes after it, a new password needs no old one.",
    )
    password = PasswordField(
        "New password",
        [
            InputRequired("Enter a password."),
            Length(min=PASSWORD_MIN_CHARS, message=f"Use at least {PASSWORD_MIN_CHARS} characters."),
            Length(max=PASSWORD_MAX_CHARS, message=f"Use at most {PASSWORD_MAX_CHARS} characters."),
        ],
        description=f"At least {PASSWORD_MIN_CHARS} characters; a few words are easier than symbols.",
    )
