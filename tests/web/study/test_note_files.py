"""Notes as files: for editors and the owner of an own note, with ids that lead back to what was learnt."""

import re
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.http import parse_options_header

from quizapp.catalogue.models import Note, Question
from quizapp.catalogue.packages.anki_package import read as read_package
from tests.web.admin.test_bring_notes import NOTE, confirmed, previewed, zipped

ClientAs = Callable[..., FlaskClient]
GIFT = "::Ports::What is 80? {=HTTP ~SSH}\n"


def brought(client: FlaskClient, text: str = NOTE, *, name: str = "") -> str:
    """The key of a note that was pasted."""
    return confirmed(client, previewed(client, text, name=name).text).request.path.removeprefix("/notes/")


def file_of(client: FlaskClient, key: str, form: str = "markdown") -> bytes:
    answer = client.get(f"/notes/{key}/file/{form}")
    assert answer.status_code == 200, answer.text
    return answer.data


def test_an_own_note_reworded_outside_keeps_its_questions(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    ada = client_as("learner")
    text = file_of(ada, brought(ada)).decode()
    assert re.search(r"<!-- id: q-\w+ -->", text)
    brought(
        ada,
        text.replace("What does `-p 80:8080` publish?", "Which port does the host open for `-p 80:8080`, and where?"),
    )
    with sessions() as db:
        assert db.scalars(select(Question.retired_at)).all() == [None]
        assert db.scalars(select(Question.prompt)).one().startswith("Which port")


@pytest.mark.parametrize("role", ["learner", "editor"])
@pytest.mark.parametrize("name", ["", "browser:another-name"])
def test_a_note_with_ids_is_the_same_under_another_title_and_name(
    client_as: ClientAs, sessions: sessionmaker[Session], role: str, name: str
) -> None:
    """It was a second note, all of whose questions were new, with two warnings each."""
    ada = client_as(role)
    key = brought(ada)
    text = file_of(ada, key).decode().replace("# Ports", "# What a port is")
    page = previewed(ada, text, name=name).text
    assert "is used in" not in page
    assert brought(ada, text, name=name) == key
    with sessions() as db:
        assert db.scalars(select(Note.title)).all() == ["What a port is"]
        assert db.scalars(select(Question.retired_at)).all() == [None]


def test_a_note_that_has_few_of_anothers_ids_is_another(client_as: ClientAs) -> None:
    ada = client_as("learner")
    key = brought(ada)
    ids = re.findall(r"<!-- id: q-\w+ -->", file_of(ada, key).decode())
    more = "".join(f"*   **Q: What is {word}?**\n    *   *A:* It is.\n" for word in ("this", "that"))
    text = f"# Others\n## Questions\n*   **Q: What is it?** {ids[0]}\n    *   *A:* It is.\n{more}"
    assert brought(ada, text) != key


def test_an_id_in_an_own_note_is_no_id_of_somebody_elses(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    ada, bob = client_as("learner"), client_as("learner")
    brought(bob, file_of(ada, brought(ada)).decode())
    with sessions() as db:
        owners = db.execute(select(Question.key, Note.owner_id).join(Question.note)).all()
    assert {owner for _, owner in owners} == {ada.user.id, bob.user.id}
    assert len({key for key, _ in owners}) == 2


def test_a_note_for_all_is_a_file_for_editors_alone(client_as: ClientAs) -> None:
    editor, learner = client_as("editor"), client_as("learner")
    key = brought(editor)
    address = f"/notes/{key}/file/markdown"
    assert (learner.get(address).status_code, address in learner.get(f"/notes/{key}").text) == (404, False)
    assert address in editor.get(f"/notes/{key}").text
    assert editor.get(address).headers["Content-Disposition"] == "attachment; filename=ports.md"
    assert editor.get(f"/notes/{key}/file/docx").status_code == 404


def test_a_package_is_called_after_the_notes_file(client_as: ClientAs) -> None:
    editor = client_as("editor")
    page = previewed(editor, "", (BytesIO(NOTE.encode()), "day-11.md"))
    key = confirmed(editor, page.text).request.path.removeprefix("/notes/")
    answer = editor.get(f"/notes/{key}/file/apkg")
    assert answer.headers["Content-Disposition"] == "attachment; filename=day-11.apkg"
    assert [section.title for section in read_package(answer.data, "x").sections] == ["day-11"]


def test_an_odd_name_of_a_file_is_encoded_in_the_header(client_as: ClientAs) -> None:
    editor = client_as("editor")
    page = previewed(editor, "", (BytesIO(NOTE.encode()), "Tür; x=1.exe.md"))
    key = confirmed(editor, page.text).request.path.removeprefix("/notes/")
    said = editor.get(f"/notes/{key}/file/apkg").headers["Content-Disposition"]
    assert said.isascii()
    assert parse_options_header(said) == ("attachment", {"filename": "tür-x-1-exe.apkg"})


def test_all_own_notes_are_one_zip_each_in_its_own_form(client_as: ClientAs) -> None:
    ada = client_as("learner")
    assert ada.get("/account/notes.zip").status_code == 404
    confirmed(ada, previewed(ada, "", (zipped(ports_md=NOTE, bank_gift=GIFT), "all.zip")).text)
    with ZipFile(BytesIO(ada.get("/account/notes.zip").data)) as archive:
        assert archive.namelist() == ["bank.gift", "ports.md"]
        assert b"=HTTP" in archive.read("bank.gift")
        assert b"<!-- id: q-" in archive.read("ports.md")


def test_a_note_of_another_tool_has_no_markdown(client_as: ClientAs) -> None:
    ada = client_as("learner")
    key = confirmed(ada, previewed(ada, "", (BytesIO(GIFT.encode()), "bank.gift")).text).request.path.removeprefix(
        "/notes/"
    )
    assert ada.get(f"/notes/{key}/file/markdown").status_code == 404
    assert b"=HTTP" in file_of(ada, key, "gift")
