"""The window to a port of the learner's own host: its key, what goes in and out, and the page's origin."""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp import clock
from quizapp.sandboxes.client import CommandResult
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.study.hands_on.window_views import WINDOW_LIFE
from tests.web.study.hands_on.conftest import Learner

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: quizapp=stolen\r\nRefresh: 0; url=/\r\n\r\n<p>hello"


class Answers(dict[str, CommandResult]):
    """Every request of a window is answered by `answer`."""

    def __init__(self, known: dict[str, CommandResult], answer: bytes) -> None:
        super().__init__(known)
        self.answer = answer

    def get(self, command: str, default: object = None) -> CommandResult:  # type: ignore[override]
        if "curl" not in command:
            return super().get(command, default)  # type: ignore[arg-type,return-value]
        output = base64.b64encode(self.answer).decode()
        return CommandResult(exit_code=0, output=output, milliseconds=1, timed_out=False, truncated=False)


@pytest.fixture
def answers(learner: Learner, sandboxes: FakeSandboxClient) -> Answers:
    """What the host's programs answer."""
    answers = Answers(dict(sandboxes.answers), PAGE)
    sandboxes.answers = answers
    return answers


@pytest.fixture
def window(learner: Learner, answers: Answers) -> str:
    """The address of a window to port 8080 of the learner's host."""
    run = learner.predict()
    learner.start(run)
    answer = learner.open(f"{run}/port?port=8080")
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_a_window_shows_the_page_in_an_origin_of_its_own(learner: Learner, window: str) -> None:
    answer = learner.open(window)
    assert (answer.status_code, answer.data, answer.content_type) == (200, b"<p>hello", "text/html")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-scripts allow-forms;")
    assert "allow-same-origin" not in policy
    assert f"default-src http://localhost{window} 'unsafe-inline'" in policy
    assert f"form-action http://localhost{window};" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_cookie_and_no_other_header_goes_in_or_out(
    learner: Learner, window: str, sandboxes: FakeSandboxClient
) -> None:
    answer = learner.open(window, Authorization="secret", **{"X-Own": "secret"})
    assert "Set-Cookie" not in answer.headers
    assert "Refresh" not in answer.headers
    cookie = learner.client.get_cookie("quizapp")
    assert cookie is not None
    assert not [command for command in sandboxes.ran if "secret" in command or cookie.value in command]


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_window_only_looks(app: Flask, window: str, method: str) -> None:
    assert getattr(app.test_client(), method)(window).status_code in (400, 405)


def test_the_page_is_for_its_learner_and_its_parts_for_whoever_has_the_key(
    app: Flask, window: str, client_as: Callable[..., FlaskClient]
) -> None:
    for other in (app.test_client(), client_as("owner", "stranger")):
        for asked in ({}, {"Sec-Fetch-Dest": "document"}, {"Sec-Fetch-Dest": "iframe"}):
            assert other.get(window, headers=asked).status_code == 404
        assert other.get(f"{window}a.css", headers={"Sec-Fetch-Dest": "style"}).status_code == 200


def test_a_redirect_stays_within_the_window(learner: Learner, window: str, answers: Answers) -> None:
    answers.answer = b"HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n"
    assert learner.open(window).headers["Location"] == f"http://localhost{window}next"
    answers.answer = b"HTTP/1.1 302 Found\r\nLocation: http://example.com/\r\n\r\n"
    answer = learner.open(window)
    assert answer.status_code == 503
    assert "Location" not in answer.headers


def test_a_key_is_good_for_a_while_and_for_one_host(
    app: Flask, window: str, sandboxes: FakeSandboxClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = app.test_client()
    part.environ_base["HTTP_SEC_FETCH_DEST"] = "style"
    assert part.get(window).status_code == 200
    assert part.get(window.replace("/8080/", "x/8080/")).status_code == 404
    late = clock.now() + WINDOW_LIFE + timedelta(seconds=1)
    with monkeypatch.context() as later:
        later.setattr(clock, "now", lambda: late)
        assert part.get(window).status_code == 404
    sandboxes.end(sandboxes.list()[0].id)
    assert part.get(window).status_code == 404


def test_what_is_signed_for_one_use_is_good_for_no_other(app: Flask, learner: Learner, window: str) -> None:
    key = window.split("/")[-3]
    assert key in window
    signed_in = learner.client.get_cookie("quizapp")
    assert signed_in is not None
    stranger = app.test_client()
    stranger.set_cookie("quizapp", key)
    assert stranger.get("/account").status_code == 302
    part = stranger.get(window.replace(key, signed_in.value), headers={"Sec-Fetch-Dest": "style"})
    assert part.status_code == 404


def test_only_the_learner_opens_one(learner: Learner, window: str, client_as: Callable[..., FlaskClient]) -> None:
    run = learner.predict()
    assert Learner(client_as("owner", "stranger")).open(f"{run}/port?port=80").status_code == 404
    assert learner.open(f"{run}/port?port=99999").status_code == 400


def test_no_window_before_there_is_a_host(learner: Learner, answers: Answers) -> None:
    run = learner.predict()
    assert learner.open(f"{run}/port?port=80").headers["Location"] == run
    assert "not ready yet" in learner.open(run).text
