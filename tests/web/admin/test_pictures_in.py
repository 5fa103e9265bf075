"""A picture that is put into a text in an editor: taken without its metadata, shown, stored, and nobody else's."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from quizapp.catalogue.models import NotePicture, Question, QuestionKind
from quizapp.catalogue.picture_kinds import PICTURE_MAX_BYTES
from tests.unit.catalogue.pictures.test_picture_metadata import SECRET, chunk, png
from tests.web.admin.test_bring_notes import closed
from tests.web.admin.test_concepts import NOTE as CONCEPTS
from tests.web.admin.test_concepts import address_of, text_of
from tests.web.admin.test_concepts import saved as saved_concept
from tests.web.admin.test_making import form_at, new, note  # noqa: F401  # a fixture
from tests.web.admin.test_note_editor import NOTE, brought, saved
from tests.web.pages import token_in

ClientAs = Callable[..., FlaskClient]
URL = "/content/pictures"
PNG = png(chunk(b"tEXt", SECRET))


def sent(client: FlaskClient, data: bytes, name: str = "shot.png") -> TestResponse:
    """What comes of one picture."""
    fields = {"csrf_token": token_in(client.get("/content/import").text), "picture": (BytesIO(data), name)}
    return closed(client.post(URL, data=fields, headers={"Accept": "application/json"}))


def test_a_picture_in_a_note_is_seen_at_once_stored_with_it_and_exported(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    editor, other = client_as("editor"), client_as("learner")
    url, found = brought(editor), sent(editor, PNG).json
    assert found
    text = NOTE.replace("Open by wish alone.", f"![A net]({found['address']})")
    page = saved(editor, url, text)
    assert f'<img src="/pictures/{found["name"]}" alt="A net"' in page.text
    assert other.get(f"/pictures/{found['name']}").status_code == 404
    assert saved(editor, url, text, page=page.text).status_code == 302
    shown = other.get(f"/pictures/{found['name']}")
    assert SECRET not in shown.data
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with sessions() as db:
        assert db.scalars(select(NotePicture.address)).all() == [found["address"]]
    packed = closed(editor.get(url.replace("/content/notes/", "/notes/") + "/file/zip"))
    assert found["address"] in ZipFile(BytesIO(packed.data)).namelist()


def test_a_picture_in_a_concept_is_written_into_its_note_and_seen_by_its_learners(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    editor, learner = client_as("editor"), client_as("learner")
    brought(editor, CONCEPTS)
    url, found = address_of(sessions, "DNAT"), sent(editor, PNG).json
    assert found
    shown = f"The kernel rewrites ![A net](picture:{found['name']})."
    assert saved_concept(editor, url, term="DNAT", text=shown).status_code == 302
    assert f"- **DNAT:** The kernel rewrites ![A net]({found['address']})." in text_of(sessions)
    assert learner.get(f"/pictures/{found['name']}").status_code == 200
    assert saved_concept(editor, url, term="DNAT", text=shown + " Always.").status_code == 302
    assert f"![A net]({found['address']}). Always." in text_of(sessions)


@pytest.mark.usefixtures("note")
def test_a_picture_in_a_question_is_seen_by_its_learners(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    editor, learner = client_as("editor"), client_as("learner")
    address, found = new(editor, QuestionKind.OPEN), sent(editor, PNG).json
    assert found
    typed = form_at(editor, address) | {"prompt": f"What is this? ![A net](picture:{found['name']})"}
    assert learner.get(f"/pictures/{found['name']}").status_code == 404
    assert editor.post(address, data=typed).status_code == 302
    assert learner.get(f"/pictures/{found['name']}").status_code == 200
    with sessions() as db:
        assert found["name"] in db.scalars(select(Question.prompt)).one()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<?xml version="1.0"?><SVG onload="alert(1)">', "can hold programs"),
        (b"\x00\x00\x00\x1cftypheic", "no PNG, JPEG, GIF or WebP"),
        (b"<script>alert(1)</script>", "no PNG, JPEG, GIF or WebP"),
        (PNG + bytes(PICTURE_MAX_BYTES), "over 2 MiB"),
        (PNG[:16] + b"\0\0\x4e\x20" * 2 + PNG[24:], "over 40 million pixels"),
        (b"", "There is no picture"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(client_as: ClientAs, data: bytes, said: str) -> None:
    answer = sent(client_as("learner"), data)
    assert answer.status_code == 422
    assert answer.json
    assert said in answer.json["message"]


def test_nobody_sends_one_without_an_account_or_a_token(client_as: ClientAs) -> None:
    stranger = client_as("learner").application.test_client()
    assert stranger.post(URL, headers={"Accept": "application/json"}).status_code in (400, 401)
    client = client_as("learner")
    assert client.post(URL, data={"picture": (BytesIO(PNG), "a.png")}).status_code == 400


def test_a_question_without_a_note_says_that_a_picture_needs_one(client_as: ClientAs) -> None:
    page = client_as("editor").get("/content/new?kind=open").text
    assert "A picture belongs to a note." in page
    assert 'type="file"' not in page


def test_a_part_of_a_picture_is_refused_with_the_reason(client_as: ClientAs) -> None:
    answer = sent(client_as("editor"), PNG[:-6])
    assert (answer.status_code, "The end of this picture is missing" in answer.text) == (422, True)
