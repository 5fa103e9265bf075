"""The way back from a lab to the review or quiz that led to it, which a link says and the browser's cookie keeps."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request, session, url_for

from quizapp.accounts.guards import current_user
from quizapp.errors import WayOn
from quizapp.quiz.pages.queries import length_of
from quizapp.review.pages import chosen_cards
from quizapp.review.pages.forms import CHOSEN
from quizapp.review.pages.sitting_forms import sitting
from quizapp.review.queries import counts
from quizapp.shown_progress import up_to_most
from quizapp.web.database import get_db

FROM, REVIEW, CARD = "from", "review", "card"  # `?from=review`, and for a card that is still to be rated `&card=…`
# `?from=practice&quiz=…` from a quiz session's result, with `&question=…`, a position, from one of its questions.
PRACTICE, QUIZ, QUESTION = "practice", "quiz", "question"
_KEY = "way_back"


def remember(slug: str) -> None:
    """Keep what leads to this lab, if the address says so; forget what led to another one."""
    where = request.args.get(FROM)
    if where == REVIEW:
        card = request.args.get(CARD)
        session[_KEY] = {"lab": slug, "to": {**sitting(), **({CARD: card} if card else {})}}
    elif where == PRACTICE and (quiz_id := request.args.get(QUIZ, type=UUID)) is not None:
        session[_KEY] = {"lab": slug, QUIZ: quiz_id.hex, QUESTION: request.args.get(QUESTION, type=int)}
    elif session.get(_KEY, {}).get("lab") != slug:
        forget()


def forget() -> None:
    """A lab was not come to from elsewhere."""
    session.pop(_KEY, None)


def way_back(slug: str, *, now: datetime) -> WayOn | None:
    """The way back from this lab; None if no review and no quiz session of the user led to it."""
    kept = session.get(_KEY, {})
    if kept.get("lab") != slug:
        return None
    return _to_quiz(UUID(kept[QUIZ]), kept[QUESTION]) if QUIZ in kept else _to_review(kept["to"], now=now)


def _to_quiz(quiz_id: UUID, position: int | None) -> WayOn | None:
    of = length_of(get_db(), user=current_user(), quiz_id=quiz_id)
    if not of:
        return None
    if position is None or not 1 <= position <= of:
        return WayOn(url=url_for("practice.result", quiz_id=quiz_id), name="Back to the result")
    url = url_for("practice.show", quiz_id=quiz_id, position=position)
    return WayOn(url=url, name=f"Back to question {position} of {of}")


def _to_review(to: Mapping[str, Any], *, now: datetime) -> WayOn:
    left = _left(to, now=now)
    name = f"Back to review, {up_to_most(left)} left" if left else "Back to review"
    return WayOn(url=url_for("review.show", **to), name=name)


def _left(to: Mapping[str, Any], *, now: datetime) -> int:
    """The cards that can be answered there now."""
    user, of_sitting = current_user(), chosen_cards.kept(session) if CHOSEN in to else None
    if of_sitting is not None:
        return len(chosen_cards.left(get_db(), of_sitting, user=user, now=now))
    return counts(get_db(), user=user, now=now).total
