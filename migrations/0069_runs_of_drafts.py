"""runs in which an editor tries a draft of a lab.

The one open run of a lab that somebody has is the one that counts, so that its index leaves the others out. The version
below knows no drafts: after a step down such runs are over, and stay among their editor's other runs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

INDEX = "uq_lab_run_open"
OPEN = "finished_at IS NULL"


def upgrade() -> None:
    op.add_column("lab_run", sa.Column("tried", sa.JSON(), nullable=True))
    _index_open(f"{OPEN} AND tried IS NULL")


def downgrade() -> None:
    op.execute("UPDATE lab_run SET finished_at = started_at WHERE tried IS NOT NULL AND finished_at IS NULL")
    _index_open(OPEN)
    op.drop_column("lab_run", "tried")


def _index_open(condition: str) -> None:
    op.drop_index(INDEX, "lab_run")
    where = sa.text(condition)
    op.create_index(INDEX, "lab_run", ["user_id", "lab_id"], unique=True, sqlite_where=where, postgresql_where=where)
