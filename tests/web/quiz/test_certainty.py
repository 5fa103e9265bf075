"""Marks by certainty, the wish of a quiz in the browser, and the result beside the last one of the same wish."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import Concept
from tests.builders import a_note, a_question
from tests.web.pages import send

Sessions = sessionmaker[Session]


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    return client_as("learner")


@pytest.fixture
def right(sessions: Sessions) -> str:
    """The right option of the only question, which is about a concept."""
    with sessions() as db:
        note = a_note(db)
        concept = Concept(key="chains", position=1, term="Chains", text="", fingerprint="0" * 64)
        note.sections[0].concepts.append(concept)
        question = a_question(db, note=note)
        question.concept = concept
        db.flush()
        option = str(question.choices[0].id)
        db.commit()
    return option


def result(learner: FlaskClient, begun: dict[str, str], **answer: object) -> str:
    """The words of the result of a quiz of one question."""
    url = send(learner, "/practice", "/practice", length=1, **begun).location
    send(learner, url, f"{url}/answer", **answer)
    page = learner.get(f"{url.rsplit('/', 1)[0]}/result").text
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


@pytest.mark.parametrize(("sure", "points"), [("guess", "1"), ("think-so", "2"), ("sure", "3")])
def test_a_right_answer_gives_more_the_surer_one_was(learner: FlaskClient, right: str, sure: str, points: str) -> None:
    said = result(learner, {"certainty": "y"}, choices=[right], confidence=sure)
    assert f"{points} of 3 points 1 of 1 were right. Had you called each answer a guess, it would be 1:" in said


@pytest.mark.parametrize(("answer", "points"), [({"confidence": "sure"}, "-6"), ({"unknown": "1"}, "0")])
def test_a_wrong_answer_costs_and_not_knowing_does_not(
    learner: FlaskClient, right: str, answer: dict[str, str], points: str
) -> None:
    wrong = {} if "unknown" in answer else {"choices": [str(int(right) + 1)]}
    assert f"{points} of 3 points 0 of 1 were right." in result(learner, {"certainty": "y"}, **answer, **wrong)


def test_how_sure_one_is_must_be_said_first(learner: FlaskClient, right: str) -> None:
    url = send(learner, "/practice", "/practice", length=1, certainty="y").location
    assert "Say how sure you are: right gives 1, 2 or 3 points" in learner.get(url).text
    send(learner, url, f"{url}/answer", choices=[right])
    page = learner.get(url).text
    assert "Say how sure you are: in this quiz, answers are marked by that." in page
    assert 'id="answer"' in page


def test_the_result_is_compared_with_the_last_one_of_the_same_wish_alone_and_by_concept(
    learner: FlaskClient, right: str
) -> None:
    assert "Last time" not in result(learner, {}, unknown="1")
    said = result(learner, {}, choices=[right])
    assert "1 more than in the last quiz of 1 question on all notes, when 0 of 1 were right." in said
    assert "Concept Right Last time Chains 1 of 1 0 of 1" in said
    assert "in the last quiz" not in result(learner, {"level": "", "suits": "y"}, choices=[right])


def test_again_begins_a_quiz_of_the_same_wish(learner: FlaskClient, right: str) -> None:
    url = send(learner, "/practice", "/practice", length=1, certainty="y", concept="chains", note="").location
    send(learner, url, f"{url}/answer", choices=[right], confidence="sure")
    quiz = url.rsplit("/", 1)[0]
    following = send(learner, f"{quiz}/result", f"{quiz}/again", of="all").location
    page = learner.get(following).text
    assert "All notes, Chains" in page
    assert "Say how sure you are" in page
