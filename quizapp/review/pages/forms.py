"""The forms of the review page. Most fields are hidden: the page fills them in, the learner presses a button."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import UUID, InputRequired, Length, Optional, Regexp

from quizapp.accounts.models import PER_DAY_MAX, RETENTION_MAX, RETENTION_MIN
from quizapp.catalogue.models import KEY_MAX_CHARS
from quizapp.review.deeds import FLAG_MAX, NEW_LAB_DAYS
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewSource
from quizapp.review.rating import Review
from quizapp.web.whole_numbers import WholeNumber

UNREADABLE = "That answer could not be read, so nothing was counted. Reload the page and rate the card again."
ID_MAX = 2**31 - 1  # of a question: the largest integer of both databases' columns
CHOSEN = "chosen"  # a field or argument of a sitting over the cards that were chosen for it, see `chosen_cards`
APART = "apart"  # a field of a rating that is to leave the schedule alone, whenever it arrives
AHEAD = "ahead"  # a field or argument of a sitting that also takes the cards that come back within the day


class CardForm(FlaskForm):
    """An action on one card, given by its id."""

    card = HiddenField(validators=[InputRequired(), UUID()])
    deed_id = HiddenField(validators=[Optional(), UUID()])
    """Made by the page's script, which may send the same deed twice."""

    @property
    def cards(self) -> Sequence[uuid.UUID]:
        """The card, in a list, once the form is validated."""
        return [uuid.UUID(self.card.data)]

    @property
    def step(self) -> uuid.UUID | None:
        """The id of the deed, once the form is validated; None without a script."""
        return uuid.UUID(self.deed_id.data) if self.deed_id.data else None


class BuryForm(CardForm):
    """A card that stays away until tomorrow, or for NEW_LAB_DAYS."""

    days = HiddenField(validators=[Optional(), Regexp(rf"{NEW_LAB_DAYS}\Z")])


class UndoForm(CardForm):
    """Takes back what was done to a card, by the id of the review or of the deed."""

    done = HiddenField(validators=[InputRequired(), UUID()])


class FlagForm(CardForm):
    """A flag for one card; 0 takes it away."""

    flag = HiddenField(validators=[InputRequired(), Regexp(rf"[0-{FLAG_MAX}]\Z")])


@dataclass(frozen=True, kw_only=True)
class SentRating:
    """What the page sends for a rating."""

    card: uuid.UUID
    version: int
    """The card's when it was shown."""
    review: Review
    asked: int | None = None
    """The id of the question by which the card was asked; None: by its own."""


def sent_rating(form: Mapping[str, str]) -> SentRating | None:
    """A rating as it was sent; None if it cannot be read. Without `taken_ms`, no script was there to measure it.

    The page fills in all of it, so there is no sentence for each field, and WTForms would take as long as the database.
    """
    taken_ms = form.get("taken_ms", "").strip()
    try:
        review = Review(
            id=uuid.UUID(form["review_id"]),
            rating=Rating(int(form["rating"])),
            source=ReviewSource.APART if APART in form else ReviewSource.REVIEW,
            taken_ms=int(taken_ms) if taken_ms else None,
            spares_siblings=CHOSEN in form,
        )
        asked = int(form["asked"]) if "asked" in form else None
        sent = SentRating(card=uuid.UUID(form["card"]), version=int(form["version"]), review=review, asked=asked)
    except (KeyError, ValueError):
        return None
    return sent if sent.version >= 0 and 0 <= (asked or 0) <= ID_MAX else None


def _cards_today(label: str) -> WholeNumber:
    return WholeNumber(label, least=0, most=PER_DAY_MAX, may_be_empty=True, description="Empty: as on other days.")


class TodayForm(FlaskForm):
    """The limits of the present study day alone; an empty field: as usual."""

    new_cards = _cards_today("New cards today")
    reviews = _cards_today("Reviews today")


class MoreForm(FlaskForm):
    """How many further new cards to begin today."""

    more = WholeNumber(least=1, most=PER_DAY_MAX)


_KEY = Length(max=KEY_MAX_CHARS), Regexp(r"[^\0]+\Z")  # a NUL is refused: PostgreSQL cannot compare it


class NoteCardsForm(FlaskForm):
    """Questions of a note, by its key: all, those of a section by its anchor, of a concept by its key, or one."""

    note = HiddenField(validators=[InputRequired(), *_KEY])
    section = HiddenField(validators=[Optional(), *_KEY])
    concept = HiddenField(validators=[Optional(), *_KEY])
    question = HiddenField(validators=[Optional(), *_KEY])
    then = HiddenField()
    """"review" to go on to the review page, "today" to the first page, "concept" to its page; else back to the note."""


class NoteRetentionForm(FlaskForm):
    """How much of a note to remember, in percent; an empty field: as of the others."""

    retention = WholeNumber(least=round(100 * RETENTION_MIN), most=round(100 * RETENTION_MAX), may_be_empty=True)
