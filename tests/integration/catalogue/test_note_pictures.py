"""Which note shows which picture: kept with the note, changed with it, and gone with the last one."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue import own_notes
from quizapp.catalogue.editing import authoring
from quizapp.catalogue.importing.last_import import import_if_changed
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.importing.unused_pictures import remove_unused
from quizapp.catalogue.models import Note, NotePicture, Question, SentPicture
from quizapp.catalogue.picture_rows import show_also
from quizapp.catalogue.pictures import pictures
from quizapp.catalogue.question_shape import wording_of
from tests.builders import EDITOR, NOW, a_note
from tests.unit.catalogue.packages.test_anki_package import OLDER, TABLES, database, package
from tests.unit.catalogue.pictures.test_picture_metadata import chunk, png

TEXT = "# Nets\n\n![A net](net.png)\n\n## Q\n\n1.  **Q: What is ![this](img/a.gif)?**\n    *   *A:* A net.\n"
PNG, GIF = b"\x89PNG\r\n\x1a\n" + b"\0" * 8, b"GIF89a"

Imports = Callable[[], None]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    (folder / "img").mkdir(parents=True)
    (folder / "n.md").write_text(TEXT)
    (folder / "net.png").write_bytes(PNG)
    (folder / "img" / "a.gif").write_bytes(GIF)
    return folder


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    return tmp_path / "copies"


@pytest.fixture
def imports(db: Session, content: Path, copies: Path) -> Imports:
    def once() -> None:
        for report in import_content(db, content, now=NOW, program="p", pictures=copies):
            assert report.error is None
        for copy in copies.iterdir():
            os.utime(copy, ((NOW - timedelta(days=2)).timestamp(),) * 2)

    return once


def addresses(db: Session) -> dict[str, int]:
    return {row.address: row.size for row in db.scalars(select(NotePicture))}


def test_a_note_keeps_which_pictures_it_shows(db: Session, imports: Imports) -> None:
    imports()
    assert addresses(db) == {"net.png": len(PNG), "img/a.gif": len(GIF)}
    imports()
    assert addresses(db) == {"net.png": len(PNG), "img/a.gif": len(GIF)}


SHOWN = """\
# Nets

## Parts
* **Net:** It has parts.
    * *Card:* ![](0.png) → Veth pair
    * *Card:* ![](1.png) → Bridge
    * *Card:* Which part is it? → ![](2.png)

## Q
1.  **Q: Which of these is a router?**
    *   *Options:*
        - [x] ![](3.png)
        - [ ] ![](4.png)
"""


def test_questions_that_show_copies_of_an_older_kind_stay_the_same_ones(
    db: Session, imports: Imports, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (content / "n.md").write_text(SHOWN)
    for number in range(5):
        (content / f"{number}.png").write_bytes(png(chunk(b"tEXt", b"At home"), chunk(b"IDAT", bytes([number]))))
    with monkeypatch.context() as older:
        older.setattr(pictures, "without_metadata", lambda data: data)
        imports()
    before = {row.key: wording_of(row) for row in db.scalars(select(Question))}
    edited = db.scalars(select(Question).where(Question.answer == "Bridge")).one()
    wording = replace(wording_of(edited), answer="A bridge")
    authoring.save(db, question=edited, wording=wording, rev=edited.rev, editor=EDITOR, now=NOW)
    old = set(db.scalars(select(NotePicture.name)))
    for _ in range(2):
        imports()
        db.expire_all()
        now = {row.key: wording_of(row) for row in db.scalars(select(Question)) if row.retired_at is None}
        assert now.keys() == before.keys()
        assert edited.answer == "A bridge"
        assert not any(name in repr(now) for name in old), "no text shows where a picture was made"


def test_rows_that_were_lost_come_back_with_the_unchanged_file(db: Session, imports: Imports) -> None:
    imports()
    for row in db.scalars(select(NotePicture)):
        db.delete(row)
    imports()
    assert addresses(db) == {"net.png": len(PNG), "img/a.gif": len(GIF)}


def test_what_a_retired_question_shows_stays_and_the_rest_goes(
    db: Session, imports: Imports, content: Path, copies: Path
) -> None:
    imports()
    (content / "n.md").write_text("# Nets\n\nNothing to see.\n")
    imports()
    ((address, size),) = addresses(db).items()
    assert (address[:8], size) == ("picture:", len(GIF))
    assert remove_unused(db, copies, now=NOW) == 1
    assert [copy.suffix for copy in copies.iterdir()] == [".gif"]


def test_a_picture_of_two_notes_stays_until_the_last_one_goes(
    db: Session, imports: Imports, content: Path, copies: Path
) -> None:
    (content / "b.md").write_text("# Others\n\n![A net](net.png)\n")
    imports()
    first, second = db.scalars(select(Note)).all()
    first.owner_id, second.owner_id = uuid4(), uuid4()
    for note, left in ((first, 2), (second, 0)):
        assert note.owner_id is not None
        own_notes.delete_own(db, owner=note.owner_id)
        remove_unused(db, copies, now=NOW)
        assert len(list(copies.iterdir())) <= left


def test_a_picture_that_was_just_sent_stays_for_a_day(db: Session, tmp_path: Path) -> None:
    name = f"{1:064x}.png"
    (tmp_path / name).write_bytes(PNG)
    os.utime(tmp_path / name, (0, 0))
    db.add(SentPicture(user_id=uuid4(), name=name, size=9, sent_at=NOW))
    assert remove_unused(db, tmp_path, now=NOW + timedelta(hours=23)) == 0
    assert remove_unused(db, tmp_path, now=NOW + timedelta(hours=25)) == 1
    assert db.scalars(select(SentPicture)).all() == []


def test_a_learner_has_room_for_so_many_bytes_of_pictures_each_counted_once(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, note = uuid4(), a_note(db)
    note.owner_id = owner
    db.add_all(NotePicture(note_id=note.id, address=address, name="x.png", size=6) for address in "ab")
    monkeypatch.setattr(own_notes, "OWN_PICTURES_MAX_BYTES", 6)
    assert (own_notes.own_notes(db, owner=owner).picture_bytes, own_notes.own_notes(db, owner=owner).too_much) == (
        6,
        None,
    )
    db.add(NotePicture(note_id=note.id, address="c", name="y.png", size=1))
    assert "pictures" in str(own_notes.own_notes(db, owner=owner).too_much)


def test_a_retired_own_note_without_text_keeps_its_questions_pictures(db: Session, imports: Imports) -> None:
    class Owner:
        id, is_editor = uuid4(), False

    imports()
    note = db.scalars(select(Note)).one()
    note.owner_id = Owner.id
    before = addresses(db)
    own_notes.retire_own(db, user=Owner(), key=note.key, now=NOW)
    assert addresses(db) == before
    own_notes.delete_text_of_own(db, user=Owner(), key=note.key)
    assert list(addresses(db).values()) == [len(GIF)]


def test_an_edit_shows_what_its_editor_sees_and_nothing_else(db: Session, imports: Imports) -> None:
    class Editor:
        id, is_editor, is_limited = uuid4(), True, False

    imports()
    others, mine = a_note(db), a_note(db)
    others.owner_id = uuid4()
    names = [f"{number:064x}.png" for number in (1, 2)]
    db.add(NotePicture(note_id=others.id, address="a.png", name=names[0], size=7))
    db.add(SentPicture(user_id=Editor.id, name=names[1], size=8, sent_at=NOW))
    text = " ".join(f"![x](picture:{name})" for name in names)
    for _ in range(2):
        show_also(db, user=Editor(), note_id=mine.id, text=text)
    shown = db.scalars(select(NotePicture).where(NotePicture.note_id == mine.id)).all()
    assert [(row.name, row.size) for row in shown] == [(names[1], 8)]


def test_lost_copies_come_back_with_the_next_start_though_nothing_has_changed(
    db: Session, content: Path, copies: Path, tmp_path: Path
) -> None:
    rows = "INSERT INTO notes VALUES (1, 'g', 1, '', '<img src=a.png>' || char(31) || 'b');"
    rows += f"INSERT INTO cards VALUES {(1, 1, 1, *[0] * 10, '', 0)};"
    media = {"media": b'{"0": "a.png"}', "0": PNG + b"other"}
    (content / "deck.apkg").write_bytes(package(collection__anki2=database(tmp_path, TABLES + OLDER + rows), **media))
    for _ in range(2):
        reports = import_if_changed(db, content, now=NOW, pictures=copies)
        assert [report.error for report in reports] == [None, None]
        assert len(list(copies.iterdir())) == 3
        for copy in copies.iterdir():
            copy.unlink()
    import_if_changed(db, content, now=NOW, pictures=copies)
    assert (len(addresses(db)), len(list(copies.iterdir()))) == (3, 3)
