"""Making, checking and putting back backups of a PostgreSQL database, by its own programs. Knows nothing of SQLite."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL, Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from quizapp import sqlite
from quizapp.backups import postgresql_tools as tools
from quizapp.backups.faults import BackupBroken, BackupFailed, RestoreFailed, told
from quizapp.backups.postgresql_script import beginning, end
from quizapp.backups.seal import Seal, make_seal, new_file, sealed, write_seal
from quizapp.db import Base, create_engine_for, reading

STEM, SUFFIX, UNFINISHED = "quizapp", ".dump", ".dumping"
MARK = b"PGDMP"  # the first bytes of what pg_dump makes with --format=custom
VERSIONS = "alembic_version"
COPY = re.compile(rb'COPY \S+\."?([^" ]+)"? \(.*\) FROM stdin;\n')
COPY_END = b"\\.\n"


class _Server(NamedTuple):
    """What there is at the other end of a connection."""

    major: int
    schema: str
    tables: list[str]


def is_dump(file: Path) -> bool:
    """Whether a file is a backup of PostgreSQL, whole or not."""
    with file.open("rb") as content:
        return content.read(len(MARK)) == MARK


def create(url: URL, target: Path, *, now: datetime, deadline_s: float) -> tuple[Path, Seal]:
    """Make a backup, while others use the database. `target` is a new file, or a folder for one named after `now`.

    Waits up to `deadline_s` seconds for a table that somebody has locked. Raises BackupFailed and ToolMissing.
    """
    target = new_file(target, stem=STEM, suffix=SUFFIX, now=now)
    unfinished = target.with_name(target.name + UNFINISHED)
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, sqlite.PRIVATE))
        with _connected(url) as connection:
            rows, revision = _dump(connection, url, unfinished, deadline_s=deadline_s)
        _refuse_other_rows(unfinished, rows)
        sqlite.sync(unfinished)
        write_seal(seal := make_seal(unfinished, rows=rows, revision=revision, now=now), target)
        unfinished.rename(target)
        sqlite.sync(target.parent)
    except OSError as error:
        raise BackupFailed(f"No backup was made: {told(error)}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return target, seal


def verify(backup: Path) -> Seal:
    """What a backup holds, if it is whole: its sum, that it can be read, its tables and their rows. Changes nothing.

    Raises BackupBroken and ToolMissing.
    """
    seal = sealed(backup)
    try:
        _refuse_other_rows(backup, seal.rows)
    except OSError as error:
        raise BackupBroken(f"{backup} is damaged: {error}; take another one.") from error
    return seal


def restore(url: URL, backup: Path, *, now: datetime, keep_in: Path, deadline_s: float) -> tuple[Seal, Path | None]:
    """Put a backup that is whole in the place of the database; also returns where what was there is kept, if anything.

    It is one transaction, which ends only if every table has its rows; whoever uses the database waits meanwhile.
    Raises BackupBroken, BackupFailed, RestoreFailed and ToolMissing.
    """
    seal = verify(backup)
    kept = None
    try:
        with _connected(url) as connection:
            server = _server(connection)
        _refuse_foreign(server, seal)
        if server.tables:
            kept, _ = create(url, keep_in, now=now, deadline_s=deadline_s)
        _put_in_place(url, backup, seal, server, deadline_s=deadline_s)
    except OSError as error:
        raise RestoreFailed(f"{backup} was not put back: {told(error)}") from error
    return seal, kept


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    """A connection with one view of the database for the whole block. Errors of the driver within become OSError."""
    engine: Engine = create_engine_for(url)
    try:
        with reading(), engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            yield connection
    except DBAPIError as error:
        raise OSError(str(error.orig).strip().partition("\n")[0]) from error
    finally:
        engine.dispose()


def _server(connection: Connection) -> _Server:
    inspector = inspect(connection)
    version = connection.dialect.server_version_info
    assert version is not None
    return _Server(int(version[0]), inspector.default_schema_name or "public", sorted(inspector.get_table_names()))


def _dump(connection: Connection, url: URL, file: Path, *, deadline_s: float) -> tuple[dict[str, int], str]:
    """Dump the tables that a connection sees, as it sees them, and count their rows; also returns the revision."""
    server = _server(connection)
    if VERSIONS not in server.tables:
        raise OSError("the database holds nothing of this product")
    snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
    command = [
        tools.find("pg_dump", major=server.major),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--lock-wait-timeout={int(deadline_s * 1000)}",
        f"--snapshot={snapshot}",
        f"--file={file}",
        f"--dbname={tools.address_of(url)}",
        *(f'--table="{server.schema}"."{table}"' for table in server.tables),
    ]
    tools.run(command, env=tools.environment_of(url))
    rows = {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in server.tables}
    return rows, "+".join(connection.scalars(text(f"SELECT version_num FROM {VERSIONS}")))


def _refuse_other_rows(backup: Path, rows: Mapping[str, int]) -> None:
    """Raise OSError unless the backup can be read from end to end and holds these tables with as many rows."""
    found: dict[str, int] = {}
    command = [tools.find("pg_restore"), "--data-only", "--file=-", str(backup)]
    with tools.output_of(command, env=tools.environment_of(None)) as lines:
        for line in lines:
            if copy := COPY.fullmatch(line):
                found[copy[1].decode()] = sum(1 for _ in iter(lines.readline, COPY_END))
    if found != rows:
        raise OSError("it has other rows than the database had when it was made")


def _refuse_foreign(server: _Server, seal: Seal) -> None:
    """Raise RestoreFailed if there are tables that are not the product's, since all that are there are replaced."""
    known = Base.metadata.tables.keys() | seal.rows.keys() if VERSIONS in server.tables else set()
    foreign = [table for table in server.tables if table not in known]
    if foreign:
        raise RestoreFailed(
            f"Nothing was put back: the database has tables of somebody else, {', '.join(foreign)}; move them away, or "
            "name another database in DATABASE_URL."
        )


def _put_in_place(url: URL, backup: Path, seal: Seal, server: _Server, *, deadline_s: float) -> None:
    reader = [tools.find("pg_restore", major=server.major), "--no-owner", "--no-privileges", "--file=-", str(backup)]
    writer = [tools.find("psql", major=server.major), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    env = tools.environment_of(url)
    with (
        tools.input_of([*writer, f"--dbname={tools.address_of(url)}"], env=env) as script,
        tools.output_of(reader, env=env) as statements,
    ):
        script.write(beginning(server.schema, server.tables, deadline_s=deadline_s).encode())
        shutil.copyfileobj(statements, script)
        script.write(end(server.schema, seal.rows).encode())
