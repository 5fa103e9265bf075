"""What the answers of the review page have in common: where it goes on, and a card as its script shows it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp.accounts.guards import current_user
from quizapp.catalogue.remits import may_edit
from quizapp.review.pages.card_page import CardPage, left_now
from quizapp.review.pages.deed_messages import script_texts
from quizapp.review.pages.given_forms import given_out
from quizapp.review.pages.sitting_forms import chosen_left, sitting
from quizapp.web.database import get_db


def show_again(card_id: UUID) -> Response:
    """To the page of one card, in this sitting."""
    return redirect(url_for("review.show", card=card_id, **sitting()), code=303)


def next_page() -> Response:
    """To the next card of this sitting."""
    return redirect(url_for("review.show", **sitting()), code=303)


def next_url() -> str:
    """Where `next_page` leads, for the answer to a rating: `url_for` takes as long as a statement of the database."""
    names = "&".join(f"{name}=1" for name in sitting())
    return f"{request.root_path}/review" + (f"?{names}" if names else "")


def of_sitting(page: CardPage) -> dict[str, Any]:
    """What the templates of a card need to know beside the card."""
    may = may_edit(get_db(), editor=current_user(), question_id=page.question.id)
    return {"may_edit": may, "sitting": sitting(), "said": script_texts(), "given": given_out()}


def for_script(page: CardPage) -> dict[str, str]:
    """A card as the page's script shows it: its id, the count that it belongs to, and its HTML."""
    html = render_template("review/_card.html", page=page, review_id=uuid4(), shown=False, **of_sitting(page))
    return {"card": str(page.card_id), "pile": page.pile, "html": html}


def left_here(now: datetime) -> Mapping[str, int]:
    """How many cards are left of each count of this sitting."""
    return left_now(get_db(), user=current_user(), now=now, sitting=chosen_left(now))


def has_host() -> bool:
    """Whether a card may be asked on a sandbox: what the application says, as this room knows none."""
    free: Callable[[], bool] = current_app.extensions["has_free_host"]
    return free()
