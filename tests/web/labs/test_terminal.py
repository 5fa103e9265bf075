"""The terminal's WebSocket on a real server: who may open it, what passes, what the end looks like."""

import json
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State
from websockets.sync.client import ClientConnection, connect

from quizapp.labs import guards
from quizapp.labs.bridge import Seats
from quizapp.sandboxes.client import SandboxdAway
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.serving import served
from tests.web.labs.conftest import Learner

WAIT_S = 5

Open = Callable[..., ClientConnection]


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """The port of a server that runs the application."""
    with served(app) as port:
        yield port


@pytest.fixture
def open_terminal(port: int, learner: Learner) -> Iterator[Open]:
    """`open_terminal(run)`: a browser's end of the run's terminal; it closes itself."""
    opened: list[ClientConnection] = []

    def open_it(run: str) -> ClientConnection:
        cookie = learner.client.get_cookie("quizapp")
        assert cookie is not None
        headers = {"Origin": f"http://127.0.0.1:{port}", "Cookie": f"quizapp={cookie.value}"}
        address = f"ws://127.0.0.1:{port}{run}/terminal?rows=30&columns=100"
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


def test_what_is_typed_comes_back(open_terminal: Open, run: str) -> None:
    line = open_terminal(run)
    for typed in (b"ls\r", bytes(range(256)), "ä€\U0001f40b".encode()):
        line.send(typed)
        assert line.recv(timeout=WAIT_S) == typed


@pytest.mark.parametrize(
    "text", ['{"resize": {"rows": 9e9, "columns": null}}', "[" * 60_000, "no json", '{"resize": 1}', '{"ack": -1}', "7"]
)
def test_control_that_makes_no_sense_is_passed_over(open_terminal: Open, run: str, text: str) -> None:
    line = open_terminal(run)
    line.send(text)
    line.send(b"x")
    assert line.recv(timeout=WAIT_S) == b"x"


def test_the_end_says_why(app: Flask, open_terminal: Open, run: str, sandboxes: FakeSandboxClient) -> None:
    app.extensions["terminal_seats"] = seats = Seats(1)
    line = open_terminal(run)
    sandboxes.die(sandboxes.list()[0].id)
    told = line.recv(timeout=WAIT_S)
    assert isinstance(told, str)
    assert json.loads(told) == {"ended": "It stopped by itself. Start a new one."}
    assert _eventually_free(seats)


def test_a_service_that_went_away_says_so(open_terminal: Open, run: str, sandboxes: FakeSandboxClient) -> None:
    sandboxes.fault = SandboxdAway("The sandbox service does not answer.", retry_after_s=5)
    told = open_terminal(run).recv(timeout=WAIT_S)
    assert isinstance(told, str)
    assert json.loads(told) == {"ended": "The sandbox service does not answer."}


def test_a_full_process_says_try_later(app: Flask, open_terminal: Open, run: str) -> None:
    app.extensions["terminal_seats"] = Seats(1)
    first = open_terminal(run)
    first.send(b"x")
    assert first.recv(timeout=WAIT_S) == b"x"
    refused = open_terminal(run)
    assert close_code(refused) == 1013
    assert first.state is State.OPEN


def test_a_closed_terminal_gives_its_seat_back(app: Flask, open_terminal: Open, run: str) -> None:
    app.extensions["terminal_seats"] = seats = Seats(1)
    line = open_terminal(run)
    line.send(b"x")
    line.recv(timeout=WAIT_S)
    line.close()
    assert _eventually_free(seats)


def test_a_message_that_is_too_large_ends_the_line(open_terminal: Open, run: str) -> None:
    line = open_terminal(run)
    line.send(b"x" * (guards.MESSAGE_BYTES + 1))
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
    line.send(b"x")
    line.recv(timeout=WAIT_S)
    with app.app_context():
        assert app.extensions["sqlalchemy"].engine.pool.checkedout() == 0


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


def _eventually_free(seats: Seats) -> bool:
    """Whether the one seat becomes free within WAIT_S."""
    free = seats._free
    return free.acquire(timeout=WAIT_S)
