"""The page of components: there in development, and nowhere else."""

from pathlib import Path

from tests.conftest import make_settings, opened_app


def test_it_shows_every_part_in_development(tmp_path: Path) -> None:
    with opened_app(make_settings(tmp_path).model_copy(update={"dev": True})) as app:
        response = app.test_client().get("/dev/components")
    assert response.status_code == 200
    for part in (
        "rating-button",
        "choice-missed",
        "verdict-could-not-check",
        "terminal-frame",
        "keys-list",
        "section-list",
    ):
        assert part in response.text


def test_it_is_not_there_otherwise(tmp_path: Path) -> None:
    with opened_app(make_settings(tmp_path)) as app:
        assert app.test_client().get("/dev/components").status_code == 404
