"""One command without a terminal: what it shows, what is kept, what is refused, and for whom."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.labs.hosts.command_box import COMMAND_CHARS, KEPT
from quizapp.labs.runs.models import LabCommand
from quizapp.labs.slots import Slots
from quizapp.sandboxes.client import CommandResult, SandboxdAway
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.web.study.hands_on.conftest import Learner

SAID = CommandResult(exit_code=0, output="up 3 minutes\n", milliseconds=5, timed_out=False, truncated=False)


@pytest.fixture
def run(learner: Learner) -> str:
    """A run whose host is set up."""
    path = learner.predict()
    learner.start(path)
    return path


def says(sandboxes: FakeSandboxClient, command: str, result: CommandResult) -> None:
    sandboxes.answers = {**sandboxes.answers, command: result}


def test_its_output_and_exit_code_are_shown_and_stay(learner: Learner, run: str, sandboxes: FakeSandboxClient) -> None:
    says(sandboxes, "docker ps", SAID)
    assert "up 3 minutes" in learner.press(f"{run}/commands", command="docker ps").text
    page = learner.open(run).text
    assert "<code>docker ps</code>" in page
    assert "Exit code 0." in page


@pytest.mark.parametrize(
    ("result", "ending"),
    [
        (replace(SAID, exit_code=3), "Exit code 3."),
        (replace(SAID, exit_code=None, timed_out=True), "Stopped after 20 seconds."),
        (replace(SAID, truncated=True), "Exit code 0. Only the first 16 KB are shown."),
        (replace(SAID, output=""), "It printed nothing."),
    ],
)
def test_how_it_ended_is_said(
    learner: Learner, run: str, sandboxes: FakeSandboxClient, result: CommandResult, ending: str
) -> None:
    says(sandboxes, "it", result)
    assert ending in learner.press(f"{run}/commands", command="it").text


def test_what_it_prints_is_text_and_nothing_else(learner: Learner, run: str, sandboxes: FakeSandboxClient) -> None:
    hostile = "</code></pre><script>alert(1)</script>\x1b]52;c;eA==\x07\x1b[31m{{ 7*7 }}"
    command = "<img src=x onerror=alert(1)>"
    says(sandboxes, command, replace(SAID, output=hostile))
    page = learner.press(f"{run}/commands", command=command).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "</code></pre><script>alert(1)</script>{{ 7*7 }}" in unescape(page)
    assert "\x1b" not in page


def test_the_last_ones_are_kept_newest_first(
    learner: Learner, run: str, sandboxes: FakeSandboxClient, sessions: sessionmaker[Session]
) -> None:
    for number in range(KEPT + 3):
        learner.press(f"{run}/commands", command=f"echo number-{number}-")
    page = learner.open(run).text.partition('id="command-box"')[2]
    found = [page.find(f"echo number-{number}-") for number in range(KEPT + 3)]
    assert found[:3] == [-1, -1, -1]
    assert found[3:] == sorted(found[3:], reverse=True)
    with sessions() as db:
        assert db.scalar(select(func.count()).select_from(LabCommand)) == KEPT


@pytest.mark.parametrize("command", ["", "   ", "x" * (COMMAND_CHARS + 1)])
def test_what_is_no_command_is_not_run(learner: Learner, run: str, sandboxes: FakeSandboxClient, command: str) -> None:
    before = list(sandboxes.ran)
    page = learner.press(f"{run}/commands", command=command).text
    assert "Type a command first" in page or f"at most {COMMAND_CHARS} characters" in page
    assert [each for each in sandboxes.ran if each not in before] == []


def test_a_host_that_is_not_there_or_does_not_answer_is_said(
    learner: Learner, run: str, sandboxes: FakeSandboxClient
) -> None:
    sandboxes.fault = SandboxdAway("The sandbox service does not answer.", retry_after_s=5)
    assert "The sandbox service does not answer." in learner.press(f"{run}/commands", command="true").text
    sandboxes.fault = None
    learner.press(f"{run}/end")
    learner.press(f"{run}/end")  # at once, the second time
    assert "is not ready yet" in learner.press(f"{run}/commands", command="true").text


def test_too_many_at_once_are_asked_to_wait(app: Flask, learner: Learner, run: str) -> None:
    app.extensions["command_slots"] = seats = Slots(1)
    with seats.one():
        assert "Many commands are running" in learner.press(f"{run}/commands", command="true").text
    assert "Exit code 0." in learner.press(f"{run}/commands", command="true").text


def test_nobody_else_runs_commands_there(
    run: str, client_as: Callable[..., FlaskClient], sandboxes: FakeSandboxClient
) -> None:
    stranger = Learner(client_as("owner"))
    assert stranger.press(f"{run}/commands", command="touch /stranger").status_code == 404
    assert "touch /stranger" not in sandboxes.ran
