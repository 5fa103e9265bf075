"""One thing in several forms on the review page: asked by turns, and kept with the rating."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import Question
from quizapp.review.models import AskedForm, Card
from tests.web.admin.test_bring_notes import confirmed, previewed
from tests.web.pages import send, token_in

NOTE = """\
# Ports
## Publishing
*   **Publishing:** leads a port of the host into a container.
    *   *Card:* `-P` publishes → every port that the image declares <!-- id: own-card -->
*   **Q: Which ports does `-P` publish?**
    *   *Options:*
        - [x] Those that the image declares
        - [ ] Those that the program listens on
    *   *Same as:* own-card
"""


@pytest.fixture
def ada(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    """A learner who has added the two forms of her own note to her reviews."""
    ada = client_as("learner")
    key = confirmed(ada, previewed(ada, NOTE).text).request.path.removeprefix("/notes/")
    page = send(ada, f"/notes/{key}", "/review/add", note=key, then="review")
    assert page.status_code in (302, 303)
    return ada


def rated(client: FlaskClient, page: str, rating: int) -> None:
    """Press a rating on the page."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    sent = {**fields, "csrf_token": token_in(page), "rating": rating}
    assert client.post("/review", data=sent).status_code == 303


def card_id_of(client: FlaskClient) -> str:
    """The id of her one card, wherever it is."""
    (card_id,) = {row["id"] for row in client.get("/account/reviews.json").get_json()["cards"]}
    return str(card_id)


def test_the_second_time_it_is_the_choice_and_that_is_kept(ada: FlaskClient, sessions: sessionmaker[Session]) -> None:
    first = ada.get("/review?ahead=1").text
    assert "publishes" in first
    assert 'name="asked"' not in first
    rated(ada, first, 1)
    second = ada.get("/review?ahead=1").text
    assert "Those that the program listens on" in second
    rated(ada, second, 1)
    assert "Those that the program listens on" not in ada.get("/review?ahead=1").text
    with sessions() as db:
        asked = select(Question.prompt).join(AskedForm, AskedForm.question_id == Question.id)
        assert db.scalars(asked).all() == ["Which ports does `-P` publish?"]


def test_a_form_that_cannot_be_read_counts_nothing(ada: FlaskClient) -> None:
    page = ada.get("/review").text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    for asked in ("x", "-1", str(2**40)):
        sent = {**fields, "csrf_token": token_in(page), "rating": 3, "asked": asked}
        assert ada.post("/review", data=sent).status_code == 400


def test_no_card_of_the_note_is_left_to_be_added(ada: FlaskClient, app: Flask) -> None:
    (key,) = set(re.findall(r'href="/notes/([\w-]+)"', ada.get("/notes").text))
    assert "to your reviews</button>" not in ada.get(f"/notes/{key}").text


def test_two_forms_of_one_thing_are_counted_as_the_one_card_that_they_become(
    client_as: Callable[..., FlaskClient],
) -> None:
    bob = client_as("learner")
    page = confirmed(bob, previewed(bob, NOTE).text)
    assert "Add 1 card to your reviews" in page.text
    assert "None of 1 card in your reviews." in page.text
    send(bob, page.request.path, "/review/add", note=page.request.path.removeprefix("/notes/"))
    assert "All its cards are in your reviews." in bob.get(page.request.path).text


def test_an_import_that_makes_two_cards_one_says_so(
    client_as: Callable[..., FlaskClient], sessions: sessionmaker[Session]
) -> None:
    bob, label = client_as("learner"), "    *   *Same as:* own-card\n"
    key = confirmed(bob, previewed(bob, NOTE.replace(label, "")).text).request.path.removeprefix("/notes/")
    send(bob, f"/notes/{key}", "/review/add", note=key)
    page = confirmed(bob, previewed(bob, NOTE).text)
    assert "another card of their learner by now: 1." in page.text
    with sessions() as db:
        assert sorted(db.scalars(select(Card.suspended))) == [False, True]


def test_card_info_has_every_form_and_by_which_each_review_asked(
    ada: FlaskClient, client_as: Callable[..., FlaskClient]
) -> None:
    for rating in (1, 3):
        rated(ada, ada.get("/review?ahead=1").text, rating)
    address = f"/review/cards/{card_id_of(ada)}"
    assert address in ada.get(f"/review?card={card_id_of(ada)}&shown=1").text
    page = ada.get(address).text
    rows = [
        re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page, re.DOTALL)
    ]
    assert [(row[0], row[-1]) for row in rows[:2]] == [("card", "1"), ("choice", "1")]
    assert [("choice" in row, "card" in row) for row in rows[2:]] == [(True, False), (False, True)]
    assert client_as("learner").get(address).status_code == 404
