"""How a quiz session is to run, as the form of Practice has it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.catalogue.models import QuestionKind
from quizapp.errors import Invalid
from quizapp.quiz.draw.available_questions import QuizOffer, offer_of
from quizapp.quiz.draw.selection import LONGEST, LONGEST_MINUTES, SHORTEST, SHORTEST_MINUTES
from quizapp.quiz.draw.wish import USUAL_LENGTH as USUAL
from quizapp.quiz.draw.wish import Narrowed
from quizapp.quiz.modes import LIMIT_LEAST_MIN, LIMIT_MOST_MIN, Mode
from quizapp.quiz.pages.forms import USUAL_LENGTH, ChooseForm, wish_in

TYPED_MAX_DIGITS = 3  # of the numbers that are taken from an address


def preselect_how(form: ChooseForm, asked: Mapping[str, str]) -> None:
    """Take mode, length, limit and marks from an address, as far as they are right."""
    form.minutes.data = _number(asked.get("minutes"), least=SHORTEST_MINUTES, most=LONGEST_MINUTES)
    form.suits.data, form.certainty.data = "suits" in asked, "certainty" in asked
    form.mode.data = asked["mode"] if asked.get("mode") in set(Mode) else Mode.PRACTICE
    form.length.data = _number(asked.get("length"), least=SHORTEST, most=LONGEST) or USUAL_LENGTH
    form.limit.data = _number(asked.get("limit"), least=LIMIT_LEAST_MIN, most=LIMIT_MOST_MIN)


def asks_commands(narrowed: Narrowed) -> bool:
    """Whether a quiz session asks for commands: if hosts can be had, or its learner has asked for nothing else."""
    if narrowed.kind is not None:
        return narrowed.kind is QuestionKind.LAB
    has_host: Callable[[], bool] = current_app.extensions["has_free_host"]
    return has_host()


def offer_in(db: Session, *, user: User, form: ChooseForm, now: datetime) -> QuizOffer:
    """The offer of what the form asks for, as far as that is right; the usual instead of the rest."""
    mode = Mode(form.mode.data) if form.mode.data in set(Mode) else Mode.PRACTICE
    wish = wish_in(form)
    if form.length.errors or form.minutes.errors:
        wish = replace(wish, length=USUAL)
    if mode is Mode.INTERVIEW and wish.narrowed.kind is None:
        wish = replace(wish, narrowed=of_interview(wish.narrowed))
    limit_min = None if form.limit.errors else form.limit.data
    return offer_of(db, user=user, wish=wish, mode=mode, limit_min=limit_min, asks_commands=asks_commands, now=now)


def of_interview(narrowed: Narrowed) -> Narrowed:
    """What an interview draws from. Raises Invalid for other kinds than it asks."""
    if narrowed.kind not in (None, QuestionKind.OPEN):
        raise Invalid("An interview asks open questions alone. Leave the kind as it is, or choose a test.")
    return replace(narrowed, kind=QuestionKind.OPEN)


def _number(typed: str | None, *, least: int, most: int) -> int | None:
    """A whole number in its bounds; None for everything else."""
    if not typed or len(typed) > TYPED_MAX_DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    return number if least <= (number := int(typed)) <= most else None
