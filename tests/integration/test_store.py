"""The store under its guards: one SQLite library, who waits for whom, what a fork may take along."""

import multiprocessing
import os
import re
import stat
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from quizapp import malloc_arenas, sqlite
from quizapp.db import create_engine_for, keeping_more, reading, syncing_late
from quizapp.settings import ROOT
from quizapp.sqlite import DatabaseLost, NotAfterFork
from quizapp.write_turns import DatabaseBusy

TOPS = ("quizapp", "ops", "tests", "benchmarks", "migrations")
BUSY_S = 1.0  # how long writers write in a test
OWN_LIBRARY = re.compile(r"^\s*(import|from) +(sqlite3|pysqlite3)\b|import_module\(.(py)?sqlite3", re.MULTILINE)
ENGINES = re.compile(r"\bcreate_engine\((?!server|\"sqlite://\", module)")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = create_engine_for(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE answer (id INTEGER PRIMARY KEY, who TEXT)"))
    yield engine
    engine.dispose()


def test_a_page_that_reads_much_keeps_more_of_it_and_lets_go_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back: list[object] = []
    monkeypatch.setattr(malloc_arenas, "trim", lambda: given_back.append(kept()))
    with Session(engine) as db:

        def kept() -> object:
            return db.connection().exec_driver_sql("PRAGMA cache_size").scalar_one()

        usual = kept()
        with suppress(ZeroDivisionError), keeping_more(db):
            assert kept() == -sqlite.KEPT_MORE_KIB
            raise ZeroDivisionError
        assert kept() == usual != -sqlite.KEPT_MORE_KIB
        assert given_back == [usual]  # once SQLite has let go of it


def write_for(engine: Engine, who: str, seconds: float, pause_s: float = 0.0) -> int:
    """Write row after row; returns how many."""
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO answer (who) VALUES (:who)"), {"who": who})
        count += 1
        time.sleep(pause_s)
    return count


def write_in_process(path: Path, who: str, start: threading.Barrier) -> int:
    """Begin with the other process: one that writes alone for a while writes more meanwhile."""
    engine = create_engine_for(f"sqlite:///{path}")
    start.wait(timeout=60)
    with ThreadPoolExecutor(4) as threads:
        counts = list(threads.map(lambda _: write_for(engine, who, BUSY_S), range(4)))
    engine.dispose()
    return sum(counts)


def rows(engine: Engine) -> Counter[str]:
    with reading(), engine.connect() as connection:
        return Counter(connection.scalars(text("SELECT who FROM answer")))


def test_one_file_alone_opens_sqlite() -> None:
    """Two libraries in one process let go each other's locks: acknowledged rows vanish, and nobody says so."""
    sources = [path for top in TOPS for path in (ROOT / top).rglob("*.py")]
    opening = {path.relative_to(ROOT).as_posix() for path in sources if OWN_LIBRARY.search(path.read_text())}
    opening.discard("benchmarks/anki_peer.py")  # a program of its own, run by another Python, on Anki's collection
    assert opening == {"quizapp/sqlite.py"}
    engines = {path.relative_to(ROOT).as_posix() for path in sources if ENGINES.search(path.read_text())}
    assert engines == {"quizapp/db.py"}


@pytest.mark.skipif(
    not (sys.platform == "linux" and os.uname().machine == "x86_64" and sys.version_info < (3, 15)),
    reason="pysqlite3 0.6.1 has wheels for CPython 3.11 to 3.14 on x86-64 alone",
)
def test_where_there_is_a_wheel_there_is_a_write_ahead_log(engine: Engine) -> None:
    assert sqlite.DRIVER.__name__ == "pysqlite3.dbapi2"
    assert engine.dialect.server_version_info >= sqlite.WAL_SAFE_SINCE
    with engine.connect() as connection:
        said = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    assert said == ["wal", 2]


def test_an_older_library_keeps_the_rollback_journal(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "is_wal_safe", lambda: False)
    engine = create_engine_for(f"sqlite:///{path}")
    with engine.connect() as connection:
        said = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    engine.dispose()
    assert said == ["delete", 3]


def set_for(connection: Connection) -> list[object]:
    names = "synchronous", "wal_autocheckpoint"
    return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]


@pytest.mark.skipif(not sqlite.is_wal_safe(), reason="without a log a commit is synced within its turn")
def test_a_large_transaction_is_synced_while_others_write(
    engine: Engine, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = list[str]()

    def watching(real: Callable[[Path], None]) -> Callable[[Path], None]:
        def watched(file: Path) -> None:
            synced.append(file.name)
            with ThreadPoolExecutor(1) as others:  # a thread of its own is in no block of `syncing_late`
                assert others.submit(write_for, engine, "Bob", 0.01).result() > 0
            real(file)

        return watched

    for name in ("sync", "sync_data"):
        monkeypatch.setattr(sqlite, name, watching(getattr(sqlite, name)))
    monkeypatch.setattr(sqlite, "LATE_PAGES", 1)
    with syncing_late():
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO answer (who) VALUES ('Ada')"))
            assert set_for(connection) == [1, 0]
        with suppress(ZeroDivisionError), engine.begin() as connection:
            assert set_for(connection) == [1, 0]
            raise ZeroDivisionError
    assert synced == [f"{path.name}-wal", path.parent.name]
    with engine.begin() as connection:
        assert set_for(connection) == [2, sqlite.USUAL_PAGES]
        assert connection.scalar(text("SELECT count(*) FROM answer WHERE who = 'Ada'")) == 1


def log_of(engine: Engine) -> tuple[int, int]:
    """How many pages the log has, and how many of them are in the file."""
    with engine.connect() as connection:
        _, pages, written_back = connection.connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
    return pages, written_back


@pytest.mark.skipif(not sqlite.is_wal_safe(), reason="without a log nothing is written back")
def test_a_log_is_written_back_once_it_is_long(engine: Engine, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit behind one that was written back begins the log anew, and waits in its turn for the disk."""
    named, real = list[str](), sqlite.sync

    def watched(file: Path) -> None:
        named.append(file.name)
        real(file)

    monkeypatch.setattr(sqlite, "sync", watched)
    before, _ = log_of(engine)
    for _ in range(3):
        with syncing_late(), engine.begin() as connection:
            connection.execute(text("INSERT INTO answer (who) VALUES ('Ada')"))
    pages, written_back = log_of(engine)
    assert (pages >= before + 3, written_back) == (True, 0)
    assert named == [path.parent.name], "the log's name stays on the disk once it is there"
    monkeypatch.setattr(sqlite, "LATE_PAGES", pages)
    with syncing_late(), engine.begin() as connection:
        connection.execute(text("INSERT INTO answer (who) VALUES ('Ada')"))
    pages, written_back = log_of(engine)
    assert pages == written_back > 0


def test_an_older_library_syncs_a_large_transaction_in_its_turn(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "is_wal_safe", lambda: False)
    engine = create_engine_for(f"sqlite:///{path}")
    with syncing_late(), engine.begin() as connection:
        assert set_for(connection)[0] == 3
    engine.dispose()


def test_a_log_is_cut_to_its_usual_length(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_size_limit").scalar() == sqlite.JOURNAL_LIMIT_BYTES


def test_nobody_else_may_read_the_database(engine: Engine, path: Path) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO answer (who) VALUES ('Ada')"))
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes.keys() >= {path.name, f"{path.name}-turns"}
    assert set(modes.values()) == {0o600}


def test_a_database_open_to_others_is_closed_to_them(engine: Engine, path: Path) -> None:
    engine.dispose()
    path.chmod(0o644)
    rows(engine)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_empty_file_is_not_taken_for_a_new_database(path: Path) -> None:
    path.touch()
    with pytest.raises(DatabaseLost, match=r"store.sqlite3 is empty \(0 bytes\).*flask backup restore"):
        create_engine_for(f"sqlite:///{path}").connect()
    assert path.stat().st_size == 0


def test_a_file_that_must_exist_is_not_made(path: Path) -> None:
    with pytest.raises(OperationalError, match="unable to open"):
        create_engine_for(f"sqlite:///{path}", must_exist=True).connect()
    assert not path.exists()


@pytest.mark.parametrize("replaced", [True, False])
def test_nothing_is_written_to_a_file_that_was_moved_away(engine: Engine, path: Path, replaced: bool) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO answer (who) VALUES ('Ada')"))
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(path.with_name(f"moved{ending}"))
    if replaced:
        sqlite.make_file(path)
    with pytest.raises(DatabaseLost, match="was moved away or replaced"), engine.begin():
        pass
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sqlite_master")) == 0


def test_a_thread_beside_busy_ones_gets_its_share(engine: Engine) -> None:
    connected = threading.Barrier(8)

    def write(who: str) -> int:
        with engine.connect():
            connected.wait(timeout=60)
        return write_for(engine, who, BUSY_S)

    with ThreadPoolExecutor(8) as threads:
        counts = list(threads.map(write, [*(f"busy {number}" for number in range(7)), "calm"]))
    assert sum(counts) == rows(engine).total()
    assert min(counts) > max(counts) / 2, counts


def test_busy_processes_lock_nobody_out(engine: Engine, path: Path) -> None:
    processes = multiprocessing.get_context("spawn")
    with processes.Manager() as manager, processes.Pool(2) as pool:
        start = manager.Barrier(2)
        counts = pool.starmap(write_in_process, [(path, name, start) for name in "ab"], chunksize=1)
    assert dict(rows(engine)) == dict(zip("ab", counts, strict=True))
    assert min(counts) > max(counts) / 4, counts


@pytest.mark.skipif(not sqlite.is_wal_safe(), reason="without a log readers wait for writers")
def test_a_reader_waits_for_no_writer_and_none_for_it(engine: Engine) -> None:
    with engine.connect() as reader:
        with reading():
            assert reader.execute(text("SELECT count(*) FROM answer")).scalar() == 0
        with engine.begin() as writer:
            writer.execute(text("INSERT INTO answer (who) VALUES ('Ada')"))
            assert rows(engine).total() == 0
    assert rows(engine).total() == 1


def test_a_turn_ends_with_its_transaction_and_not_with_its_connection(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO answer (who) VALUES ('Ada')"))
        connection.commit()
        assert write_for(engine, "Ben", 0.0) == 0
        with engine.begin() as other:
            other.execute(text("INSERT INTO answer (who) VALUES ('Cleo')"))
    assert rows(engine).total() == 2


def test_a_writer_whose_turn_does_not_come_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    with engine.begin(), pytest.raises(DatabaseBusy, match="locked"):
        engine.begin().__enter__()
    with engine.begin():
        pass


def test_who_takes_no_turn_is_waited_for_as_well(engine: Engine, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 50)
    engine.dispose()
    outsider = sqlite.open_file(path)
    outsider.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy, match="locked"):
        engine.begin().__enter__()
    outsider.close()
    assert write_for(engine, "Ada", 0.01) > 0, "the turn was given back"


def test_a_fork_takes_no_connection_along(engine: Engine) -> None:
    """With SQLite 3.53.4: what the child writes is lost when the parent closes a connection that both have."""
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO answer (who) VALUES ('parent')"))
    child = os.fork()
    if child == 0:
        write_for(engine, "child", 0.01)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    engine.dispose()
    assert rows(engine)["child"] > 0


def test_a_connection_from_before_a_fork_is_refused_after_it(engine: Engine) -> None:
    with engine.connect() as connection:
        child = os.fork()
        if child == 0:
            try:
                connection.execute(text("INSERT INTO answer (who) VALUES ('child')"))
            except NotAfterFork:
                os._exit(7)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_a_journal_of_old_becomes_a_log_while_several_begin(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr(sqlite, "is_wal_safe", lambda: False)
        sqlite.make_file(path)
    barrier = threading.Barrier(8)

    def begin(_: int) -> object:
        engine = create_engine_for(f"sqlite:///{path}")
        barrier.wait(timeout=60)
        with engine.begin() as connection:
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        engine.dispose()
        return mode

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(begin, range(8)))) == 1
