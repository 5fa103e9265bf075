"""Which style sheets pages load beside the one of all pages."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from quizapp.web.assets import asset_name


@pytest.mark.parametrize("place", ["content", "notes", "practice", "progress"])
def test_a_place_has_a_sheet_of_its_own_which_no_other_page_loads(
    client_as: Callable[..., FlaskClient], place: str
) -> None:
    client, sheet = client_as("editor"), asset_name(f"{place}.css")
    assert sheet in client.get(f"/{place}").text
    assert sheet not in client.get("/review").text
