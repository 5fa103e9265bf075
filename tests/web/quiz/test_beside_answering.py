"""The buttons beside an answer: I don't know, a hint, skip, for later; and marks from habit, which are asked about."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import Question, QuestionKind
from quizapp.quiz.models import Attempt
from quizapp.verdicts import Verdict
from tests.builders import a_note, a_question
from tests.web.pages import send, shown_after

Sessions = sessionmaker[Session]
Begin = Callable[..., str]


@pytest.fixture
def learner(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    return client_as("learner")


@pytest.fixture
def begin(learner: FlaskClient, sessions: Sessions) -> Begin:
    """`begin(kind, count)` begins a sitting with so many questions of that kind, each with two hints; its address."""

    def begin(kind: QuestionKind, count: int = 1) -> str:
        with sessions() as db:
            note = a_note(db)
            for _ in range(count):
                question = a_question(db, kind, note=note, must=("first point", "second point"))
                question.bonus, question.red_flags = ["a bonus"], ["a flag"]
                question.hints = ["Think of `nat`.", "It is a table."]
            key = note.key
            db.commit()
        return send(learner, "/practice", "/practice", note=key, length=count).location

    return begin


def verdicts(sessions: Sessions) -> list[Verdict | None]:
    with sessions() as db:
        return list(db.scalars(select(Attempt.verdict).order_by(Attempt.position)))


def test_marking_nothing_is_asked_about_first(learner: FlaskClient, begin: Begin, sessions: Sessions) -> None:
    url = begin(QuestionKind.OPEN)
    send(learner, url, f"{url}/answer", text="By heart")
    asked = shown_after(learner, url, f"{url}/mark")
    assert verdicts(sessions) == [None]
    assert "You ticked nothing." in asked
    none = re.search(r"<button[^>]*>I said none of these", asked)
    assert none
    assert "data-key" not in none[0], "no key of habit"
    assert send(learner, url, f"{url}/mark", nothing="1").status_code == 302
    assert verdicts(sessions) == [Verdict.FAIL]


def test_without_a_guide_one_says_whether_the_answer_was_right(
    learner: FlaskClient, begin: Begin, sessions: Sessions
) -> None:
    url = begin(QuestionKind.OPEN)
    with sessions() as db:
        question = db.scalars(select(Question)).one()
        question.must, question.bonus, question.red_flags = [], [], []
        db.commit()
    url = send(learner, "/practice", "/practice", length=1).location
    asked = shown_after(learner, url, f"{url}/answer", text="By heart")
    assert "Was your answer right?" in asked
    assert "It was not right" in asked
    assert "of these" not in asked, "there is nothing to choose among"
    assert send(learner, url, f"{url}/mark", nothing="1").status_code == 302
    assert Verdict.FAIL in verdicts(sessions)


def test_bonus_and_red_flags_are_ticked_and_shown(learner: FlaskClient, begin: Begin, sessions: Sessions) -> None:
    url = begin(QuestionKind.OPEN)
    send(learner, url, f"{url}/answer", text="By heart")
    send(learner, url, f"{url}/mark", points=["0", "1"], bonus=["0"], red_flags=["0"])
    with sessions() as db:
        assert db.scalars(select(Attempt.score)).one() == 0.75
    page = learner.get(url).text
    assert len(re.findall(r'name="said-\w+" value="\d" checked', page)) == 4


def test_marks_are_taken_back_and_given_anew(learner: FlaskClient, begin: Begin, sessions: Sessions) -> None:
    url = begin(QuestionKind.OPEN)
    send(learner, url, f"{url}/answer", text="By heart")
    send(learner, url, f"{url}/mark", nothing="1")
    assert "Mark it again" in learner.get(url).text
    send(learner, url, f"{url}/unmark")
    assert verdicts(sessions) == [None]
    assert "By heart" in learner.get(url).text
    send(learner, url, f"{url}/mark", points=["0", "1"])
    assert verdicts(sessions) == [Verdict.PASS]


@pytest.mark.parametrize("kind", [QuestionKind.OPEN, QuestionKind.SINGLE, QuestionKind.SHORT, QuestionKind.CLOZE])
def test_who_does_not_know_is_shown_the_answer(
    learner: FlaskClient, begin: Begin, sessions: Sessions, kind: QuestionKind
) -> None:
    url = begin(kind)
    send(learner, url, f"{url}/answer", unknown="1")
    assert verdicts(sessions) == [Verdict.FAIL]
    page = learner.get(url).text
    assert "Not yet" in page
    assert "Number" in page, "the explanation"
    assert "Mark it again" not in page


def test_hints_are_shown_one_after_the_other(learner: FlaskClient, begin: Begin) -> None:
    url = begin(QuestionKind.SHORT)
    assert "Think of" not in learner.get(url).text
    send(learner, url, f"{url}/hint")
    page = learner.get(url).text
    assert "<strong>Hint:</strong> Think of <code>nat</code>." in page
    assert "It is a table." not in page
    send(learner, url, f"{url}/hint")
    page = learner.get(url).text
    assert "It is a table." in page
    assert "for a quarter" not in page
    send(learner, url, f"{url}/answer", line="nginx")
    assert "Right, with a hint" in learner.get(url).text


def test_a_question_that_is_skipped_comes_round_again(learner: FlaskClient, begin: Begin) -> None:
    url = begin(QuestionKind.SHORT, 2)
    first, second = url, f"{url[:-1]}2"
    assert send(learner, first, f"{first}/skip").location == second
    send(learner, second, f"{second}/answer", line="nginx")
    assert f'href="{first}" data-key="Enter"' in learner.get(second).text
    assert 'data-key="s"' not in learner.get(first).text


def test_what_is_marked_for_later_is_named_until_it_is_answered(learner: FlaskClient, begin: Begin) -> None:
    url = begin(QuestionKind.SHORT, 2)
    send(learner, url, f"{url}/later", later="1")
    second = f"{url[:-1]}2"
    assert f'<a href="{url}">question 1</a>' in learner.get(second).text
    send(learner, url, f"{url}/later", later="0")
    assert "For later" not in learner.get(second).text


def test_the_result_is_one_figure_and_says_what_it_means(learner: FlaskClient, begin: Begin) -> None:
    url = begin(QuestionKind.MATCH)
    send(learner, url, f"{url}/answer", parts=["2", "1"])
    result = learner.get(f"{url.rsplit('/', 1)[0]}/result").text
    score = result[result.index('class="score"') : result.index("</header>", result.index('class="score"'))]
    assert "0 of 1" in score
    assert "%" not in score
    assert "right if all of them are" in score
