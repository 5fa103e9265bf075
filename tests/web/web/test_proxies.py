"""Whose word about a client's address is taken: as many proxies' as the settings say there are, and nobody else's."""

import pytest
from flask import request

from quizapp.accounts.guards import Audience, audience
from quizapp.settings import Settings
from tests.conftest import opened_app

SAID = {
    "X-Forwarded-For": "198.51.100.1, 203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
}


@pytest.mark.parametrize(
    ("proxies", "seen"), [(0, "127.0.0.1 http localhost"), (1, "203.0.113.9 https localhost")], ids=["none", "one"]
)
def test_a_client_says_its_address_only_through_a_proxy(settings: Settings, proxies: int, seen: str) -> None:
    with opened_app(settings.model_copy(update={"proxies": proxies})) as app:

        @app.get("/seen")
        @audience(Audience.ANYONE)
        def show() -> str:
            return f"{request.remote_addr} {request.scheme} {request.host}"

        assert app.test_client().get("/seen", headers=SAID).text == seen
