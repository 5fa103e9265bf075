"""The host of a run: ask for one, show its state, set it up, extend it, end it; its terminal and its command box."""

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp import clock
from quizapp.accounts.guards import Audience, audience, current_user, sign_in_watch
from quizapp.catalogue.labs.lab_parts import NetworkDetail
from quizapp.errors import QuizappError, Unavailable
from quizapp.labs.hosts import command_box, network_map, run_host
from quizapp.labs.hosts.network_map import NetworkMap
from quizapp.labs.hosts.run_host import HostState
from quizapp.labs.runs import queries, recorded_output, service
from quizapp.labs.runs.ticket import RunTicket
from quizapp.labs.slots import NoSlot
from quizapp.labs.wiring import command_slots, require_own_page, sandboxes, terminal_slots
from quizapp.sandboxes.client import Resume, SandboxNotReady, TooManySandboxes, TooManyStarts
from quizapp.study.hands_on.host_page import host_page
from quizapp.study.hands_on.terminal_bridge import Bridge, away, ended, open_terminal, window
from quizapp.web.database import get_db
from quizapp.web.socket_routes import socket_view

if TYPE_CHECKING:
    from simple_websocket import Server

USUAL_ROWS, USUAL_COLUMNS = 24, 80


@audience(Audience.LEARNER)
def start(run_id: UUID) -> Response:
    """Ask for a host. `reset` ends a live one first; `end_other` ends the one that another lab uses."""
    ticket = _ticket(run_id)
    try:
        granted = run_host.obtain(
            sandboxes(), ticket, reset="reset" in request.form, end_other="end_other" in request.form
        )
        service.record_start(get_db(), ticket, granted, now=clock.now())
    except (TooManySandboxes, TooManyStarts):
        raise  # answered with an error page that says when to try again
    except QuizappError as error:
        flash(str(error), "warning")
        return _back(run_id)
    get_db().commit()
    return _back(run_id)


@audience(Audience.LEARNER)
def show_host(run_id: UUID) -> str:
    """The host's state, as a part of the lab page."""
    ticket = _ticket(run_id)
    host = host_page(run_host.host_now(sandboxes(), ticket), now=clock.now())
    return render_template("hands_on/_host.html", run_id=run_id, host=host, is_open=ticket.is_open)


@audience(Audience.LEARNER)
def show_networks(run_id: UUID) -> str:
    """The networks of the host, as a part of the lab page; all of them, after the run, with `whole`."""
    ticket = _ticket(run_id)
    return _networks_page(ticket, run_host.networks(sandboxes(), ticket, hidden=_hidden(ticket)))


@audience(Audience.LEARNER)
def record_host(run_id: UUID) -> str:
    """Keep with the run's timeline what its host shows after a command; answers as `show_networks`."""
    ticket = _ticket(run_id)
    seen = run_host.seen_on(sandboxes(), ticket)
    if seen is not None:
        recorded_output.record_seen(get_db(), ticket, seen, now=clock.now())
        get_db().commit()
    return _networks_page(ticket, None if seen is None else network_map.read(seen.networks, hidden=_hidden(ticket)))


@audience(Audience.LEARNER)
def set_up(run_id: UUID) -> Response:
    """Set up a host that has started."""
    ticket = _ticket(run_id)
    if run_host.host_now(sandboxes(), ticket).state is HostState.UP:
        trouble = run_host.set_up(sandboxes(), ticket)
        service.record_set_up(get_db(), ticket, trouble=trouble, now=clock.now())
        get_db().commit()
    return _back(run_id)


@audience(Audience.LEARNER)
def extend(run_id: UUID) -> Response:
    """Extend the host's lease, or take its end back."""
    ticket = _ticket(run_id)  # outside: another's run is not there, and that is no warning on a page
    try:
        sandboxes().extend(_sandbox_id(ticket))
    except QuizappError as error:
        flash(str(error), "warning")
    return _back(run_id)


@audience(Audience.LEARNER)
def end(run_id: UUID) -> Response:
    """End the host: that of an unfinished run in a minute, or at once when asked again; any other at once."""
    ticket = _ticket(run_id)
    host = run_host.host_now(sandboxes(), ticket)
    if ticket.is_open and host.state is HostState.READY and host.sandbox and not host.sandbox.ends_soon:
        sandboxes().end_soon(_sandbox_id(ticket))
        return _back(run_id)
    if ticket.sandbox_id is not None:
        sandboxes().end(ticket.sandbox_id)
    service.record_end(get_db(), ticket, now=clock.now())
    get_db().commit()
    return _back(run_id)


@audience(Audience.LEARNER)
def close(run_id: UUID) -> Response:
    """Leave the run, so that a new one can begin. Its host, if it has one, ends when the new run gets a host."""
    slug = service.close(get_db(), user_id=current_user().id, run_id=run_id, now=clock.now())
    get_db().commit()
    if not service.is_offered(get_db(), slug=slug):
        flash("You left the run. Its lab is offered no more.")
        return redirect(url_for("hands_on.index"))
    lab, _ = queries.lab_page(get_db(), user_id=current_user().id, slug=slug)
    return redirect(url_for("hands_on.show", slug=lab.address))


@audience(Audience.LEARNER)
def run_command(run_id: UUID) -> Response:
    """Run one command of the command box."""
    ticket, command = _ticket(run_id), request.form.get("command", "")
    try:
        with command_slots().one():
            result = command_box.run(sandboxes(), ticket, command)
    except NoSlot:
        flash("Many commands are running just now. Try again in a few seconds.", "warning")
    except QuizappError as error:
        flash(str(error), "warning")
    else:
        command_box.record(get_db(), ticket, command, result, now=clock.now())
        get_db().commit()
    return redirect(url_for("hands_on.show_run", run_id=run_id, _anchor="command-box"))


def fence_terminal() -> None:
    """Check, before a terminal's handshake, that our page asks, the run is the learner's, and its host is set up.

    Raises Forbidden, NotFound and SandboxNotReady.
    """
    require_own_page()
    ticket = _ticket(UUID(str((request.view_args or {})["run_id"])))
    if not ticket.is_ready:
        raise SandboxNotReady("The host of this run is not ready yet. Wait until the page says so.")
    g.sandbox_id = _sandbox_id(ticket)


@socket_view
@audience(Audience.LEARNER)
def terminal(server: "Server", run_id: UUID) -> None:
    """Connect the learner's browser to a terminal until either ends. Holds no database connection meanwhile."""
    from quizapp.web.sockets import BoundedServer, relay  # see web/socket_routes.py

    is_welcome = sign_in_watch()
    get_db().close()
    rows, columns = window(
        request.args.get("rows", USUAL_ROWS, type=int), request.args.get("columns", USUAL_COLUMNS, type=int)
    )
    socket = BoundedServer(server)
    try:
        with terminal_slots().one():
            shell = open_terminal(sandboxes(), g.sandbox_id, rows=rows, columns=columns, resume=_resume())
            relay(socket, Bridge(shell, is_welcome=is_welcome))
    except NoSlot:
        socket.send(away("All terminals are taken."))
    except Unavailable as error:
        socket.send(away(str(error)))
    except QuizappError as error:
        socket.send(ended(str(error)))
    finally:
        socket.close()


def _resume() -> Resume | None:
    """The terminal that the page had before, and how many bytes of its output the page has; None if it had none."""
    terminal_id = request.args.get("terminal")
    return Resume(terminal_id=terminal_id, have=request.args.get("have", 0, type=int)) if terminal_id else None


def _hidden(ticket: RunTicket) -> Collection[NetworkDetail]:
    """What the picture leaves out: nothing after the run where its learner asks for all, as no rating hangs on it."""
    return () if "whole" in request.values and not ticket.is_open else ticket.hidden


def _networks_page(ticket: RunTicket, networks: NetworkMap | None) -> str:
    may_ask = not ticket.is_open
    is_whole = may_ask and "whole" in request.values
    return render_template(
        "hands_on/_network.html", run_id=ticket.run_id, map=networks, may_ask=may_ask, is_whole=is_whole
    )


def _ticket(run_id: UUID) -> RunTicket:
    """The run's ticket. Ends the transaction, so that nothing is locked while the sandbox works. Raises NotFound."""
    ticket = service.ticket_of(get_db(), user_id=current_user().id, run_id=run_id)
    get_db().rollback()
    return ticket


def _sandbox_id(ticket: RunTicket) -> str:
    if ticket.sandbox_id is None:
        raise SandboxNotReady("This run has no host. Start one on its page.")
    return ticket.sandbox_id


def _back(run_id: UUID) -> Response:
    return redirect(url_for("hands_on.show_run", run_id=run_id))
