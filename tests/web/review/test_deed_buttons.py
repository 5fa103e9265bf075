"""What is done with a card beside rating it, by buttons without a script, and sittings that go on after it."""

import re
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quizapp.review.models import Card
from tests.web.review.test_review_page import HIDDEN, JSON, Sessions, learner, rate, rating_form

__all__ = ["learner"]


def deed(client: FlaskClient, what: str, form: dict[str, str], **more: str) -> TestResponse:
    fields = {"csrf_token": form["csrf_token"], "card": form["card"], **more}
    return client.post(f"/review/{what}", data=fields, follow_redirects=True)


def test_a_suspended_card_stays_away_until_undo(learner: FlaskClient) -> None:
    form = rating_form(learner.get("/review").text)
    page = deed(learner, "suspend", form).text
    assert "Suspended." in page
    assert "Prompt 2?" in page
    back = learner.post("/review/undo", data={"csrf_token": form["csrf_token"]}, follow_redirects=True).text
    assert "Undone: suspending." in back
    assert "Prompt 1?" in back


def test_a_suspended_card_that_is_looked_at_can_be_brought_back(learner: FlaskClient, sessions: Sessions) -> None:
    form = rating_form(learner.get("/review").text)
    deed(learner, "suspend", form)
    assert "Unsuspend" in learner.get(f"/review?card={form['card']}").text
    assert "Back in its turn." in deed(learner, "unsuspend", form).text
    with sessions() as db:
        assert not db.get_one(Card, UUID(form["card"])).suspended


def test_a_flag_is_shown_and_taken_away_by_its_own_button(learner: FlaskClient) -> None:
    form = rating_form(learner.get("/review").text)
    page = deed(learner, "flag", form, flag="4").text
    assert "Blue flag" in page
    assert "The flag is changed." in page
    assert re.search(r'name="flag" value="0"\s+data-key="Control\+4"', page)
    assert learner.post("/review/flag", data={**form, "flag": "8"}).status_code == 400


def test_a_leech_says_what_to_do_about_it(learner: FlaskClient, sessions: Sessions) -> None:
    form = rating_form(learner.get("/review").text)
    with sessions() as db:
        db.get_one(Card, UUID(form["card"])).leech = True
        db.commit()
    page = learner.get(f"/review?card={form['card']}").text
    assert "read its paragraph</a>" in page
    assert "No leech" not in deed(learner, "release", form).text


def test_undo_at_its_end_goes_on_with_a_sitting_that_does_not_wait(learner: FlaskClient) -> None:
    for _ in range(2):
        rate(learner, rating_form(learner.get("/review").text))
    page = learner.get("/review?ahead=1").text
    undo = dict(HIDDEN.findall(page[page.index('id="undo"') :]))
    assert undo["ahead"] == "1"
    assert "ahead=1" in learner.post("/review/undo", data=undo).location


def test_a_sitting_that_does_not_wait_goes_on_so(learner: FlaskClient) -> None:
    for _ in range(2):
        rate(learner, rating_form(learner.get("/review").text), 1)
    form = {**rating_form(learner.get("/review?ahead=1").text), "ahead": "1", "rating": "1"}
    assert learner.post("/review", data=form, headers=JSON).get_json()["next"] == "/review?ahead=1"
    form = {**rating_form(learner.get("/review?ahead=1").text), "ahead": "1", "rating": "1"}
    assert learner.post("/review", data=form).location == "/review?ahead=1"


def test_where_all_cards_are_suspended_it_says_so(learner: FlaskClient) -> None:
    for _ in range(2):
        deed(learner, "suspend", rating_form(learner.get("/review").text))
    assert "All your cards are suspended" in learner.get("/review").text
    today = learner.get("/").text
    assert "All your 2 cards are suspended." in today
    assert 'href="/search?q=is:suspended"' in today
