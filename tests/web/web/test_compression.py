"""Pages over the wire: compressed where that helps, and with tokens that differ in every answer."""

import gzip
from collections.abc import Callable, Iterator

import brotli
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from quizapp.accounts.guards import Audience, audience
from tests.web.pages import token_in, without_tokens

BACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(("accepted", "used"), [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip")])
def test_a_page_is_compressed_and_is_the_same_page(
    client_as: Callable[..., FlaskClient], accepted: str, used: str
) -> None:
    client = client_as("learner")
    plain = client.get("/account")
    answer = client.get("/account", headers={"Accept-Encoding": accepted})
    assert answer.headers["Content-Encoding"] == used
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert without_tokens(BACK[used](answer.data).decode()) == without_tokens(plain.text)
    assert len(answer.data) < len(plain.data) / 2


@pytest.mark.parametrize("accepted", ["", "identity"])
def test_who_takes_no_compression_gets_none(client: FlaskClient, accepted: str) -> None:
    answer = client.get("/sign-in", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers


def test_what_is_short_or_a_stream_is_sent_as_it_is(own_app: Flask) -> None:
    @own_app.get("/stream")
    @audience(Audience.ANYONE)
    def stream() -> Response:
        def pieces() -> Iterator[str]:
            yield from ["x" * 1000] * 3

        return Response(pieces(), mimetype="text/html")

    client = own_app.test_client()
    for path in ("/stream", "/health"):
        assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "br, gzip, zstd"}).headers


def test_a_pages_forms_have_one_token_which_the_next_page_does_not_repeat(
    client_as: Callable[..., FlaskClient],
) -> None:
    client = client_as("learner")
    pages = [client.get("/account").text for _ in range(2)]
    one, other = (token_in(page) for page in pages)
    assert pages[0].count(one) > 2
    assert not any(one[start : start + 6] in other for start in range(len(one) - 6))
    for token in (other, one):
        sent = {"csrf_token": token, "zone": "UTC", "rollover_hour": "4"}
        assert client.post("/account/calendar", data=sent).status_code == 302


@pytest.mark.parametrize(
    "change",
    [lambda token: token[:-4], lambda token: ("B" if token[0] == "A" else "A") + token[1:], lambda _: "é" * 8],
)
def test_a_token_that_was_changed_is_refused(
    client_as: Callable[..., FlaskClient], change: Callable[[str], str]
) -> None:
    client = client_as("learner")
    token = change(token_in(client.get("/account").text))
    assert "That page was too old" in client.post("/account/calendar", data={"csrf_token": token}).text
