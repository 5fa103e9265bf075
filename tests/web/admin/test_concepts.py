"""The pages of concepts and tags, as a browser uses them without a script."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from quizapp.catalogue.models import Concept, Note
from tests.web.admin.test_note_editor import brought
from tests.web.pages import send, token_in

ClientAs = Callable[..., FlaskClient]
NOTE = """---
tags: [ports]
---
# Ports

## Publishing
- **DNAT:** The kernel rewrites the address.
    - *Card:* What does DNAT rewrite? → The address.
- **Proxy:** Docker's own program.

## Reading
Nothing yet.
"""


@pytest.fixture
def editor(client_as: ClientAs) -> FlaskClient:
    client = client_as("editor")
    brought(client, NOTE)
    return client


def address_of(sessions: sessionmaker[Session], term: str) -> str:
    with sessions() as db:
        key = db.scalars(select(Concept.key).where(Concept.term == term, Concept.retired_at.is_(None))).one()
    return f"/content/concepts/{key}"


def text_of(sessions: sessionmaker[Session]) -> str:
    with sessions() as db:
        return db.scalars(select(Note.source)).one()


def saved(client: FlaskClient, url: str, page: str = "", **typed: str) -> TestResponse:
    """What comes of a press on the button of the form at `url`, or of `page`, with these texts."""
    page = page or client.get(url).text
    found = dict(
        re.findall(r'<input[^>]* name="(csrf_token|opened_term|opened_text|note|where)"[^>]* value="([^"]*)"', page)
    )
    fields = {name: unescape(value) for name, value in found.items()}
    return client.post(url, data={**fields, **typed})


def test_what_was_done_last_is_told_without_the_marks_of_markdown(
    editor: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    url = address_of(sessions, "DNAT")
    saved(editor, url, term="DNAT by `iptables`", text="The kernel rewrites the address.")
    assert "Last done: changed: DNAT by iptables</span>" in editor.get(url).text


def test_a_concept_is_found_changed_and_taken_back(editor: FlaskClient, sessions: sessionmaker[Session]) -> None:
    listed = editor.get("/content/concepts?q=kernel").text
    url = address_of(sessions, "DNAT")
    assert f'href="{url}"' in listed
    assert "Proxy" not in listed
    page = editor.get(url).text
    assert "What does DNAT rewrite?" in page
    assert saved(editor, url, term="Destination NAT", text="It rewrites.").location == url
    assert text_of(sessions) == NOTE.replace(
        "DNAT:** The kernel rewrites the address.", "Destination NAT:** It rewrites."
    )
    again = saved(editor, url, page, term="Another", text="It rewrites.")
    assert (again.status_code, "Saved now" in again.text, 'value="Another"' in again.text) == (409, True, True)
    after = editor.get(url).text
    step = re.search(r'name="step" value="(\d+)"', after)
    assert step
    sent = {"csrf_token": token_in(after), "step": step[1], "key": url.rpartition("/")[2]}
    assert editor.post("/content/concepts/undo", data=sent).location == url
    assert text_of(sessions) == NOTE
    saved(editor, url, term="DNAT", text="It rewrites.")
    listed = editor.get("/content/concepts?q=rewrites").text
    undo = dict(re.findall(r'name="(step|back)" value="([^"]*)"', listed))
    undone = send(editor, url, "/content/concepts/undo", step=undo["step"], back=unescape(undo["back"]))
    assert (undone.location, text_of(sessions)) == ("/content/concepts?page=1&q=rewrites", NOTE)


def test_a_name_that_is_none_or_is_taken_is_told_and_what_was_typed_stays(
    editor: FlaskClient, sessions: sessionmaker[Session]
) -> None:
    url = address_of(sessions, "DNAT")
    for name, why in (
        ("", "Enter its name."),
        ("Proxy", "has a concept called “Proxy” already"),
        ("a **b** c", "no bold marks"),
    ):
        answer = saved(editor, url, term=name, text="Mine.")
        assert (answer.status_code, why in answer.text, "Mine.</textarea>" in answer.text) == (400, True, True), name
    assert text_of(sessions) == NOTE


def test_one_is_made_copied_moved_merged_and_retired(editor: FlaskClient, sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        note = db.scalars(select(Note.key)).one()
    new = f"/content/concepts/new?note={note}&where=section:{{}}"
    anchor = re.findall(r'<option value="section:([^"]+)"', editor.get(f"/content/concepts/new?note={note}").text)
    page = editor.get(new.format(anchor[-1])).text
    made = saved(editor, "/content/concepts/new", page, term="Hairpin", text="Back to where it came from.")
    url = address_of(sessions, "Hairpin")
    assert made.location == url
    copy = send(editor, url, f"{url}/duplicate").location
    assert send(editor, copy, f"{copy}/delete").location == "/content/concepts"
    place = editor.get(f"{url}/place").text
    moved = {"csrf_token": token_in(place), "note": note, "where": f"section:{anchor[0]}"}
    assert editor.post(f"{url}/place", data=moved).status_code == 302
    assert text_of(sessions) == NOTE.replace("program.\n", "program.\n- **Hairpin:** Back to where it came from.\n")
    into = address_of(sessions, "Proxy").rpartition("/")[2]
    page = editor.get(f"{url}/merge?into={into}").text
    assert "Docker&#39;s own program.\n\nBack to where it came from." in page
    merged = {"csrf_token": token_in(page), "into": into, "term": "Proxy", "text": "Docker's own program, and back."}
    assert editor.post(f"{url}/merge", data=merged).status_code == 302
    assert text_of(sessions) == NOTE.replace("own program.", "own program, and back.")
    proxy = address_of(sessions, "Proxy")
    send(editor, proxy, f"{proxy}/retire")
    assert editor.get(f"/notes/concepts/{into}").status_code == 404
    assert "Proxy" in editor.get("/content/concepts?retired=y").text
    send(editor, proxy, f"{proxy}/restore")
    assert editor.get(f"/notes/concepts/{into}").status_code == 200


def test_lists_show_names_as_learners_see_them(editor: FlaskClient, sessions: sessionmaker[Session]) -> None:
    url = address_of(sessions, "DNAT")
    saved(editor, url, term="*One* `nat` rule", text="It rewrites.")
    listed = editor.get("/content/concepts").text
    assert "<em>One</em> <code>nat</code> rule</a>" in listed
    assert "All notes</option>" in listed
    send(editor, url, f"{url}/retire")
    assert "Last done: retired the concept" in editor.get(url).text
    send(editor, url, f"{url}/restore")
    merge = editor.get(f"{address_of(sessions, 'Proxy')}/merge").text
    assert ">One nat rule</option>" in merge


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("", "Enter one name"),
        ("a, b", "without a comma"),
        ("x" * 200, "this one has 200"),
        ("ports", "called that already"),
    ],
)
def test_a_name_of_a_tag_that_cannot_be_is_told_beside_it(
    editor: FlaskClient, sessions: sessionmaker[Session], to: str, why: str
) -> None:
    refused = send(editor, "/content/tags", "/content/tags/rename", name="ports", to=to)
    said = re.search(rf'value="{to}" aria-invalid="true".*?id="to-error">.*?<span>([^<]+)<', refused.text, re.S)
    assert (refused.status_code, said and why in said[1]) == (400, True)
    assert text_of(sessions) == NOTE


def test_a_tag_is_renamed_removed_and_taken_back(editor: FlaskClient, sessions: sessionmaker[Session]) -> None:
    send(editor, "/content/tags", "/content/tags/rename", name="ports", to="publishing")
    assert "tags: [publishing]" in text_of(sessions)
    send(editor, "/content/tags", "/content/tags/remove", name="publishing")
    page = editor.get("/content/tags").text
    assert "No tags yet" in page
    step = re.search(r'name="step" value="(\d+)"', page)
    assert step
    send(editor, "/content/tags", "/content/tags/undo", step=step[1])
    assert "tags: [publishing]" in text_of(sessions)
    assert send(editor, "/content/tags", "/content/tags/rename", name="publishing", to=" ").status_code == 400
