"""A sitting as a browser goes through it."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import Question, QuestionKind
from tests.builders import a_note, a_question
from tests.lab_builders import add_lab
from tests.web.pages import send, token_in, without_tokens

TO_WRITE = 'name="text"'
PICK_ONE, PICK_MANY = 'data-pick="one"', 'data-pick="many"'


@pytest.fixture
def note_key(sessions: sessionmaker[Session]) -> str:
    """A note with one question of each kind that a sitting asks."""
    with sessions() as db:
        note = a_note(db)
        a_question(db, QuestionKind.SINGLE, note=note)
        a_question(db, QuestionKind.MULTIPLE, note=note)
        a_question(db, QuestionKind.OPEN, note=note, must=("the first point", "the second point"))
        key = note.key
        db.commit()
    return key


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    return client_as("learner")


def start(client: FlaskClient, note_key: str, length: int = 3) -> str:
    """Begin a sitting; the address of its first question."""
    answer = send(client, "/practice", "/practice", note=note_key, length=length)
    assert answer.status_code == 302
    return answer.location


def pick(page: str, *texts: str) -> list[str]:
    """The values of the options with these texts."""
    return [
        re.search(rf'value="(\d+)"(?:(?!value=).)*?{text}<', page, re.DOTALL)[1]  # type: ignore[index]
        for text in texts
    ]


def first_with(client: FlaskClient, url: str, mark: str) -> str:
    """The address of the first question of a sitting whose page has `mark` in it."""
    pages = [f"{url[:-1]}{position}" for position in (1, 2, 3)]
    return next(page for page in pages if mark in client.get(page).text)


def go_through(client: FlaskClient, url: str, *, right: bool) -> str:
    """Answer a whole sitting, everything right or everything wrong; the result page."""
    for _ in range(3):
        page = client.get(url).text
        if TO_WRITE in page:
            send(client, url, f"{url}/answer", text="In my own words")
            send(client, url, f"{url}/mark", **({"points": ["0", "1"]} if right else {"nothing": "1"}))
        else:
            many = PICK_MANY in page
            wanted = ["Option 1", "Option 2"][: 2 if many else 1] if right else ["Option 3"]
            send(client, url, f"{url}/answer", choices=pick(page, *wanted), confidence="sure")
        following = re.search(r'href="(/practice/[^"]+)" data-key="Enter"', client.get(url).text)
        assert following
        url = following[1]
    return client.get(url).text


def test_everything_right(learner: FlaskClient, note_key: str) -> None:
    result = go_through(learner, start(learner, note_key), right=True)
    assert "3 of 3" in result
    assert "Nothing missed" in result


def test_everything_missed_is_in_the_reviews(learner: FlaskClient, note_key: str) -> None:
    result = go_through(learner, start(learner, note_key), right=False)
    assert "0 of 3" in result
    assert "All of it is in your reviews now, and comes back in 10 min." in result, "once, as it is the same for all"
    assert "Nothing is due now. The next card comes back in 10 min, 3 in all later today." in learner.get("/").text


def test_again_with_the_misses(learner: FlaskClient, note_key: str) -> None:
    url = start(learner, note_key)
    go_through(learner, url, right=False)
    quiz = url.rsplit("/", 1)[0]
    again = send(learner, f"{quiz}/result", f"{quiz}/again")
    assert learner.get(again.location).status_code == 200


def test_feedback_explains_every_option(learner: FlaskClient, note_key: str) -> None:
    url = first_with(learner, start(learner, note_key), PICK_ONE)
    page = learner.get(url).text
    send(learner, url, f"{url}/answer", choices=pick(page, "Option 2"))
    page = learner.get(url).text
    assert "Not yet" in page
    assert all(f"Why {number}" in page for number in range(1, 5))
    assert "Right, not picked" in page


def test_an_answer_leads_to_the_lab_in_which_it_can_be_tried(
    learner: FlaskClient, note_key: str, sessions: sessionmaker[Session]
) -> None:
    with sessions() as db:
        add_lab(db, slug="two-ports")
        for question in db.scalars(select(Question).where(Question.note_id.is_not(None))):
            question.lab_slug = "two-ports" if question.kind is QuestionKind.SINGLE else "nowhere"
        db.commit()
    quiz = start(learner, note_key)
    url = first_with(learner, quiz, PICK_ONE)
    before = learner.get(url).text
    assert 'href="/labs/two-ports' not in before
    send(learner, url, f"{url}/answer", choices=pick(before, "Option 2"))
    page = learner.get(url).text
    assert 'href="/labs/two-ports?' in page
    assert "Prove it, 4 min" in page
    other = first_with(learner, quiz, PICK_MANY)
    send(learner, other, f"{other}/answer", choices=pick(learner.get(other).text, "Option 3"))
    assert "Prove it" not in learner.get(other).text


def test_an_answer_without_a_choice_is_asked_for_again(learner: FlaskClient, note_key: str) -> None:
    url = first_with(learner, start(learner, note_key), PICK_ONE)
    answer = learner.post(
        f"{url}/answer",
        data={"csrf_token": re.search(r'"csrf_token" value="([^"]+)"', learner.get(url).text)[1]},  # type: ignore[index]
        follow_redirects=True,
    )
    assert "Choose an answer first." in answer.text


def test_another_answer_after_the_first_is_told_that_the_first_stands(learner: FlaskClient, note_key: str) -> None:
    url = first_with(learner, start(learner, note_key), PICK_ONE)
    page = learner.get(url).text
    send(learner, url, f"{url}/answer", choices=pick(page, "Option 2"))
    data = {"csrf_token": token_in(page), "choices": pick(page, "Option 1")}
    again = learner.post(f"{url}/answer", data=data, follow_redirects=True)
    assert "Your first answer stands." in again.text
    assert "Not yet" in again.text


def test_the_same_answer_sent_again_needs_no_word(learner: FlaskClient, note_key: str) -> None:
    url = first_with(learner, start(learner, note_key), PICK_ONE)
    page = learner.get(url).text
    for _ in range(2):
        data = {"csrf_token": token_in(page), "choices": pick(page, "Option 2")}
        answer = learner.post(f"{url}/answer", data=data, follow_redirects=True)
    assert "stands" not in answer.text


def test_other_marks_after_the_first_are_told_that_the_first_stand(learner: FlaskClient, note_key: str) -> None:
    url = first_with(learner, start(learner, note_key), TO_WRITE)
    send(learner, url, f"{url}/answer", text="Because.")
    token = token_in(learner.get(url).text)
    learner.post(f"{url}/mark", data={"csrf_token": token, "points": ["0", "1"]})
    again = learner.post(f"{url}/mark", data={"csrf_token": token, "points": ["0"]}, follow_redirects=True)
    assert "Your first marks stand." in again.text
    assert ">Right<" in re.sub(r"\s", "", again.text)


@pytest.mark.parametrize("choices", [["x"], ["999999"], ["-1"], ["9" * 400]])
def test_nonsense_for_a_choice_is_refused(learner: FlaskClient, note_key: str, choices: list[str]) -> None:
    url = first_with(learner, start(learner, note_key), PICK_ONE)
    assert send(learner, url, f"{url}/answer", choices=choices).status_code in (302, 400)
    assert "Answer</button>" in re.sub(r"\s*<kbd.*?</kbd>", "", learner.get(url).text)


@pytest.mark.parametrize(
    ("length", "said"), [(typed, "Enter a whole number from 1 to 50.") for typed in ("0", "51", "", "x")]
)
def test_a_bad_length_is_explained(learner: FlaskClient, note_key: str, length: str, said: str) -> None:
    answer = send(learner, "/practice", "/practice", note=note_key, length=length)
    assert answer.status_code == 400
    assert said in answer.text


def test_an_unknown_note_is_refused(learner: FlaskClient, note_key: str) -> None:
    assert send(learner, "/practice", "/practice", note="n-nowhere", length="3").status_code == 400


def test_without_any_question_it_says_what_to_do(learner: FlaskClient) -> None:
    answer = send(learner, "/practice", "/practice", note="", length="10")
    assert answer.status_code == 400
    assert "import one that has questions" in answer.text


def test_an_unfinished_sitting_can_be_resumed(learner: FlaskClient, note_key: str) -> None:
    url = start(learner, note_key)
    assert url in learner.get("/").text
    assert url in learner.get("/practice").text
    assert learner.get(f"{url.rsplit('/', 1)[0]}/result").location == url


def test_all_unfinished_sittings_are_offered_the_newest_first(learner: FlaskClient, note_key: str) -> None:
    older, newer = start(learner, note_key), start(learner, note_key)
    for page in (learner.get("/").text, learner.get("/practice").text):
        assert 0 < page.index(newer) < page.index(older)


@pytest.mark.parametrize(("page", "then"), [("/", {"then": "today"}), ("/practice", {})])
def test_an_unfinished_sitting_can_be_discarded_and_what_was_answered_stays(
    learner: FlaskClient, note_key: str, page: str, then: dict[str, str]
) -> None:
    url, other = start(learner, note_key), start(learner, note_key)
    quiz = url.rsplit("/", 1)[0]
    assert f'action="{quiz}/discard"' in learner.get(page).text
    assert send(learner, page, f"{quiz}/discard", **then).location == page
    left = learner.get(page).text
    assert (url in left, other in left, "What you answered in it still counts." in left) == (False, True, True)
    assert "0 of 3" in learner.get(f"{quiz}/result").text


def test_nobody_else_can_discard_a_sitting(
    learner: FlaskClient, client_as: Callable[..., FlaskClient], note_key: str
) -> None:
    url = start(learner, note_key)
    assert send(client_as("owner"), "/practice", f"{url.rsplit('/', 1)[0]}/discard").status_code == 404
    assert url in learner.get("/").text


def test_somebody_elses_sitting_is_not_found(
    learner: FlaskClient, client_as: Callable[..., FlaskClient], note_key: str
) -> None:
    url = start(learner, note_key)
    other = client_as("owner")
    theirs = other.get(url)
    nobodys = other.get(f"/practice/{uuid4()}/1")
    assert theirs.status_code == nobodys.status_code == 404
    assert without_tokens(theirs.text) == without_tokens(nobodys.text)


def test_there_is_no_question_past_the_end(learner: FlaskClient, note_key: str) -> None:
    url = start(learner, note_key)
    assert learner.get(f"{url[:-1]}4").status_code == 404
    assert learner.get(f"{url[:-1]}{10**30}").status_code == 404
