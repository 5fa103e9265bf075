"""What holds for every route: a declared audience, a CSRF token on what changes something, no change by a GET."""

import logging
from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.routing import Rule

from quizapp.accounts.guards import STRANGERS_BODY_BYTES, TOKEN, Audience, audience_of
from quizapp.accounts.tab_guards import ENTERING
from quizapp.catalogue.models import QuestionKind
from quizapp.db import Base
from quizapp.errors import QuizappError
from quizapp.web.bodies import MAX_FIELDS
from quizapp.web.whole_requests import MAX_BODY_BYTES
from tests.builders import a_note, a_question
from tests.web.pages import token_in

FORM = "application/x-www-form-urlencoded"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def filled(rule: Rule) -> str:
    """An address of the rule that leads to nothing of anybody's."""
    values = {"uuid": uuid4(), "int": 1, "default": "nowhere"}
    arguments = {name: values[_kind(rule, name)] for name in rule.arguments}
    built = rule.build(arguments)
    assert built is not None
    return str(built[1])


def _kind(rule: Rule, name: str) -> str:
    kind = type(rule._converters[name]).__name__
    return {"UUIDConverter": "uuid", "IntegerConverter": "int"}.get(kind, "default")


def test_every_route_says_who_it_is_for(app: Flask) -> None:
    closed = [rule.rule for rule in app.url_map.iter_rules() if audience_of(app, rule.endpoint) is None]
    assert closed == []


def test_only_the_door_is_open_to_anyone(app: Flask) -> None:
    open_to_all = {
        rule.endpoint for rule in app.url_map.iter_rules() if audience_of(app, rule.endpoint) is Audience.ANYONE
    }
    assert open_to_all == {
        "accounts.show_sign_in",
        "accounts.sign_in_with_password",
        "accounts.show_link",
        "accounts.sign_in_by_link",
        "accounts.ask_code",  # of whom the session has that password or link were right
        "accounts.enter_by_code",
        "accounts.begin_openid",
        "accounts.show_openid_return",
        "accounts.enter_by_openid",
        "accounts.leave_openid",
        "practice.shared",  # a report whose learner has made a link to it
        "hands_on.shared",  # by a link that the learner has made
        "hands_on.window",  # by a key that the learner has got, since its page has no cookie
        "hands_on.window_top",
        "health",
        "monitoring.show",  # who may read it, and that no learner does, is in web/metrics_access.py
        "monitoring.show_sandboxd",
    }


def test_a_stranger_gets_nowhere(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if audience_of(app, rule.endpoint) is Audience.ANYONE or "GET" not in (rule.methods or ()) or rule.websocket:
            continue
        answer = client.get(filled(rule))
        assert answer.status_code == 302, rule.rule
        assert answer.location.startswith("/sign-in?next="), rule.rule


def test_a_learner_gets_nowhere_that_is_for_editors(app: Flask, client_as: Callable[..., FlaskClient]) -> None:
    client = client_as("learner")
    for rule in app.url_map.iter_rules():
        if audience_of(app, rule.endpoint) in (Audience.EDITOR, Audience.OWNER) and "GET" in (rule.methods or ()):
            assert client.get(filled(rule)).status_code == 403, rule.rule


def test_trace_is_no_method_of_any_page(app: Flask, client_as: Callable[..., FlaskClient]) -> None:
    client = client_as("owner")
    sent = {"X-CSRFToken": token_in(client.get("/account").text)}
    assert {client.open(path, method="TRACE", headers=sent).status_code for path in ("/", "/account", "/health")} == {
        405
    }


def test_nothing_is_changed_without_a_token(app: Flask, client_as: Callable[..., FlaskClient]) -> None:
    client = client_as("owner")
    asked = 0
    for rule in app.url_map.iter_rules():
        for method in UNSAFE & (rule.methods or set()):
            answer = client.open(filled(rule), method=method)
            asked += 1
            if rule.endpoint in ENTERING:  # who is signed in already is led on
                assert (answer.status_code, answer.location) == (302, "/"), f"{method} {rule.rule}"
                continue
            assert answer.status_code == 400, f"{method} {rule.rule}"
            assert "That page was too old" in answer.text
    assert asked > 15
    assert client.get("/account").status_code == 200  # nobody was signed out


def test_no_route_takes_a_form_that_breaks_off(app: Flask, client_as: Callable[..., FlaskClient]) -> None:
    client = client_as("owner")
    body = urlencode({"csrf_token": token_in(client.get("/account").text)}).encode()
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            answer = client.post(
                filled(rule),
                input_stream=BytesIO(body),
                content_type="application/x-www-form-urlencoded",
                environ_overrides={"CONTENT_LENGTH": str(len(body) + 1), "wsgi.input_terminated": True},
            )
            assert (answer.status_code, "could not be understood" in answer.text) == (400, True), rule.rule


def test_a_form_of_another_site_is_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "A page that is none of this site" in answer.text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {}], ids=["told by the browser", "not told"])
def test_a_form_that_comes_without_the_cookie_ends_no_sign_in(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/practice", headers=headers)
    assert answer.status_code in (401, 403)
    assert "Set-Cookie" not in answer.headers


def test_no_get_changes_anything(
    app: Flask, client_as: Callable[..., FlaskClient], sessions: sessionmaker[Session]
) -> None:
    """Every page is opened as the owner; not a row of any table is different afterwards."""
    with sessions() as db:
        note = a_note(db)
        for kind in (QuestionKind.SINGLE, QuestionKind.OPEN, QuestionKind.FLASHCARD):
            a_question(db, kind, note=note)
        db.commit()
    client = client_as("owner")
    before = contents(sessions)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.websocket:
            assert client.get(filled(rule)).status_code in (200, 302, 404), rule.rule
    assert contents(sessions) == before


def contents(sessions: sessionmaker[Session]) -> dict[str, list[str]]:
    with sessions() as db:
        return {
            table.name: sorted(str(tuple(row)) for row in db.execute(text(f'SELECT * FROM "{table.name}"')))
            for table in Base.metadata.sorted_tables
        }


def test_a_get_that_tries_to_write_is_stopped_by_the_database(own_app: Flask, sessions: sessionmaker[Session]) -> None:
    from quizapp.accounts.guards import audience
    from quizapp.web.database import get_db

    @own_app.get("/writes")
    @audience(Audience.ANYONE)
    def writes() -> str:
        get_db().execute(text("INSERT INTO tag (name) VALUES ('written')"))
        get_db().commit()
        return "written"

    assert own_app.test_client().get("/writes").status_code >= 500
    with sessions() as db:
        assert db.execute(text("SELECT count(*) FROM tag")).scalar() == 0


def test_every_answer_has_the_security_headers(client: FlaskClient) -> None:
    for path in ("/sign-in", "/nowhere", "/"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_a_body_that_is_too_large_is_refused(client: FlaskClient, client_as: Callable[..., FlaskClient]) -> None:
    signed_in = client_as("learner")
    for browser, most, read in ((client, STRANGERS_BODY_BYTES, 400), (signed_in, MAX_BODY_BYTES, 302)):
        assert browser.post("/sign-in", data=b"x" * most, content_type=FORM).status_code == read
        answer = browser.post("/sign-in", data=b"x" * (most + 1), content_type=FORM)
        assert answer.status_code == 413
        assert "Shorten it" in answer.text


@pytest.mark.parametrize("separated", ["a&", "a=b&"])
def test_fields_are_counted_before_they_are_read(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, separated: str
) -> None:
    read = []
    monkeypatch.setattr("quizapp.web.site.parse_qsl", lambda text, **_: read.append(text) or [])
    assert client.post("/sign-in", data=separated * MAX_FIELDS, content_type=FORM).status_code == 413
    assert read == []
    assert client.post("/sign-in", data=separated * (MAX_FIELDS - 1), content_type=FORM).status_code == 400
    assert len(read) == 1


@pytest.mark.parametrize("body", [b"[" * 100_000, b"7", b'["a"]', b'{"text": {"a": []}, "retention": [1]}'])
def test_json_is_no_form(app: Flask, client_as: Callable[..., FlaskClient], body: bytes) -> None:
    """Flask-WTF would read it as one, of values that are no text."""
    client = client_as("owner")
    sent = {"headers": {"X-CSRFToken": token_in(client.get("/account").text)}, "content_type": "application/json"}
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            assert client.post(filled(rule), data=body, **sent).status_code < 500, rule.rule


def test_the_parts_of_a_multipart_form_are_counted_too(client: FlaskClient) -> None:
    fields = {f"field {number}": "" for number in range(MAX_FIELDS + 2)}
    answer = client_as_known(client).post("/sign-in", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 413


def client_as_known(client: FlaskClient) -> FlaskClient:
    """The client with something in its cookie that may be a sign-in."""
    with client.session_transaction() as cookie:
        cookie[TOKEN] = "ended"
    return client


@pytest.mark.parametrize("path", ["/notes/a%00b", "/labs/a%00b", "/content?q=%00", "/sign-in/%00"])
def test_a_nul_is_refused_wherever_it_stands(client_as: Callable[..., FlaskClient], path: str) -> None:
    assert client_as("editor").get(path).status_code == 400


def test_an_address_is_decoded_once(client_as: Callable[..., FlaskClient]) -> None:
    assert 'value="%3Cb%3E &amp;amp;"' in client_as("learner").get("/search?q=%253Cb%253E+%26amp%3B").text


@pytest.fixture
def faulty(own_app: Flask) -> FlaskClient:
    """An app with a page that fails in a way nobody thought of, and one that fails in a way somebody did."""
    from quizapp.accounts.guards import audience

    @own_app.get("/fails")
    @audience(Audience.ANYONE)
    def fails() -> str:
        raise RuntimeError("a secret detail")

    @own_app.get("/refuses")
    @audience(Audience.ANYONE)
    def refuses() -> str:
        raise QuizappError("What happened, and what to do.")

    return own_app.test_client()


def test_what_was_removed_meanwhile_is_no_fault_of_ours(own_app: Flask) -> None:
    from quizapp.accounts.guards import audience

    @own_app.get("/removed")
    @audience(Audience.ANYONE)
    def removed() -> str:
        raise StaleDataError("1 row was expected, 0 were changed")

    answer = own_app.test_client().get("/removed")
    assert answer.status_code == 409
    assert "Somebody removed what this is about" in answer.text


def test_an_unexpected_fault_is_logged_and_told_without_its_details(
    faulty: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("quizapp").propagate = True
    answer = faulty.get("/fails")
    logging.getLogger("quizapp").propagate = False
    assert answer.status_code == 500
    assert "secret" not in answer.text
    reference = answer.text.split("reference ")[1][:8]
    assert reference in caplog.text


def test_a_fault_is_told_as_json_to_a_script(faulty: FlaskClient) -> None:
    answer = faulty.get("/refuses", headers={"Accept": "application/json"})
    assert answer.json == {
        "error": "Something went wrong",
        "message": "What happened, and what to do.",
        "reference": None,
    }
