"""What stands before and after the statements of a backup, so that putting it back is one transaction. SQL alone."""

from collections.abc import Mapping, Sequence

# A wait for one table, shorter than PostgreSQL's `deadlock_timeout` of a second: who uses the product wins.
LOCK_WAIT_MS = 700
PAUSE_S = 0.1  # between two tries to lock all tables
# Each request asks who is signed in before anything else. With this table locked before the others, new requests wait
# without holding what is still to be locked, and only those under way have to end.
FIRST = "user_account"
LOCK_ALL = """\
DO $$
DECLARE
    until timestamptz := clock_timestamp() + interval '{deadline_s} seconds';
BEGIN
    SET LOCAL lock_timeout = '{wait_ms}ms';
    LOOP
        BEGIN
            LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE;
            EXIT;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            IF clock_timestamp() > until THEN
                RAISE;
            END IF;
            PERFORM pg_sleep({pause_s});
        END;
    END LOOP;
END $$;
DROP TABLE {tables};
"""
COMPARE = """\
DO $$
BEGIN
    IF (SELECT count(*) FROM {table}) <> {rows} THEN
        RAISE EXCEPTION '% has other rows than the backup', '{name}';
    END IF;
END $$;
"""


def beginning(schema: str, tables: Sequence[str], *, deadline_s: float) -> str:
    """Begin a transaction and remove these tables, once nobody uses one of them; gives up after `deadline_s` seconds.

    Tables that others need, such as a view of somebody's own, are not removed; that is an error.
    """
    if not tables:
        return "BEGIN;\n"
    quoted = ", ".join(_quoted(schema, table) for table in sorted(tables, key=lambda table: (table != FIRST, table)))
    return "BEGIN;\n" + LOCK_ALL.format(tables=quoted, deadline_s=deadline_s, wait_ms=LOCK_WAIT_MS, pause_s=PAUSE_S)


def end(schema: str, rows: Mapping[str, int]) -> str:
    """Compare how many rows each table has, and commit. Statistics are made too: without them queries would be slow."""
    compared = (COMPARE.format(table=_quoted(schema, name), name=name, rows=count) for name, count in rows.items())
    return f"{''.join(compared)}ANALYZE {', '.join(_quoted(schema, name) for name in rows)};\nCOMMIT;\n"


def _quoted(schema: str, table: str) -> str:
    return f'"{schema}"."{table}"'
