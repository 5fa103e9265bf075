"""What the server gives a browser for a reload without a connection."""

import json
import re
from collections.abc import Callable

from flask.testing import FlaskClient

from quizapp.web.assets import DIST, asset_name

ClientAs = Callable[..., FlaskClient]


def test_the_worker_may_answer_for_the_page_and_is_under_the_same_policy(client_as: ClientAs) -> None:
    worker = client_as("learner").get(f"/review/worker.js?files={asset_name('offline.json')}")
    assert (worker.status_code, worker.mimetype) == (200, "text/javascript")
    assert worker.headers["Service-Worker-Allowed"] == "/review"
    assert "script-src 'self'" in worker.headers["Content-Security-Policy"]
    assert "unsafe" not in worker.headers["Content-Security-Policy"]
    assert not re.search(r"^import|^export", worker.text)  # a browser loads it as a plain script


def test_the_list_of_files_has_what_the_page_loads() -> None:
    names = json.loads((DIST / asset_name("offline.json")).read_text())
    assert {asset_name(name) for name in ("main.js", "review.js", "main.css")} < set(names)
    assert all((DIST / name).is_file() for name in names)
    scripts = [(DIST / name).read_text() for name in names if name.endswith(".js")]
    assert {name for text in scripts for name in re.findall(r'"\./([^"]+\.js)"', text)} < set(names)  # later ones too


def test_the_page_that_is_kept_has_no_token_and_takes_no_message(client_as: ClientAs) -> None:
    client = client_as("learner", "Ada")
    with client.session_transaction() as session:
        session["_flashes"] = [("message", "For the next page.")]
    page = client.get("/review/offline").text
    assert re.findall(r'csrf_token" value="([^"]*)"', page) == [""]
    assert """hx-headers:inherited='{"X-CSRFToken": ""}'""" in page
    assert f'data-user="{client.user.id}"' in page  # type: ignore[attr-defined]
    assert "For the next page." not in page
    assert "For the next page." in client.get("/notes").text


def test_the_page_is_for_who_is_signed_in(client: FlaskClient) -> None:
    assert client.get("/review/offline").status_code == 302
