"""The blueprint of all pages under /labs. Their addresses, and what comes before each.

Every request to it counts in its learner's share of this process's threads, since nearly all of them ask a sandbox, and
whoever sends many at once would take the threads of everybody else. Pages have a share of their own: a learner whose
tabs are waiting for their hosts can still open one more. A terminal has slots of its own.
"""

from functools import partial

from flask import g, request

from quizapp.accounts.guards import current_user
from quizapp.errors import TooMany
from quizapp.labs.slots import NoSlot
from quizapp.labs.wiring import page_shares, request_shares
from quizapp.web.pages import Pages

AGAIN_S = 2  # a check takes one or two seconds
PAGES = frozenset(f"hands_on.{name}" for name in ("index", "show", "show_draft", "show_run", "predictions", "replay"))
TERMINAL = "hands_on.terminal"
WINDOWS = frozenset({"hands_on.window", "hands_on.window_top"})
OF_NOBODY = frozenset({TERMINAL, "hands_on.shared", *WINDOWS})  # the terminal has slots of its own, nobody is signed in

bp = Pages(
    "hands_on",
    __name__,
    url_prefix="/labs",
    shown={
        "": "list_views.index",
        "/<lab:slug>": "views.show",
        "/<slug>/try": "draft_views.show_draft",
        "/runs/<uuid:run_id>": "views.show_run",
        "/runs/<uuid:run_id>/replay": "replay_views.replay",
        "/shared/<token>": "replay_views.shared",
        "/runs/<uuid:run_id>/port": "window_views.open_port",
        "/window/<key>/<int:port>/": "window_views.window_top",
        "/window/<key>/<int:port>/<path:target>": "window_views.window",
        "/runs/<uuid:run_id>/host": "host_views.show_host",
        "/runs/<uuid:run_id>/networks": "host_views.show_networks",
        "/predictions": "prediction_views.predictions",
    },
    sent={
        "/<lab:slug>/prediction": "views.predict",
        "/<slug>/try": "draft_views.begin_draft",
        "/runs/<uuid:run_id>/recording": "draft_views.record_run",
        "/runs/<uuid:run_id>/check": "views.check",
        "/runs/<uuid:run_id>/live-checks": "views.live_checks",
        "/runs/<uuid:run_id>/explain": "views.explain",
        "/runs/<uuid:run_id>/hint": "views.hint",
        "/runs/<uuid:run_id>/solution": "views.show_solution",
        "/runs/<uuid:run_id>/recorded": "views.answer_recording",
        "/runs/<uuid:run_id>/host": "host_views.start",
        "/runs/<uuid:run_id>/recorded-host": "host_views.record_host",
        "/runs/<uuid:run_id>/link": "replay_views.make_link",
        "/runs/<uuid:run_id>/link/end": "replay_views.end_link",
        "/runs/<uuid:run_id>/set-up": "host_views.set_up",
        "/runs/<uuid:run_id>/extend": "host_views.extend",
        "/runs/<uuid:run_id>/end": "host_views.end",
        "/runs/<uuid:run_id>/close": "host_views.close",
        "/runs/<uuid:run_id>/commands": "host_views.run_command",
        "/runs/<uuid:run_id>/trial": "trial_views.give_command",
        "/runs/<uuid:run_id>/trial/grade": "trial_views.grade_trial",
        "/<lab:slug>/card": "card_views.show_card",
        "/<lab:slug>/card/command": "card_views.give_in_card",
        "/<lab:slug>/card/grade": "card_views.grade_in_card",
        "/<lab:slug>/card/hint": "card_views.hint_in_card",
        "/<lab:slug>/card/solution": "card_views.show_solution_in_card",
        "/hosts-ahead/end": "card_views.end_hosts_ahead",
        "/asked/<uuid:quiz_id>/<int:position>/hosts": "asked_views.begin_hosts",
        "/asked/<uuid:quiz_id>/<int:position>/run": "asked_views.run_asked",
        "/asked/<uuid:quiz_id>/<int:position>/leave": "asked_views.leave_out",
    },
    connected={
        "/runs/<uuid:run_id>/terminal": "host_views.terminal",
    },
)


class TooManyAtOnce(TooMany):
    """The learner waits for as many answers about hosts already as one may wait for."""

    title = "One thing at a time"


@bp.before_request
def _take_share() -> None:
    """Take a slot of the learner's share for the time of this request. Raises TooManyAtOnce."""
    if request.endpoint in OF_NOBODY:
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


@bp.before_request
def _fence() -> None:
    """See `host_views.fence_terminal`."""
    if request.endpoint == TERMINAL:
        from quizapp.study.hands_on.host_views import fence_terminal  # see web.pages

        fence_terminal()


@bp.teardown_request
def _give_share_back(_: BaseException | None) -> None:
    """Give the slot back, however the request has ended."""
    if give_back := g.pop("give_share_back", None):
        give_back()
