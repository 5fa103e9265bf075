"""A command taken from a learner and graded on two hosts, for the page of its lab and for its card in the review.

While sandboxd is asked, nothing is locked: each function commits or ends the session's transaction before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.accounts.models import User
from quizapp.labs.judging import grading
from quizapp.labs.judging.grading import Grade
from quizapp.labs.runs.ticket import RunTicket
from quizapp.labs.trials import store, twins
from quizapp.labs.trials.store import GivenCommand, Trial
from quizapp.labs.trials.twins import Side
from quizapp.review.rating import Rated
from quizapp.sandboxes.client import SandboxClient
from quizapp.study.hands_on import results
from quizapp.study.hands_on.results import InCard
from quizapp.verdicts import Verdict


@dataclass(frozen=True, kw_only=True)
class Trier:
    """Whose run a command is given in, and what it takes to have it graded."""

    db: Session
    client: SandboxClient
    user: User
    ticket: RunTicket
    now: Callable[[], datetime]
    in_review: InCard | None = None
    """None on the lab's own page."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of asking for a command's grade."""

    is_graded: bool
    """Whether no command waits any more; False while one of its hosts starts."""
    rated: Rated | None = None
    """The card's rating, if this request has made it."""


def give(trier: Trier, command: str) -> Rated | None:
    """Take a command, as `twins.readable` gives it. In a card the run passes at once if its form was right before.

    So it does on the page of a lab that asks nothing more. Else the command waits for its grade on two hosts, which are
    asked for. The same command again, as when it was sent twice, changes nothing while it waits. Returns the card's
    rating, if the run passed. Raises what `twins.ask` and `store.record` raise.
    """
    db, ticket = trier.db, trier.ticket
    before = store.waiting(db, ticket)
    if before is not None and before.command == command:
        return None
    if not _asks_more(trier) and store.is_accepted(db, _given(ticket, command), now=trier.now()):
        rated = _record(trier, grading.accepted(ticket.lab), command)
        db.commit()
        _end_of(trier, before)
        return rated
    db.rollback()
    pair = _fresh_pair(trier, before)
    store.record(db, ticket, Trial(command=command, twins=pair), now=trier.now())
    db.commit()
    return None


def grade(trier: Trier) -> Tried:
    """Grade the command that waits, if both of its hosts are up.

    Several requests may ask at once: the first one records its grade.
    """
    db, ticket = trier.db, trier.ticket
    waiting = store.waiting(db, ticket)
    db.rollback()
    if waiting is None:
        return Tried(is_graded=True)
    found = twins.graded(
        trier.client, waiting.twins, lab=ticket.lab, command=waiting.command, asks_more=_asks_more(trier)
    )
    if found is None:
        return Tried(is_graded=False)
    now_waiting = store.locked_waiting(db, ticket)
    rated = None
    if now_waiting == waiting:
        if found.verdict is Verdict.PASS:
            store.accept(db, _given(ticket, waiting.command), now=trier.now())
        rated = _record(trier, found, waiting.command)
    db.commit()
    if now_waiting in (None, waiting):  # a newer command has ended these hosts already, or runs on them
        twins.end(trier.client, waiting.twins)
    return Tried(is_graded=True, rated=rated)


def _asks_more(trier: Trier) -> bool:
    """Whether what was predicted and the question after a pass are asked: on the page of the lab alone."""
    return trier.in_review is None and twins.asks_more_of(trier.ticket.lab)


def _given(ticket: RunTicket, command: str) -> GivenCommand:
    return GivenCommand(command=command, lab=ticket.lab, values=ticket.values)


def _fresh_pair(trier: Trier, before: Trial | None) -> Mapping[Side, str]:
    """Ask for two hosts that ran no command yet, after ending those of the trial `before`."""
    _end_of(trier, before)
    return twins.ask(trier.client, owner=trier.ticket.owner, template=trier.ticket.lab.template)


def _end_of(trier: Trier, before: Trial | None) -> None:
    if before is not None:
        twins.end(trier.client, before.twins)


def _record(trier: Trier, found: Grade, command: str) -> Rated | None:
    """Record the grade of a command; a pass rates the card."""
    return results.record(
        trier.db,
        user=trier.user,
        ticket=trier.ticket,
        grade=found,
        typed=command,
        now=trier.now(),
        in_review=trier.in_review,
    )
