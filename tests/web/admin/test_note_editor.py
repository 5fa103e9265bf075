"""The note editor as a browser does it: the text beside the learner's view, and no save that loses anything."""

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from quizapp.catalogue.models import Note, NoteHere, Question
from quizapp.web.whole_requests import MAX_BODY_BYTES
from tests.builders import a_note
from tests.web.admin.test_editor import fields_of as fields_of_question
from tests.web.pages import send, token_in

ClientAs = Callable[..., FlaskClient]
ONE = "1.  **Q: What does `-p 80:8080` publish?**\n    *   *A:* Port 8080 of the container, on the host's port 80.\n"
TWO = "2.  **Q: Which ports does `-P` publish?**\n    *   *A:* Every exposed port, each on a free one.\n"
NOTE = f"# Ports\n\nOpen by wish alone.\n\n## Questions\n{ONE}{TWO}"


def brought(client: FlaskClient, text: str = NOTE) -> str:
    """The address of the editor of a note that was brought in the browser."""
    page = send(client, "/content/import", "/content/import/preview", text=text).text
    fields = dict(re.findall(r'name="(notes-0-[a-z]+)" value="([^"]*)"', page))
    answer = client.post("/content/import", data={"csrf_token": token_in(page), **fields})
    return "/content/notes/" + answer.location.rpartition("/")[2]


def fields_of(page: str) -> dict[str, str]:
    """What a browser sends of the editor's form, with its own line ends."""
    found = dict(re.findall(r'<input[^>]* name="(opened|seen|csrf_token)"[^>]* value="([^"]*)"', page))
    text = re.search(r'<textarea[^>]* name="text"[^>]*>\r?\n(.*?)</textarea>', page, re.DOTALL)
    assert text
    found["text"] = text[1]
    return {name: unescape(value).replace("\r\n", "\n").replace("\n", "\r\n") for name, value in found.items()}


def saved(client: FlaskClient, url: str, text: str, *, page: str = "", **more: str) -> TestResponse:
    """What comes of one press on Save with this text."""
    return client.post(url, data={**fields_of(page or client.get(url).text), "text": text, **more})


def stored(sessions: sessionmaker[Session]) -> str:
    with sessions() as db:
        return db.scalars(select(Note.source)).one()


def test_the_text_stands_beside_the_learners_view(client_as: ClientAs) -> None:
    client = client_as("editor")
    page = client.get(brought(client)).text
    assert fields_of(page)["text"] == NOTE.replace("\n", "\r\n")
    assert f'data-most-bytes="{MAX_BODY_BYTES}"' in page
    view = page[page.index('id="typed"') :]
    assert "<p>Open by wish alone.</p>" in view
    assert "<summary><p>What does <code>-p 80:8080</code> publish?</p>" in view


def test_a_note_that_was_pasted_without_a_heading_is_called_there_as_everywhere(client_as: ClientAs) -> None:
    client = client_as("editor")
    url = brought(client, "Ports of a host\n\nQ: What does `-P` publish?\nA: Every exposed port.\n")
    assert '<h3 class="typed-note-title">Ports of a host</h3>' in client.get(url).text


def test_the_first_press_says_what_saving_does_and_the_second_one_stores(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client = client_as("editor")
    url = brought(client)
    text = NOTE.replace("Every exposed", "Each exposed") + "3.  **Q: What is open without?**\n    *   *A:* Nothing.\n"
    page = saved(client, url, text)
    assert "1 question as before, 1 changed, schedules stay, 1 new." in page.text
    assert stored(sessions) == NOTE
    answer = saved(client, url, text, page=page.text)
    assert answer.location == f"{url}?saved=1"
    after = client.get(answer.location).text
    assert "data-saved" in after, "so that the page forgets the draft, also where more was written than was typed"
    assert "Saved: “Ports”." in after
    assert stored(sessions) == text


def test_a_text_that_was_changed_after_the_look_is_looked_at_again(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client = client_as("editor")
    url = brought(client)
    page = saved(client, url, NOTE.replace("free", "spare")).text
    assert "What saving does" in saved(client, url, NOTE.replace("free", "idle"), page=page).text
    assert stored(sessions) == NOTE


def test_what_leaves_a_note_is_retired_with_consent_alone(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    url = brought(client)
    page = saved(client, url, NOTE.replace(TWO, "")).text
    assert 'name="may_retire"' in page
    refused = saved(client, url, NOTE.replace(TWO, ""), page=page)
    assert refused.status_code == 409
    assert stored(sessions) == NOTE
    assert saved(client, url, NOTE.replace(TWO, ""), page=refused.text, may_retire="y").status_code == 302
    with sessions() as db:
        assert len(db.scalars(select(Question).where(Question.retired_at.is_(None))).all()) == 1


def test_two_editors_of_one_note_lose_nothing(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    url = brought(client)
    slow = client.get(url).text
    theirs = NOTE.replace("free one", "free port").replace("by wish", "on demand")
    saved(client, url, theirs, page=saved(client, url, theirs).text)
    mine = NOTE.replace("host's port", "host's own port").replace("by wish", "when asked")
    page = saved(client, url, mine, page=slow)
    assert page.status_code == 409
    both = fields_of(page.text)["text"].replace("\r\n", "\n")
    assert both == theirs.replace("host's port", "host's own port").replace("on demand", "when asked")
    base = re.search(r'data-base="([^"]*)"', page.text)
    assert base, "what is kept of it stays a change of the text that it was typed into"
    assert unescape(base[1]).replace("\r\n", "\n") == NOTE
    assert "Open on demand alone." in page.text.replace(both, ""), "their version of the line that both have changed"
    assert stored(sessions) == theirs
    saved(client, url, both, page=saved(client, url, both, page=page.text).text)
    assert stored(sessions) == both


def test_what_was_edited_question_by_question_is_in_the_text(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client = client_as("editor")
    url = brought(client)
    with sessions() as db:
        key = db.scalars(select(Question.key).where(Question.position == 2)).one()
    editor = f"/content/questions/{key}"
    sent = fields_of_question(client.get(editor).text)
    client.post(editor, data={**sent, "answer": "Every exposed port."})
    text = fields_of(client.get(url).text)["text"].replace("\r\n", "\n")
    assert text == NOTE.replace("Every exposed port, each on a free one.", "Every exposed port.")
    page = saved(client, url, text.replace("by wish", "on demand")).text
    assert "1 question as before, 1 changed, schedules stay." in page, "the text takes over what was edited"


def test_a_note_that_is_a_file_is_changed_in_its_place(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        note = a_note(db)
        note.path, note.source = "notes/ports.md", NOTE
        db.commit()
        url = f"/content/notes/{note.key}"
    client = client_as("editor")
    page = client.get(url).text
    assert "This note is the file notes/ports.md." in page
    text = NOTE.replace("by wish", "on demand")
    assert saved(client, url, text, page=saved(client, url, text, page=page).text).status_code == 302
    with sessions() as db:
        note, here = db.scalars(select(Note)).one(), db.scalars(select(NoteHere)).one()
        assert (note.path, note.source, here.file) == ("notes/ports.md", text, NOTE)
        here.waiting = NOTE.replace("by wish", "if asked")
        db.commit()
    waiting = client.get(url).text
    assert "have changed the same lines" in waiting
    assert saved(client, url, NOTE, page=waiting).status_code == 400
    client.post(f"{url}/settle", data={"csrf_token": token_in(waiting), "take": "file"})
    assert stored(sessions) == NOTE.replace("by wish", "if asked")


@pytest.mark.parametrize("role", ["learner", "editor"])
def test_a_learners_own_note_is_edited_by_its_owner_alone(client_as: ClientAs, role: str) -> None:
    owner = client_as("learner")
    url = brought(owner)
    text = NOTE.replace("free", "spare")
    assert saved(owner, url, text, page=saved(owner, url, text).text).status_code == 302
    assert client_as(role, name="Somebody else").get(url).status_code == 404


def test_the_view_of_what_is_typed_says_what_became_of_each_line(client_as: ClientAs) -> None:
    client = client_as("editor")
    url = brought(client)
    answer = client.post(f"{url}/typed", data=fields_of(client.get(url).text))
    assert '"uses": ["title", "", "section", "", "section", "question", "answer"' in unescape(answer.text)
    assert "Lines 6 and 8: Name a source and when it was checked" in answer.text
    assert "Such as: *Source:* https://" in answer.text


def test_a_text_that_cannot_be_read_is_told_with_its_line_and_kept(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client = client_as("editor")
    url = brought(client)
    page = saved(client, url, "# Ports\nno\0thing")
    assert "Not saved. Line 2:" in page.text
    assert stored(sessions) == NOTE


def test_a_note_that_is_too_long_for_the_page_says_how_it_is_changed(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client = client_as("editor")
    url = brought(client)
    with sessions() as db:
        note = db.scalars(select(Note)).one()
        note.source = NOTE + f"\n{'word ' * 1000}\n" * 95
        db.commit()
    page = client.get(url).text
    assert "over 450 KiB" in page
    assert '<a href="/content/import">Bring it</a>' in page
    assert client.get(re.search(r'<a href="([^"]+)">its text as a file', page)[1]).status_code == 200  # type: ignore[index]


def test_a_note_that_came_as_questions_of_another_tool_says_so_and_leads_to_them(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    client = client_as("editor")
    with sessions() as db:
        note = a_note(db, title="A quiz")
        note.source, note.convention = f"text2qti {'0' * 64}", "text2qti"
        db.commit()
        key = note.key
    page = client.get(f"/notes/{key}").text
    questions = f"/content?note={key}"
    assert ("Came as text2qti" in page, questions in page, "Edit the note" in page) == (True, True, False)
    answer = client.get(f"/content/notes/{key}")
    assert (answer.status_code, "one by one" in answer.text, questions in answer.text) == (409, True, True)
    assert client.get(questions).status_code == 200


def test_a_remark_on_several_questions_is_made_once_with_its_lines(client_as: ClientAs) -> None:
    client = client_as("learner")
    page = client.get(brought(client)).text
    remarks = [unescape(one) for one in re.findall(r"<li>(Lines? [^<]*)", page)]
    assert [one.partition(":")[0] for one in remarks] == ["Lines 6 and 8"] * len(remarks)
    assert len(remarks) == len(set(remarks)) == 2
    assert "<summary>2 remarks</summary>" in page
    margin = json.loads(unescape(re.findall(r'data-typed="([^"]*)"', page)[0]))["remarks"]
    assert [(one["line"], one["message"].endswith("The same of line 8.")) for one in margin] == [(6, True)] * 2
