"""reviews that were made in another program, beside those that were made here.

The version below has no word for them. A step down has them stand in the log as reviews that were made here, and keeps
beside it which they were, so that a step up gives them their word back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SOURCES, MORE = ("r", "q", "s"), ("r", "q", "s", "i")
ASIDE = "review_log_of_0019"
NAME = "ck_review_log_source"


def upgrade() -> None:
    _allow(MORE)
    if sa.inspect(op.get_bind()).has_table(ASIDE):
        op.execute(f"UPDATE review_log SET source = 'i' WHERE id IN (SELECT id FROM {ASIDE})")
        op.drop_table(ASIDE)


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT 1 FROM review_log WHERE source = 'i' LIMIT 1")):
        op.execute(f"CREATE TABLE {ASIDE} AS SELECT id FROM review_log WHERE source = 'i'")
        op.execute("UPDATE review_log SET source = 'r' WHERE source = 'i'")
    _allow(SOURCES)


def _allow(sources: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{source}'" for source in sources)
    with op.batch_alter_table("review_log") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), sa.text(f"source IN ({listed})"))
