"""Reading pages as a test needs them."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def token_in(page: str) -> str:
    """The CSRF token of a page's form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def without_tokens(page: str) -> str:
    """The page without its CSRF tokens, each of which says the second in which it was made."""
    return re.sub(r'(name="csrf_token" value=|"X-CSRFToken": )"[^"]+"', r'\1""', page)


def send(client: FlaskClient, page: str, action: str, **data: object) -> TestResponse:
    """Send a form of the page at `page` to `action`, token included."""
    return client.post(action, data={"csrf_token": token_in(client.get(page).text), **data})


def shown_after(client: FlaskClient, page: str, action: str, **data: object) -> str:
    """Send a form as `send` does; the page that its answer, which must be a redirect, leads to."""
    answer = send(client, page, action, **data)
    assert answer.status_code in (302, 303)
    return client.get(answer.location).text
