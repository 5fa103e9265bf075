"""What can be found follows the catalogue in the same transaction, whoever changes it."""

import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, sessionmaker

from quizapp.accounts.models import User
from quizapp.catalogue.importing.service import import_content
from quizapp.catalogue.models import Question
from quizapp.search import index, queries
from quizapp.search.models import SearchDocument
from quizapp.web.database import alembic
from tests.builders import a_note
from tests.conftest import make_settings, opened_app
from tests.integration.search.conftest import NOON, Search

NOTE = """# Ports

## 1. Publishing

Use `-p` for a port.

*   **Port:** A number.
    *   *Card:* What is {word}? → A number.
"""


def test_an_edit_is_found_with_the_commit_that_stores_it(sessions: sessionmaker[Session]) -> None:
    with sessions() as db:
        note = a_note(db, title="Alpha")
        db.commit()
        note.title = "Beta"
        db.commit()
        assert documents(db, "beta") == ["Beta"]
        note.title = "Gamma"
        db.rollback()
        assert (documents(db, "beta"), documents(db, "gamma")) == (["Beta"], [])


def documents(db: Session, word: str) -> list[str]:
    return list(db.scalars(select(SearchDocument.head).where(SearchDocument.words.contains(word))))


def test_an_import_is_found_and_what_leaves_the_file_is_not(db: Session, find: Search, tmp_path: Path) -> None:
    file = tmp_path / "ports.md"
    for word in ("alpha", "beta"):
        file.write_text(NOTE.format(word=word))
        import_content(db, tmp_path, now=NOON)
        db.commit()
        assert find(f"{word}* kind:question") != []
    assert find("alpha*") == []
    assert [find("kind:note"), find("kind:section publishing")] == [["Ports"], ["Publishing"]]
    file.unlink()
    import_content(db, tmp_path, now=NOON)
    assert find("") == []


def test_what_an_import_restores_without_another_text_is_found(db: Session, find: Search, tmp_path: Path) -> None:
    (tmp_path / "ports.md").write_text(NOTE.format(word="alpha"))
    import_content(db, tmp_path, now=NOON)
    db.execute(update(Question).values(retired_at=NOON, hidden=True))  # as a reader did that found less
    index.rebuild(db)
    assert find("kind:question") == []
    import_content(db, tmp_path, now=NOON)
    assert find("kind:question") == ["What is alpha?"]


def test_retired_questions_drafts_and_notes_of_others_are_not_found(
    db: Session, find: Search, ask: Callable[..., Question]
) -> None:
    retired, draft, other = ask("retired"), ask("draft"), ask("other")
    retired.retired_at, draft.draft = NOON, True
    other.note = a_note(db, title="somebody's")
    other.note.owner_id = uuid4()
    db.flush()
    assert find("") == []


def test_a_deleted_row_is_gone_and_its_number_finds_nothing_else(
    db: Session, find: Search, ask: Callable[..., Question]
) -> None:
    db.delete(ask("alpha"))
    assert find("alpha") == []
    ask("beta")
    assert [find("alpha"), find("beta")] == [[], ["beta"]]


def test_what_was_changed_past_the_product_is_found_after_a_rebuild(
    db: Session, find: Search, ask: Callable[..., Question]
) -> None:
    ask("alpha")
    assert find("alpha") == ["alpha"]
    db.execute(text("UPDATE question SET prompt = 'beta'"))
    assert index.rebuild(db) == 1
    db.expire_all()
    assert [find("alpha"), find("beta")] == [[], ["beta"]]


def test_a_rebuild_changes_nothing_where_all_is_in_line(db: Session, find: Search, tmp_path: Path) -> None:
    (tmp_path / "ports.md").write_text(NOTE.format(word="alpha"))
    import_content(db, tmp_path, now=NOON)
    before = find("")
    made = index.rebuild(db)
    assert (made, find("")) == (len(before), before)


def test_a_migration_makes_the_documents_that_the_product_makes(
    tmp_path: Path, database_url: str, learner_of: Callable[[Session], User]
) -> None:
    with opened_app(make_settings(tmp_path, database_url)) as app, app.app_context():
        with sessionmaker(app.extensions["engine"])() as db:
            (tmp_path / "notes").mkdir()
            (tmp_path / "notes" / "ports.md").write_text(NOTE.format(word="`--rm`, or *Größe*"))
            import_content(db, tmp_path / "notes", now=NOON)
            user = learner_of(db)
            db.commit()
            made = rows(db)
        alembic.downgrade("0015")
        alembic.upgrade()
        with sessionmaker(app.extensions["engine"])() as db:
            assert rows(db) == made
            assert queries.search(db, user=db.merge(user), query="--rm", now=NOON).total == 1


@pytest.fixture
def learner_of() -> Callable[[Session], User]:
    """Makes a learner in a session."""
    from quizapp.accounts import service as accounts
    from quizapp.accounts.models import Role

    return lambda db: accounts.add_user(db, name="Eve", role=Role.LEARNER, now=NOON)


def rows(db: Session) -> list[tuple[object, ...]]:
    columns = [column for column in SearchDocument.__table__.columns if column.name != "id"]
    return sorted(tuple(row) for row in db.execute(select(*columns)))


def test_a_sqlite_with_fts5_after_one_without_needs_a_rebuild(
    db: Session, find: Search, ask: Callable[..., Question], database: str
) -> None:
    if database != "sqlite":
        assert not index.uses_fts5(db.connection())
        return
    db.execute(text("DROP TABLE search_index"))
    ask("alpha")
    assert find("alpha") == ["alpha"]
    index.rebuild(db)
    assert index.uses_fts5(db.connection())
    assert find("alpha") == ["alpha"]


def test_what_has_the_word_in_its_title_comes_first_and_then_notes_before_questions(
    db: Session, learner: User, ask: Callable[..., Question]
) -> None:
    """The same order on both databases, by our own rules."""
    ask("What is said of it? " + "word " * 40 + "bridge")
    ask("Is a Bridge long to explain, as far as one can say?")
    ask("A bridge?")
    a_note(db, title="The bridge")
    index.settle(db)
    found = queries.search(db, user=learner, query="BRIDGE", now=NOON).results
    assert [one.head[:10] for one in found] == ["The bridge", "A bridge?", "Is a Bridg", "What is sa"]


def test_each_result_is_on_one_page(db: Session, learner: User, ask: Callable[..., Question]) -> None:
    """Also at the seam between those among which titles come first and those after them."""
    for number in range(queries.TITLED + queries.PAGE):
        ask(f"{'word ' * (number % 40)}bridge {number}")
    index.settle(db)
    pages = [queries.search(db, user=learner, query="bridge", now=NOON, page=page) for page in (1, 2, 3, 4)]
    assert len({one.item_id for page in pages for one in page.results}) == queries.TITLED + queries.PAGE


def test_many_stars_over_a_long_title_take_no_time(db: Session, find: Search) -> None:
    a_note(db, title="a" * 200)
    begin = time.process_time()
    assert find(f"note:{'*a' * 40}*b") == []
    assert find(f"tag:{'*a' * 40}*b") == []
    assert find(f"kind:note note:{'*a' * 40}") == ["a" * 200]
    assert time.process_time() - begin < 2


def test_a_page_after_the_last_shows_the_first(db: Session, learner: User, ask: Callable[..., Question]) -> None:
    ask("bridge")
    index.settle(db)
    found = queries.search(db, user=learner, query="bridge", now=NOON, page=queries.PAGES_MAX)
    assert (found.total, found.page, [one.head for one in found.results]) == (1, 1, ["bridge"])
