"""Copies of pictures go when nothing shows them any more."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from quizapp.catalogue.importing import unused_pictures
from quizapp.catalogue.importing.unused_pictures import remove_unused
from quizapp.catalogue.models import Concept
from quizapp.catalogue.pictures.pictures import keep
from quizapp.catalogue.store.note_pictures import names_in_texts
from tests.builders import NOW, a_note, a_question

NAMES = [f"{number:064x}.png" for number in range(6)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a copy for each name, two days old, and another file."""
    for name in (*NAMES, "notes.txt"):
        (tmp_path / name).write_bytes(name.encode())
        age(tmp_path / name, timedelta(days=2))
    return tmp_path


def age(path: Path, time: timedelta) -> None:
    at = (NOW - time).timestamp()
    os.utime(path, (at, at))


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_a_text_names_stays_wherever_it_stands(db: Session, folder: Path) -> None:
    question = a_question(db, note=(note := a_note(db)))
    note.sections[0].html = f'<img src="/pictures/{NAMES[0]}">'
    question.answer, question.must = f"![x](picture:{NAMES[1]})", [f"![x](picture:{NAMES[2]})"]
    question.retired_at = NOW
    question.choices[0].why = f"![x](picture:{NAMES[3]})"
    text = f"![x](picture:{NAMES[4]})"
    db.add(Concept(key="c", section=note.sections[0], position=1, term="t", text=text, fingerprint="f"))
    db.flush()
    assert remove_unused(db, folder, now=NOW) == 1
    assert left(folder) == [*NAMES[:5], "notes.txt"]


def test_a_copy_that_an_import_has_just_made_or_wanted_again_stays(db: Session, folder: Path) -> None:
    age(folder / NAMES[0], timedelta(hours=1))
    keep(b"", folder / NAMES[1])
    assert remove_unused(db, folder, now=NOW) == 4
    assert left(folder) == [*NAMES[:2], "notes.txt"]


def test_without_a_folder_there_is_nothing_to_remove(db: Session, tmp_path: Path) -> None:
    assert remove_unused(db, tmp_path / "none", now=NOW) == 0


def test_texts_are_looked_through_while_others_write(
    sessions: sessionmaker[Session], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write() -> None:
        with sessions() as other:
            a_note(other)
            other.commit()

    def names_while_somebody_writes(db: Session) -> Iterator[str]:
        with ThreadPoolExecutor(1) as somebody_else:
            somebody_else.submit(write).result()
        return names_in_texts(db)

    monkeypatch.setattr(unused_pictures, "names_in_texts", names_while_somebody_writes)
    with sessions() as db:
        assert remove_unused(db, folder, now=NOW) == len(NAMES)
