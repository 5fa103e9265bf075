"""The page for those who watch the process."""

from pathlib import Path

from flask.testing import FlaskClient

from tests.conftest import make_settings, opened_app


def test_a_process_with_its_database_is_well(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")


def test_a_process_without_its_database_is_not(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, database_url=f"sqlite:///{tmp_path}/no-folder/quizapp.sqlite3")
    with opened_app(settings) as app:
        answer = app.test_client().get("/health")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
