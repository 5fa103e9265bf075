"""The trail as an owner reads it, and the history of a note's text as an editor goes back by it."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.web.admin.test_bring_notes import NOTE, TWO, confirmed, previewed

ClientAs = Callable[..., FlaskClient]


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_owner_reads_what_an_import_did_to_each_question(client_as: ClientAs) -> None:
    editor, owner = client_as("editor", name="Grace"), client_as("owner")
    for text in (NOTE, TWO.replace("Port 8080", "The port 8080")):
        confirmed(editor, previewed(editor, text).text)
    trail = owner.get("/content/trail").text
    assert "Grace imported “Ports”: 1 new, 1 changed" in words(trail)
    step = re.findall(r'href="(/content/trail/\d+)"', trail)[0]
    page = owner.get(step).text
    assert "note Ports new And -P? changed What does -p 80:8080 publish?" in words(page)
    assert editor.get(step).status_code == 403
    assert owner.get("/content/trail/999999").status_code == 404
    history = editor.get(re.findall(r'href="(/content/questions/[^/]+/history)">What does', page)[0]).text
    assert "Grace changed it" not in words(history)
    assert "Restore the version before it" in history


def test_an_editor_goes_back_to_a_text_of_a_note(client_as: ClientAs) -> None:
    editor = client_as("editor", name="Grace")
    for text in (NOTE, TWO):
        key = confirmed(editor, previewed(editor, text).text).request.path.removeprefix("/notes/")
    history = editor.get(f"/content/notes/{key}/history").text
    (version,) = re.findall(r"version=(\d+)", history)
    page = editor.get(f"/content/notes/{key}/history?version={version}").text
    assert "<ins>+ 2.  **Q: And `-P`?**</ins>" in page
    assert "… 2 lines …" not in page
    typed = editor.get(f"/content/notes/{key}?version={version}").text
    assert "And `-P`?" not in re.findall(r"<textarea[^>]*>(.*?)</textarea>", typed, re.S)[0]
    assert editor.get(f"/content/notes/{key}/history?version=999999").status_code == 404
    assert client_as("learner").get(f"/content/notes/{key}/history").status_code == 403
