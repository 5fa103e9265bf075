"""A teacher looks on at a learner's terminal; the learner allows it, sees it and ends it on the lab's page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from flask import g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user, sign_in_watch
from quizapp.classes import onlooking
from quizapp.classes.onlooking import OnlookingRefused, OnlookTicket
from quizapp.db import writing
from quizapp.errors import QuizappError, Unavailable
from quizapp.labs.slots import NoSlot
from quizapp.labs.wiring import require_own_page, sandboxes, terminal_slots
from quizapp.sandboxes.client import SandboxNotReady, TerminalGone
from quizapp.study.hands_on.terminal_bridge import away, ended
from quizapp.study.onlooking_bridge import OnlookerBridge
from quizapp.web.database import get_db
from quizapp.web.socket_routes import socket_view

if TYPE_CHECKING:
    from simple_websocket import Server


@audience(Audience.LEARNER)
def allow(run_id: UUID) -> Response:
    """Let the teachers of one's classes look on at this run."""
    onlooking.allow(get_db(), run_id=run_id, learner=current_user(), now=clock.now())
    get_db().commit()
    return redirect(url_for("hands_on.show_run", run_id=run_id))


@audience(Audience.LEARNER)
def forbid(run_id: UUID) -> Response:
    """Let nobody look on any more."""
    onlooking.forbid(get_db(), run_id=run_id, learner=current_user())
    get_db().commit()
    return redirect(url_for("hands_on.show_run", run_id=run_id))


@audience(Audience.LEARNER)
def show_onlookers(run_id: UUID) -> str | tuple[str, int]:
    """Who looks on at this run; nothing if that is what `?shown=` says, so that nobody is read the same again."""
    state = onlooking.onlooking_of(get_db(), run_id=run_id, learner=current_user(), now=clock.now())
    if request.args.get("shown") == ", ".join(state.now):
        return "", 204
    return render_template("hands_on/_onlookers.html", run_id=run_id, onlooking=state)


@audience(Audience.LEARNER)
def show(class_id: UUID, learners_run: UUID) -> str:
    """The page on which a teacher looks on."""
    ticket = onlooking.ticket_for(get_db(), class_id=class_id, run_id=learners_run, teacher_id=current_user().id)
    return render_template("study/onlooking.html", ticket=ticket)


def fence() -> None:
    """Check, before the handshake, that our page asks and the teacher may look on.

    Raises Forbidden, OnlookingRefused and SandboxNotReady.
    """
    require_own_page()
    named = request.view_args or {}
    g.onlook_ticket = _ticket(UUID(str(named["class_id"])), UUID(str(named["learners_run"])), current_user().id)
    if g.onlook_ticket.sandbox_id is None:
        raise SandboxNotReady("This run has no host at present.")


@socket_view
@audience(Audience.LEARNER)
def terminal(server: "Server", class_id: UUID, learners_run: UUID) -> None:
    """Show a teacher's browser what the learner's terminal shows, until either ends."""
    from quizapp.web.sockets import BoundedServer, relay  # see web/socket_routes.py

    ticket: OnlookTicket = g.onlook_ticket
    teacher_id, is_signed_in = current_user().id, sign_in_watch()  # later the session that has them is closed
    socket, begun = BoundedServer(server), None
    try:
        with terminal_slots().one():
            shown = sandboxes().onlooker(ticket.sandbox_id or "")
            begun = _begin(ticket)
            relay(socket, OnlookerBridge(shown, is_allowed=_watch(ticket, begun, teacher_id, is_signed_in)))
    except (NoSlot, Unavailable, TerminalGone) as error:
        socket.send(away(str(error) or "All terminals are taken."))
    except QuizappError as error:
        socket.send(ended(str(error)))
    finally:
        socket.close()
        if begun is not None:
            with _written() as db:
                onlooking.end(db, onlooking_id=begun, now=clock.now())


def _begin(ticket: OnlookTicket) -> int:
    """Keep that the teacher looks on from now."""
    with _written() as db:
        return onlooking.begin(db, ticket=ticket, teacher=current_user(), now=clock.now())


def _watch(
    ticket: OnlookTicket, onlooking_id: int, teacher_id: UUID, is_signed_in: Callable[[], bool]
) -> Callable[[], bool]:
    """A function that returns whether the teacher may still look on, and keeps from time to time that they do."""
    kept_at = clock.now()

    def is_allowed() -> bool:
        nonlocal kept_at
        now = clock.now()
        try:
            if _ticket(ticket.class_id, ticket.run_id, teacher_id).sandbox_id != ticket.sandbox_id:
                return False
        except OnlookingRefused:
            return False
        finally:
            get_db().close()
        if now - kept_at >= onlooking.BEAT:
            kept_at = now
            with _written() as db:
                onlooking.goes_on(db, onlooking_id=onlooking_id, now=now)
        return is_signed_in()

    return is_allowed


@contextmanager
def _written() -> Iterator[Session]:
    """The session, in a transaction that may write, and its commit: the request of a WebSocket is a GET."""
    db = get_db()
    db.rollback()
    with writing():
        yield db
        db.commit()
    db.close()


def _ticket(class_id: UUID, run_id: UUID, teacher_id: UUID) -> OnlookTicket:
    """The ticket. Ends the transaction, so that nothing is locked meanwhile."""
    ticket = onlooking.ticket_for(get_db(), class_id=class_id, run_id=run_id, teacher_id=teacher_id)
    get_db().rollback()
    return ticket
