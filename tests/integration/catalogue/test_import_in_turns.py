"""An import is one transaction a file, so that learners go on; a dry run is none."""

import gc
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.orm import Session, sessionmaker

from quizapp import clock, prepared_statements, sqlite
from quizapp.accounts import service as accounts
from quizapp.accounts.models import Role, User
from quizapp.catalogue.importing import service
from quizapp.catalogue.importing.service import ImportStopped, import_content
from quizapp.catalogue.importing.trial_copy import rehearsal
from quizapp.catalogue.models import CATALOGUE, Note, Question
from quizapp.catalogue.retirement_consent import Consent
from quizapp.catalogue.store import note_planning, note_rows, note_tables
from quizapp.catalogue.store.stored_rows import Sought, StoredItems
from quizapp.db import engine_in_memory
from quizapp.review.memory import Rating
from quizapp.review.models import ReviewLog, ReviewSource
from quizapp.review.service import rate_question
from quizapp.search import documents
from quizapp.write_turns import Turns
from tests.builders import a_question
from tests.integration.catalogue.test_import import NOTE

Sessions = sessionmaker[Session]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder with three notes."""
    folder = tmp_path / "content"
    folder.mkdir()
    for number in (3, 4, 5):
        (folder / f"{number}.md").write_text(NOTE.replace("Day 3", f"Day {number}"), encoding="utf-8")
    return folder


@pytest.fixture
def rate(sessions: Sessions) -> Callable[[], None]:
    """A learner rates a question, in a transaction of their own, as another process does."""
    with sessions() as db:
        user, question = accounts.add_user(db, name="Ada", role=Role.LEARNER, now=clock.now()).id, a_question(db).id
        db.commit()

    def rate() -> None:
        with sessions() as db:
            asked = {"user": db.get_one(User, user), "question_id": question, "review_id": uuid4()}
            rate_question(db, **asked, rating=Rating.GOOD, source=ReviewSource.QUIZ, now=clock.now())
            db.commit()

    return rate


def count(sessions: Sessions, table: type[Note | ReviewLog]) -> int:
    with sessions() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def test_a_rating_gets_in_between_two_files(folder: Path, sessions: Sessions, rate: Callable[[], None]) -> None:
    with sessions() as db:

        def settle() -> None:
            db.commit()
            rate()  # with SQLite's usual wait it would fail after 5 s if the import still held the lock

        import_content(db, folder, now=clock.now(), settle=settle)
    assert (count(sessions, Note), count(sessions, ReviewLog)) == (
        3,
        5,
    )  # also before and after them


def test_pages_are_rendered_while_nobody_waits(
    folder: Path, engine: Engine, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, open_when_rendering = service.rendered, []
    with sessions() as db:

        def watched(note: service.NoteFile) -> service.NoteFile:
            open_when_rendering.append(db.in_transaction())
            return real(note)

        monkeypatch.setattr(service, "rendered", watched)
        import_content(db, folder, now=clock.now(), settle=db.commit)
    assert open_when_rendering == [False] * 3


def test_what_came_before_a_fault_stays_and_is_said(
    app: Flask, folder: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = service.store_note

    def faulty(db: Session, *, read: service.NoteFile, **named: object) -> object:
        if read.name.endswith("4.md"):
            db.connection().exec_driver_sql("INSERT INTO no_such_table VALUES (1)")
        return real(db, read=read, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "store_note", faulty)
    result = app.test_cli_runner().invoke(args=["content", "import", str(folder)])
    assert result.exit_code == 1
    assert "3.md: Day 3" in result.output
    assert "The import stopped at" in result.output
    assert count(sessions, Note) == 1


def test_of_the_file_at_which_an_import_stops_nothing_is_left_to_be_committed(
    folder: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = note_rows.write_plan
    monkeypatch.setattr(note_rows, "write_plan", lambda *given, **named: [real(*given, **named), 1 / 0])
    with sessions() as db:
        with pytest.raises(ImportStopped):
            import_content(db, folder, now=clock.now(), settle=db.commit)
        db.commit()
    assert count(sessions, Note) == 0


def test_a_stopped_import_goes_on_from_there(folder: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    with sessions() as db, monkeypatch.context() as patched:
        patched.setattr(service, "store_note", lambda *_, **__: 1 / 0)
        with pytest.raises(ImportStopped):
            import_content(db, folder, now=clock.now(), settle=db.commit)
        db.rollback()
    with sessions() as db:
        import_content(db, folder, now=clock.now(), settle=db.commit)
    assert count(sessions, Note) == 3


def test_a_dry_run_says_the_same_and_begins_no_transaction_that_may_write(
    folder: Path, engine: Engine, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sessions() as db:
        import_content(db, folder, now=clock.now(), settle=db.commit)
    (folder / "3.md").unlink()
    (folder / "4.md").write_text(NOTE.replace("Day 3", "Day 4").replace("It switches.", "It forwards."))
    now, written, may_write = clock.now(), list[str](), list[bool]()
    begin = sqlite.GuardedConnection.begin

    def noted(own: sqlite.GuardedConnection, turns: Turns, *, read_only: bool, syncs_late: bool) -> None:
        may_write.append(not read_only)
        begin(own, turns, read_only=read_only, syncs_late=syncs_late)

    monkeypatch.setattr(sqlite.GuardedConnection, "begin", noted)
    event.listen(engine, "before_cursor_execute", lambda *given: written.append(given[2]))
    with sessions() as db, rehearsal(db) as copy:
        expected = import_content(copy, folder, now=now)
    assert (any(may_write), [statement for statement in written if "INSERT" in statement]) == (False, [])
    with sessions() as db:
        assert import_content(db, folder, now=now, settle=db.commit) == expected
        assert db.scalar(select(func.count()).where(Question.retired_at.is_not(None))) == 4


def test_a_copy_has_each_row_as_it_is_stored(folder: Path, sessions: Sessions) -> None:
    with sessions() as db:
        import_content(db, folder, now=clock.now(), settle=db.commit)
        before = [db.execute(select(table)).all() for table in CATALOGUE]
        with rehearsal(db) as copy:
            assert [sorted(copy.execute(select(table)).all(), key=repr) for table in CATALOGUE] == [
                sorted(rows, key=repr) for rows in before
            ]
        assert sum(map(len, before)) > 20


def test_two_copies_at_once_are_two_and_the_second_compiles_no_statement(folder: Path, sessions: Sessions) -> None:
    questions = select(func.count()).select_from(Question)
    with sessions() as db, rehearsal(db) as one, rehearsal(db) as two:
        import_content(one, folder, now=clock.now())
        assert one.scalar(questions) > two.scalar(questions) == 0
        compiled = engine_in_memory()._compiled_cache
        assert compiled is not None
        known = len(compiled)
        import_content(two, folder, now=clock.now())
        assert len(compiled) == known


def test_who_waits_is_told_of_each_file(folder: Path, db: Session) -> None:
    said = list[str]()
    service.import_paths(db, [folder], root=folder, now=clock.now(), watch=said.append)
    assert [text.split(":")[0] for text in said] == [
        *(f"Reading {number} of 3" for number in (1, 2, 3)),
        *(f"Storing {number} of 3" for number in (1, 2, 3)),
    ]


def test_nobody_waits_for_a_collection_before_a_file_is_committed(folder: Path, db: Session) -> None:
    on = list[bool]()
    service.import_paths(db, [folder], root=folder, now=clock.now(), settle=lambda: on.append(gc.isenabled()))
    assert on.count(False) == 3


def test_a_note_is_planned_without_a_turn_at_writing(
    folder: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, may_write = note_planning.load_note, list[bool]()

    def watched(db: Session, note_id: int | None, sought: Sought) -> StoredItems:
        may_write.append(_may_write(db))
        return real(db, note_id, sought)

    monkeypatch.setattr(note_planning, "load_note", watched)
    with sessions() as db:
        import_content(db, folder, now=clock.now(), settle=db.commit)
    assert may_write == [False] * 3


def test_the_disk_is_waited_for_after_the_turn(
    folder: Path, sessions: Sessions, rate: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with sessions() as db:
        if db.get_bind().dialect.name != "sqlite" or not sqlite.is_wal_safe():
            return  # PostgreSQL's commits wait side by side
        real, synced = sqlite.sync_data, list[str]()

        def watched(file: Path) -> None:
            synced.append(file.suffix[-3:])
            with ThreadPoolExecutor(1) as others:  # with its own thread, which is not the import's
                others.submit(rate).result()
            real(file)

        monkeypatch.setattr(sqlite, "sync_data", watched)
        import_content(db, folder, now=clock.now(), settle=db.commit)
    assert synced.count("wal") == 3
    assert (count(sessions, Note), count(sessions, ReviewLog)) == (3, len(synced))


def test_the_turn_of_a_note_has_as_many_statements_however_much_is_in_it(
    tmp_path: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, store, written, at = prepared_statements.executed, service.store_note, Counter[str](), [""]

    def counted(*given: object, **named: object) -> object:
        written.update(at)
        return run(*given, **named)  # type: ignore[arg-type]

    def stored(db: Session, *, read: service.NoteFile, **named: object) -> object:
        at[0] = read.name
        return store(db, read=read, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(prepared_statements, "executed", counted)
    monkeypatch.setattr(service, "store_note", stored)
    for name, cards in (("1-first", 3), ("2-few", 3), ("3-many", 60)):
        lines = [f"* **{name} {one}:** Text.\n    * *Card:* What is {name} {one}? → It." for one in range(cards)]
        (tmp_path / f"{name}.md").write_text("\n".join([f"# {name}", "", "## Terms", *lines, ""]))
    with sessions() as db:
        event.listen(db, "after_commit", lambda _: at.__setitem__(0, ""))
        event.listen(db.get_bind(), "before_cursor_execute", lambda *_: written.update(at))
        import_content(db, tmp_path, now=clock.now(), settle=db.commit)
        assert db.scalar(select(func.count()).select_from(Question)) == 66
    assert written["2-few.md"] == written["3-many.md"] < 40


def test_a_plan_that_an_edit_has_overtaken_is_made_anew(
    folder: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sessions() as db:
        import_content(db, folder, now=clock.now(), settle=db.commit)
    (folder / "4.md").write_text(NOTE.replace("Day 3", "Day 4").replace("In the bridge.", "In the host's own."))
    real, plans = service.plan_ahead, list[str]()

    def overtaken(db: Session, *, read: service.NoteFile, run: service.ImportRun) -> service.PlannedNote | None:
        plan = real(db, read=read, run=run)
        if read.name.endswith("4.md") and read.name not in plans:
            edit(sessions, "In the bridge.", "In a bridge.")
        plans.append(read.name)
        return plan

    monkeypatch.setattr(service, "plan_ahead", overtaken)
    with sessions() as db:
        reports = import_content(db, folder, now=clock.now(), settle=db.commit)
        assert "In a bridge." in db.scalars(select(Question.answer)).all()
    assert [name[-4:] for name in plans].count("4.md") == 2
    assert any("changed in both" in warning.message for report in reports for warning in report.warnings)


def test_a_note_that_is_overtaken_each_time_is_planned_in_its_turn(
    folder: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = service.plan_ahead
    plan = lambda *given, **named: replace(made, version=-1) if (made := real(*given, **named)) else None  # noqa: E731
    monkeypatch.setattr(service, "plan_ahead", plan)
    with sessions() as db:
        import_content(db, folder, now=clock.now(), settle=db.commit)
    assert count(sessions, Note) == 3


def test_the_version_grows_with_the_catalogue_and_not_with_a_rating(
    folder: Path, sessions: Sessions, rate: Callable[[], None]
) -> None:
    def version() -> int:
        with sessions() as db:
            return note_tables.catalogue_version(db)

    before = version()
    rate()
    assert version() == before
    with sessions() as db:
        import_content(db, folder, now=clock.now(), settle=db.commit)
    assert version() == before + 3
    edit(sessions, "In the bridge.", "In a bridge.")
    assert version() == before + 4


def test_what_is_searched_by_is_computed_before_the_turn(
    folder: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tokens_of", "plain_text"):  # those of what `index.prepare` was not told
        monkeypatch.setattr(documents, name, lambda text: 1 / 0)
    with sessions() as db:
        import_content(db, folder, now=clock.now(), settle=db.commit)
        (folder / "4.md").write_text(NOTE.replace("Day 3", "Day 4").replace("It switches.", "It forwards."))
        import_content(db, folder, now=clock.now(), settle=db.commit)
    assert count(sessions, Note) == 3


def test_what_a_start_may_hold_back_is_tried_without_a_turn_at_writing(
    tmp_path: Path, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.md"
    file.write_text(NOTE)
    with sessions() as db:
        import_content(db, tmp_path, now=clock.now(), settle=db.commit)
    file.write_text("# Day 3\n\nAll else is lost.\n")
    real, in_transaction = service.rendered, list[bool]()
    with sessions() as db:

        def watched(note: service.NoteFile) -> service.NoteFile:
            in_transaction.append(db.in_transaction())
            return real(note)

        monkeypatch.setattr(service, "rendered", watched)
        consent = Consent.FOR_FILES_GONE
        (report,) = import_content(db, tmp_path, now=clock.now(), settle=db.commit, consent=consent)
    assert (report.held > 0, in_transaction) == (True, [False])


def edit(sessions: Sessions, before: str, after: str) -> None:
    """An editor changes an answer of the second note in the browser."""
    with sessions() as db:
        question = db.scalars(select(Question).where(Question.answer == before).order_by(Question.id)).all()[1]
        question.answer, question.edited, question.rev = after, True, question.rev + 1
        db.commit()


def _may_write(db: Session) -> bool:
    if db.get_bind().dialect.name == "sqlite":
        return not db.connection().connection.driver_connection.is_read_only  # type: ignore[union-attr]
    return db.scalar(text("SHOW transaction_read_only")) == "off"
