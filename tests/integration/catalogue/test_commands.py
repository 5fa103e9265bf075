"""`flask content import` as people and scripts use it."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp.catalogue.models import Note, Question
from quizapp.web.database import get_db

NOTE = """\
# Day 3: Bridges

## 1. The Bridge
*   **Veth Pair:** A cable with two ends.
    *   *Card:* How many ends? → Two.

## 2. Questions
1.  **Q: Who gives a container its address?**
    *   *A:* The engine.
2.  **Q: And who takes it?**
"""
KEYS = {"path", "title", "convention", "questions", "answered", "concepts", "warnings"}


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder with one note, outside the content folder."""
    folder = tmp_path / "own notes"
    folder.mkdir()
    (folder / "day-3.md").write_text(NOTE)
    return folder


def count(app: Flask, table: type[Note] | type[Question]) -> int:
    with app.app_context():
        return get_db().scalar(select(func.count()).select_from(table)) or 0


def test_json(app: Flask, notes: Path) -> None:
    result = app.test_cli_runner().invoke(args=["content", "import", str(notes), "--json"])
    assert result.exit_code == 0
    (report,) = json.loads(result.stdout)
    assert set(report) == KEYS
    assert report["path"] == str(notes / "day-3.md")
    assert (report["title"], report["convention"]) == ("Day 3: Bridges", "bold questions")
    assert (report["questions"], report["answered"], report["concepts"]) == (2, 1, 1)
    assert report["warnings"] == []
    assert count(app, Question) == 3


def test_what_went_wrong_is_said_and_the_rest_goes_on(app: Flask, notes: Path) -> None:
    (notes / "bad.md").write_bytes(b"# T\n\n\xe9\n")
    result = app.test_cli_runner().invoke(args=["content", "import", str(notes), "--json"])
    assert result.exit_code == 1
    bad, good = json.loads(result.stdout)
    assert "error" not in good
    assert bad["error"] == bad["warnings"][0]["message"]
    assert bad["warnings"][0]["line"] == 3
    assert count(app, Note) == 1


def test_text_for_people(app: Flask, notes: Path) -> None:
    runner = app.test_cli_runner()
    first = runner.invoke(args=["content", "import", str(notes)])
    assert "day-3.md: Day 3: Bridges: 2 questions, 1 answered, 1 card; " in first.stdout
    again = runner.invoke(args=["content", "import", str(notes)])
    assert again.stdout.endswith("1 file, 0 changes, 0 not imported\n")


def test_a_dry_run_stores_nothing(app: Flask, notes: Path) -> None:
    result = app.test_cli_runner().invoke(args=["content", "import", str(notes / "day-3.md"), "--dry-run"])
    assert result.exit_code == 0
    assert "nothing was stored" in result.stdout
    assert count(app, Note) == 0


def test_a_path_that_is_not_there(app: Flask, tmp_path: Path) -> None:
    result = app.test_cli_runner().invoke(args=["content", "import", str(tmp_path / "none.md")])
    assert result.exit_code == 1
    assert "no such file" in result.stdout


def test_the_same_file_named_twice_is_read_once(app: Flask, notes: Path) -> None:
    args = ["content", "import", str(notes), str(notes / "day-3.md"), "--json"]
    assert len(json.loads(app.test_cli_runner().invoke(args=args).stdout)) == 1


def test_help(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["content", "import", "--help"])
    assert "--dry-run" in result.stdout
    assert "PATH..." in result.stdout


def test_a_dry_run_traces_each_line(app: Flask, notes: Path) -> None:
    result = app.test_cli_runner().invoke(args=["content", "import", str(notes), "--dry-run", "--trace"])
    assert result.exit_code == 0
    traced = [line.split("|")[0].split() for line in result.stdout.splitlines() if " | " in line]
    assert [words[1] for words in traced if len(words) > 1] == [
        *("title", "section", "concept", "label", "section", "question", "answer", "question"),
    ]
    assert count(app, Note) == 0


@pytest.mark.parametrize("kept", [NOTE.replace("*Card:*", "*Kard:*"), None])
def test_much_is_retired_with_consent_only(app: Flask, notes: Path, kept: str | None) -> None:
    run = app.test_cli_runner()
    run.invoke(args=["content", "import", str(notes)])
    if kept is None:
        (notes / "day-3.md").unlink()
    else:
        (notes / "day-3.md").write_text(kept)
    refused = run.invoke(args=["content", "import", str(notes)])
    assert refused.exit_code == 1
    assert "would retire" in refused.stdout
    assert asked(app) == 3
    taken = run.invoke(args=["content", "import", str(notes), "--yes"])
    assert taken.exit_code == 0
    assert asked(app) == (2 if kept is not None else 0)


def asked(app: Flask) -> int:
    """How many questions are not retired."""
    with app.app_context():
        live = select(func.count()).select_from(Question).where(Question.retired_at.is_(None))
        return get_db().scalar(live) or 0


@pytest.mark.parametrize(("option", "rows"), [("--keep", 3), ("--anew", 4), (None, 4)])
def test_what_may_be_another_fact_is_as_the_author_says(app: Flask, notes: Path, option: str | None, rows: int) -> None:
    runner = app.test_cli_runner()
    runner.invoke(args=["content", "import", str(notes)])
    (notes / "day-3.md").write_text(NOTE.replace("How many ends? → Two.", "How many ends? → Three."))
    args = ["content", "import", str(notes), *([option] if option else [])]
    result = runner.invoke(args=args)
    assert result.exit_code == 0
    assert ("it begins anew" in result.output) is (option != "--keep")
    assert count(app, Question) == rows


def test_the_columns_of_a_table_can_be_said(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "bank.csv").write_text("Aufgabe,Loesung\nWas?,das\n")
    asked = ["content", "import", str(tmp_path / "bank.csv"), "--columns"]
    refused = app.test_cli_runner().invoke(args=[*asked, "prompt=1"])
    assert refused.exit_code == 2
    assert "is no column: write MEANING=COLUMN" in refused.output
    assert app.test_cli_runner().invoke(args=[*asked, "question=Aufgabe,answer=2"]).exit_code == 0
    with app.app_context():
        question = get_db().scalars(select(Question)).one()
        assert (question.prompt, question.answer) == ("Was?", "das")


def test_the_linter_names_line_and_rule_and_exits_with_1(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "n.md"
    path.write_text("# T\n\n## S\n1.  **Q: Why? And how?**\n    *   *A:* So.\n")
    result = app.test_cli_runner().invoke(args=["content", "lint", str(path)])
    rules = [line.split(": ")[:2] for line in result.output.splitlines()[:-1]]
    assert rules == [[f"{path}:4", rule] for rule in ("marking-guide", "one-thing-asked", "source-and-date")]
    assert (result.output.splitlines()[-1], result.exit_code) == ("3 findings.", 1)
