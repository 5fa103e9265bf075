"""Migrations keep every row: filled tables, compared after each step up and down, and after a rebuild of each table."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from quizapp.db import Base
from quizapp.web.database import alembic
from tests.conftest import make_settings, opened_app
from tests.filled import KnownTables, Row, Rows, changes, fill, rows_of

TEXTS = {"edit", "tag"}  # the kinds of deeds that are done to questions
# The rows that a step down puts aside on purpose, by the revision that it leaves: the one below has no word for them.
# A step up brings them back.
ASIDE: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "0003": ("lab_event", lambda row: row["kind"] in {"typed", "explained"}),
    "0004": ("lab_event", lambda row: row["kind"] == "commanded"),
    "0036": ("card_deed", lambda row: (row["card_id"] is None) | (row["edit_id"] is not None) | (row["kind"] in TEXTS)),
    "0097": ("card_deed", lambda row: row["kind"] == "add"),
    "0099": ("card_deed", lambda row: row["kind"] in {"remove", "limit-new", "limit-reviews"}),
}
# What a step up does not give back: the order of what was done before it and below is known by time alone.
LOST = {"0097": {"card_deed": {"deed_number"}}}
# The words that a step down changes, since the revision below does not have them; a step up gives them back.
REWORDED: dict[str, dict[str, set[str]]] = {
    "0019": {"review_log": {"source"}},
    "0022": {"review_log": {"outcome"}},
    "0025": {"review_log": {"source", "outcome"}},
    "0042": {"question": {"kind"}},
    "0059": {"content_deed": {"what"}},
    "0065": {"content_deed": {"what"}},
    "0066": {"content_deed": {"what"}},
    "0070": {"content_deed": {"what"}},
    "0071": {"content_deed": {"what"}},
    "0073": {"content_deed": {"what"}},
    "0075": {"content_deed": {"what"}},
    "0077": {"content_deed": {"what"}},
    "0078": {"content_deed": {"what"}},
    "0082": {"content_deed": {"what"}},
    "0085": {"content_deed": {"what"}},
}
# The columns that a step down changes on purpose, likewise: without owners, own notes would be everybody's.
HIDDEN: dict[str, dict[str, set[str]]] = {
    **REWORDED,
    "0014": {
        "note": {"retired_at"},
        "concept": {"retired_at"},
        "question": {"retired_at", "hidden"},
        "card": {"hidden"},
    },
    "0035": {"card": {"suspended"}},  # what another card stands for is learnt by itself there
}
PROBE = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "probe", "{head}"
recreate = "always" if op.get_bind().dialect.name == "sqlite" else "never"


def upgrade():
    for table in {tables}:
        with op.batch_alter_table(table, recreate=recreate) as batch_op:
            batch_op.add_column(sa.Column("probe", sa.String(8), nullable=True))


def downgrade():
    for table in {tables}:
        with op.batch_alter_table(table, recreate=recreate) as batch_op:
            batch_op.drop_column("probe")
"""


@pytest.fixture
def engine(own_engine: Engine) -> Engine:
    """An engine on a database of the test's own, whose tables it may change."""
    return own_engine


@pytest.fixture
def migrated(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    with opened_app(make_settings(tmp_path, database_url)) as app, app.app_context():
        yield app


def filled(engine: Engine, known: KnownTables | None = None) -> Rows:
    with engine.begin() as connection:
        return fill(connection, known)


def stored(engine: Engine) -> Rows:
    with engine.connect() as connection:
        return rows_of(connection)


def without_aside(rows: Rows, revision: str) -> Rows:
    table, is_aside = ASIDE.get(revision, ("", bool))
    return {name: [row for row in rows[name] if name != table or not is_aside(row)] for name in rows}


def of_learners(rows: Rows, revision: str) -> Rows:
    """The tables that a step down puts aside or words otherwise, which must be whole again above it."""
    table, _ = ASIDE.get(revision, ("", bool))
    return {name: rows[name] for name in rows if name == table or name in REWORDED.get(revision, ())}


def without_hidden(rows: Rows, revision: str, columns: dict[str, dict[str, set[str]]] = HIDDEN) -> Rows:
    """The rows without the columns of HIDDEN; `test_own_notes_step_down` says what these must be."""
    hidden = columns.get(revision, {})
    return {
        name: [{key: row[key] for key in row if key not in hidden.get(name, ())} for row in rows[name]] for name in rows
    }


def test_every_step_up_and_down_keeps_every_row(migrated: Flask, engine: Engine) -> None:
    revisions = [script.revision for script in reversed(alembic.log())]
    alembic.downgrade(revisions[0])
    known = KnownTables()
    rows = filled(engine, known)
    for below, above in pairwise(revisions):
        alembic.upgrade(above)
        assert changes(rows, stored(engine)) == {}, f"{below} up to {above}"
        before = filled(engine, known)
        alembic.downgrade(below)
        kept = stored(engine)
        assert changes(without_aside(before, above), without_hidden(kept, above)) == {}, f"{above} down to {below}"
        alembic.upgrade(above)
        rows = stored(engine)
        same = without_hidden(kept, above, REWORDED)
        assert changes(same, without_aside(rows, above)) == {}, f"{below} up again to {above}"
        whole = without_hidden(of_learners(before, above), above, LOST)
        assert changes(whole, of_learners(rows, above)) == {}, f"{above} down and up again"


def test_no_table_is_left_without_rows(migrated: Flask, engine: Engine) -> None:
    rows = filled(engine)
    assert {name for name in Base.metadata.tables if len(rows[name]) < 3} == set()


@pytest.mark.parametrize("table", ["user_account", "every table"])
def test_a_new_column_costs_no_row(migrated: Flask, engine: Engine, tmp_path: Path, table: str) -> None:
    """Though on SQLite the table is dropped for it, to which others refer with ON DELETE CASCADE."""
    before = filled(engine)
    (head,) = alembic.heads()
    probe = PROBE.format(head=head.revision, tables=[table] if table in before else list(before))
    (tmp_path / "probe").mkdir()
    (tmp_path / "probe" / "probe.py").write_text(probe)
    with opened_app(make_settings(tmp_path, str(engine.url))) as app, app.app_context():
        app.config["ALEMBIC"]["version_locations"] = [str(tmp_path / "probe")]
        alembic.upgrade()
        assert changes(before, stored(engine)) == {}
        alembic.downgrade()
        assert changes(before, stored(engine)) == {}
