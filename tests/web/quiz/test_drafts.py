"""What was typed and is no answer stays: refused, left for a hint or another question, or given up."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import QuestionKind
from quizapp.quiz.drafts import DRAFT_MAX_CHARS
from quizapp.quiz.kinds.marker import ANSWER_MAX_CHARS
from tests.builders import a_note, a_question
from tests.web.pages import send, shown_after, token_in

Begin = Callable[..., str]
TYPED: dict[QuestionKind, tuple[dict[str, object], str]] = {
    QuestionKind.OPEN: ({"text": "half an answer"}, "half an answer</textarea>"),
    QuestionKind.SHORT: ({"line": "half"}, 'value="half"'),
    QuestionKind.CLOZE: ({"parts": ["one", ""]}, 'name="parts" value="one"'),
    QuestionKind.MATCH: ({"parts": ["", "3"]}, '<option value="3" selected>right two</option>'),
    QuestionKind.TRUTH: ({"parts": ["true"], "line": "since"}, 'value="true" id="parts-true"'),
}


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    return client_as("learner")


@pytest.fixture
def begin(learner: FlaskClient, sessions: sessionmaker[Session]) -> Begin:
    """`begin(kind)` begins a sitting with two questions of that kind, each with a hint; the address of the first."""

    def begin(kind: QuestionKind) -> str:
        with sessions() as db:
            note = a_note(db)
            for _ in range(2):
                a_question(db, kind, note=note).hints = ["Think."]
            key = note.key
            db.commit()
        return send(learner, "/practice", "/practice", note=key, length=2).location

    return begin


@pytest.mark.parametrize("kind", TYPED)
@pytest.mark.parametrize("way", ["hint", "later", "skip"])
def test_what_was_typed_is_there_again_after_another_button(
    learner: FlaskClient, begin: Begin, kind: QuestionKind, way: str
) -> None:
    url = begin(kind)
    typed, shown = TYPED[kind]
    send(learner, url, f"{url}/{way}", **typed, later="1")
    page = learner.get(url).text
    assert shown in page
    assert "checked" in page if kind is QuestionKind.TRUTH else True


def test_options_that_were_chosen_stay_chosen(learner: FlaskClient, begin: Begin) -> None:
    url = begin(QuestionKind.MULTIPLE)
    values = re.findall(r'name="choices" value="(\d+)"', learner.get(url).text)
    send(learner, url, f"{url}/hint", choices=values[1:3])
    checked = re.findall(r'name="choices" value="(\d+)"[^>]* checked', learner.get(url).text)
    assert checked == values[1:3]


@pytest.mark.parametrize("kind", TYPED)
def test_who_does_not_know_still_has_what_they_typed(learner: FlaskClient, begin: Begin, kind: QuestionKind) -> None:
    url = begin(kind)
    page = shown_after(learner, url, f"{url}/answer", unknown="1", **TYPED[kind][0])
    assert "You had typed, and it is not counted" in page
    said = {"open": "half an answer", "short": "half", "cloze": "one", "match": "right two", "truth": "since"}
    assert said[kind] in page.split("You had typed")[1]


def test_another_answer_after_the_first_is_shown_beside_it(learner: FlaskClient, begin: Begin) -> None:
    url = begin(QuestionKind.OPEN)
    token = token_in(learner.get(url).text)
    for text in ("the first", "the second"):
        learner.post(f"{url}/answer", data={"csrf_token": token, "text": text})
    page = learner.get(url).text
    assert page.index("the first") < page.index("You had typed") < page.index("the second")


def test_an_answer_that_counts_leaves_no_draft_behind(learner: FlaskClient, begin: Begin) -> None:
    url = begin(QuestionKind.SHORT)
    send(learner, url, f"{url}/answer", line="ngnix")
    send(learner, url, f"{url}/answer", line="nginx")
    page = learner.get(url).text
    assert "ngnix" not in page
    assert "You had typed" not in page
    assert "data-unsent" not in page


def test_an_answer_that_is_too_long_stays_to_be_shortened(learner: FlaskClient, begin: Begin) -> None:
    url = begin(QuestionKind.OPEN)
    page = shown_after(learner, url, f"{url}/answer", text="x" * (ANSWER_MAX_CHARS + 1))
    assert "x" * (ANSWER_MAX_CHARS + 1) + "</textarea>" in page
    assert "It has 10,001 characters; an answer has at most 10,000. All of it is kept" in page
    assert "maxlength" not in page.partition('id="text"')[2].partition(">")[0], (
        "or a browser cuts it off without a word"
    )
    assert send(learner, url, f"{url}/answer", text="x" * (DRAFT_MAX_CHARS + 1)).status_code == 400


def test_the_buttons_beside_an_answer_send_its_form(learner: FlaskClient, begin: Begin) -> None:
    page = learner.get(url := begin(QuestionKind.OPEN)).text
    assert page.count('form="answer"') == 4
    assert f'form="answer" formaction="{url}/skip"' in page


def test_a_page_of_an_older_sign_in_leads_back_to_itself_and_nowhere_else(learner: FlaskClient, begin: Begin) -> None:
    url = begin(QuestionKind.OPEN)
    old = {"csrf_token": "of another sign-in", "text": "half an answer"}
    elsewhere = ("http://elsewhere.example/", "http://localhost//elsewhere.example", "http://[", "http://localhost/\\x")
    for came_from, leads_to in ((f"http://localhost{url}?a=b", f"{url}?a=b"), *((one, "/") for one in elsewhere)):
        answer = learner.post(f"{url}/answer", data=old, headers={"Referer": came_from})
        assert answer.status_code == 400
        assert f'<a class="button button-primary" href="{leads_to}">' in answer.text
        assert ("Back to the page" in answer.text) == (leads_to != "/")
