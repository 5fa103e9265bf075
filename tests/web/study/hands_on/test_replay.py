"""The replay of a run: what commands printed, the networks after them, and the link for others."""

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.labs.hosts import network_map
from quizapp.labs.runs import shell_history
from quizapp.labs.runs.models import LabRun
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.lab_builders import printed
from tests.web.study.hands_on.conftest import Learner

CONTAINER = [{"name": "web", "networks": {"bridge": "172.17.0.2"}, "ports": ["8080→80/tcp"]}]
BRIDGE = [{"name": "bridge", "driver": "bridge", "bridge": "docker0", "subnets": ["172.17.0.0/16"]}]


@pytest.fixture
def run(learner: Learner, sandboxes: FakeSandboxClient, sessions: sessionmaker[Session]) -> str:
    """The path of a run in which one command was typed, which printed something hostile."""
    run = learner.predict()
    learner.start(run)
    second = int(clock.now().timestamp())
    with sessions() as db:
        sandbox_id = db.scalars(select(LabRun.sandbox_id)).one()
    terminal = sandboxes.terminal(str(sandbox_id), rows=24, columns=80)
    terminal.send(f"\x1b]133;C;{second}\x07\x1b[31m<script>alert(1)</script>\x1b[0m\r\n\x1b]133;D;7\x07".encode())
    terminal.receive()
    sandboxes.answers = {
        **sandboxes.answers,
        shell_history.COMMAND: printed(f"#{second}\ndocker run -d web\n"),
        network_map.COMMAND: printed(f"{json.dumps(BRIDGE)}\n{json.dumps(CONTAINER)}\n"),
    }
    assert "<svg" in learner.press(f"{run}/recorded-host").text
    return run


def step_of(learner: Learner, replay: str, sentence: str) -> str:
    """The page of the step with this sentence; a typed command has whole seconds and may stand before others."""
    pages = (learner.open(f"{replay}?step={step}").text for step in range(1, 9))
    return next(page for page in pages if f"<p>{sentence}" in page)


def test_a_step_shows_what_its_command_printed_and_the_networks_after_it(learner: Learner, run: str) -> None:
    shown = step_of(learner, f"{run}/replay", "You typed")
    assert "You typed <code>docker run -d web</code></p>" in shown
    assert "<code>&lt;script&gt;alert(1)&lt;/script&gt;\n</code>" in shown
    assert "Exit code 7." in shown
    assert "?→80/tcp" in shown  # the port is what the lab asks for


def test_the_reference_stands_beside_it_once_the_run_is_passed(learner: Learner, run: str) -> None:
    assert "say-port" not in learner.open(f"{run}/replay").text
    learner.press(f"{run}/check", answer="32768")
    assert re.search(r"start 8\d\d\d\nsay-port</code>", learner.open(f"{run}/replay").text)


def test_the_step_that_is_open_stands_on_the_page_once(learner: Learner, run: str) -> None:
    shown = learner.open(f"{run}/replay?step=1").text
    assert shown.count("You predicted.") == 1
    assert shown.count("You asked for a host.") == 1


def test_a_link_is_read_signed_out_and_leads_to_nothing_else(
    app: Flask, learner: Learner, run: str, client_as: Callable[..., object]
) -> None:
    page = learner.press(f"{run}/link").text
    address = re.search(r'value="http://localhost(/labs/shared/[\w-]{43})"', page)
    assert address is not None
    stranger = app.test_client()
    answer = stranger.get(f"{address[1]}?step=99")
    assert (answer.status_code, answer.headers["X-Robots-Tag"]) == (200, "noindex, nofollow")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "docker run -d web" in answer.text
    assert run not in answer.text
    assert str(learner.client.user.name) not in answer.text  # type: ignore[attr-defined]
    learner.press(f"{run}/link/end")
    assert stranger.get(address[1]).status_code == 404
    assert address[1] not in learner.press(f"{run}/link").text


def test_whoever_is_signed_in_reads_it_as_a_stranger_does(
    learner: Learner, run: str, client_as: Callable[..., object]
) -> None:
    address = re.search(r"/labs/shared/[\w-]{43}", learner.press(f"{run}/link").text)
    assert address is not None
    other = Learner(client_as("learner", "other"))  # type: ignore[arg-type]
    assert "Take the link back" not in other.open(address[0]).text
    assert other.press(f"{run}/link/end").status_code == 404
