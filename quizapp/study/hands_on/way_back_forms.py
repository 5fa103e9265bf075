"""The way back from a lab to the review that led to it, which a link says and the browser's signed cookie keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, session, url_for

from quizapp.accounts.guards import current_user
from quizapp.review import chosen
from quizapp.review.forms import CHOSEN
from quizapp.review.queries import counts
from quizapp.review.sitting_forms import sitting
from quizapp.web.database import get_db

FROM, REVIEW, CARD = "from", "review", "card"  # `?from=review`, and for a card that is still to be rated `&card=…`
_KEY = "way_back"


@dataclass(frozen=True, kw_only=True)
class WayBack:
    """The review that a lab was come to from."""

    url: str
    left: int
    """Cards that can be answered there now."""


def remember(slug: str) -> None:
    """Keep that the review leads to this lab, if the address says so; forget what led to another one."""
    if request.args.get(FROM) == REVIEW:
        card = request.args.get(CARD)
        session[_KEY] = {"lab": slug, "to": {**sitting(), **({CARD: card} if card else {})}}
    elif session.get(_KEY, {}).get("lab") != slug:
        forget()


def forget() -> None:
    """A lab was not come to from the review."""
    session.pop(_KEY, None)


def way_back(slug: str, *, now: datetime) -> WayBack | None:
    """The way back from this lab; None if the review did not lead to it."""
    kept = session.get(_KEY, {})
    if kept.get("lab") != slug:
        return None
    to: Mapping[str, Any] = kept["to"]
    return WayBack(url=url_for("review.show", **to), left=_left(to, now=now))


def _left(to: Mapping[str, Any], *, now: datetime) -> int:
    user, of_sitting = current_user(), chosen.kept(session) if CHOSEN in to else None
    if of_sitting is not None:
        return len(chosen.left(get_db(), of_sitting, user=user, now=now))
    return counts(get_db(), user=user, now=now).total
