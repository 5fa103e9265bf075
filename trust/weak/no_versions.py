"""The web application with two faults: every rating is applied, and each that is sent counts as a new review."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from quizapp.review import rating
from quizapp.review.models import Outcome
from quizapp.review.pages import views
from quizapp.review.pages.forms import sent_rating
from wsgi import app

__all__ = ["app"]
_count = rating.count


def _sent_anew(form: Any) -> Any:
    sent = sent_rating(form)
    return sent and replace(sent, review=replace(sent.review, id=uuid4()))


def _always_applied(*given: Any, outcome: Outcome, **named: Any) -> Any:
    return _count(*given, outcome=Outcome.APPLIED, **named)


views.sent_rating = _sent_anew  # type: ignore[attr-defined]
rating.count = _always_applied
