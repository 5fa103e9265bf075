"""A note for all is retired and restored in the browser, with what went with it, also where it is a file."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Concept, Note, Question
from quizapp.catalogue.store.import_run import FileReport
from quizapp.review.models import Card
from tests.web.admin.test_note_editor import NOTE, brought
from tests.web.admin.test_trail import words
from tests.web.pages import send, shown_after, token_in

ClientAs = Callable[..., FlaskClient]
TERMS = "\n## Terms\n*   **Port:** where a cable ends.\n"


def imported(sessions: sessionmaker[Session], folder: Path) -> list[FileReport]:
    with sessions() as db:
        reports = import_content(db, folder, now=clock.now(), program="p")
        db.commit()
    return reports


def live(sessions: sessionmaker[Session]) -> tuple[list[str], list[str]]:
    """The questions that are asked, and the concepts that are there."""
    with sessions() as db:
        questions = db.scalars(select(Question.prompt).where(Question.hidden.is_(False)).order_by(Question.id))
        return [*questions], [*db.scalars(select(Concept.term).where(Concept.retired_at.is_(None)))]


def test_what_went_with_a_note_comes_back_with_it_and_no_more(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    grace, ada = client_as("editor", name="Grace"), client_as("learner")
    url = brought(grace, NOTE + TERMS)
    key = url.rpartition("/")[2]
    with sessions() as db:
        asked = select(Question.key, Question.id).where(Question.kind == "open").order_by(Question.id)
        (first, _), (_, second) = db.execute(asked).all()
        db.add(Card(user_id=ada.user.id, question_id=second, created_at=clock.now()))  # type: ignore[attr-defined]
        db.commit()
    send(grace, f"/content/questions/{first}", f"/content/questions/{first}/stage", stage="retired")
    before = live(sessions)
    page = shown_after(grace, url, f"/content/import/{key}/retire")
    assert "come back with it if you restore it" in page
    assert live(sessions) == ([], [])
    assert ada.get(f"/notes/{key}").status_code == 404
    assert grace.get(url).status_code == 404
    (action,) = re.findall(r'action="(/content/import/[^/]+/restore)"', page)
    assert "is there again" in shown_after(grace, "/content/import", action)
    assert live(sessions) == before, "the question that was retired by itself stays so"
    assert ada.get(f"/notes/{key}").status_code == 200
    with sessions() as db:
        card = db.scalars(select(Card)).one()
        assert (card.question_id, card.hidden) == (second, False)
    trail = words(client_as("owner").get("/content/trail").text)
    assert "Grace retired the note “Ports”" in trail
    assert "Grace restored the note “Ports”" in trail
    assert send(grace, "/content/import", action).status_code == 302, "twice is once"


def test_a_note_that_is_a_file_stays_retired_through_imports(
    client_as: ClientAs, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    file, grace = tmp_path / "a.md", client_as("editor")
    file.write_text(NOTE)
    imported(sessions, tmp_path)
    before = live(sessions)
    with sessions() as db:
        key = db.scalars(select(Note.key)).one()
    assert "Its file is left aside." in grace.get(f"/content/notes/{key}").text
    send(grace, f"/content/notes/{key}", f"/content/import/{key}/retire")
    file.write_text(NOTE + "3.  **Q: And now?**\n    *   *A:* Later.\n")
    for _ in range(2):
        [report] = imported(sessions, tmp_path)
        assert "its file is left aside" in report.warnings[0].message
        assert live(sessions) == ([], [])
    send(grace, "/content/import", f"/content/import/{key}/restore")
    assert live(sessions) == before
    imported(sessions, tmp_path)
    assert live(sessions)[0] == [*before[0], "And now?"]
    file.unlink()
    imported(sessions, tmp_path)
    assert live(sessions) == ([], [])
    assert "Retired notes" not in grace.get("/content/import").text, "it comes back with its file alone"
    refused = send(grace, "/content/import", f"/content/import/{key}/restore")
    assert (refused.status_code, "comes back with its file" in refused.text) == (404, True)


@pytest.mark.parametrize("again", ["brought", "restored"])
def test_a_note_that_is_brought_again_is_there_again(
    client_as: ClientAs, sessions: sessionmaker[Session], again: str
) -> None:
    grace = client_as("editor")
    url = brought(grace)
    key, before = url.rpartition("/")[2], live(sessions)
    send(grace, url, f"/content/import/{key}/retire")
    if again == "brought":
        assert brought(grace) == url
    else:
        send(grace, "/content/import", f"/content/import/{key}/restore")
    assert live(sessions) == before
    with sessions() as db:
        assert db.scalars(select(Note.retired_here)).all() == [False]


def test_learners_retire_and_restore_no_note_for_all(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    url = brought(client_as("editor"))
    key, ada = url.rpartition("/")[2], client_as("learner")
    token = token_in(ada.get("/content/import").text)
    assert ada.post(f"/content/import/{key}/retire", data={"csrf_token": token}).status_code == 404
    assert ada.post(f"/content/import/{key}/restore", data={"csrf_token": token}).status_code == 404
    assert live(sessions)[0]
