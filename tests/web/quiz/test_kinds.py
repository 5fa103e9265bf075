"""Each kind of question in a sitting: asked, refused without an answer, marked, shown with what is right."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.catalogue.models import EXPECTING_KINDS, Note, Question, QuestionKind
from quizapp.quiz.models import Attempt
from quizapp.review.service import add_cards
from quizapp.verdicts import Verdict
from tests.builders import a_note, a_question
from tests.web.pages import send, shown_after

Sessions = sessionmaker[Session]


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    return client_as("learner")


@pytest.fixture
def begin(learner: FlaskClient, sessions: Sessions) -> Callable[[QuestionKind], str]:
    """`begin(kind)` begins a sitting with one question of that kind; its address."""

    def begin(kind: QuestionKind) -> str:
        with sessions() as db:
            note = a_note(db)
            a_question(db, kind, note=note)
            key = note.key
            db.commit()
        return send(learner, "/practice", "/practice", note=key, length=1).location

    return begin


def in_order(page: str) -> list[str]:
    """The numbers that put the things on the page in their order."""
    shown = re.findall(r'<label for="part-\d+">(\w+)</label>', page)
    return [str(["first", "second", "third"].index(one) + 1) for one in shown]


def right_answer(kind: QuestionKind, page: str) -> dict[str, object]:
    match kind:
        case QuestionKind.SHORT:
            return {"line": " NGINX. "}
        case QuestionKind.NUMBER:
            return {"line": "1455 bytes"}
        case QuestionKind.TRUTH:
            return {"parts": ["false"], "line": "It has one."}
        case QuestionKind.ORDER:
            return {"parts": in_order(page)}
        case QuestionKind.MATCH:
            return {"parts": ["2", "3"]}  # behind the decoy
        case _:
            return {"parts": ["docker0", "ETH1"]}


WRONG: dict[QuestionKind, dict[str, object]] = {
    QuestionKind.SHORT: {"line": "apache"},
    QuestionKind.NUMBER: {"line": "9000"},
    QuestionKind.TRUTH: {"parts": ["true"]},
    QuestionKind.MATCH: {"parts": ["1", "3"]},
    QuestionKind.CLOZE: {"parts": ["docker0", "lo"]},
}


def attempt(sessions: Sessions) -> tuple[Verdict | None, float | None]:
    with sessions() as db:
        one = db.scalars(select(Attempt)).one()
        return one.verdict, one.score


@pytest.mark.parametrize("kind", EXPECTING_KINDS)
def test_a_right_answer_is_right(
    learner: FlaskClient, begin: Callable[[QuestionKind], str], sessions: Sessions, kind: QuestionKind
) -> None:
    url = begin(kind)
    assert send(learner, url, f"{url}/answer", **right_answer(kind, learner.get(url).text)).status_code == 302
    assert attempt(sessions) == (Verdict.PASS, 1.0)
    assert ">Right<" in re.sub(r"\s", "", learner.get(url).text)


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_answer_is_told_with_what_is_right(
    learner: FlaskClient, begin: Callable[[QuestionKind], str], sessions: Sessions, kind: QuestionKind
) -> None:
    url = begin(kind)
    send(learner, url, f"{url}/answer", **WRONG[kind])
    partly = kind in (QuestionKind.MATCH, QuestionKind.CLOZE)
    assert attempt(sessions) == (Verdict.FAIL, 0.5 if partly else 0.0)
    page = learner.get(url).text
    right = {"short": "nginx:latest", "number": "1450 ± 10 bytes", "truth": "False.", "match": "right one"}
    assert right.get(kind, "eth0") in page
    assert "Number" in page, "the explanation"


def test_a_thing_out_of_its_place_costs_a_part(
    learner: FlaskClient, begin: Callable[[QuestionKind], str], sessions: Sessions
) -> None:
    url = begin(QuestionKind.ORDER)
    moved = {"1": "3", "2": "1", "3": "2"}  # second, third, first
    send(learner, url, f"{url}/answer", parts=[moved[one] for one in in_order(learner.get(url).text)])
    assert attempt(sessions) == (Verdict.FAIL, 0.5)


@pytest.mark.parametrize("kind", EXPECTING_KINDS)
def test_no_answer_is_asked_for_again_and_not_counted(
    learner: FlaskClient, begin: Callable[[QuestionKind], str], sessions: Sessions, kind: QuestionKind
) -> None:
    url = begin(kind)
    page = shown_after(learner, url, f"{url}/answer", parts=["", "2"])
    assert 'class="notice notice-warning"' in page
    assert 'id="answer"' in page
    assert attempt(sessions) == (None, None)


def test_a_near_miss_is_told_and_what_was_typed_stays(
    learner: FlaskClient, begin: Callable[[QuestionKind], str], sessions: Sessions
) -> None:
    url = begin(QuestionKind.SHORT)
    page = shown_after(learner, url, f"{url}/answer", line="ngnix", confidence="sure")
    assert "Nearly: look at the spelling." in page
    assert 'value="ngnix"' in page
    assert re.search(r'value="sure" checked', page)
    assert attempt(sessions) == (None, None)


@pytest.mark.parametrize("kind", EXPECTING_KINDS)
def test_the_page_of_the_note_and_the_card_show_what_is_right(
    learner: FlaskClient, begin: Callable[[QuestionKind], str], sessions: Sessions, kind: QuestionKind
) -> None:
    begin(kind)
    with sessions() as db:
        key = db.scalars(select(Note.key)).one()
        user = db.get_one(User, learner.user.id)  # type: ignore[attr-defined]
        add_cards(db, user=user, question_ids=db.scalars(select(Question.id)), now=clock.now())
        db.commit()
    right = {
        "short": "nginx:latest",
        "number": "1450 ± 10 bytes",
        "truth": "False.",
        "order": "third",
        "match": "right two",
    }
    assert right.get(kind, "docker0") in learner.get(f"/notes/{key}").text
    assert right.get(kind, "docker0") in learner.get("/review?shown=1").text


def test_parts_that_were_given_stay_when_one_is_missing(
    learner: FlaskClient, begin: Callable[[QuestionKind], str]
) -> None:
    url = begin(QuestionKind.MATCH)
    page = shown_after(learner, url, f"{url}/answer", parts=["2", ""])
    assert '<option value="2" selected>right one</option>' in page
    url = begin(QuestionKind.CLOZE)
    assert 'value="docker0"' in shown_after(learner, url, f"{url}/answer", parts=["docker0", ""])
