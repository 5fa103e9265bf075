"""Drafts of labs that are verified, tried and recorded from their editor."""

import json
import random
import re
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.admin.labs import lab_proof_views
from quizapp.catalogue.models import Question
from quizapp.labs.proof import verification
from quizapp.labs.proof.models import LabVerification
from quizapp.review.models import Card, ReviewLog
from quizapp.sandboxes.client import EngineOff
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.verdicts import Verdict
from tests.integration.catalogue.test_import_labs import LAB
from tests.integration.labs.test_verification import made_without_hosts
from tests.lab_builders import printed
from tests.web.admin.test_lab_editor import BETTER, URL, ClientAs, fields_of, folder, pressed, rows, sandboxes, settings
from tests.web.pages import token_in

__all__ = ["folder", "sandboxes", "settings"]


def verified_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a verification be over when the answer to the press on its button comes."""

    def begin(number: int) -> None:
        engine, client = app.extensions["engine"], app.extensions["sandboxes"]
        verification.run(engine, client, number, rng=random.Random(1), now=clock.now)

    monkeypatch.setattr(lab_proof_views, "_begin", begin)


def test_a_lab_is_verified_and_each_verdict_stands_at_its_line(
    app: Flask, client_as: ClientAs, sandboxes: FakeSandboxClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified_at_once(app, monkeypatch)
    made_without_hosts(monkeypatch, true=Verdict.PASS)
    client = client_as("editor")
    page = unescape(client.get(pressed(client, BETTER, to="/verify").location).text)
    assert "Not everything is as it must be." in page
    assert "Line 13. Wrong attempt 1: must fail." in page
    assert "Wrong attempt 1 must fail: pass. As told." in page
    words = json.loads(re.findall(r'data-verdicts="([^>]*)">', page)[0])
    assert [(line, word) for line, word in enumerate(words, start=1) if word] == [
        (7, "✓ as due"),
        (11, "✓ as due"),
        (13, "✗ not so"),
    ]
    made_without_hosts(monkeypatch)
    page = client.get(pressed(client, BETTER, to="/verify").location).text
    assert "This text is verified." in page
    assert "Published: “Find it”." in client.get(pressed(client, BETTER, to="/publish").location).text


def test_a_running_verification_is_shown_and_stopped(
    client_as: ClientAs,
    sandboxes: FakeSandboxClient,
    sessions: sessionmaker[Session],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lab_proof_views, "_begin", lambda number: None)
    client = client_as("editor")
    page = client.get(pressed(client, BETTER, to="/verify").location).text
    assert "Being verified: 0 of 3 attempts made." in page
    part = client.get(f"{URL}/verification").text
    assert 'hx-trigger="every 2s"' in part
    client.post(f"{URL}/stop", data={"csrf_token": token_in(page)})
    assert "It is being stopped." in client.get(f"{URL}/verification").text
    assert "This lab is being verified." in client.get(pressed(client, BETTER, to="/verify").location).text


def test_without_a_host_the_draft_stays_and_says_why(
    client_as: ClientAs, sandboxes: FakeSandboxClient, sessions: sessionmaker[Session], folder: Path
) -> None:
    sandboxes.fault = EngineOff("No Docker Engine answers.", retry_after_s=5)
    client = client_as("editor")
    page = client.get(pressed(client, BETTER, to="/verify").location).text
    assert "Not verified. No Docker Engine answers. The draft is saved." in page
    assert fields_of(page)["text"] == BETTER.replace("\n", "\r\n")
    assert rows(sessions, LabVerification) == []


def test_a_draft_is_tried_as_a_learner_has_it_and_counts_for_nothing(
    client_as: ClientAs, sandboxes: FakeSandboxClient, sessions: sessionmaker[Session], folder: Path
) -> None:
    client = client_as("editor")
    before = client.get(pressed(client, BETTER, to="/try").location).text
    assert "and look where it is" in before
    data = {"csrf_token": token_in(before)}
    run = client.post("/labs/find-it/try", data=data).location
    client.post(f"{run}/host", data=data)
    client.get(f"{run}/host")
    client.post(f"{run}/set-up", data=data)
    page = client.post(f"{run}/check", data=data, follow_redirects=True).text
    assert "what you do here counts for nothing" in page
    assert "It was here." in page
    assert rows(sessions, ReviewLog) == []
    assert rows(sessions, Card) == []
    assert "0 of 1 passed" in client.get("/labs").text
    assert "Start `web`." in rows(sessions, Question)[0]["prompt"]  # type: ignore[operator]
    assert client.get("/labs/find-it").status_code == 200, "the editor's own run of the lab is another one"
    assert client_as("learner").get("/labs/find-it/try").status_code == 403
    again = client.post("/labs/find-it/try", data=data).location
    assert again != run


def test_a_text_that_is_no_lab_is_not_tried(client_as: ClientAs, folder: Path) -> None:
    client = client_as("editor")
    back = client.get(pressed(client, LAB.replace("level: 2", "level: 9"), to="/try").location)
    assert "It cannot be tried: line 5: level" in client.get(back.location).text


def record(client: FlaskClient, run: str, data: dict[str, str]) -> None:
    """Go through a run of a draft with one command, and take it for the recording."""
    client.post(f"{run}/host", data=data)
    client.get(f"{run}/host")
    client.post(f"{run}/set-up", data=data)
    client.post(f"{run}/commands", data={**data, "command": "docker ps"})
    client.post(f"{run}/check", data=data)
    client.post(f"{run}/recording", data=data)


def test_a_run_of_a_draft_is_its_recording(
    client_as: ClientAs, sandboxes: FakeSandboxClient, sessions: sessionmaker[Session], folder: Path
) -> None:
    client = client_as("editor")
    data = {"csrf_token": token_in(client.get(pressed(client, BETTER, to="/try").location).text)}
    run = client.post("/labs/find-it/try", data=data).location
    assert client.post(f"{run}/recording", data=data).status_code == 400
    sandboxes.answers = {"docker ps": printed("CONTAINER ID   IMAGE\n1f2e           nginx")}
    record(client, run, data)
    page = client.get(URL).text
    assert "write what it lacks: label, answer, hint." in page
    assert "recorded.label: " in page
    text = fields_of(page)["text"].replace("\r\n", "\n")
    assert "  transcript: |-\n    # docker ps\n    CONTAINER ID   IMAGE\n    1f2e           nginx\n" in text
    assert text.startswith(BETTER.partition("solutions")[0])
    assert client_as("editor").post(f"{run}/recording", data=data).status_code in (400, 404)


def test_a_recording_asks_the_question_of_the_lab_and_names_the_answer_that_nobody_gave(
    client_as: ClientAs, sandboxes: FakeSandboxClient, folder: Path
) -> None:
    client = client_as("editor")
    asking = "explain: {name: id, label: Which one?, run: docker ps -q, compare: name, hint: Look there.}\nsolutions:"
    page = client.get(pressed(client, BETTER.replace("solutions:", asking), to="/try").location).text
    data = {"csrf_token": token_in(page)}
    run = client.post("/labs/find-it/try", data=data).location
    sandboxes.answers = {"docker ps": printed("web")}
    record(client, run, data)
    page = client.get(URL).text
    assert "write what it lacks: answer." in page
    text = fields_of(page)["text"].replace("\r\n", "\n")
    assert "  label: Which one?\n  answer: ''\n  compare: name\n  hint: Look there.\n" in text
    assert "This is no lab yet: 1 fault." in page
    assert "recorded.answer: " in page
