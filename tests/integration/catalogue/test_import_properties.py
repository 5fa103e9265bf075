"""What holds for the import of any notes, in any order, however odd."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from quizapp.catalogue.importing.last_import import catalogue_fingerprint, import_if_changed
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Question
from quizapp.catalogue.retirement_consent import Consent
from quizapp.db import Base, create_engine_for
from tests.examples import examples

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
# Few words and few ids, so that items resemble and repeat each other.
LINES = st.sampled_from(
    [
        "# Title\n",
        "## One\n",
        "## Two\n",
        "### Part\n",
        "\n",
        "```\n",
        "text\n",
        "---\n",
        "* **Term:** text\n",
        "* **Term:** other text <!-- id: c-1 -->\n",
        "    * *Card:* front → back\n",
        "    * *Card:* front of it → back\n",
        "1. **Q: What is it then?**\n",
        "1. **Q: What is it now?** <!-- id: q-1 -->\n",
        "1. **Q: Why?** <!-- id: q-2 -->\n",
        "    * *A:* This.\n",
        "    * *A:* That.\n",
        "    * *Options:*\n        - [x] yes\n        - [ ] no\n",
        "Q: plain\nA: pair\n",
    ]
)
NOTES = st.lists(LINES, min_size=1, max_size=14).map("".join).filter(str.strip)  # an empty file is not taken at all
FILES = st.dictionaries(st.sampled_from(["a.md", "b.md"]), NOTES, max_size=2)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Tables to which nothing is committed, so each example finds them empty, and statements are known."""
    engine = create_engine_for(f"sqlite:///{tmp_path_factory.mktemp('tables') / 'tables.sqlite3'}")
    Base.metadata.create_all(engine)
    yield engine
    with Session(engine) as db:
        assert live(db) == []
    engine.dispose()


def write(folder: Path, files: dict[str, str]) -> None:
    for path in folder.iterdir():
        path.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def changes(db: Session, folder: Path) -> int:
    total = sum(report.changes.total for report in import_content(db, folder, now=NOON))
    db.expire_all()
    return total


def live(db: Session) -> list[tuple[str, str, str]]:
    """What is asked: kind, question and answer, in a fixed order."""
    rows = db.scalars(select(Question).where(Question.retired_at.is_(None)))
    return sorted((row.kind.value, row.prompt, row.answer) for row in rows)


NAMED = "1. **Q: What is it now?** <!-- id: q-1 -->\n"
WHY = "1. **Q: Why?** <!-- id: q-2 -->\n"
NOW = "1. **Q: What is it now?** <!-- id: q-1 -->\n"


@examples(60)
@example([{"a.md": "# T\n", "b.md": "* **Term:** text\n"}, {"a.md": "* **Term:** text\n", "b.md": "# T\n"}])
@example([{"a.md": "# T\n", "b.md": NOW}, {"a.md": NOW, "b.md": f"{NOW}text\n"}])
@example([{"a.md": NOW}, {"a.md": "1. **Q: What is it then?**\n", "b.md": NOW}])
@given(st.lists(FILES, min_size=1, max_size=3))
def test_imports_settle_and_lose_nothing(tables: Engine, states: list[dict[str, str]]) -> None:
    with TemporaryDirectory() as name, Session(tables) as db:
        folder, seen, ids = Path(name), [], set[int]()
        for files in [*states, states[0]]:
            write(folder, files)
            changes(db, folder)
            assert changes(db, folder) == 0
            now = set(db.scalars(select(Question.id)))
            assert now >= ids
            ids = now
            seen.append(live(db))
        assert seen[-1] == seen[0]


@examples(60)
@example([{"a.md": "1. **Q: What is it then?**\n1. **Q: Why?** <!-- id: q-2 -->\n"}, {"a.md": "# T\n", "b.md": WHY}])
@example([{"a.md": "1. **Q: What is it then?**\n"}, {"a.md": NAMED, "b.md": NAMED}])  # a.md is held back
@given(st.lists(FILES, min_size=1, max_size=3))
def test_what_is_not_read_again_would_have_changed_and_said_nothing_else(
    tables: Engine, states: list[dict[str, str]]
) -> None:
    with TemporaryDirectory() as name, Session(tables) as db:
        folder = Path(name)
        for files in states:
            write(folder, files)
            import_if_changed(db, folder, now=NOON)
            known, was = import_if_changed(db, folder, now=NOON), catalogue_fingerprint(db)
            db.expire_all()
            assert import_content(db, folder, now=NOON, consent=Consent.FOR_FILES_GONE) == known
            assert catalogue_fingerprint(db) == was


@examples(60)
@example([{"a.md": "1. **Q: What is it then?**\n", "b.md": NOW}, {"a.md": NOW, "b.md": NOW}])
@example([{"a.md": NOW}, {"a.md": "1. **Q: What is it then?**\n", "b.md": NOW}])
@example([{"a.md": NOW, "b.md": "# T\n"}, {"a.md": "# U\n", "b.md": "# T\n"}, {"a.md": "# U\n", "b.md": NOW}])
@example([{"a.md": f"# T\n{WHY}", "b.md": f"# T\n{WHY}# U\n"}, {}, {"a.md": f"# T\n{WHY}", "b.md": f"# T\n{WHY}"}])
@given(st.lists(FILES, min_size=1, max_size=4))
def test_it_makes_no_difference_that_unchanged_files_are_not_parsed(
    tables: Engine, states: list[dict[str, str]]
) -> None:
    seen: list[list[object]] = []
    for program in ("", "of this version"):
        with TemporaryDirectory() as name, Session(tables) as db:
            seen.append([])
            for files in states:
                write(Path(name), files)
                reports = import_content(db, Path(name), now=NOON, program=program)
                db.expire_all()
                seen[-1] += [live(db), [(Path(one.path).name, one.changes, one.warnings) for one in reports]]
    assert seen[0] == seen[1]
