"""The way from a miss in a quiz to the lab that proves the answer, and back to where the quiz was left."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import Lab
from quizapp.sandboxes.fake import FakeSandboxClient
from tests.builders import a_note, a_question
from tests.web.pages import send
from tests.web.study.hands_on.conftest import Learner

BACK = re.compile(r'href="(/practice/[^"]+)">\s*(Back to [^<]+?)\s*</a>')
PROVE = re.compile(r'href="(/labs/two-ports\?[^"]+)"[^>]*>\s*Prove it, 4 min')


@pytest.fixture
def quiz(learner: Learner, sessions: sessionmaker[Session]) -> str:
    """The address of a quiz of two questions which the lab proves; the first is missed."""
    with sessions() as db:
        note, slug = a_note(db), db.scalars(select(Lab.slug)).one()
        for _ in range(2):
            a_question(db, note=note).lab_slug = slug
        key = note.key
        db.commit()
    url: str = send(learner.client, "/practice", "/practice", note=key, length=2).location
    send(learner.client, url, f"{url}/answer", unknown="1")
    learner.token()  # from the list of labs, which forgets the way back
    return url.rsplit("/", 1)[0]


def proving(learner: Learner, page: str) -> str:
    """Follow the link of a page to the lab that proves its miss; the lab's page."""
    link = PROVE.search(learner.open(page).text)
    assert link
    return learner.open(link[1].replace("&amp;", "&")).text


def test_the_lab_ends_with_the_way_back_to_the_question(
    learner: Learner, quiz: str, sandboxes: FakeSandboxClient
) -> None:
    way = (f"{quiz}/1", "Back to question 1 of 2")
    assert BACK.findall(proving(learner, f"{quiz}/1")) == [way]
    run = learner.predict()
    learner.start(run)
    done = learner.press(f"{run}/check", answer="32768").text
    assert BACK.findall(done) == [way] * 3, "at the top, below the verdict and at the end of the text"
    assert re.search(rf'class="button button-primary[^"]*" href="{quiz}/1"', done)


def test_the_quiz_is_where_it_was(learner: Learner, quiz: str) -> None:
    before = learner.open(f"{quiz}/1").text
    proving(learner, f"{quiz}/1")
    after = learner.open(f"{quiz}/1").text
    for page in (before, after):
        assert "Not yet" in page
        assert f'href="{quiz}/2" data-key="Enter"' in page
    assert learner.open(f"{quiz}/result").location == f"{quiz}/2"


def test_from_the_result_it_leads_back_to_the_result(learner: Learner, quiz: str) -> None:
    send(learner.client, f"{quiz}/2", f"{quiz}/2/answer", unknown="1")
    assert BACK.findall(proving(learner, f"{quiz}/result")) == [(f"{quiz}/result", "Back to the result")]


@pytest.mark.parametrize("position", ["0", "3", "x", str(10**30)])
def test_to_a_question_that_the_quiz_does_not_have_it_leads_to_the_result(
    learner: Learner, quiz: str, position: str
) -> None:
    quiz_id = quiz.rsplit("/", 1)[1]
    page = learner.open(f"/labs/two-ports?from=practice&quiz={quiz_id}&question={position}").text
    assert BACK.findall(page) == [(f"{quiz}/result", "Back to the result")]


@pytest.mark.parametrize("quiz_id", ["x", "", str(UUID(int=1))])
def test_to_no_quiz_there_is_none(learner: Learner, quiz_id: str) -> None:
    assert not BACK.search(learner.open(f"/labs/two-ports?from=practice&quiz={quiz_id}&question=1").text)


def test_to_somebody_elses_quiz_there_is_none(
    learner: Learner, quiz: str, client_as: Callable[..., FlaskClient]
) -> None:
    quiz_id = quiz.rsplit("/", 1)[1]
    page = client_as("owner").get(f"/labs/two-ports?from=practice&quiz={quiz_id}&question=1").text
    assert not BACK.search(page)
