"""Pictures that come with notes in the browser: shown in the preview, stored with the note, and nobody else's."""

import re
from base64 import b64encode
from collections.abc import Callable
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.models import Note, NotePicture, Question, SentPicture
from quizapp.catalogue.picture_kinds import copy_name
from quizapp.web.application import current_settings
from tests.unit.catalogue.packages.test_anki_package import OLDER, TABLES, database, package
from tests.unit.catalogue.pictures.test_picture_metadata import SECRET, chunk, png
from tests.web.admin.test_bring_notes import URL, closed, previewed
from tests.web.pages import token_in

ClientAs = Callable[..., FlaskClient]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
LARGE = PNG + bytes(2 * 1024 * 1024 - len(PNG))  # as large as one may be, and larger than any other form
NAME = copy_name(PNG)
MOODLE = """<quiz><question type="shortanswer"><name><text>n</text></name>
<questiontext format="html"><text><![CDATA[<p>Which net? <img src="@@PLUGINFILE@@/a.png"></p>]]></text>
<file name="a.png" path="/" encoding="base64">{picture}</file></questiontext>
<answer fraction="100"><text>This one.</text></answer></question></quiz>"""
NOTE = "# Nets\n\n## Q\n1.  **Q: What is ![this](img/net.png)?**\n    *   *A:* A net. ![gone](gone.png)\n"


def zipped(**files: bytes) -> BytesIO:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    file.seek(0)
    return file


def confirmed(client: FlaskClient, page: str, *, pictures: str | None = None) -> str:
    """The page after the preview's one button; `pictures` in place of what the preview has."""
    fields = re.findall(r'name="(notes-\d+-(?:path|content|pictures))" value="([^"]*)"', page)
    sent = {name: unescape(value) for name, value in fields}
    sent |= {"notes-0-pictures": pictures} if pictures is not None else {}
    answer = client.post(URL, data={"csrf_token": token_in(page), **sent}, follow_redirects=True)
    return closed(answer).text


def shown(sessions: sessionmaker[Session]) -> dict[str, str]:
    with sessions() as db:
        return {row.address: row.name for row in db.scalars(select(NotePicture))}


@pytest.mark.parametrize("loose", [False, True])
def test_pictures_of_a_zip_or_of_one_upload_are_shown_and_stored(
    client_as: ClientAs, sessions: sessionmaker[Session], loose: bool
) -> None:
    learner, other = client_as("learner"), client_as("learner")
    files = [(zipped(a__n_md=NOTE.encode(), a__img__net_png=PNG, a__b_png=PNG + b"x"), "notes.zip")]
    if loose:
        files = [(BytesIO(PNG), "net.png"), (BytesIO(NOTE.encode()), "n.md"), (BytesIO(PNG + b"x"), "b.png")]
    page = previewed(learner, "", *files).text
    assert f'<img src="/pictures/{NAME}"' in page
    assert "gone.png" in page
    assert re.search(r"No note shows (a/)?b\.png: left out", page)
    assert [client.get(f"/pictures/{NAME}").status_code for client in (learner, other)] == [200, 404]
    confirmed(learner, page)
    assert shown(sessions) == {"img/net.png": NAME}
    assert [client.get(f"/pictures/{NAME}").status_code for client in (learner, other)] == [200, 404]


def test_two_addresses_of_one_picture_are_one_in_the_preview(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    learner, note = client_as("learner"), b"# N\n\n![x](./a%20b.png) ![x](a%20b.png) ![y](./c%20d.png)\n"
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("n.md", note)
        archive.writestr("a b.png", PNG)
    page = previewed(learner, "", (BytesIO(file.getvalue()), "n.zip")).text
    assert re.findall("<figcaption>(.*?)</figcaption>", page) == ["a b.png"]
    assert "<summary>1 picture</summary>" in page
    assert "or are none: c d.png." in page
    confirmed(learner, page)
    assert shown(sessions) == {"./a%20b.png": NAME, "a%20b.png": NAME}


def test_a_picture_may_be_larger_than_every_other_form(client_as: ClientAs, sessions: sessionmaker[Session]) -> None:
    learner = client_as("learner")
    page = previewed(learner, "", (zipped(n_md=b"# N\n\n![x](a.png)\n", a_png=LARGE), "n.zip")).text
    confirmed(learner, page)
    assert shown(sessions) == {"a.png": copy_name(LARGE)}


def test_a_package_is_confirmed_without_its_pictures_and_keeps_them(
    client_as: ClientAs, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    rows = "INSERT INTO notes VALUES (1, 'g', 1, '', '<img src=a.png>' || char(31) || 'b');"
    rows += f"INSERT INTO cards VALUES {(1, 1, 1, *[0] * 10, '', 0)};"
    media = {"media": b'{"0": "a.png"}', "0": LARGE}
    data = package(collection__anki2=database(tmp_path, TABLES + OLDER + rows), **media)
    learner = client_as("learner")
    page = previewed(learner, "", (BytesIO(data), "deck.apkg")).text
    confirmed(learner, page)
    assert shown(sessions) == {"a.png": copy_name(LARGE)}


@pytest.mark.parametrize("is_of_moodle", [False, True])
def test_where_a_photograph_was_taken_is_not_kept(
    app: Flask, client_as: ClientAs, sessions: sessionmaker[Session], is_of_moodle: bool
) -> None:
    learner, photograph, plain = client_as("learner"), png(chunk(b"eXIf", SECRET)), png()
    sent = (zipped(n_md=b"# N\n\n![x](a.png)\n", a_png=photograph), "n.zip")
    if is_of_moodle:
        sent = (BytesIO(MOODLE.format(picture=b64encode(photograph).decode()).encode()), "n.xml")
    confirmed(learner, previewed(learner, "", sent).text)
    (name,) = shown(sessions).values()
    assert name == copy_name(plain)
    assert learner.get(f"/pictures/{name}").data == plain
    with app.app_context():
        assert [path.read_bytes() for path in current_settings().pictures_dir.iterdir()] == [plain]


def test_a_picture_that_is_here_with_its_metadata_stays_so_that_its_question_stays(
    client_as: ClientAs, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    learner, photograph = client_as("learner"), png(chunk(b"eXIf", SECRET))
    with monkeypatch.context() as before:
        before.setattr("quizapp.catalogue.pictures.pictures.without_metadata", bytes)
        confirmed(learner, previewed(learner, "", (zipped(n_md=NOTE.encode(), img__net_png=photograph), "n.zip")).text)
    changed = NOTE.replace("A net.", "A net!").encode()
    confirmed(learner, previewed(learner, "", (zipped(n_md=changed, img__net_png=photograph), "n.zip")).text)
    assert shown(sessions) == {"img/net.png": copy_name(photograph)}
    with sessions() as db:
        assert [one.retired_at for one in db.scalars(select(Question))] == [None]


def test_another_picture_in_the_place_of_one_is_previewed_and_imported(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    learner = client_as("learner")
    for picture in (PNG, PNG + b"x"):
        page = previewed(learner, "", (zipped(n_md=NOTE.encode(), img__net_png=picture), "n.zip")).text
        assert f'<img src="/pictures/{copy_name(picture)}"' in page
        confirmed(learner, page)
        assert shown(sessions)["img/net.png"] == copy_name(picture)


def test_a_note_shows_no_picture_that_its_sender_neither_sent_nor_sees(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    owner, thief = client_as("learner"), client_as("learner")
    previewed(owner, "", (zipped(n_md=NOTE.encode(), img__net_png=PNG), "n.zip"))
    page = previewed(thief, f"# Mine\n\n![x](img/net.png) ![y](picture:{NAME})\n").text
    confirmed(thief, page, pictures=f'{{"img/net.png": "{NAME}"}}')
    assert shown(sessions) == {}
    assert thief.get(f"/pictures/{NAME}").status_code == 404


def test_who_changes_the_text_of_a_note_keeps_its_pictures(
    client_as: ClientAs, sessions: sessionmaker[Session]
) -> None:
    learner = client_as("learner")
    confirmed(learner, previewed(learner, "", (zipped(n_md=NOTE.encode(), img__net_png=PNG), "n.zip")).text)
    with sessions() as db:
        db.execute(delete(SentPicture))
        path = db.scalars(select(Note.path)).one()
        db.commit()
    page = previewed(learner, NOTE.replace("A net.", "Some net."), name=path.rpartition("/")[2]).text
    assert f'<img src="/pictures/{NAME}"' in page
    confirmed(learner, page)
    assert shown(sessions) == {"img/net.png": NAME}


def test_more_pictures_than_one_person_may_have_are_left_out(
    app: Flask, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizapp.catalogue.picture_rows.OWN_PICTURES_MAX_BYTES", len(PNG) + 4)
    learner, text = client_as("learner"), b"# N\n\n![x](a.png) ![x](b.png)\n"
    files = {"n_md": text, "a_png": PNG, "b_png": PNG + b"x"}
    for _ in range(2):
        page = previewed(learner, "", (zipped(**files), "n.zip")).text
        assert "1 picture left out" in page
        assert f"/pictures/{NAME}" in page
    with app.app_context():
        assert [path.name for path in current_settings().pictures_dir.iterdir()] == [NAME]


def test_a_preview_that_names_no_pictures_of_ours_is_refused(client_as: ClientAs) -> None:
    learner = client_as("learner")
    page = previewed(learner, NOTE).text
    assert "did not come back whole" in confirmed(learner, page, pictures="[1]")
