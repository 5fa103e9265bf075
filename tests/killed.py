"""Kills a migration before each statement that writes and each file operation in turn, and looks at what is left.

`python -m tests.killed DATABASE EVERY REVISION…` migrates copies of the SQLite file DATABASE to the first REVISION,
each in a process of its own that kills itself at its first, second, third moment, and so on until one comes through;
then from there to the next REVISION. It takes each EVERYth moment, all with 1, and prints how many were killed. After
each kill the rows must be the ones from before, and migrating again must end with the rows of a migration that nobody
killed. Statements that only read are no moments: before each of them the files are as they are before the next that
writes.
"""

import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, Pool, event, text

from quizapp import sqlite
from quizapp.db import create_engine_for
from quizapp.web import migrations
from tests.filled import Rows, changes, rows_of

# What an audit hook hears of files; opening one is left out, since Python opens modules too. pysqlite3 tells no hook
# of its connections, so `kill_at` asks for them itself.
FILE_OPERATIONS = frozenset({"os.rename", "os.remove", "os.link"})
READING = ("PRAGMA", "SELECT")
PRAGMAS = (
    "PRAGMA cache_size = 5",  # pages; more are written to the file before the commit, so that a kill leaves work to do
    "PRAGMA synchronous = OFF",  # what a killed process has written stays with the kernel, so no disk is waited for
)


def main(database: Path, every: int, *revisions: str) -> None:
    """Exit with a sentence if anything is lost."""
    os.fsync = lambda _: None
    event.listen(Pool, "checkout", lambda connection, *_: [connection.execute(pragma) for pragma in PRAGMAS])
    killed = 0
    for revision in revisions:
        whole = copy_of(database, f"at-{revision}")
        migrate(whole, revision)  # in this process, which has then loaded what each of the others needs
        killed += kill_at_each_moment(database, revision, every=every, after=look(whole)[0])
        database = whole
    print(killed)


def kill_at_each_moment(database: Path, revision: str, *, every: int, after: Rows) -> int:
    """How many times a migration that ends with the rows `after` was killed."""
    before, start = look(database)
    finished = set[frozenset[tuple[str, bytes]]]()
    for moment in count(step=every):
        path = copy_of(database, "killed")
        if not is_killed(path, revision, moment):
            return moment // every
        rows, at = look(path)
        if changes(before, rows) or at != start:
            sys.exit(f"killed at moment {moment}, the database is at {at}: {changes(before, rows)}")
        state = frozenset((file.suffix, file.read_bytes()) for file in path.parent.iterdir())
        if state in finished:
            continue  # the same bytes as after another kill
        finished.add(state)
        migrate(path, revision)
        rows, at = look(path)
        if changes(before, rows) or rows != after or at != revision:
            sys.exit(f"killed at moment {moment} and migrated again, it is at {at}: {changes(before, rows)}")
    raise AssertionError("count() has no end")


def copy_of(template: Path, name: str) -> Path:
    """A copy in an empty folder of its own, beside the one that `template` is in."""
    folder = template.parent.parent / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return Path(shutil.copy(template, folder / template.name))


def look(path: Path) -> tuple[Rows, str]:
    """The rows and the revision. No connection is left open, since a fork would share it."""
    engine = create_engine_for(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = rows_of(connection), str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
    engine.dispose()
    return found


def migrate(path: Path, revision: str) -> None:
    """Go to `revision`, up or down, as `flask db` does."""
    app = Flask(__name__)
    migrations.init_app(app, f"sqlite:///{path}")
    with app.app_context():
        alembic = app.extensions["alembic"]
        (alembic.upgrade if revision > look(path)[1] else alembic.downgrade)(revision)


def is_killed(path: Path, revision: str, moment: int) -> bool:
    """Migrate in a process that kills itself at that moment; whether it came so far."""
    child = os.fork()
    if child == 0:
        kill_at(moment)
        migrate(path, revision)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status not in {0, -signal.SIGKILL}:
        sys.exit(f"the migration ended with {status}")
    return status != 0


def kill_at(moment: int) -> None:
    """Let this process kill itself before the statement or file operation of that number."""
    left = iter(range(moment))

    def step() -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(Engine, "before_cursor_execute")
    def before(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lstrip().upper().startswith(READING):
            step()

    connect = sqlite._connect

    def step_and_connect(*given: object, **named: object) -> object:
        step()
        return connect(*given, **named)

    sqlite._connect = step_and_connect
    event.listen(Engine, "commit", lambda _: step())
    sys.addaudithook(lambda name, _: step() if name in FILE_OPERATIONS else None)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
