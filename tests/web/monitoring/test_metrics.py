"""GET /metrics: who may read it, and what it says."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parsed_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parsed
from prometheus_client.samples import Sample
from pydantic import SecretStr
from werkzeug.test import TestResponse

from quizapp.accounts.guards import Audience, audience
from quizapp.errors import Unavailable
from quizapp.sandboxes.fake import FakeSandboxClient
from quizapp.settings import Settings
from tests.conftest import opened_app
from tests.web.pages import send

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # where it makes no difference
TOKEN = "a-token-of-sixteen-or-more"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def with_token(settings: Settings) -> Iterator[Flask]:
    """An application with a token, by a name of its own, as other machines see it."""
    told = {"metrics_token": SecretStr(TOKEN), "public_url": "https://learn.example.org"}
    with opened_app(settings.model_copy(update=told)) as app:
        yield app


def samples(text: str) -> list[Sample]:
    return [sample for family in parsed(text) for sample in family.samples]


def value(client: FlaskClient, name: str, **labels: str) -> float | None:
    """The value of a metric with these labels, and no others; None if it is not there."""
    text = client.application.test_client().get("/metrics").text  # as a program that keeps no cookie
    found = [one for one in samples(text) if (one.name, one.labels) == (name, labels)]
    return found[0].value if found else None


def statuses(client: FlaskClient, ways: Mapping[str, dict[str, dict[str, str]]]) -> dict[str, int]:
    return {name: client.get("/metrics", **way).status_code for name, way in ways.items()}


@ONE_DATABASE
def test_this_machine_may_read_it_and_nobody_else(client: FlaskClient) -> None:
    ways = {
        "here": {},
        "elsewhere": {"environ_overrides": ELSEWHERE},
        "by a proxy": {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        "by another proxy": {"headers": {"Forwarded": "for=127.0.0.1"}},
        "a browser": {"headers": {"Sec-Fetch-Site": "none"}},
        "with a token, though there is none": {"headers": BEARER, "environ_overrides": ELSEWHERE},
        "with an empty one": {"headers": {"Authorization": "Bearer "}, "environ_overrides": ELSEWHERE},
    }
    assert statuses(client, ways) == {
        "here": 200,
        "elsewhere": 404,
        "by a proxy": 404,
        "by another proxy": 404,
        "a browser": 404,
        "with a token, though there is none": 401,
        "with an empty one": 401,
    }


@ONE_DATABASE
@pytest.mark.parametrize("role", ["learner", "editor", "owner"])
def test_nobody_reads_it_in_a_browser(client_as: Callable[..., FlaskClient], role: str) -> None:
    browser = client_as(role)
    assert [browser.get(path).status_code for path in ("/metrics", "/metrics/sandboxd")] == [404, 404]


@ONE_DATABASE
def test_the_token_opens_it_from_anywhere_and_by_any_name(with_token: Flask) -> None:
    client = with_token.test_client()
    by_name = {"environ_overrides": ELSEWHERE | {"HTTP_HOST": "web:8000"}}
    ways = {
        "with it": {"headers": BEARER, **by_name},
        "in other letters": {"headers": {"Authorization": f"bearer  {TOKEN} "}, **by_name},
        "with another": {"headers": {"Authorization": f"Bearer {TOKEN}x"}, "environ_overrides": ELSEWHERE},
        "with none": {"environ_overrides": ELSEWHERE | {"HTTP_HOST": "learn.example.org"}},
        "with none, by another name": by_name,
        "with bytes that are no text": {"headers": {"Authorization": "Bearer \xff"}, "environ_overrides": ELSEWHERE},
    }
    found = statuses(client, ways)
    assert (found["with it"], found["in other letters"], found["with none"]) == (200, 200, 404)
    assert (found["with none, by another name"], found["with bytes that are no text"]) == (400, 401)
    assert found["with another"] == 401
    assert client.get("/health", headers=BEARER, environ_overrides={"HTTP_HOST": "web:8000"}).status_code == 200
    assert client.get("/sign-in", headers=BEARER, environ_overrides={"HTTP_HOST": "web:8000"}).status_code == 400


@ONE_DATABASE
def test_requests_are_counted_by_endpoint_and_never_by_address(client: FlaskClient) -> None:
    before = value(client, "quizapp_requests_total", endpoint="nowhere", status="4xx") or 0
    for path in ("/made-up", "/made-up-too", "/" + "x" * 2000):
        client.get(path)
    assert value(client, "quizapp_requests_total", endpoint="nowhere", status="4xx") == before + 3
    assert value(client, "quizapp_request_seconds_bucket", endpoint="nowhere", le="+Inf") == before + 3
    text = client.application.test_client().get("/metrics").text
    assert "made-up" not in text
    assert (value(client, "quizapp_requests_total", endpoint="monitoring.show", status="2xx") or 0) > 0


@ONE_DATABASE
def test_server_errors_of_all_endpoints_are_there_before_the_first(client: FlaskClient) -> None:
    """Prometheus sees no increase to the first value of a series, so the first fault would raise no alert."""
    text = client.application.test_client().get("/metrics").text
    counted = [one for one in samples(text) if one.name == "quizapp_requests_total" and one.labels["status"] == "5xx"]
    assert {one.labels["endpoint"] for one in counted} == {"nowhere", *client.application.view_functions}


def test_wrong_passwords_are_counted(client: FlaskClient) -> None:
    before = value(client, "quizapp_sign_ins_total", outcome="wrong") or 0
    send(client, "/sign-in", "/sign-in", name="nobody", password="not this one", zone="")
    assert value(client, "quizapp_sign_ins_total", outcome="wrong") == before + 1


@ONE_DATABASE
def test_a_fault_has_its_reference_beside_its_count(own_app: Flask) -> None:
    @own_app.get("/fails")
    @audience(Audience.ANYONE)
    def fails() -> str:
        raise RuntimeError("a secret detail")

    client = own_app.test_client()
    reference = client.get("/fails").text.split("reference ")[1][:8]
    answer = client.get("/metrics", headers={"Accept": OPENMETRICS})
    assert answer.mimetype == "application/openmetrics-text"
    exemplars = {
        sample.labels["endpoint"]: sample.exemplar
        for family in parsed_openmetrics(answer.text)
        for sample in family.samples
        if sample.name == "quizapp_requests_total" and sample.exemplar is not None
    }
    assert exemplars["fails"].labels == {"reference": reference}
    assert "secret" not in answer.text
    assert "exemplar" not in client.get("/metrics").text


@ONE_DATABASE
def test_it_answers_while_the_database_is_away(settings: Settings) -> None:
    away = settings.model_copy(update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/nothing"})
    with opened_app(away) as app:
        client = app.test_client()
        assert value(client, "quizapp_database_up") == 0
        assert value(client, "quizapp_database_bytes") is None
        assert (value(client, "quizapp_disk_free_bytes") or 0) > 0


def test_it_says_what_is_installed(client: FlaskClient) -> None:
    assert value(client, "quizapp_database_up") == 1
    assert (value(client, "quizapp_database_bytes") or 0) > 100_000
    (info,) = [one for one in samples(client.get("/metrics").text) if one.name == "quizapp_web_info"]
    assert info.labels.keys() == {"version", "python"}


@ONE_DATABASE
def test_sandboxd_is_asked_for_its_own(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer() -> TestResponse:
        return client.get("/metrics/sandboxd")

    class Counting(FakeSandboxClient):
        def metrics(self) -> bytes:
            super().metrics()
            return b"quizapp_sandboxes 3.0\n"

    fake = Counting(now=lambda: None)  # type: ignore[arg-type, return-value]
    monkeypatch.setitem(app.extensions, "sandboxes", fake)
    assert (answer().status_code, answer().text) == (200, "quizapp_sandboxes 3.0\n")
    fake.fault = Unavailable("It is away.", retry_after_s=5)
    assert answer().status_code == 503
