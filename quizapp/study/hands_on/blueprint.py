"""The blueprint of all pages under /labs. The modules with views add them to it when they are imported.

Every request to it counts in its learner's share of this process's threads, since nearly all of them ask a sandbox, and
whoever sends many at once would take the threads of everybody else. Pages have a share of their own: a learner whose
tabs are waiting for their hosts can still open one more. A terminal has slots of its own.
"""

from functools import partial

from flask import Blueprint, g, request

from quizapp.accounts.guards import current_user
from quizapp.errors import TooMany
from quizapp.labs.slots import NoSlot
from quizapp.labs.wiring import page_shares, request_shares

AGAIN_S = 2  # a check takes one or two seconds
PAGES = frozenset(f"hands_on.{name}" for name in ("index", "show", "show_run", "predictions", "replay"))

bp = Blueprint("hands_on", __name__, url_prefix="/labs")


class TooManyAtOnce(TooMany):
    """The learner waits for as many answers about hosts already as one may wait for."""

    title = "One thing at a time"


@bp.before_request
def _take_share() -> None:
    """Take a slot of the learner's share for the time of this request. Raises TooManyAtOnce."""
    if request.endpoint == "hands_on.terminal":
        return
    shares, learner = page_shares() if request.endpoint in PAGES else request_shares(), current_user().id
    try:
        shares.take(learner)
    except NoSlot:
        raise TooManyAtOnce(
            f"You have {shares.most} things under way here just now. Wait for one of them, then try again.",
            retry_after_s=AGAIN_S,
        ) from None
    g.give_share_back = partial(shares.give_back, learner)


@bp.teardown_request
def _give_share_back(_: BaseException | None) -> None:
    """Give the slot back, however the request has ended."""
    if give_back := g.pop("give_share_back", None):
        give_back()
