"""A lab that asks for one command, as its card of the review shows it: the task, the last command's effect, the rating.

A run begins with the first thing that is done in the card. One that was begun on an earlier study day and left is not
gone on with: what is rated is what happens today.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.errors import QuizappError
from quizapp.labs.runs import queries, run_numbers, service
from quizapp.labs.runs.models import LabRun
from quizapp.labs.runs.queries import LabTexts, RunView
from quizapp.labs.trials import store, twins
from quizapp.labs.trials.store import Trial
from quizapp.review.memory import Rating
from quizapp.review.queries import today_of
from quizapp.sandboxes.client import Sandbox, SandboxClient
from quizapp.study.hands_on.trial_page import TrialPage
from quizapp.verdicts import Verdict

IN_QUEUE = "All hosts are taken just now; yours are number {position} in the queue."


class Awaited(StrEnum):
    """What the card of a lab waits for."""

    ASKED = "asked"  # a command
    WAITING = "waiting"  # the grade of one
    DONE = "done"  # nothing: it is rated


@dataclass(frozen=True, kw_only=True)
class CardRun:
    """A run as its card shows it."""

    lab: LabTexts
    number: int
    """Of the run, among the learner's runs of the lab."""
    run: RunView | None
    """None before it is opened."""
    waiting: Trial | None
    """Its command that waits for a grade; None if there is none."""


@dataclass(frozen=True, kw_only=True)
class LabCard:
    """The card of a lab that asks for one command."""

    lab: LabTexts
    number: int
    run: RunView | None
    trial: TrialPage | None
    """The command that waits for its grade; None if there is none."""
    typed: str = ""
    """The command to go on from: the last one."""
    trouble: str | None = None
    """Why the command that was just sent was not run, in a sentence; None if none was refused."""
    no_hosts: str | None = None
    """Why no hosts are begun for the next command, in a sentence; None if they are, or none are needed."""
    rating: Rating | None = None
    """What the run came to; None until it is done."""
    comes_back: str | None = None
    """When the card comes back, such as "in 4 days"; None until it is rated."""

    @property
    def state(self) -> Awaited:
        """What the card waits for."""
        if self.rating is not None:
            return Awaited.DONE
        return Awaited.ASKED if self.trial is None else Awaited.WAITING


def card_run(db: Session, *, user: User, slug: str, now: datetime, number: int | None = None) -> CardRun:
    """The learner's run of the lab: that with this number, if it was not left since; else an open one of today.

    Without either, the next run. Raises NotFound for a lab that is not offered.
    """
    lab = run_numbers.lab_of(db, slug=slug)
    last = run_numbers.newest(db, user_id=user.id, lab=lab)
    is_shown = _is_shown(last.run, is_asked_for=last.number == number, user=user, now=now)
    run = last.run if is_shown else None
    if run is None:
        texts, _ = queries.lab_page(db, user_id=user.id, slug=slug)
        return CardRun(lab=texts, number=last.number + 1, run=None, waiting=None)
    texts, view = queries.run_page(db, user_id=user.id, run_id=run.id)
    ticket = service.ticket_of(db, user_id=user.id, run_id=run.id)
    return CardRun(lab=texts, number=last.number, run=view, waiting=store.waiting(db, ticket))


def begin(client: SandboxClient, *, owner: str, template: str) -> str | None:
    """Begin the twins on which a command will be graded. A sentence if there are none, or none yet; else None."""
    try:
        pair = twins.ask(client, owner=owner, template=template)
        return _in_queue([client.get(twin) for twin in pair.values()])
    except QuizappError as error:
        return str(error)


def _in_queue(pair: list[Sandbox]) -> str | None:
    places = [twin.position for twin in pair if twin.position is not None]
    return IN_QUEUE.format(position=max(places)) if places else None


def _is_shown(run: LabRun | None, *, is_asked_for: bool, user: User, now: datetime) -> bool:
    """Whether a run is gone on with, or its result shown to whoever asks for just this one."""
    if run is None:
        return False
    if run.finished_at is None:
        return is_asked_for or today_of(user, now=run.started_at) == today_of(user, now=now)
    return is_asked_for and (run.solution_shown or run.verdict is Verdict.PASS)
