"""Pictures go out with their notes, and what comes back is what went out."""

import json
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.exporting.export import ExportFormat, export
from quizapp.catalogue.exporting.note_files import note_file, zip_of_own
from quizapp.catalogue.importing.banks import read_bank
from quizapp.catalogue.importing.media import taken_apart
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Note, Question
from quizapp.catalogue.picture_kinds import copy_name
from quizapp.catalogue.pictures.pictures import Copies, with_pictures_of
from quizapp.catalogue.store.import_run import Changes
from tests.builders import NOW
from tests.integration.catalogue.test_import import edit

PNG, GIF = b"\x89PNG\r\n\x1a\n" + b"\0" * 8, b"GIF89a"
NAME = copy_name(PNG)
NOTE = """# Nets

![A net](../img/net.png) ![[b.gif|300]]

## Q

1.  **Q: What is ![this](../img/net.png)?**
    *   *A:* A net.
2.  **Q: And ![[b.gif|300]] and this?**
    *   *A:* Another net.
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    (folder / "notes").mkdir(parents=True)
    (folder / "img").mkdir()
    (folder / "notes" / "a.md").write_text(NOTE)
    (folder / "img" / "net.png").write_bytes(PNG)
    (folder / "notes" / "b.gif").write_bytes(GIF)
    return folder


@pytest.fixture
def copies(db: Session, content: Path, tmp_path: Path) -> Path:
    import_content(db, content, now=NOW, pictures=tmp_path / "copies")
    return tmp_path / "copies"


def made(db: Session, form: ExportFormat, copies: Path, *, said: int = 0) -> bytes:
    out = export(db, form=form, now=NOW, pictures=copies)
    assert len(out.left_out) == said
    return out.data


def test_a_note_comes_back_byte_for_byte_and_names_the_way_to_its_pictures(db: Session, copies: Path) -> None:
    assert made(db, ExportFormat.MARKDOWN, copies, said=1).decode() == NOTE


def test_a_zip_has_the_pictures_where_the_note_looks_for_them_and_changes_nothing_when_it_comes_back(
    db: Session, copies: Path, tmp_path: Path
) -> None:
    packed = ZipFile(BytesIO(made(db, ExportFormat.ZIP, copies)))
    assert sorted(packed.namelist()) == ["img/net.png", "notes/a.md", "notes/b.gif"]
    packed.extractall(tmp_path / "back")
    (report,) = import_content(db, tmp_path / "back", now=NOW, pictures=copies)
    assert report.changes == Changes()


def test_an_edit_beside_a_picture_is_written_and_leaves_the_reference(db: Session, copies: Path) -> None:
    for question in db.scalars(select(Question)).all():
        edit(db, question, answer="Some net.")
    text = made(db, ExportFormat.MARKDOWN, copies, said=1).decode()
    assert text == NOTE.replace("A net.\n", "Some net.\n").replace("Another net.", "Some net.")


def test_an_edit_of_the_words_around_a_picture_and_of_a_picture_that_is_new(
    db: Session, copies: Path, content: Path
) -> None:
    first, second = db.scalars(select(Question).order_by(Question.position)).all()
    edit(db, first, prompt=first.prompt.replace("What is", "Which one is"))
    new = Copies(folder=copies).take(PNG + b"new")
    assert new is not None
    edit(db, second, answer=f"![net](picture:{new.name}) or ![net](picture:{NAME}), picture: none.")
    packed = ZipFile(BytesIO(made(db, ExportFormat.ZIP, copies)))
    text = packed.read("notes/a.md").decode()
    assert text == NOTE.replace("What is", "Which one is").replace(
        "Another net.", f"![net]({new.name}) or ![net](../img/net.png), picture: none."
    )
    assert packed.read(f"notes/{new.name}") == PNG + b"new"


def test_a_note_of_its_own_has_its_pictures_below_one_folder(db: Session, copies: Path) -> None:
    note = db.scalars(select(Note)).one()
    note.path = "/elsewhere/a.md"
    assert sorted(ZipFile(BytesIO(made(db, ExportFormat.ZIP, copies))).namelist()) == [
        "img/net.png",
        "notes/a.md",
        "notes/b.gif",
    ]


def test_notes_with_other_pictures_at_one_place_lie_in_folders_of_their_own(
    db: Session, content: Path, tmp_path: Path
) -> None:
    for number, data in enumerate((PNG, PNG + b"x")):
        folder = tmp_path / f"folder{number}"
        folder.mkdir()
        (folder / "n.md").write_text(f"# Note {number}\n\n![x](n.png)\n")
        (folder / "n.png").write_bytes(data)
        import_content(db, folder, now=NOW, pictures=tmp_path / "copies")
        db.scalars(select(Note).where(Note.path == "n.md")).one().path = f"/folder{number}/n.md"
        db.flush()
    packed = ZipFile(BytesIO(made(db, ExportFormat.ZIP, tmp_path / "copies")))
    assert {name: packed.read(name)[-1:] for name in packed.namelist() if name.endswith(".png")} == {
        "n.png": b"\0",
        "n-2/n.png": b"x",
    }


def test_a_package_for_anki_carries_its_pictures(db: Session, copies: Path) -> None:
    data = made(db, ExportFormat.APKG, copies)
    parts = taken_apart(data, suffix=".apkg")
    note, used = with_pictures_of(read_bank(parts.data, name="d", suffix=".apkg"), Copies().found_by(parts.opens))
    assert sorted(one.size for one in used.values()) == sorted([len(PNG), len(GIF)])
    assert f"(picture:{NAME})" in next(note.everything_asked).prompt


def test_json_carries_its_pictures_and_moodle_and_csv_say_that_they_do_not(db: Session, copies: Path) -> None:
    (note,) = json.loads(made(db, ExportFormat.JSON, copies))
    assert {one["type"]: b64decode(one["base64"]) for one in note["pictures"]} == {"image/png": PNG, "image/gif": GIF}
    made(db, ExportFormat.GIFT, copies, said=1)
    assert f'src=""{NAME}""' in made(db, ExportFormat.CSV, copies, said=1).decode()


@pytest.mark.parametrize("form", [ExportFormat.ZIP, ExportFormat.APKG, ExportFormat.JSON])
def test_a_copy_that_is_lost_is_told(db: Session, copies: Path, form: ExportFormat) -> None:
    (copies / str(NAME)).unlink()
    assert "lost" in " ".join(export(db, form=form, now=NOW, pictures=copies).left_out)


def test_an_owner_takes_the_pictures_along(db: Session, copies: Path) -> None:
    class Owner:
        id, is_editor, is_limited = uuid4(), False, False

    note = db.scalars(select(Note)).one()
    note.owner_id = Owner.id
    packed = ZipFile(BytesIO(zip_of_own(db, owner=Owner.id, now=NOW, pictures=copies)))
    assert "img/net.png" in packed.namelist()
    file = note_file(db, user=Owner(), key=note.key, form=ExportFormat.ZIP, now=NOW, pictures=copies)
    assert (file.path, "img/net.png" in ZipFile(BytesIO(file.data)).namelist()) == ("a.zip", True)
