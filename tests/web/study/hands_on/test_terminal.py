"""The terminal's WebSocket on a real server: who may open it, what passes, what the end looks like."""

import json
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from sqlalchemy.orm import Session, sessionmaker
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State
from websockets.sync.client import ClientConnection, connect

from quizapp.accounts.models import Role, SignIn, User
from quizapp.labs import wiring
from quizapp.labs.slots import Slots
from quizapp.sandboxes.client import SandboxdAway
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.study.hands_on import terminal_bridge
from quizapp.web.socket_routes import LEFT_EARLY
from tests.leaving import Leaves, be_late, leave_early, lines_in
from tests.serving import served
from tests.web.study.hands_on.conftest import Learner

WAIT_S = 60

Open = Callable[..., ClientConnection]


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """The port of a server that runs the application."""
    with served(app) as port:
        yield port


@pytest.fixture
def open_terminal(port: int, learner: Learner) -> Iterator[Open]:
    """`open_terminal(run)`: a browser's end of the run's terminal; it closes itself. `more` goes into its address."""
    opened: list[ClientConnection] = []

    def open_it(run: str, more: str = "") -> ClientConnection:
        cookie = learner.client.get_cookie("quizapp")
        assert cookie is not None
        headers = {"Origin": f"http://127.0.0.1:{port}", "Cookie": f"quizapp={cookie.value}"}
        address = f"ws://127.0.0.1:{port}{run}/terminal?rows=30&columns=100{more}"
        opened.append(connect(address, legacy=True, additional_headers=headers, close_timeout=1))
        return opened[-1]

    yield open_it
    for line in opened:
        line.close()


@pytest.fixture
def run(learner: Learner) -> str:
    """A run whose host is set up."""
    path = learner.predict()
    learner.start(path)
    return path


def greeted(line: ClientConnection) -> dict[str, object]:
    """What the browser is told first: which terminal it has."""
    told = json.loads(line.recv(timeout=WAIT_S))
    assert list(told) == ["open"], told
    opened: dict[str, object] = told["open"]
    return opened


def echoed(line: ClientConnection, typed: bytes) -> None:
    """Type, and see it."""
    line.send(typed)
    assert line.recv(timeout=WAIT_S) == typed


def test_what_is_typed_comes_back(open_terminal: Open, run: str) -> None:
    line = open_terminal(run)
    assert greeted(line).items() >= {"start": 0, "seen": 0, "truncated": False}.items()
    for typed in (b"ls\r", bytes(range(256)), "ä€\U0001f40b".encode()):
        line.send(typed)
        assert line.recv(timeout=WAIT_S) == typed


@pytest.mark.parametrize(
    "text", ['{"resize": {"rows": 9e9, "columns": null}}', "[" * 60_000, "no json", '{"resize": 1}', '{"ack": -1}', "7"]
)
def test_control_that_makes_no_sense_is_passed_over(open_terminal: Open, run: str, text: str) -> None:
    line = open_terminal(run)
    greeted(line)
    line.send(text)
    echoed(line, b"x")


def test_a_page_that_comes_back_has_its_own_shell_and_what_it_lacks(open_terminal: Open, run: str) -> None:
    line = open_terminal(run)
    terminal = greeted(line)["terminal"]
    echoed(line, b"seen, ")
    echoed(line, b"lost")
    line.close()
    again = open_terminal(run, f"&terminal={terminal}&have=6")
    assert greeted(again).items() >= {"terminal": terminal, "start": 6, "truncated": False}.items()
    assert again.recv(timeout=WAIT_S) == b"lost"
    echoed(again, b", and on")


def test_two_tabs_have_a_shell_each(open_terminal: Open, run: str) -> None:
    one, two = open_terminal(run), open_terminal(run)
    assert greeted(one)["terminal"] != greeted(two)["terminal"]
    echoed(one, b"first")
    echoed(two, b"second")


def test_a_fifth_tab_is_told_so(open_terminal: Open, run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.sandboxes.terminals.kept_shells.ROOM_WAIT_S", 0.01)
    for _ in range(4):
        greeted(open_terminal(run))
    told = json.loads(open_terminal(run).recv(timeout=WAIT_S))
    assert told == {"ended": "This host has 4 terminals open already. Close one of them, then open this one again."}


@pytest.mark.parametrize("terminal", ["0" * 32, "../x", "%00", "ü" * 5000])
def test_a_terminal_that_is_gone_is_replaced(
    open_terminal: Open, run: str, sandboxes: FakeSandboxClient, terminal: str
) -> None:
    opened = greeted(open_terminal(run, f"&terminal={quote(terminal)}&have=99999999999999999999"))
    assert opened.items() >= {"start": 0, "truncated": False}.items()
    assert opened["terminal"] != terminal


def test_a_service_that_started_anew_gives_a_new_shell(
    open_terminal: Open, run: str, sandboxes: FakeSandboxClient
) -> None:
    terminal = greeted(open_terminal(run))["terminal"]
    sandboxes.forget_terminals()
    assert greeted(open_terminal(run, f"&terminal={terminal}&have=0"))["terminal"] != terminal


def test_nobody_gets_the_terminal_of_another_host(open_terminal: Open, run: str, sandboxes: FakeSandboxClient) -> None:
    other = sandboxes.ask(owner="somebody else")
    sandboxes.get(other.id)
    theirs = sandboxes.terminal(other.id, rows=24, columns=80)
    theirs.send(b"secret")
    line = open_terminal(run, f"&terminal={theirs.opened.terminal_id}&have=0")
    assert greeted(line)["terminal"] != theirs.opened.terminal_id
    echoed(line, b"mine")
    assert (theirs.receive(), theirs.ended) == (b"secret", None)
    theirs.close()


@pytest.mark.parametrize("ending", ["sign out", "another role", "sign-in gone"])
def test_signing_out_closes_the_terminal(
    open_terminal: Open,
    run: str,
    learner: Learner,
    sessions: sessionmaker[Session],
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
) -> None:
    monkeypatch.setattr(terminal_bridge, "SIGN_IN_CHECK_S", 0.05)
    line = open_terminal(run)
    terminal = greeted(line)["terminal"]
    echoed(line, b"x")
    if ending == "sign out":
        learner.press("/sign-out")
    else:
        with sessions() as db:
            if ending == "another role":
                db.execute(update(User).where(User.role == Role.LEARNER).values(role=Role.EDITOR))
            else:
                db.execute(delete(SignIn))
            db.commit()
    told = line.recv(timeout=WAIT_S)
    assert isinstance(told, str)
    assert json.loads(told) == {"ended": terminal_bridge.SIGNED_OUT}
    assert close_code(line) in (1000, 1005, 1006)
    assert terminal


def test_a_terminal_outlives_many_looks_at_its_sign_in(
    open_terminal: Open, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal_bridge, "SIGN_IN_CHECK_S", 0)
    line = open_terminal(run)
    greeted(line)
    for number in range(50):
        echoed(line, b"%d" % number)


def test_the_end_says_why(app: Flask, open_terminal: Open, run: str, sandboxes: FakeSandboxClient) -> None:
    app.extensions["terminal_slots"] = slots = Slots(1)
    line = open_terminal(run)
    greeted(line)
    sandboxes.die(sandboxes.list()[0].id)
    told = line.recv(timeout=WAIT_S)
    assert isinstance(told, str)
    assert json.loads(told) == {"ended": "It stopped by itself. Start a new one."}
    assert _eventually_free(slots)


def test_a_service_that_went_away_says_so(open_terminal: Open, run: str, sandboxes: FakeSandboxClient) -> None:
    sandboxes.fault = SandboxdAway("The sandbox service does not answer.", retry_after_s=5)
    told = open_terminal(run).recv(timeout=WAIT_S)
    assert isinstance(told, str)
    assert json.loads(told) == {"away": "The sandbox service does not answer."}


def test_a_full_process_says_try_later(app: Flask, open_terminal: Open, run: str) -> None:
    app.extensions["terminal_slots"] = Slots(1)
    first = open_terminal(run)
    greeted(first)
    told = open_terminal(run).recv(timeout=WAIT_S)
    assert isinstance(told, str)
    assert json.loads(told) == {"away": "All terminals are taken."}
    assert first.state is State.OPEN


def test_a_closed_terminal_gives_its_slot_back(app: Flask, open_terminal: Open, run: str) -> None:
    app.extensions["terminal_slots"] = slots = Slots(1)
    line = open_terminal(run)
    greeted(line)
    echoed(line, b"x")
    line.close()
    assert _eventually_free(slots)


def test_a_message_that_is_too_large_ends_the_line(open_terminal: Open, run: str) -> None:
    line = open_terminal(run)
    greeted(line)
    line.send(b"x" * (wiring.MESSAGE_BYTES + 1))
    assert close_code(line) == 1009


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "", "http://localhost:1", "http://localhost@evil.example", "http://localhost.evil"],
)
def test_pages_of_other_sites_are_refused(learner: Learner, run: str, origin: str) -> None:
    assert refusal(learner.client, run, origin=origin) == 403


def test_strangers_are_refused(run: str, client_as: Callable[..., FlaskClient], client: FlaskClient) -> None:
    assert refusal(client_as("owner"), run) == 404
    assert refusal(client, run) == 302  # to the sign-in page, which is no handshake either


def test_a_host_that_is_not_set_up_has_no_terminal(learner: Learner) -> None:
    assert refusal(learner.client, learner.predict()) == 409


def test_an_open_terminal_holds_no_database_connection(app: Flask, open_terminal: Open, run: str) -> None:
    line = open_terminal(run)
    greeted(line)
    echoed(line, b"x")
    pool = app.extensions["engine"].pool
    until = time.monotonic() + WAIT_S  # the last look of another test's line may just be ending
    while pool.checkedout():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("leaves", Leaves)
def test_a_client_that_leaves_at_once_is_one_line_in_the_log(
    app: Flask,
    run: str,
    learner: Learner,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    leaves: Leaves,
) -> None:
    came = be_late(monkeypatch, leaves)
    cookie = learner.client.get_cookie("quizapp")
    assert cookie is not None
    with served(app, waits=True) as port:
        origin = f"http://127.0.0.1:{port}"
        headers = {"Host": f"127.0.0.1:{port}", "Origin": origin, "Cookie": f"quizapp={cookie.value}"}
        leave_early(("127.0.0.1", port), f"{run}/terminal", leaves, **headers)
        assert came.wait(WAIT_S)
    assert lines_in(caplog) == [(LEFT_EARLY, False)]


def close_code(line: ClientConnection) -> int | None:
    """With which code the server closes, having said nothing else. Its development server leaves the rest to us."""
    with pytest.raises((ConnectionClosed, TimeoutError)):
        line.recv(timeout=1)
    line.close()
    return line.close_code


def refusal(client: FlaskClient, run: str, *, origin: str = "http://localhost") -> int:
    """The status with which a handshake is refused."""
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    return client.get(f"{run}/terminal", headers={"Origin": origin, **upgrade}).status_code


def _eventually_free(slots: Slots) -> bool:
    """Whether the one seat becomes free within WAIT_S."""
    free = slots._free
    return free.acquire(timeout=WAIT_S)
