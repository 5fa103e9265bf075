"""answers of sittings that leave the schedule alone.

The version below has no word for them. A step down has them stand in the log as reviews that changed no card, and keeps
beside it which words they had, so that a step up gives them back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

COLUMNS = {"source": ("r", "q", "s", "i"), "outcome": ("a", "s", "u", "g")}
APART = "p"
ASIDE = "review_log_of_0025"


def upgrade() -> None:
    _allow(APART)
    if sa.inspect(op.get_bind()).has_table(ASIDE):
        for column in COLUMNS:
            word = f"(SELECT {column} FROM {ASIDE} a WHERE a.id = review_log.id)"
            op.execute(f"UPDATE review_log SET {column} = {word} WHERE id IN (SELECT id FROM {ASIDE})")
        op.drop_table(ASIDE)


def downgrade() -> None:
    apart = f"source = '{APART}' OR outcome = '{APART}'"
    if op.get_bind().scalar(sa.text(f"SELECT 1 FROM review_log WHERE {apart} LIMIT 1")):
        op.execute(f"CREATE TABLE {ASIDE} AS SELECT id, source, outcome FROM review_log WHERE {apart}")
        op.execute(f"UPDATE review_log SET outcome = 's' WHERE outcome = '{APART}'")
        op.execute(f"UPDATE review_log SET source = 'r' WHERE source = '{APART}'")
    _allow()


def _allow(*more: str) -> None:
    with op.batch_alter_table("review_log") as batch_op:
        for column, codes in COLUMNS.items():
            listed = ", ".join(f"'{code}'" for code in (*codes, *more))
            name = op.f(f"ck_review_log_{column}")
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, sa.text(f"{column} IN ({listed})"))
