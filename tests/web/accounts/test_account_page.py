"""The account page: how much to remember, what one takes along, and the end of an account."""

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlalchemy.orm import Session, sessionmaker

from quizapp.accounts.forms import RetentionForm
from quizapp.accounts.models import Role, User
from quizapp.errors import NotFound
from quizapp.web.database import get_db
from tests.web.pages import send


@pytest.fixture
def learner_client(client_as: Callable[..., FlaskClient]) -> FlaskClient:
    """A learner who is signed in."""
    return client_as(Role.LEARNER)


def test_retention_is_kept_in_percent_and_shown_again(learner_client: FlaskClient) -> None:
    assert send(learner_client, "/account", "/account/retention", retention="93").status_code == 302
    assert re.search(r'<input [^>]*name="retention"[^>]* value="93"', learner_client.get("/account").text)


@pytest.mark.parametrize(("finds_nothing", "status", "says"), [(False, 401, "You are signed out."), (True, 404, "No.")])
def test_whose_account_was_deleted_while_they_sent_something_is_signed_out(
    learner_client: FlaskClient,
    sessions: sessionmaker[Session],
    monkeypatch: pytest.MonkeyPatch,
    finds_nothing: bool,
    status: int,
    says: str,
) -> None:
    validate = RetentionForm.validate

    def validate_late(form: RetentionForm) -> bool:
        with sessions() as db:
            db.execute(delete(User).where(User.id == learner_client.user.id))  # type: ignore[attr-defined]
            db.commit()
        if finds_nothing:
            get_db().expire_all()
            raise NotFound("No.")
        return validate(form)

    monkeypatch.setattr(RetentionForm, "validate", validate_late)
    answer = send(learner_client, "/account", "/account/retention", retention="93")
    assert (answer.status_code, says in answer.text) == (status, True)
    assert "data-user" not in answer.text


def test_how_cards_come_is_kept_and_shown_again(learner_client: FlaskClient) -> None:
    assert re.search(r"<input checked[^>]*bury_siblings", learner_client.get("/account").text)
    send(learner_client, "/account", "/account/order", new_order="before", review_order="concepts", two_ratings="y")
    page = learner_client.get("/account").text
    assert re.search(r'<option selected value="before">', page)
    assert re.search(r'<option selected value="concepts">', page)
    assert re.search(r"<input checked[^>]*two_ratings", page)
    assert not re.search(r"<input checked[^>]*bury_siblings", page)
    wrong = ({"new_order": "sideways", "review_order": "due"}, {"new_order": "mixed", "review_order": "size"})
    assert [send(learner_client, "/account", "/account/order", **sent).status_code for sent in wrong] == [400, 400]


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def test_easy_days_are_kept_and_shown_again(learner_client: FlaskClient) -> None:
    assert re.search(r"<input checked[^>]*is_balanced", learner_client.get("/account").text)
    shares = {**dict.fromkeys(WEEKDAYS, "100"), "saturday": "50", "sunday": "0"}
    send(learner_client, "/account", "/account/days", is_balanced="y", **shares)
    page = learner_client.get("/account").text
    assert [len(re.findall(rf'<option selected value="{share}">', page)) for share in (100, 50, 0)] == [5, 1, 1]
    assert send(learner_client, "/account", "/account/days", **{**shares, "monday": "1000"}).status_code == 400
    send(learner_client, "/account", "/account/days", **dict.fromkeys(WEEKDAYS, "100"))
    assert not re.search(r"<input checked[^>]*is_balanced", learner_client.get("/account").text)


def test_a_retention_out_of_range_is_refused_with_its_range(learner_client: FlaskClient) -> None:
    answer = send(learner_client, "/account", "/account/retention", retention="100")
    assert (answer.status_code, "from 70 to 99" in answer.text) == (400, True)


def test_theme_and_keys_are_chosen_on_the_account_too(learner_client: FlaskClient) -> None:
    learner_client.set_cookie("theme", "dark")
    learner_client.set_cookie("keys", "off")
    page = learner_client.get("/account").text
    look = page[page.index('id="look"') : page.index('id="set-password"')]
    assert "data-needs-script hidden" in look
    assert re.findall(r'value="(\w+)" checked', look) == ["dark"]
    assert 'data-preference="keys">' in look


def test_reviews_can_be_taken_along_in_three_forms(learner_client: FlaskClient) -> None:
    for form in ("csv", "json", "revlog"):
        answer = learner_client.get(f"/account/reviews.{form}")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert json.loads(learner_client.get("/account/reviews.json").text)["reviews"] == []
    assert learner_client.get("/account/reviews.xlsx").status_code == 404


def test_an_account_is_deleted_by_its_name_and_no_other(learner_client: FlaskClient) -> None:
    answer = send(learner_client, "/account", "/account/delete", name="Somebody")
    assert answer.location == "/account#delete"
    assert "that is another name" in learner_client.get("/account").text
    name = json.loads(learner_client.get("/account/reviews.json").text)["learner"]["name"]
    assert send(learner_client, "/account", "/account/delete", name=name).location == "/sign-in"
    assert learner_client.get("/account").status_code == 302
