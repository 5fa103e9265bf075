"""sandboxd's HTTP: what it answers to requests that are not the client's."""

import logging
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from quizapp import clock
from quizapp.sandboxes.client import SandboxdAway
from quizapp.sandboxes.daemon.app import BODY_BYTES, FAULTS, create_sandboxd, create_sandboxd_from_env
from quizapp.sandboxes.pool.ownership import Signer
from quizapp.sandboxes.pool.pool import Pool
from quizapp.sandboxes.pool.record import Limits
from quizapp.sandboxes.recipe.template import USERNS
from quizapp.sandboxes.remote import wire
from quizapp.web.socket_routes import LEFT_EARLY
from tests.leaving import WAIT_S, Leaves, be_late, leave_early, lines_in
from tests.serving import served
from tests.unit.sandboxes.engines import FakeEngine
from tests.unit.sandboxes.pools import ready


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def pool(engine: FakeEngine) -> Iterator[Pool]:
    limits = Limits(most=1, queue=0, lease=timedelta(minutes=1), extension=timedelta(minutes=1))
    pool = Pool(
        engine, Signer(b"key"), (USERNS,), limits, now=clock.now, new_id=lambda: uuid4().hex, lacking=lambda *_: ()
    )
    yield pool
    pool.stop()


@pytest.fixture
def http(pool: Pool) -> FlaskClient:
    return create_sandboxd(pool).test_client()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"owner": 1, "template": "userns"}',
        b'{"owner": "ada"}',
        b'{"owner": "\xff"}',
        b"[" * 100_000,
    ],
)
def test_a_body_that_does_not_fit(http: FlaskClient, body: bytes) -> None:
    answer = http.post("/sandboxes", data=body)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["kind"] == "BadSandboxRequest"


def test_a_field_too_many(http: FlaskClient) -> None:
    answer = http.post("/sandboxes", json={"owner": "ada", "template": "userns", "privileged": True})
    assert answer.status_code == 400


def test_a_body_that_is_too_large(http: FlaskClient) -> None:
    assert http.post("/sandboxes", data=b"x" * (BODY_BYTES + 1)).status_code == 413


@pytest.mark.parametrize(
    "path", ["/sandboxes/none", "/sandboxes/none/run", "/sandboxes/none/extend", "/sandboxes/none/end-soon"]
)
def test_an_unknown_sandbox(http: FlaskClient, path: str) -> None:
    body = {"commands": ["true"], "learner": False, "each_s": 1.0, "output_bytes": 10}
    answer = http.get(path) if path.endswith("none") else http.post(path, json=body)
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["kind"] == "SandboxGone"


def test_ending_an_unknown_sandbox_is_fine(http: FlaskClient) -> None:
    assert http.delete("/sandboxes/none").status_code == 204


def test_a_full_house_says_when_to_come_back(http: FlaskClient) -> None:
    assert http.post("/sandboxes", json={"owner": "ada", "template": "userns"}).status_code == 200
    answer = http.post("/sandboxes", json={"owner": "bob", "template": "userns"})
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["retry_after_s"] > 0


def test_health_while_the_engine_is_off(http: FlaskClient, engine: FakeEngine) -> None:
    engine.is_off = True
    assert http.get("/health").json == {"engine": False, "image": False, "reason": "off", "lacks": {}, "version": ""}


@pytest.mark.parametrize("leaves", Leaves)
def test_a_client_that_leaves_at_once_is_one_line_in_the_log(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, leaves: Leaves
) -> None:
    sandbox = ready(pool)
    came = be_late(monkeypatch, leaves)
    caplog.clear()
    caplog.set_level(logging.INFO)
    with tempfile.TemporaryDirectory() as folder, served(create_sandboxd(pool), f"unix://{folder}/s", waits=True):
        leave_early(f"{folder}/s", f"/sandboxes/{sandbox.id}/terminal?rows=24&columns=80", leaves)
        assert came.wait(WAIT_S)
    assert lines_in(caplog) == [(LEFT_EARLY, False)]


def test_figures_and_metrics(http: FlaskClient, pool: Pool) -> None:
    ready(pool)
    assert http.get("/figures").json["cold"] == 1
    answer = http.get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert 'quizapp_sandboxes{state="claimed"} 1.0' in answer.text


def test_faults_are_told_of_before_the_first(http: FlaskClient, pool: Pool) -> None:
    pool.expect_faults(FAULTS)
    text = http.get("/metrics").text
    assert {"unexpected", "EngineFault", "EngineOff"} <= set(FAULTS)
    assert [kind for kind in FAULTS if f'quizapp_sandboxd_faults_total{{kind="{kind}"}} 0.0' not in text] == []


def test_an_unexpected_fault_has_a_reference_that_the_log_has_too(
    http: FlaskClient, pool: Pool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(pool, "get", break_down)
    answer = http.get("/sandboxes/abc")
    told = wire.error_from_json(answer.json)
    assert (answer.status_code, type(told)) == (503, SandboxdAway)
    assert str(told).split("reference ")[1][:8] in caplog.text
    assert "secret" not in answer.text
    assert 'quizapp_sandboxd_faults_total{kind="unexpected"} 1.0' in http.get("/metrics").text
    assert http.get("/nowhere").status_code == 404


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [("QUIZAPP_ENGINE", "none", "QUIZAPP_ENGINE is none"), ("SANDBOX_WARM", "few", "Setting SANDBOX_WARM")],
)
def test_with_settings_that_allow_for_no_sandbox_it_ends_with_a_sentence(
    setting: str,
    value: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("QUIZAPP_INSTANCE_DIR", str(tmp_path))
    monkeypatch.setenv(setting, value)
    with pytest.raises(SystemExit):
        create_sandboxd_from_env()
    assert said in capsys.readouterr().err
