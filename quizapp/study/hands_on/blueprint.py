"""The blueprint of all pages under /labs. The modules with views add them to it when they are imported.

Every request to it counts in its learner's share of this process's threads, since nearly all of them ask a sandbox, and
whoever sends many at once would take the threads of everybody else. A terminal has slots of its own.
"""

from flask import Blueprint, g, request

from quizapp.accounts.guards import current_user
from quizapp.errors import TooMany
from quizapp.labs.slots import NoSlot
from quizapp.labs.wiring import REQUESTS_EACH, request_shares

AGAIN_S = 2  # a check takes one or two seconds

bp = Blueprint("hands_on", __name__, url_prefix="/labs")


class TooManyAtOnce(TooMany):
    """The learner waits for as many answers about hosts already as one may wait for."""

    title = "One thing at a time"


@bp.before_request
def _take_share() -> None:
    """Take a slot of the learner's share for the time of this request. Raises TooManyAtOnce."""
    if request.endpoint == "hands_on.terminal":
        return
    learner = current_user().id
    try:
        request_shares().take(learner)
    except NoSlot:
        raise TooManyAtOnce(
            f"Your host has {REQUESTS_EACH} other things to do for you just now. Wait for one of them, then try again.",
            retry_after_s=AGAIN_S,
        ) from None
    g.has_share = learner


@bp.teardown_request
def _give_share_back(_: BaseException | None) -> None:
    """Give the slot back, however the request has ended."""
    if (learner := g.pop("has_share", None)) is not None:
        request_shares().give_back(learner)
