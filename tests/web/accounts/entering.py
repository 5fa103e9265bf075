"""The steps of a sign-in that these tests share."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.pages import token_in

PASSWORD = "four plain words here"


def enter(client: FlaskClient, url: str, **data: str) -> TestResponse:
    return client.post(url, data={"csrf_token": token_in(client.get(url).text), **data})
