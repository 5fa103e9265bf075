"""What a request of the review page says of the sitting that it is part of, in its address or its form."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request, session
from flask.globals import request_ctx

from quizapp.accounts.guards import current_user
from quizapp.review.pages import chosen_cards
from quizapp.review.pages.card_page import Sitting
from quizapp.review.pages.chosen_cards import SittingDone
from quizapp.review.pages.forms import AHEAD, CHOSEN
from quizapp.web.database import get_db

SKIPPED_MAX = 200  # cards whose rating is still in the browser's outbox; more would be a whole day without a connection


def sitting() -> dict[str, Any]:
    """The arguments with which the next page of a sitting is as this one."""
    request = request_ctx.request
    sent, asked = request.form, request.args if request.query_string else ()
    return {name: 1 for name in (AHEAD, CHOSEN) if name in asked or name in sent}


def is_ahead() -> bool:
    """Whether cards that come back soon are shown already."""
    return AHEAD in sitting()


def held_back() -> Sequence[UUID]:
    """The ids of the cards whose rating is still in the browser's outbox. Values that are no UUID are ignored."""
    return request.args.getlist("skip", type=UUID)[:SKIPPED_MAX]


def chosen_left(now: datetime) -> Sitting | None:
    """The sitting over chosen cards with those that are left of them; None if this is none."""
    cards = chosen_cards.kept(session) if CHOSEN in sitting() else None
    if cards is None:
        return None
    left = chosen_cards.left(get_db(), cards, user=current_user(), now=now, without=held_back())
    return Sitting(ids=cards.ids, cards=left, is_apart=cards.is_apart)


def done_of_chosen() -> SittingDone | None:
    """What was done in the sitting over chosen cards; None if this is none."""
    cards = chosen_cards.kept(session) if CHOSEN in sitting() else None
    return None if cards is None else chosen_cards.done(get_db(), cards, user=current_user())
