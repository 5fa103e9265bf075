"""One learner's share of the threads: the fifth request at once is refused, and every slot comes back."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quizapp.labs.wiring import REQUESTS_EACH
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.web.pages import token_in
from tests.web.study.hands_on.conftest import Learner

WAIT_S = 60


@dataclass
class Busy:
    """A host that works on every request until it is told to be done."""

    began: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    done: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def run(learner: Learner) -> str:
    """A run whose host is set up."""
    path = learner.predict()
    learner.start(path)
    return path


@pytest.fixture
def busy(run: str, sandboxes: FakeSandboxClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[Busy]:
    """The host of the run; from now on it is busy."""
    host, at_once = Busy(), sandboxes.run

    def run_late(*args: object, **named: object) -> object:
        host.began.release()
        assert host.done.wait(WAIT_S)
        return at_once(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(sandboxes, "run", run_late)
    yield host
    host.done.set()


@pytest.fixture
def check(app: Flask, learner: Learner, run: str) -> Callable[[], TestResponse]:
    """`check()`: press the button once, in a browser window of its own."""
    cookie = learner.client.get_cookie("quizapp")
    assert cookie is not None
    token = token_in(learner.open("/labs").text)

    def press() -> TestResponse:
        window = app.test_client()
        window.set_cookie("quizapp", cookie.value)
        return window.post(f"{run}/check", data={"csrf_token": token})

    return press


@pytest.fixture
def checks(busy: Busy, check: Callable[[], TestResponse]) -> Iterator[list[Future[TestResponse]]]:
    """As many checks as one learner may have, all of them under way."""
    with ThreadPoolExecutor(REQUESTS_EACH) as windows:
        started = [windows.submit(check) for _ in range(REQUESTS_EACH)]
        assert all(busy.began.acquire(timeout=WAIT_S) for _ in started)
        yield started
        busy.done.set()


def test_the_next_one_is_asked_to_wait_at_once(
    checks: list[Future[TestResponse]], busy: Busy, check: Callable[[], TestResponse], learner: Learner, run: str
) -> None:
    refused = check()
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
    assert "Wait for one of them" in refused.text
    assert learner.open(f"{run}/host").status_code == 429
    assert [learner.open(page).status_code for page in ("/", "/labs", run)] == [200] * 3, "pages have their own share"
    busy.done.set()
    assert [each.result().status_code for each in checks] == [302] * REQUESTS_EACH
    assert check().status_code == 302


def test_other_learners_have_shares_of_their_own(
    checks: list[Future[TestResponse]], client_as: Callable[..., FlaskClient]
) -> None:
    assert client_as("learner", "Bob").get("/labs").status_code == 200


def test_a_request_that_fails_gives_its_slot_back(
    check: Callable[[], TestResponse], sandboxes: FakeSandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("nobody thought of this")

    with monkeypatch.context() as patch:
        patch.setattr(sandboxes, "run", fail)
        assert [check().status_code for _ in range(REQUESTS_EACH + 1)] == [500] * (REQUESTS_EACH + 1)
    assert check().status_code == 302


def test_a_stranger_has_no_share(client: FlaskClient) -> None:
    assert client.get("/labs").status_code == 302
