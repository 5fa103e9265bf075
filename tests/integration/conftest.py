"""Databases with rows in every table, which are filled once and copied: to fill one takes a sixth of a second."""

from pathlib import Path

import pytest

from tests import databases
from tests.filled import fill_database, filled_copy


@pytest.fixture(scope="session")
def filled_sqlite(migrated_sqlite: Path) -> Path:
    """A SQLite file at the newest revision with rows in every table; tests copy it."""
    path = databases.run_folder() / "filled.sqlite3"
    with databases.made_once("filled-sqlite") as is_first:
        if is_first:
            filled_copy(migrated_sqlite, path)
    return path


@pytest.fixture(scope="session")
def filled_postgresql(migrated_postgresql: str) -> str:
    """The server with a database `databases.FILLED`, likewise; tests copy it."""
    with databases.made_once("filled-postgresql") as is_first:
        if is_first:
            fill_database(databases.copy_template(migrated_postgresql, databases.FILLED))
    return migrated_postgresql
