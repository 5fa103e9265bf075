"""A teacher looks on at a learner's terminal: where it is allowed, as long as it is, and without a key of theirs."""

import json
from collections.abc import Callable, Iterator
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from quizapp import clock
from quizapp.classes.models import ClassMember, Onlooking, StudyClass
from quizapp.study import onlooking_bridge
from tests.serving import served
from tests.web.admin.test_trail import words
from tests.web.pages import send, token_in
from tests.web.study.hands_on import conftest as labs
from tests.web.study.hands_on.conftest import Learner

settings, sandboxes, make_lab, learner = labs.settings, labs.sandboxes, labs.make_lab, labs.learner
WAIT_S = 60

Open = Callable[..., ClientConnection]


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """The port of a server that runs the application."""
    with served(app) as port:
        yield port


@pytest.fixture
def open_as(port: int) -> Iterator[Open]:
    """`open_as(client, path)`: a browser's end of a WebSocket; it closes itself."""
    opened: list[ClientConnection] = []

    def open_it(client: FlaskClient, path: str, *, origin: str = "http://127.0.0.1") -> ClientConnection:
        cookie = client.get_cookie("quizapp")
        assert cookie is not None
        headers = {"Origin": f"{origin}:{port}", "Cookie": f"quizapp={cookie.value}"}
        address = f"ws://127.0.0.1:{port}{path}"
        opened.append(connect(address, legacy=True, additional_headers=headers, close_timeout=1))
        return opened[-1]

    yield open_it
    for line in opened:
        line.close()


@pytest.fixture
def teacher(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    return client_as("learner", name="Tess")


@pytest.fixture
def taught(learner: Learner, teacher: FlaskClient, sessions: sessionmaker[Session]) -> str:
    """The address of a class that Tess teaches, with the learner in it."""
    now = clock.now()
    with sessions() as db:
        made = StudyClass(name="Containers", zone="UTC", made_at=now)
        db.add(made)
        db.flush()
        db.add(ClassMember(class_id=made.id, user_id=teacher.user.id, is_teacher=True, joined_at=now))  # type: ignore[attr-defined]
        db.add(ClassMember(class_id=made.id, user_id=learner.client.user.id, joined_at=now))  # type: ignore[attr-defined]
        db.commit()
        return f"/classes/{made.id}"


@pytest.fixture
def run(learner: Learner, taught: str) -> str:
    """A run whose host is set up."""
    path = learner.predict()
    learner.start(path)
    return path


def shown_on(taught: str, run: str) -> str:
    return f"{taught}/terminals/{run.split('/')[-1]}"


def received(line: ClientConnection, text: bytes) -> None:
    """Wait until that has come."""
    got = b""
    while text not in got:
        piece = line.recv(timeout=WAIT_S)
        got += piece if isinstance(piece, bytes) else b""


def test_a_teacher_sees_what_is_typed_and_types_nothing(
    client_as: Callable[..., FlaskClient], open_as: Open, learner: Learner, teacher: FlaskClient, taught: str, run: str
) -> None:
    page = shown_on(taught, run)
    assert teacher.get(page).status_code == HTTPStatus.NOT_FOUND
    assert "Let Tess look on" in learner.open(run).text
    assert "Nobody is looking on." in learner.press(f"{run}/onlooking").text
    assert page in teacher.get(taught).text
    assert "can type nothing" in teacher.get(page).text
    typing = open_as(learner.client, f"{run}/terminal?rows=30&columns=100")
    typing.recv(timeout=WAIT_S)
    looking = open_as(teacher, f"{page}/terminal")
    assert json.loads(looking.recv(timeout=WAIT_S)) == {"open": {}}
    received(looking, b"\x1b[8;30;100t")
    looking.send(b"rm -rf /")
    looking.send(json.dumps({"resize": {"rows": 1, "columns": 1}}))
    typing.send(b"docker ps")
    received(looking, b"docker ps")
    assert typing.recv(timeout=WAIT_S) == b"docker ps"  # all that came into the shell, which echoes
    asked = f"{run}/onlookers"
    assert "Tess is looking on." in learner.open(asked).text
    assert learner.open(f"{asked}?shown=Tess").status_code == HTTPStatus.NO_CONTENT
    owner = client_as("owner", name="Olga")
    assert "Tess looked on at the terminal of" in words(owner.get("/content/trail").text)


def test_a_learner_ends_it_at_once(
    open_as: Open, learner: Learner, teacher: FlaskClient, taught: str, run: str, sessions: sessionmaker[Session]
) -> None:
    learner.press(f"{run}/onlooking")
    typing = open_as(learner.client, f"{run}/terminal?rows=30&columns=100")
    typing.recv(timeout=WAIT_S)
    looking = open_as(teacher, f"{shown_on(taught, run)}/terminal")
    looking.recv(timeout=WAIT_S)
    assert "Let Tess look on" in learner.press(f"{run}/onlooking/end").text
    while isinstance(told := looking.recv(timeout=WAIT_S), bytes):
        pass
    assert json.loads(told) == {"ended": onlooking_bridge.ENDED_BY_LEARNER}
    looking.close()
    with pytest.raises(InvalidStatus):
        open_as(teacher, f"{shown_on(taught, run)}/terminal")
    with sessions() as db:
        assert db.scalars(select(Onlooking)).one().began_at is not None


def test_nobody_else_looks_on(
    client_as: Callable[..., FlaskClient], open_as: Open, learner: Learner, teacher: FlaskClient, taught: str, run: str
) -> None:
    learner.press(f"{run}/onlooking")
    page = f"{shown_on(taught, run)}/terminal"
    for who, origin in ((learner.client, "http://127.0.0.1"), (teacher, "http://evil.example")):
        with pytest.raises(InvalidStatus):
            open_as(who, page, origin=origin)
    stranger = client_as("owner")
    assert stranger.get(shown_on(taught, run)).status_code == HTTPStatus.NOT_FOUND
    token = token_in(stranger.get("/account").text)
    for action in ("onlooking", "onlooking/end"):
        answer = stranger.post(f"{run}/{action}", data={"csrf_token": token})
        assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "Nobody is looking on." in learner.open(run).text  # and it is allowed as it was


def test_with_the_class_it_is_over(learner: Learner, teacher: FlaskClient, taught: str, run: str) -> None:
    learner.press(f"{run}/onlooking")
    assert teacher.get(shown_on(taught, run)).status_code == HTTPStatus.OK
    send(learner.client, taught, f"{taught}/leave")
    assert teacher.get(shown_on(taught, run)).status_code == HTTPStatus.NOT_FOUND
    assert "look on" not in learner.press(f"{run}/onlooking/end").text
    assert "look on" not in learner.press(f"{run}/onlooking").text


def test_with_the_run_it_is_over(learner: Learner, teacher: FlaskClient, taught: str, run: str) -> None:
    learner.press(f"{run}/onlooking")
    learner.press(f"{run}/close")
    assert teacher.get(shown_on(taught, run)).status_code == HTTPStatus.NOT_FOUND
    assert teacher.get(taught).text.count("terminals/") == 0
