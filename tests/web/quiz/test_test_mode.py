"""A test as a browser goes through it, without a script: back and forth, all questions, the end of its time."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.catalogue.models import QuestionKind
from quizapp.quiz.models import Attempt, QuizSession
from quizapp.quiz.modes import Mode
from quizapp.verdicts import Verdict
from tests.builders import a_note, a_question
from tests.web.pages import send, shown_after, token_in

Sessions = sessionmaker[Session]


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    return client_as("learner")


@pytest.fixture
def url(learner: FlaskClient, sessions: Sessions) -> str:
    """The first question of a test of three short ones, with five minutes."""
    with sessions() as db:
        note = a_note(db)
        for _ in range(3):
            a_question(db, QuestionKind.SHORT, note=note)
        key = note.key
        db.commit()
    return send(learner, "/practice", "/practice", note=key, length=3, mode="test", limit="5").location


def quiz_of(url: str) -> str:
    return url.rsplit("/", 1)[0]


def handed_in(learner: FlaskClient, url: str) -> str:
    """The address of the result of a test that is handed in without an answer."""
    return send(learner, url, f"{quiz_of(url)}/hand-in", sure="1").location


def verdicts(sessions: Sessions) -> list[Verdict | None]:
    with sessions() as db:
        return list(db.scalars(select(Attempt.verdict).order_by(Attempt.position)))


def test_a_test_goes_forth_and_back_and_says_nothing(learner: FlaskClient, url: str, sessions: Sessions) -> None:
    second = f"{quiz_of(url)}/2"
    assert send(learner, url, f"{url}/answer", line="apache", go="next").location == second
    assert send(learner, second, f"{second}/answer", line="", go="previous").location == url
    page = learner.get(url).text
    assert 'value="apache"' in page
    assert not re.search(r"verdict|Right is|Number", page)
    assert send(learner, url, f"{url}/answer", line="nginx", go="all").location == f"{quiz_of(url)}/questions"
    assert verdicts(sessions) == [None, None, None]


def test_one_page_lists_what_is_answered_seen_and_for_later(learner: FlaskClient, url: str) -> None:
    send(learner, url, f"{url}/answer", line="nginx", go="next")
    second = f"{quiz_of(url)}/2"
    send(learner, second, f"{second}/later", line="", later="1")
    page = learner.get(f"{quiz_of(url)}/questions").text
    said = [text.strip() for text in re.findall(r'<span class="small quiet">(\d · [^<]+)</span>', page)]
    assert said == ["1 · answered", "2 · seen, not answered, for later", "3 · not seen yet"]
    assert "1 of 3 answered" in page


def test_handing_in_asks_about_what_has_no_answer(learner: FlaskClient, url: str, sessions: Sessions) -> None:
    send(learner, url, f"{url}/answer", line="nginx")
    every = f"{quiz_of(url)}/questions"
    asked = shown_after(learner, every, f"{quiz_of(url)}/hand-in")
    assert "2 questions have no answer. Handed in now, they count as missed." in asked
    assert verdicts(sessions) == [None, None, None]
    send(learner, every, f"{quiz_of(url)}/hand-in", sure="1")
    result = learner.get(f"{quiz_of(url)}/result").text
    assert verdicts(sessions) == [Verdict.PASS, Verdict.FAIL, Verdict.FAIL]
    assert "1 of 3" in result
    assert result.count("Not answered") == 2


def test_a_test_that_is_all_answered_is_handed_in_at_once(learner: FlaskClient, url: str) -> None:
    for number in (1, 2, 3):
        one = f"{quiz_of(url)}/{number}"
        leads_to = send(learner, one, f"{one}/answer", line="nginx", go="next").location
    assert leads_to == f"{quiz_of(url)}/questions"
    assert "3 of 3" in shown_after(learner, leads_to, f"{quiz_of(url)}/hand-in")


def test_what_cannot_be_read_is_told_on_the_next_page_and_stays(learner: FlaskClient, url: str) -> None:
    with_too_much = shown_after(learner, url, f"{url}/answer", line="x" * 501, go="next")
    assert "question 2 of 3" in with_too_much
    assert "Question 1 has no answer yet. An answer here has at most 500 characters." in with_too_much
    assert "x" * 501 in learner.get(url).text


def test_the_time_goes_on_while_nobody_looks_and_every_page_says_so(
    learner: FlaskClient, url: str, sessions: Sessions
) -> None:
    send(learner, url, f"{url}/answer", line="nginx", go="next")
    token = token_in(learner.get(url).text)
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        assert "The time is up" in learner.get(url, follow_redirects=True).text
        assert "The time is up" in learner.get(f"{quiz_of(url)}/questions", follow_redirects=True).text
        for page in ("/", "/practice"):
            assert "what came of" in learner.get(page).text
        late = learner.post(
            f"{quiz_of(url)}/2/answer", data={"csrf_token": token, "line": "nginx"}, follow_redirects=True
        )
        assert "The time was up" in late.text
        assert "1 of 3" in late.text
        second = learner.get(f"{quiz_of(url)}/2").text
        assert second.index("You had typed, and it is not counted") < second.index("nginx</blockquote>")
    assert verdicts(sessions) == [Verdict.PASS, Verdict.FAIL, Verdict.FAIL]


def test_an_answer_that_the_page_sends_at_the_end_says_that_the_time_is_up(learner: FlaskClient, url: str) -> None:
    token = token_in(learner.get(url).text)
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=3)):
        sent = {"csrf_token": token, "line": "nginx"}
        ended = learner.post(f"{url}/answer", data=sent, follow_redirects=True).text
    assert "The time is up. What you had answered counts, with what the page sent at the end." in ended
    assert "1 of 3" in ended


def test_a_test_whose_time_is_up_is_closed_by_a_press(learner: FlaskClient, url: str) -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        over = f"{quiz_of(url)}/result"
        result = shown_after(learner, over, f"{quiz_of(url)}/hand-in")
        assert "0 of 3" in result
        # Where a script shows what was typed and never sent: the browser alone has it.
        assert f'data-unsent="{url}/answer"' in result
        assert f'data-unsent="{url}/answer" data-unsent-fields="text line" hidden>' in learner.get(url).text


def test_the_page_shows_what_is_left_by_the_servers_clock(learner: FlaskClient, url: str) -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        page = learner.get(url).text
    left = re.search(r'data-timer="down" data-seconds="(\d+)"', page)
    assert left
    assert 175 <= int(left[1]) <= 180
    assert "data-ends-with-timer" in page


def test_a_test_that_is_discarded_is_not_marked(learner: FlaskClient, url: str, sessions: Sessions) -> None:
    send(learner, url, f"{url}/answer", line="nginx")
    assert "Nothing in it was marked." in shown_after(learner, "/practice", f"{quiz_of(url)}/discard")
    assert verdicts(sessions) == [None, None, None]
    assert learner.get(url).location == f"{quiz_of(url)}/result"


@pytest.mark.parametrize(
    ("asked", "mode", "limited"),
    [({}, Mode.PRACTICE, False), ({"mode": "test"}, Mode.TEST, False), ({"mode": "interview"}, Mode.INTERVIEW, True)],
)
def test_how_it_runs_is_stored_with_it(
    learner: FlaskClient, sessions: Sessions, asked: dict[str, str], mode: Mode, limited: bool
) -> None:
    with sessions() as db:
        a_question(db, QuestionKind.OPEN)
        db.commit()
    assert send(learner, "/practice", "/practice", note="", length=1, **asked).status_code == 302
    with sessions() as db:
        quiz = db.scalars(select(QuizSession)).one()
        assert (quiz.mode, quiz.closes_at is not None) == (mode, limited)


def test_one_line_says_what_it_will_be_like(learner: FlaskClient, sessions: Sessions) -> None:
    with sessions() as db:
        for _ in range(15):
            a_question(db, QuestionKind.NUMBER)
        a_question(db, QuestionKind.OPEN)
        db.commit()
    page = learner.get("/practice?mode=test&length=4&limit=7").text
    assert ">4 questions, at most 7 minutes." in page
    assert re.search(r'value="test"[^>]* checked', page)
    assert (
        ">10 questions, about 9 minutes. You see after each" in learner.get("/practice?mode=x&length=999&limit=-1").text
    )
    assert ">16 questions, about 14 minutes." in learner.get("/practice?length=50").text, "no more than there are"
    assert ">About 9 questions, about 8 minutes." in learner.get("/practice?length=50&minutes=8").text
    assert ">1 question, at most 4 minutes. Open" in learner.get("/practice?mode=interview&minutes=30").text
    assert "An interview asks open questions alone." in learner.get("/practice?mode=interview&kind=number").text


def test_a_test_is_compared_with_the_last_test_alone_and_again_begins_another(
    learner: FlaskClient, sessions: Sessions
) -> None:
    with sessions() as db:
        a_question(db, QuestionKind.NUMBER)
        db.commit()
    practised = send(learner, "/practice", "/practice", length=1).location
    send(learner, practised, f"{practised}/answer", unknown="1")
    first = handed_in(learner, send(learner, "/practice", "/practice", length=1, mode="test", limit=7).location)
    assert "in the last" not in learner.get(first).text
    again = send(learner, first, first.replace("/result", "/again"), of="all").location
    with sessions() as db:
        begun = db.get_one(QuizSession, UUID(again.split("/")[2]))
        assert (begun.mode, begun.closes_at) == (Mode.TEST, begun.started_at + timedelta(minutes=7))
    page = learner.get(handed_in(learner, again)).text
    assert "As many as in the last test of 1 question on all notes, when 0 of 1 were right." in page
    assert f'<a href="{first}">See its result</a>' in page


def test_an_interview_asks_open_questions_alone(learner: FlaskClient, url: str) -> None:
    answer = send(learner, "/practice", "/practice", note="", length=1, mode="interview", kind="short")
    assert (answer.status_code, "asks open questions alone" in answer.text) == (400, True)
