"""Whose word about an address is taken: a client's own from proxies alone, the host's if it is ours."""

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


@pytest.mark.parametrize(
    ("public", "asked", "status"),
    [
        ("https://quiz.example", "quiz.example", 200),
        ("https://Quiz.Example:8443", "quiz.example:8443", 200),
        ("https://quiz.example", "127.0.0.1:8000", 200),  # the machine itself asks /health
        ("https://quiz.example", "evil.example", 400),
        ("https://quiz.example", "quiz.example.evil.example", 400),
        ("http://127.0.0.1:8000", "any.example", 200),  # nobody has said by which name people come
    ],
)
def test_a_request_for_another_host_is_refused(settings: Settings, public: str, asked: str, status: int) -> None:
    with opened_app(settings.model_copy(update={"public_url": public})) as app:
        assert app.test_client().get("/sign-in", headers={"Host": asked}).status_code == status
