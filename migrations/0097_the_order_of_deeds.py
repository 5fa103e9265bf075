"""a number that gives the order of what a learner did whatever the clock says, and adding cards among the deeds.

What was done before has none, and is the earlier; so no row of the log is written anew. The version below knows
neither. A step down puts aside that cards were added, and a step up brings that back; but no numbers: what was done
below has none, and would count as earlier than what was done before it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0097"
down_revision = "0094"
branch_labels = None
depends_on = None

KINDS = ("bury", "unbury", "suspend", "unsuspend", "flag", "leech", "release", "reschedule", "reset", "edit", "tag")
NAME = "ck_card_deed_deed_kind"
TABLES = ("review_log", "card_deed")
COLUMNS = "id, step, user_id, card_id, kind, before, after, after_sequence, after_review, done_at, undone, edit_id"
ASIDE = "card_deed_of_0097"
NUMBERED = sa.text("deed_number IS NOT NULL")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("deed_number", sa.Integer(), nullable=True))
    with op.batch_alter_table("card_deed") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), _one_of((*KINDS, "add")))
    for table in TABLES:
        columns = ["user_id", "deed_number"]
        op.create_index(f"ix_{table}_deed_number", table, columns, sqlite_where=NUMBERED, postgresql_where=NUMBERED)

    if sa.inspect(op.get_bind()).has_table(ASIDE):
        # Its card may have been removed below, and SQLite may have given its number to a deed that was done below.
        there = "(card_id IS NULL OR card_id IN (SELECT id FROM card)) AND id NOT IN (SELECT id FROM card_deed)"
        op.execute(f"INSERT INTO card_deed ({COLUMNS}) SELECT {COLUMNS} FROM {ASIDE} WHERE {there}")
        op.drop_table(ASIDE)


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT 1 FROM card_deed WHERE kind = 'add' LIMIT 1")):
        op.execute(f"CREATE TABLE {ASIDE} AS SELECT {COLUMNS} FROM card_deed WHERE kind = 'add'")
        op.execute("DELETE FROM card_deed WHERE kind = 'add'")
    for table in TABLES:
        op.drop_index(f"ix_{table}_deed_number", table)
        op.drop_column(table, "deed_number")
    with op.batch_alter_table("card_deed") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), _one_of(KINDS))


def _one_of(kinds: tuple[str, ...]) -> sa.TextClause:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return sa.text(f"kind IN ({listed})")
