"""What the review page's script sends beside ratings: deeds with ids, undo of what it names, and undo of the last."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.catalogue.models import Question
from quizapp.review import service
from quizapp.review.models import Card, DayTally, Outcome, ReviewLog
from quizapp.review.pages import given_forms
from quizapp.review.pages.given_forms import LATE_MAX, done_at
from quizapp.study_day import study_day
from tests.builders import NOW, a_note, a_question
from tests.web.review.test_review_page import rating_form

ClientAs = Callable[..., FlaskClient]
Sessions = sessionmaker[Session]

DAY = timedelta(days=1)
JSON = {"Accept": "application/json"}


@pytest.fixture
def learner(client_as: ClientAs, sessions: Sessions) -> FlaskClient:
    """A learner with two new cards."""
    client = client_as("learner", "Ada")
    with sessions() as db:
        note = a_note(db)
        for _ in range(2):
            a_question(db, note=note)
        user = db.get_one(User, client.user.id)  # type: ignore[attr-defined]
        service.add_cards(db, user=user, question_ids=db.scalars(select(Question.id)), now=clock.now())
        db.commit()
    return client


@pytest.fixture
def form(learner: FlaskClient) -> dict[str, str]:
    """The rating form of the first card."""
    return rating_form(learner.get("/review").text)


def say(client: FlaskClient, what: str, form: dict[str, str], **more: str) -> Any:
    fields = {"csrf_token": form["csrf_token"], "card": form["card"], **more}
    answer = client.post(f"/review/{what}", data=fields, headers=JSON)
    return answer.get_json() | {"status": answer.status_code}


def form_given(client: FlaskClient, *, ago: timedelta) -> dict[str, str]:
    """The rating form of a page that was given out so long ago."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(given_forms, "clock", SimpleNamespace(now=lambda: clock.now() - ago))
        return rating_form(client.get("/review").text)


def card_of(sessions: Sessions, form: dict[str, str]) -> Card:
    with sessions() as db:
        return db.get_one(Card, UUID(form["card"]))


def rate(client: FlaskClient, form: dict[str, str]) -> None:
    assert client.post("/review", data={**form, "rating": "3"}, headers=JSON).status_code == 200


@pytest.mark.parametrize("what", ["bury", "suspend"])
def test_a_deed_with_an_id_counts_once_and_undo_by_that_id_takes_it_back(
    learner: FlaskClient, sessions: Sessions, form: dict[str, str], what: str
) -> None:
    deed = str(uuid4())
    for _ in range(2):
        assert say(learner, what, form, deed_id=deed) == {"status": 200, "notice": None, "next": "/review"}
    for _ in range(2):
        assert say(learner, "undo", form, done=deed)["status"] == 200
    card = card_of(sessions, form)
    assert (card.suspended, card.buried_until_day) == (False, None)


def test_what_no_longer_applies_is_told(learner: FlaskClient, sessions: Sessions, form: dict[str, str]) -> None:
    say(learner, "suspend", form)
    assert "put away already" in say(learner, "bury", form, deed_id=str(uuid4()))["notice"]
    gone = say(learner, "undo", form, done=str(uuid4()))
    assert (gone["status"], "was never done" in gone["message"]) == (404, True)


def test_a_rating_and_its_undo_leave_the_card_as_it_was(
    learner: FlaskClient, sessions: Sessions, form: dict[str, str]
) -> None:
    rate(learner, form)
    assert say(learner, "undo", form, done=form["review_id"])["notice"] is None
    with sessions() as db:
        assert db.scalars(select(ReviewLog.outcome)).all() == [Outcome.UNDONE]


def test_undo_of_the_last_gives_the_script_the_card_to_show_again(learner: FlaskClient, form: dict[str, str]) -> None:
    rate(learner, form)
    undone = say(learner, "undo", form)
    assert undone["said"] == "Undone: Good. Rate the card again."
    assert undone["card"]["card"] == form["card"]
    assert undone["left"] == {"new": 2, "learning": 0, "due": 0, "later": 0}
    assert rating_form(undone["card"]["html"])["version"] == str(int(form["version"]) + 2)


def test_undo_is_offered_once_there_is_something_to_undo(learner: FlaskClient, form: dict[str, str]) -> None:
    undo = re.compile(r"<form [^>]*data-undo( hidden)?>")
    assert undo.findall(learner.get("/review").text) == [" hidden"]
    say(learner, "flag", form, flag="4")
    assert undo.findall(learner.get("/review").text) == [""]


def test_undo_with_nothing_to_undo_says_so(learner: FlaskClient, form: dict[str, str]) -> None:
    assert say(learner, "undo", form)["said"] == "There is nothing to undo."


def test_what_was_done_yesterday_without_a_connection_counts_for_yesterday(
    learner: FlaskClient, sessions: Sessions, form: dict[str, str]
) -> None:
    """As Anki, whose other device dates its answers itself. What was buried then is back, as the day is over."""
    late = {"late_ms": str(30 * 3_600_000)}
    rate(learner, {**form_given(learner, ago=2 * DAY), **late})
    other = form_given(learner, ago=2 * DAY)
    say(learner, "bury", other, **late, given=other["given"])
    assert rating_form(learner.get("/review").text)["card"] == other["card"]
    with sessions() as db:
        (log,) = db.scalars(select(ReviewLog)).all()
        assert timedelta(hours=30) <= clock.now() - log.reviewed_at < timedelta(hours=31)
        assert db.scalars(select(DayTally.day)).all() == [study_day(log.reviewed_at, log.zone, 4)]


@pytest.mark.parametrize("late", ["-5", "x", "1e3", "٣", "9" * 11])
def test_what_says_nothing_of_when_it_was_done_was_done_now(late: str) -> None:
    assert done_at({"late_ms": late}, now=NOW) == NOW


@pytest.mark.parametrize("given", ["own", "older", "none", "forged"])
def test_nothing_was_done_with_a_card_before_a_browser_was_given_it(
    learner: FlaskClient, sessions: Sessions, form: dict[str, str], given: str
) -> None:
    """Whoever dates a rating back by hand gets no further than to when the page was made; without that, nowhere."""
    old = form_given(learner, ago=40 * DAY)["given"]
    tokens = {"own": form["given"], "older": old, "none": "", "forged": old[:-2] + "xx"}
    rate(learner, {**form, "late_ms": "9" * 10, "given": tokens[given]})
    with sessions() as db:
        (log,) = db.scalars(select(ReviewLog)).all()
    ago = LATE_MAX if given == "older" else timedelta(0)
    assert abs(clock.now() - ago - log.reviewed_at) < timedelta(minutes=1)


def test_a_flag_is_answered_in_one_line(learner: FlaskClient, sessions: Sessions, form: dict[str, str]) -> None:
    assert say(learner, "flag", form, flag="4", deed_id=str(uuid4()))["notice"] is None
    assert card_of(sessions, form).flag == 4


@pytest.mark.parametrize("field", ["deed_id", "done"])
def test_an_id_that_is_none_is_refused(learner: FlaskClient, form: dict[str, str], field: str) -> None:
    assert say(learner, "undo" if field == "done" else "bury", form, **{field: "x"})["status"] == 400


def test_the_cards_that_come_say_whose_they_are(learner: FlaskClient) -> None:
    coming = learner.get("/review/coming", headers=JSON).get_json()
    assert coming["user"] == str(learner.user.id)  # type: ignore[attr-defined]
