"""fewer bytes for each row: UUIDs and times as SQLite stores them shortest, letters for words, an index less."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import click
import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

UUIDS = {
    "attempt": ["id", "quiz_session_id"],
    "card": ["id", "user_id"],
    "day_tally": ["user_id"],
    "lab_command": ["lab_run_id"],
    "lab_event": ["lab_run_id"],
    "lab_run": ["id", "user_id"],
    "question_edit": ["editor_id"],
    "quiz_session": ["id", "user_id"],
    "review_log": ["id", "user_id", "card_id"],
    "sign_in": ["user_id"],
    "sign_in_link": ["user_id"],
    "user_account": ["id"],
}
TIMES = {
    "accepted_form": ["accepted_at"],
    "attempt": ["answered_at"],
    "card": ["last_review_at", "due_at", "created_at"],
    "concept": ["retired_at"],
    "failed_sign_ins": ["until"],
    "lab": ["retired_at"],
    "lab_command": ["ran_at"],
    "lab_event": ["happened_at"],
    "lab_run": ["started_at", "ready_at", "finished_at"],
    "note": ["imported_at", "retired_at"],
    "question": ["updated_at", "retired_at"],
    "question_edit": ["edited_at"],
    "quiz_session": ["started_at", "finished_at"],
    "review_log": ["reviewed_at", "due_at_after"],
    "sign_in": ["created_at", "expires_at", "ended_at"],
    "sign_in_link": ["created_at", "expires_at", "used_at"],
    "user_account": ["created_at"],
}
PHASES = {"new": "n", "learning": "l", "review": "r", "relearning": "e"}
SOURCES = {"review": "r", "quiz": "q", "sandbox": "s"}
OUTCOMES = {"applied": "a", "stale": "s", "undone": "u"}
WORDS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "card": {"phase": PHASES},
    "review_log": {"source": SOURCES, "outcome": OUTCOMES, "phase_before": PHASES},
}
HEX, BYTES, TEXT, NUMBER, WORD, LETTER = "CHAR(32)", "BLOB", "DATETIME", "BIGINT", "VARCHAR(24)", "VARCHAR(1)"
# The new values as expressions of SQLite's, with the column's name in place of {0}. SQLite 3.40 has no unhex(), so that
# Python makes the bytes. A time's seconds and microseconds are converted apart, since SQLite's own fractions end at
# milliseconds; before 1970, when the number is negative, the microseconds still count from the second before.
TO_BYTES, TO_HEX = "bytes_of_hex({0})", "lower(hex({0}))"
TO_NUMBER = (
    "CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER) * 1000000"
    " + CAST(substr(substr({0}, 21) || '000000', 1, 6) AS INTEGER)"
)
FRACTION = "(({0} % 1000000 + 1000000) % 1000000)"
TO_TEXT = (
    f"strftime('%Y-%m-%d %H:%M:%S', ({{0}} - {FRACTION}) / 1000000, 'unixepoch')"
    f" || '.' || substr('00000' || {FRACTION}, -6)"
)
# The index that keeps a learner from having two cards of a question finds a question's cards, if it begins with it.
BY_LEARNER = "CONSTRAINT uq_card_user_id_question_id UNIQUE (user_id, question_id)"
BY_QUESTION = "CONSTRAINT uq_card_question_id_user_id UNIQUE (question_id, user_id)"
MANY = 100_000  # rows; copying as many takes seconds, so a line says that it has begun


@dataclass(frozen=True, kw_only=True)
class Change:
    """How a column is said and stored, before and after."""

    column: str
    type: str
    new_type: str
    value: str
    """The new value, as an expression of SQL."""
    words: Mapping[str, str]
    """What becomes of each value that the column's check constraint allows; none without one."""


def upgrade() -> None:
    op.drop_index("ix_card_question_id", "card")
    for table in sorted({*UUIDS, *TIMES, *WORDS}):
        uuids = [_converted(column, HEX, BYTES, TO_BYTES) for column in UUIDS.get(table, ())]
        times = [_converted(column, TEXT, NUMBER, TO_NUMBER) for column in TIMES.get(table, ())]
        words = [_renamed(column, WORD, LETTER, said) for column, said in WORDS.get(table, {}).items()]
        _rewrite(table, uuids + times, words, constraint=(BY_LEARNER, BY_QUESTION) if table == "card" else None)


def downgrade() -> None:
    for table in sorted({*UUIDS, *TIMES, *WORDS}):
        uuids = [_converted(column, BYTES, HEX, TO_HEX) for column in UUIDS.get(table, ())]
        times = [_converted(column, NUMBER, TEXT, TO_TEXT) for column in TIMES.get(table, ())]
        words = [
            _renamed(column, LETTER, WORD, {letter: word for word, letter in said.items()})
            for column, said in WORDS.get(table, {}).items()
        ]
        _rewrite(table, uuids + times, words, constraint=(BY_QUESTION, BY_LEARNER) if table == "card" else None)
    op.create_index("ix_card_question_id", "card", ["question_id", "hidden"], unique=False)


def _converted(column: str, old: str, new: str, value: str) -> Change:
    # NULL stays NULL in each of these expressions but that of bytes' hex digits, which would be an empty text.
    kept = f"CASE WHEN {column} IS NOT NULL THEN {value.format(column)} END"
    return Change(column=column, type=old, new_type=new, value=kept, words={})


def _renamed(column: str, old: str, new: str, words: Mapping[str, str]) -> Change:
    cases = " ".join(f"WHEN '{word}' THEN '{other}'" for word, other in words.items())
    return Change(column=column, type=old, new_type=new, value=f"CASE {column} {cases} END", words=words)


def _rewrite(table: str, converted: list[Change], renamed: list[Change], *, constraint: tuple[str, str] | None) -> None:
    """Change columns of a table, and put one constraint in the place of another.

    All on SQLite; of PostgreSQL's columns, which has types of its own for UUIDs and times, those of words.
    """
    if op.get_bind().dialect.name == "sqlite":
        _copy(table, converted + renamed, constraint=constraint)
    elif renamed:
        _alter(table, renamed, constraint=constraint)


def _alter(table: str, changes: list[Change], *, constraint: tuple[str, str] | None) -> None:
    """Change columns in one statement, which writes the table once."""
    actions = [f"DROP CONSTRAINT ck_{table}_{change.column}" for change in changes]
    actions += [f"ALTER {change.column} TYPE {change.new_type} USING {change.value}" for change in changes]
    for change in changes:
        allowed = ", ".join(f"'{word}'" for word in change.words.values())
        actions.append(f"ADD CONSTRAINT ck_{table}_{change.column} CHECK ({change.column} IN ({allowed}))")
    if constraint is not None:
        (_, old, *_), new = constraint[0].split(), constraint[1]
        actions += [f"DROP CONSTRAINT {old}", f"ADD {new}"]
    op.execute(f"ALTER TABLE {table} {', '.join(actions)}")


def _copy(table: str, changes: list[Change], *, constraint: tuple[str, str] | None) -> None:
    """Put a new table in the place of the old one, made by the same words but for the types and values that change.

    So it has all constraints and indexes that the old one had. The rows pass through no memory but SQLite's cache.
    """
    connection = op.get_bind()
    connection.connection.driver_connection.create_function("bytes_of_hex", 1, bytes.fromhex)
    _say_if_many(table)
    # Constraints make indexes of which nothing is said.
    stored = sa.text("SELECT name, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL")
    said = dict(connection.execute(stored, {"table": table}).all())
    new = f"{table}_compact"
    made = _made_with(said.pop(table), changes, name=new)
    if constraint is not None:
        made = _replaced(re.escape(constraint[0]), constraint[1], made)
    connection.exec_driver_sql(made)
    connection.exec_driver_sql(_filled_from(table, changes, name=new))
    op.drop_table(table)
    op.rename_table(new, table)
    for statement in said.values():
        connection.exec_driver_sql(statement)


def _made_with(said: str, changes: list[Change], *, name: str) -> str:
    """The statement `said`, which makes a table, for one of another name with changed columns."""
    made = _replaced(r'\ACREATE TABLE "?\w+"?', f"CREATE TABLE {name}", said)
    for change in changes:
        made = _replaced(rf"\b({change.column}\"? ){re.escape(change.type)}", rf"\g<1>{change.new_type}", made)
        if change.words:
            allowed = ", ".join(f"'{word}'" for word in change.words.values())
            made = _replaced(
                rf"CHECK \({change.column} IN \([^)]*\)\)", f"CHECK ({change.column} IN ({allowed}))", made
            )
    return made


def _filled_from(table: str, changes: list[Change], *, name: str) -> str:
    """The statement that copies every row of `table` into the table of that name."""
    values = {change.column: change.value for change in changes}
    columns = op.get_bind().execute(sa.text("SELECT name FROM pragma_table_info(:table)"), {"table": table})
    sources = {f'"{column}"': values.get(column, f'"{column}"') for (column,) in columns}
    return f"INSERT INTO {name} ({', '.join(sources)}) SELECT {', '.join(sources.values())} FROM {table}"


def _replaced(pattern: str, by: str, said: str) -> str:
    made, count = re.subn(pattern, by, said)
    assert count == 1, f"{pattern} is {count} times in {said}"
    return made


def _say_if_many(table: str) -> None:
    rows = op.get_bind().execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()
    if rows > MANY:
        click.echo(f"Writing {rows:,} rows of {table} anew, in fewer bytes", err=True)
