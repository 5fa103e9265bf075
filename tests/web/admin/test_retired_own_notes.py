"""Notes of one's own are retired, restored with their text, and deleted when that is asked for."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue import own_notes
from quizapp.catalogue.models import Note
from tests.web.admin.test_bring_notes import NOTE, URL, confirmed, counted, previewed
from tests.web.pages import send, shown_after

ClientAs = Callable[..., FlaskClient]


def test_it_can_be_retired_and_brought_back(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    client = client_as("editor")
    retire = confirmed(client, previewed(client, NOTE).text).request.path.replace("/notes", URL) + "/retire"
    assert send(client, URL, retire).status_code == 302
    assert "is asked no more" in client.get(URL).text
    assert counted(sessions) == (0, 0)
    left = client.get(f"/content/notes/{retire.split('/')[-2]}")
    assert (left.status_code, "is kept in this browser" in left.text) == (404, True), (
        "an editor may have typed meanwhile"
    )
    assert send(client, URL, retire).status_code == 302, "it is so already"
    confirmed(client, previewed(client, NOTE).text)
    assert counted(sessions) == (1, 1)


def test_a_note_of_ones_own_that_was_retired_by_mistake_is_restored_with_its_text(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    ada, bob = client_as("learner"), client_as("learner", name="Bob")
    note = confirmed(ada, previewed(ada, NOTE).text).request.path
    address = note.replace("/notes", URL)
    with sessions() as db:
        text = db.scalars(select(Note.source)).one()
    assert "restore it below" in shown_after(ada, URL, f"{address}/retire")
    assert (counted(sessions), ada.get(note).status_code) == ((0, 0), 404)
    for way in ("restore", "delete-text"):
        assert f"{address}/{way}" not in bob.get(URL).text
        assert send(bob, URL, f"{address}/{way}").status_code == 404, "it is Ada's alone"
    assert "with 1 question that went with it" in shown_after(ada, URL, f"{address}/restore")
    assert (counted(sessions), "Retired notes" in ada.get(URL).text) == ((1, 1), False)
    with sessions() as db:
        assert db.scalars(select(Note.source)).one() == text


def test_the_text_of_a_retired_note_is_deleted_when_it_is_asked_for_and_bringing_it_again_brings_it_back(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    ada = client_as("learner")
    address = confirmed(ada, previewed(ada, NOTE).text).request.path.replace("/notes", URL)
    assert send(ada, URL, f"{address}/delete-text").status_code == 404, "one that is there keeps its text"
    send(ada, URL, f"{address}/retire")
    assert "is deleted" in shown_after(ada, URL, f"{address}/delete-text")
    with sessions() as db:
        assert db.scalars(select(Note.source)).all() == [""]
    assert "Retired notes" not in ada.get(URL).text
    assert send(ada, URL, f"{address}/restore").status_code == 404, "nothing is left to restore"
    for _ in range(2):
        confirmed(ada, previewed(ada, NOTE).text)
        assert (counted(sessions), "Retired notes" in ada.get(URL).text) == ((1, 1), False)
        send(ada, URL, f"{address}/retire")


def test_no_more_notes_come_back_than_one_learner_may_have(
    client_as: ClientAs, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = client_as("learner")
    address = confirmed(ada, previewed(ada, NOTE).text).request.path.replace("/notes", URL)
    send(ada, URL, f"{address}/retire")
    monkeypatch.setattr(own_notes, "OWN_NOTES_MAX", 1)
    confirmed(ada, previewed(ada, NOTE.replace("# ", "# Another ", 1)).text)
    assert send(ada, URL, f"{address}/restore").status_code == 400
    assert counted(sessions) == (1, 1)
