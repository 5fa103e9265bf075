"""`flask content ids`: the files have the ids that the catalogue knows, and an import after it changes no item."""

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from quizapp.catalogue.models import Question
from quizapp.web.database import get_db
from tests.integration.catalogue.test_commands import NOTE


def keys(app: Flask) -> dict[str, str]:
    with app.app_context():
        rows = get_db().scalars(select(Question).where(Question.retired_at.is_(None)))
        return {row.prompt: row.key for row in rows}


def run(app: Flask, *args: str) -> str:
    result = app.test_cli_runner().invoke(args=["content", *args])
    assert result.exit_code == 0, result.output
    return result.output


def test_ids_are_those_of_the_catalogue_and_survive_any_rewording(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(NOTE)
    run(app, "import", str(file))
    before = keys(app)
    assert "4 ids to write" in run(app, "ids", str(file))
    assert file.read_text() == NOTE
    assert "4 ids written" in run(app, "ids", "--write", str(file))
    assert f"*Card:* How many ends? → Two. <!-- id: {before['How many ends?']} -->" in file.read_text()
    run(app, "import", str(file))
    assert keys(app) == before
    file.write_text(file.read_text().replace("How many ends? → Two.", "What does it consist of? → A pair."))
    run(app, "import", str(file))
    assert keys(app)["What does it consist of?"] == before["How many ends?"]


def test_ids_of_a_file_that_was_never_imported_are_those_that_it_gets(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(NOTE)
    run(app, "ids", "--write", str(file))
    assert keys(app) == {}
    run(app, "import", str(file))
    assert all(f"<!-- id: {key} -->" in file.read_text() for key in keys(app).values())


def test_an_id_of_another_note_is_told_and_left(app: Flask, tmp_path: Path) -> None:
    one, other = tmp_path / "a.md", tmp_path / "b.md"
    one.write_text(NOTE.replace("address?**", "address?** <!-- id: q-mine -->"))
    run(app, "import", str(one))
    other.write_text("# Other\n\n## Q\n1.  **Q: Else?** <!-- id: q-mine -->\n    *   *A:* Yes.\n")
    before = other.read_text()
    said = run(app, "ids", "--write", str(other))
    assert "The id q-mine is used in" in said
    assert other.read_text() == before


def test_a_note_is_given_back_as_its_file(app: Flask, tmp_path: Path) -> None:
    file, out = tmp_path / "a.md", tmp_path / "out.md"
    file.write_bytes(NOTE.replace("\n", "\r\n").encode())
    run(app, "import", str(file))
    run(app, "export", "--format", "markdown", "--out", str(out))
    assert out.read_bytes() == file.read_bytes()
