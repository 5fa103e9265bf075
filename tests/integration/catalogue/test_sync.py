"""Files and the catalogue brought in line: each side's changes reach the other, and what both changed is settled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp.accounts import service as accounts
from quizapp.catalogue.editing import authoring as editing
from quizapp.catalogue.editing import concept_authoring, lab_authoring
from quizapp.catalogue.editing.concept_rows import words_of
from quizapp.catalogue.models import Concept, Question, Unsettled
from quizapp.web.database import get_db
from tests.integration.catalogue.test_import import NOTE
from tests.integration.catalogue.test_import_labs import LAB, write_lab

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Sync = Callable[..., tuple[int, str]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "a.md").write_text(NOTE)
    return tmp_path / "a.md"


@pytest.fixture
def sync(app: Flask, file: Path) -> Sync:
    def sync(*args: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=["content", "sync", str(file), "--yes", *args])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    assert sync()[0] == 0
    return sync


def edit(app: Flask, begin: str, **texts: object) -> None:
    """Save a question in the browser's editor."""
    with app.app_context():
        db = get_db()
        question = db.scalars(select(Question).where(Question.prompt.startswith(begin))).one()
        wording = editing.wording_of(question)
        changed = type(wording)(**{**vars(wording), **texts})
        editor = accounts.owner(db, now=NOON)
        editing.save(db, question=question, wording=changed, rev=question.rev, editor=editor, now=NOON)
        db.commit()


def answer(app: Flask, prompt: str) -> str:
    with app.app_context():
        return get_db().scalars(select(Question.answer).where(Question.prompt.startswith(prompt))).one()


def disputes(app: Flask) -> int:
    with app.app_context():
        return len(get_db().scalars(select(Unsettled)).all())


def test_an_edit_of_the_browser_is_written_into_the_file(app: Flask, file: Path, sync: Sync) -> None:
    edit(app, "Who gives", answer="The address manager.")
    assert "1 edit to write" in sync("--dry-run")[1]
    assert file.read_text() == NOTE
    assert "1 edit written" in sync()[1]
    assert file.read_text() == NOTE.replace("*A:* The engine.", "*A:* The address manager.")
    code, said = sync()
    assert (code, "written" in said, "taken over" in said) == (0, False, False)


def test_tags_of_one_question_are_nothing_to_write(app: Flask, file: Path, sync: Sync) -> None:
    edit(app, "Who gives", tags=("net: ports", "later"))
    code, said = sync()
    assert (code, "written" in said, file.read_text()) == (0, False, NOTE)
    edit(app, "Who gives", answer="The address manager.")
    assert ["written" in sync()[1] for _ in range(2)] == [True, False]


def test_different_parts_changed_on_both_sides_are_no_conflict(app: Flask, file: Path, sync: Sync) -> None:
    edit(app, "Who gives", answer="The address manager.")
    file.write_text(NOTE.replace("*Level:* 2", "*Level:* 4"))
    assert sync()[0] == 0
    assert file.read_text() == NOTE.replace("The engine.", "The address manager.").replace("*Level:* 2", "*Level:* 4")


@pytest.mark.parametrize(("take", "wins"), [("file", "The daemon."), ("database", "The address manager.")])
def test_the_same_part_changed_on_both_sides_waits_for_an_editor(
    app: Flask, file: Path, sync: Sync, take: str, wins: str
) -> None:
    edit(app, "Who gives", answer="The address manager.")
    file.write_text(NOTE.replace("*A:* The engine.", "*A:* The daemon."))
    for _ in range(2):
        code, said = sync()
        assert (code, disputes(app)) == (1, 1)
        assert "Conflict: " in said
        assert answer(app, "Who gives") == "The address manager."
        assert "*A:* The daemon." in file.read_text()
    assert sync("--take", take, "--dry-run")[0] == 0
    assert disputes(app) == 1
    assert sync("--take", take)[0] == 0
    assert (answer(app, "Who gives"), disputes(app)) == (wins, 0)
    assert file.read_text() == NOTE.replace("The engine.", wins)
    assert sync()[0] == 0


@pytest.mark.parametrize(("take", "asked"), [("file", False), ("database", True)])
def test_a_question_edited_here_and_taken_out_of_the_file_is_a_conflict(
    app: Flask, file: Path, sync: Sync, take: str, asked: bool
) -> None:
    edit(app, "Which of these", prompt="Which of them is a port mapping?")
    file.write_text(NOTE.partition("2.  **Q")[0])
    assert sync()[0] == 1
    assert sync("--take", take)[0] == 0
    assert sync()[0] == 0
    with app.app_context():
        row = get_db().scalars(select(Question).where(Question.prompt.startswith("Which of them"))).one()
        assert (row.retired_at is None) is asked


def reworded_concept(app: Flask, text: str) -> None:
    """Save what the concept `NAT` says in the browser, which is a change of lines of its note."""
    with app.app_context():
        db = get_db()
        concept = db.scalars(select(Concept).where(Concept.term == "NAT")).one()
        opened, editor = words_of(concept), accounts.owner(db, now=NOON)
        words = replace(opened, text=text)
        concept_authoring.save_concept(db, key=concept.key, words=words, opened=opened, editor=editor, now=NOON)
        db.commit()


def test_a_text_of_the_browser_is_written_into_its_file_beside_what_the_file_has_changed(
    app: Flask, file: Path, sync: Sync
) -> None:
    reworded_concept(app, "The kernel rewrites addresses.")
    marked = NOTE.replace("It switches.", "It switches frames.").replace("\n", "\r\n")
    file.write_bytes(marked.encode())
    assert "1 edit to write" in sync("--dry-run")[1]
    assert file.read_bytes() == marked.encode()
    assert "1 edit written" in sync()[1]
    assert file.read_bytes() == marked.replace("The host rewrites", "The kernel rewrites").encode()
    code, said = sync()
    assert (code, "written" in said, "taken over" in said) == (0, False, False)


@pytest.mark.parametrize(("take", "wins"), [("file", "A router"), ("database", "The kernel")])
def test_lines_that_both_have_changed_wait_for_one_side(
    app: Flask, file: Path, sync: Sync, take: str, wins: str
) -> None:
    reworded_concept(app, "The kernel rewrites addresses.")
    theirs = NOTE.replace("The host rewrites", "A router rewrites")
    file.write_text(theirs)
    for args in [(), (), ("--dry-run", "--take", take)]:
        code, said = sync(*args)
        assert (code, "the text of the note" in said) == (0 if args else 1, not args), said
        assert file.read_text() == theirs
    code, said = sync("--take", take)
    assert (code, "1 conflict settled, 0 left" in said) == (0, True)
    assert file.read_text() == NOTE.replace("The host", wins)
    code, said = sync()
    assert (code, "written" in said, "taken over" in said) == (0, False, False)


def published_lab(app: Flask, text: str) -> None:
    """Publish a text of the lab `find-it` in the browser."""
    with app.app_context():
        db = get_db()
        editor = accounts.owner(db, now=NOON)
        lab = lab_authoring.lab_to_edit(db, slug="find-it", editor=editor)
        opened = lab_authoring.text_to_edit(db, lab).text
        lab_authoring.save_draft(db, lab=lab, text=text, opened=opened, editor=editor, now=NOON)
        lab_authoring.publish(db, lab=lab, text=text, is_proved=True, editor=editor, now=NOON)
        db.commit()


def test_a_lab_that_was_published_in_the_browser_is_written_into_its_file(
    app: Flask, tmp_path: Path, sync: Sync
) -> None:
    write_lab(tmp_path, LAB)
    path = tmp_path / "labs" / "find-it" / "lab.yaml"
    assert sync(str(tmp_path))[0] == 0
    better = LAB.replace("minutes: 3", "minutes: 8  # with the image to pull")
    published_lab(app, better)
    assert sync(str(tmp_path), "--dry-run")[0] == 0
    assert path.read_text() == LAB
    assert "1 edit written" in sync(str(tmp_path))[1]
    assert path.read_text() == better
    code, said = sync(str(tmp_path))
    assert (code, "written" in said, "taken over" in said) == (0, False, False)


@pytest.mark.parametrize("side", ["file", "database"])
def test_a_lab_that_both_have_changed_waits_for_one_side(app: Flask, tmp_path: Path, sync: Sync, side: str) -> None:
    write_lab(tmp_path, LAB)
    path = tmp_path / "labs" / "find-it" / "lab.yaml"
    sync(str(tmp_path))
    published_lab(app, LAB.replace("minutes: 3", "minutes: 8"))
    path.write_text(LAB.replace("minutes: 3", "minutes: 5"))
    code, said = sync(str(tmp_path))
    assert (code, "was changed in the file and in the browser: Find it" in said) == (1, True)
    assert sync(str(tmp_path), "--take", side, "--dry-run")[0] == 0
    assert "minutes: 5" in path.read_text()
    assert sync(str(tmp_path), "--take", side)[0] == 0
    assert ("minutes: 5" if side == "file" else "minutes: 8") in path.read_text()
    assert sync(str(tmp_path))[0] == 0
