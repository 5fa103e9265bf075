"""A run's replay, for its learner and for whoever has a link to it."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp.accounts.guards import Audience, audience, current_user
from quizapp.labs.hosts import network_map
from quizapp.labs.hosts.network_map import NetworkMap
from quizapp.labs.runs import replay as replays
from quizapp.labs.runs import sharing
from quizapp.labs.runs.replay import Replay
from quizapp.web.database import get_db

LINK_BYTES = 32  # of chance: see models.LINK_CHARS


@dataclass(frozen=True, kw_only=True)
class ReplayPage:
    """A run at one moment of its timeline."""

    replay: Replay
    is_shared: bool
    """Whether it is read by the link, and not as the learner's own."""

    @property
    def networks(self) -> NetworkMap | None:
        """The networks after the moment; None if none are kept."""
        now = self.replay.now
        return network_map.read(now.networks, hidden=self.replay.hidden) if now and now.networks else None

    @property
    def shared_at(self) -> str | None:
        """The whole address of the link; None if there is none."""
        link = self.replay.link
        return None if link is None else url_for("hands_on.shared", token=link, _external=True)

    def url(self, step: int) -> str:
        """The address of this page at another step."""
        if self.is_shared:
            return url_for("hands_on.shared", token=self.replay.link, step=step, _anchor="now")
        return url_for("hands_on.replay", run_id=self.replay.run_id, step=step, _anchor="now")


@audience(Audience.LEARNER)
def replay(run_id: UUID) -> str:
    """The learner's own run at one moment of its timeline, `?step=`."""
    found = replays.replay(get_db(), user_id=current_user().id, run_id=run_id, step=_step())
    return render_template("hands_on/replay.html", page=ReplayPage(replay=found, is_shared=False))


@audience(Audience.ANYONE)
def shared(token: str) -> Response:
    """The same by the learner's link, for anybody. Search engines and other sites are not to learn its address."""
    found = replays.replay_of(get_db(), sharing.shared_run(get_db(), link=token), step=_step())
    answer = make_response(render_template("hands_on/replay.html", page=ReplayPage(replay=found, is_shared=True)))
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@audience(Audience.LEARNER)
def make_link(run_id: UUID) -> Response:
    """Make a link to the run's replay, unless there is one."""
    sharing.make_link(get_db(), user_id=current_user().id, run_id=run_id, link=secrets.token_urlsafe(LINK_BYTES))
    get_db().commit()
    return _to_link(run_id)


@audience(Audience.LEARNER)
def end_link(run_id: UUID) -> Response:
    """Take the link back."""
    sharing.end_link(get_db(), user_id=current_user().id, run_id=run_id)
    get_db().commit()
    return _to_link(run_id)


def _step() -> int:
    return request.args.get("step", 1, type=int)


def _to_link(run_id: UUID) -> Response:
    return redirect(url_for("hands_on.replay", run_id=run_id, step=_step(), _anchor="link"))
