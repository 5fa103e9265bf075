"""A mock interview without a script: one question after another, guides at the end, a report that can be shared."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.catalogue.models import QuestionKind
from tests.builders import a_note, a_question
from tests.lab_builders import add_lab
from tests.web.pages import send, shown_after, token_in

MICROPHONE = "camera=(), geolocation=(), microphone=(self)"


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    return client_as("learner")


@pytest.fixture
def url(learner: FlaskClient, sessions: sessionmaker[Session]) -> str:
    """The first question of an interview of two."""
    with sessions() as db:
        note = a_note(db)
        for _ in range(2):
            question = a_question(db, QuestionKind.OPEN, note=note, must=("first point", "second point"))
            question.bonus, question.red_flags = ["a bonus"], ["a flag"]
        a_question(db, QuestionKind.SHORT, note=note)
        add_lab(db)
        key = note.key
        db.commit()
    return send(learner, "/practice", "/practice", note=key, length=5, mode="interview").location


def page_of(url: str, rest: object) -> str:
    return f"{url.rsplit('/', 1)[0]}/{rest}"


@pytest.fixture
def report(learner: FlaskClient, url: str) -> str:
    """The address of the report: one answer typed and good, the other said aloud and half of it."""
    second = page_of(url, 2)
    send(learner, url, f"{url}/answer", text="What I typed")
    send(learner, second, f"{second}/answer", text="")
    send(learner, url, f"{url}/mark", points=["0", "1"], bonus=["0"])
    send(learner, second, f"{second}/mark", points=["1"], red_flags=["0"])
    return page_of(url, "report")


def test_one_question_comes_after_another_and_none_comes_back(learner: FlaskClient, url: str) -> None:
    second = page_of(url, 2)
    assert learner.get(second).location == url, "not before its turn"
    assert send(learner, url, f"{url}/answer", text="What I typed").location == second
    assert learner.get(url).location == second
    page = learner.get(second).text
    assert "question 2 of 2" in page
    assert not re.search(r"first point|I don&#39;t know|All questions|Previous|/skip", page)
    assert "End the interview" in page


def test_the_guides_come_at_the_end_and_then_the_report(learner: FlaskClient, url: str) -> None:
    second = page_of(url, 2)
    send(learner, url, f"{url}/answer", text="What I typed")
    ended = learner.get(send(learner, second, f"{second}/answer", text="").location).location
    assert ended == url
    assert learner.get(page_of(url, "report")).location == page_of(url, "result"), "not before the guides are ticked"
    marking = learner.get(ended).text
    assert "What I typed" in marking
    assert "first point" in marking
    assert "Mark your 2 open answers by their guides, this one first; then the result comes." in marking
    send(learner, url, f"{url}/mark", points=["0"])
    assert "Mark this answer, and the result comes." in learner.get(second).text
    send(learner, second, f"{second}/mark", nothing="1")
    assert learner.get(page_of(url, "result")).location == page_of(url, "report")


def test_the_report_says_what_was_said_and_what_to_do_next(learner: FlaskClient, report: str) -> None:
    page = learner.get(report).text
    assert "<strong>1 of 2</strong> answered well" in page
    assert "3 of 4 points said" in page
    assert "What I typed" in page
    assert page.count("Said aloud, or nothing") == 1
    assert len(re.findall(r"Not said: </span>", page)) == 2, "a point, and a bonus"
    assert "Do it, 4 min" in page


def test_without_a_guide_the_report_has_the_answer_itself(
    learner: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    with sessions() as db:
        note = a_note(db)
        question = a_question(db, QuestionKind.OPEN, note=note, must=())
        question.answer = "The kernel **forwards** it."
        key = note.key
        db.commit()
    url = send(learner, "/practice", "/practice", note=key, length=1, mode="interview").location
    send(learner, url, f"{url}/answer", text="What I typed")
    send(learner, url, f"{url}/mark", nothing="1")
    page = learner.get(page_of(url, "report")).text
    assert "The kernel <strong>forwards</strong> it." in page
    assert "1. To be learnt</h2>" in page
    assert "The answer was right" not in page, "it says nothing of what is right"


def test_what_the_time_cut_off_is_in_the_report(learner: FlaskClient, url: str) -> None:
    send(learner, url, f"{url}/answer", text="What I typed")
    second = page_of(url, 2)
    token = token_in(learner.get(second).text)
    with time_machine.travel(clock.now() + timedelta(minutes=9)):
        learner.post(f"{second}/answer", data={"csrf_token": token, "text": "What came late"})
        send(learner, url, f"{url}/mark", points=["0", "1"])
        page = learner.get(page_of(url, "report")).text
    assert (
        page.index("The time was up before this question.") < page.index("not counted") < page.index("What came late")
    )


def test_what_was_not_good_can_be_practised_at_once(learner: FlaskClient, report: str) -> None:
    again = send(learner, report, report.replace("/report", "/again")).location
    page = learner.get(again).text
    assert "question 1 of 1" in page
    assert "Show the guide" in page, "practice, without a limit"


def test_a_report_is_shared_by_a_link_and_taken_back(learner: FlaskClient, report: str, client: FlaskClient) -> None:
    share = report.replace("/report", "/share")
    shared = re.search(r'href="(/practice/shared/[^"]+)"', shown_after(learner, report, share, share="1"))
    assert shared
    read = client.get(shared[1])
    assert (read.status_code, read.headers["X-Robots-Tag"]) == (200, "noindex")
    assert "What I typed" in read.text
    assert not re.search(rf"<form|data-recording|Take the link back|{learner.user.name}", read.text)  # type: ignore[attr-defined]
    assert shared[1] in shown_after(learner, report, share, share="1"), "the same link, asked for twice"
    send(learner, report, share, share="0")
    assert client.get(shared[1]).status_code == client.get(f"/practice/shared/{uuid4()}").status_code == 404


def test_nobody_else_makes_the_link_or_reads_the_report(report: str, client_as: Callable[..., FlaskClient]) -> None:
    other = client_as("owner")
    assert other.get(report).status_code == 404
    assert send(other, "/practice", report.replace("/report", "/share"), share="1").status_code == 404


def test_a_test_has_no_report_to_share(learner: FlaskClient, url: str) -> None:
    answer = send(learner, url, page_of(url, "share"), share="1")
    assert (answer.status_code, "has ended" in answer.text) == (409, True)


def test_the_microphone_is_there_while_an_interview_asks_and_nowhere_else(learner: FlaskClient, url: str) -> None:
    asking = learner.get(url).headers
    assert asking["Permissions-Policy"] == MICROPHONE
    assert asking["Content-Security-Policy"].endswith("; media-src blob:")
    send(learner, url, f"{url}/answer", text="")
    send(learner, page_of(url, 2), f"{page_of(url, 2)}/answer", text="")
    marking = learner.get(url).headers
    assert "microphone=()" in marking["Permissions-Policy"]
    assert "media-src blob:" in marking["Content-Security-Policy"]
    elsewhere = learner.get("/practice").headers
    assert "microphone=()" in elsewhere["Permissions-Policy"]
    assert "media-src" not in elsewhere["Content-Security-Policy"]
