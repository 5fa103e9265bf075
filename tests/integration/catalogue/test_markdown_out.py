"""Notes as Markdown: byte for byte what was imported, and after an edit in the browser other in its lines alone."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.catalogue.exporting.export import ExportFormat, export
from quizapp.catalogue.importing.service import import_content, import_paths
from quizapp.catalogue.models import Choice, Question
from tests.integration.catalogue.test_import import CONTENT, NOTE, by_prompt, edit

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def imported(db: Session, folder: Path, data: bytes) -> None:
    (folder / "a.md").write_bytes(data)
    import_content(db, folder, now=NOON)
    db.expire_all()


def given_back(db: Session) -> bytes:
    made = export(db, form=ExportFormat.MARKDOWN, now=NOON)
    assert made.left_out == ()
    return made.data


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("tail", ["", "\n", "  \n\n\t\n"])
def test_an_unchanged_import_is_the_file_byte_for_byte(
    db: Session, tmp_path: Path, end: str, mark: bytes, tail: str
) -> None:
    data = mark + (NOTE.rstrip().replace("*   **Veth", "*\t**Veth") + tail).replace("\n", end).encode()
    imported(db, tmp_path, data)
    assert given_back(db) == data


def test_the_products_own_notes_come_back_byte_for_byte(db: Session, tmp_path: Path) -> None:
    for name in ("docker-networking", "namespaces-and-cgroups"):  # the second has questions of every kind
        path = CONTENT / "notes" / f"{name}.md"
        imported(db, tmp_path, path.read_bytes())
        assert given_back(db) == path.read_bytes()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("prompt", "change", "old", "new"),
    [
        ("Who gives", {"answer": "The address manager."}, "*A:* The engine.", "*A:* The address manager."),
        ("Who gives", {"prompt": "Who assigns an address?"}, "**Q: Who gives a container its address on a bridge?**",
         "**Q: Who assigns an address?**"),
        ("Who gives", {"level": 3}, "*Level:* 2", "*Level:* 3"),
        ("Who gives", {"must": ["the engine", "out of the subnet"]}, "from the subnet", "out of the subnet"),
        ("How many ends", {"answer": "Two ends."}, "→ Two.", "→ Two ends."),
        ("Who gives", {"source_url": "https://example.org/"}, "*Level:* 2", "*Level:* 2{end}    *   *Source:* https://example.org/"),
        ("Who gives", {"answer": "The engine.\n\n- by range\n- by hand"}, "*A:* The engine.",
         "*A:* The engine.{end}{end}        - by range{end}        - by hand"),
    ],
    ids=["answer", "prompt", "level", "must", "card", "source", "lines"],
)  # fmt: skip
def test_an_edit_changes_its_lines_alone(
    db: Session, tmp_path: Path, prompt: str, change: dict[str, object], old: str, new: str, end: str
) -> None:
    data = NOTE.replace("\n", end)
    imported(db, tmp_path, data.encode())
    edit(db, by_prompt(db, prompt), **change)
    made = given_back(db).decode()
    assert made == data.replace(old, new.replace("{end}", end))
    imported(db, tmp_path, made.encode())
    assert not any(db.scalars(select(Question.edited)))


def test_an_edit_of_options_changes_their_lines_alone(db: Session, tmp_path: Path) -> None:
    imported(db, tmp_path, NOTE.encode())
    question = by_prompt(db, "Which of these")
    question.choices[2].text = "`-e A=B C=D`"
    question.choices.append(Choice(position=4, text="`--rm`", right=False, why="it only tidies up"))
    question.edited = True
    db.flush()
    more = "        - [ ] `-e A=B C=D`\n        - [ ] `--rm`  *Why:* it only tidies up\n"
    assert given_back(db).decode() == NOTE.replace("        - [ ] `-e A=B`\n", more)


def test_what_does_not_fit_its_lines_is_told_and_the_rest_is_written(db: Session, tmp_path: Path) -> None:
    imported(db, tmp_path, NOTE.encode())
    edit(db, by_prompt(db, "Who gives"), answer="The address manager.")
    edit(db, by_prompt(db, "How many ends"), prompt="One → or two?")
    made = export(db, form=ExportFormat.MARKDOWN, now=NOON)
    assert made.data.decode() == NOTE.replace("The engine.\n", "The address manager.\n")
    assert len(made.left_out) == 1


def test_two_notes_of_one_file_name_are_two_files_of_the_zip(db: Session, tmp_path: Path) -> None:
    for folder in ("one", "Two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.md").write_text(NOTE.replace("Day 3", folder))
    import_paths(db, [tmp_path / "one" / "a.md", tmp_path / "Two" / "a.md"], root=tmp_path / "content", now=NOON)
    with ZipFile(BytesIO(given_back(db))) as archive:
        assert archive.namelist() == ["a.md", "a-2.md"]
        assert len({archive.read(name) for name in archive.namelist()}) == 2
