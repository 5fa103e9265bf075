"""Cards whose question was removed meanwhile, cards of others, and forms that are refused."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts.models import SignIn
from quizapp.review.models import Card, Outcome
from tests.web.pages import without_tokens
from tests.web.review.test_review_page import JSON, ClientAs, Sessions, learner, log, rate, rating_form, token_of

__all__ = ["learner"]


@pytest.fixture(params=["retired", "draft"])
def remove(request: pytest.FixtureRequest, sessions: Sessions) -> Callable[[str], None]:
    """`remove(card)`: the question of the card with that id is asked no more."""

    def do(card_id: str) -> None:
        with sessions() as db:
            question = db.get_one(Card, UUID(card_id)).question
            question.retired_at = clock.now() if request.param == "retired" else None
            question.draft = request.param == "draft"
            db.commit()

    return do


@pytest.mark.parametrize("headers", [{}, JSON], ids=["form", "script"])
def test_a_rating_of_a_question_removed_meanwhile_is_kept(
    learner: FlaskClient, sessions: Sessions, remove: Callable[[str], None], headers: dict[str, str]
) -> None:
    form = rating_form(learner.get("/review").text)
    remove(form["card"])
    answer = learner.post("/review", data={**form, "rating": "3"}, headers=headers)
    assert answer.status_code == (200 if headers else 303)
    page = learner.get("/review").text
    assert "has been removed meanwhile. Your rating is kept" in (answer.get_json()["notice"] if headers else page)
    assert "Prompt 2?" in page
    assert [entry.outcome for entry in log(sessions)] == [Outcome.APPLIED]


def test_undo_of_a_question_removed_meanwhile_leads_to_the_next_card(
    learner: FlaskClient, sessions: Sessions, remove: Callable[[str], None]
) -> None:
    form = rating_form(learner.get("/review").text)
    rate(learner, form)
    remove(form["card"])
    page = learner.post("/review/undo", data={"csrf_token": form["csrf_token"]}, follow_redirects=True)
    assert page.status_code == 200
    assert "Undone: Good. Its question has been removed meanwhile" in page.text
    assert "Prompt 2?" in page.text
    assert [entry.outcome for entry in log(sessions)] == [Outcome.UNDONE]


def test_a_card_of_a_question_removed_meanwhile_can_be_buried(
    learner: FlaskClient, remove: Callable[[str], None]
) -> None:
    form = rating_form(learner.get("/review").text)
    remove(form["card"])
    page = learner.post("/review/bury", data=form, follow_redirects=True)
    assert (page.status_code, "Prompt 2?" in page.text) == (200, True)


@pytest.mark.parametrize("path", ["/review", "/review/bury"])
def test_a_foreign_card_is_as_unknown_as_none(learner: FlaskClient, client_as: ClientAs, path: str) -> None:
    form = rating_form(learner.get("/review").text)
    stranger = client_as("owner", "Bob")
    form["csrf_token"] = token_of(stranger)
    foreign = stranger.post(path, data={**form, "rating": "3"})
    unknown = stranger.post(path, data={**form, "rating": "3", "card": str(uuid4())})
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert without_tokens(foreign.text) == without_tokens(unknown.text)


def test_looking_at_a_foreign_card_is_no_different(learner: FlaskClient, client_as: ClientAs) -> None:
    card = rating_form(learner.get("/review").text)["card"]
    stranger = client_as("editor", "Bob")
    pages = [stranger.get(f"/review?card={card_id}") for card_id in (card, uuid4(), "nonsense", "")]
    assert [page.status_code for page in pages] == [404] * 4
    assert len({without_tokens(page.text) for page in pages}) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"rating": "0"},
        {"rating": "5"},
        {"rating": "good"},
        {"rating": ""},
        pytest.param({"rating": "9" * 5000}, id="a rating of 5000 digits"),
        {"card": "nonsense"},
        {"card": ""},
        {"review_id": "nonsense"},
        {"review_id": "0" * 32 + "x"},
        {"review_id": ""},
        {"version": "-1"},
        {"version": "one"},
        {"taken_ms": "soon"},
    ],
    ids=str,
)
@pytest.mark.parametrize("headers", [{}, JSON], ids=["form", "script"])
def test_what_cannot_be_read_is_refused_and_nothing_counts(
    learner: FlaskClient, sessions: Sessions, wrong: dict[str, str], headers: dict[str, str]
) -> None:
    form = rating_form(learner.get("/review").text)
    answer = learner.post("/review", data={**form, "rating": "3", **wrong}, headers=headers)
    assert answer.status_code == 400
    assert "nothing was counted" in answer.text
    assert log(sessions) == []


@pytest.mark.parametrize(
    ("sent", "kept"), [("", None), ("1234", 1234), ("-7", 0), ("86400000", 60_000), ("9" * 99, 60_000)]
)
def test_the_time_taken_is_capped(learner: FlaskClient, sessions: Sessions, sent: str, kept: int | None) -> None:
    assert rate(learner, rating_form(learner.get("/review").text), taken_ms=sent).status_code == 303
    assert log(sessions)[0].taken_ms == kept


def test_a_version_from_the_future_is_stale(learner: FlaskClient, sessions: Sessions) -> None:
    rate(learner, rating_form(learner.get("/review").text), version="9" * 30)
    assert [entry.outcome for entry in log(sessions)] == [Outcome.STALE]


@pytest.mark.parametrize("path", ["/review", "/review/undo", "/review/bury", "/review/add"])
def test_nothing_changes_without_a_token(learner: FlaskClient, sessions: Sessions, path: str) -> None:
    form = rating_form(learner.get("/review").text)
    del form["csrf_token"]
    answer = learner.post(path, data={**form, "rating": "3", "note": "networking"}, headers=JSON)
    assert answer.status_code == 400
    assert answer.get_json()["error"] == "That page was too old"
    assert log(sessions) == []


def test_signed_out_the_script_is_told_and_nothing_counts(learner: FlaskClient, sessions: Sessions) -> None:
    form = rating_form(learner.get("/review").text)
    with sessions() as db:
        for sign_in in db.scalars(select(SignIn)):
            sign_in.ended_at = clock.now()
        db.commit()
    answer = learner.post("/review", data={**form, "rating": "3"}, headers=JSON)
    assert answer.status_code == 401
    assert "it is kept until then" in answer.get_json()["message"]
    assert learner.get("/review").location == "/sign-in?next=/review"
    assert log(sessions) == []
