"""whose own note it is, and when it was offered to all."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column("note", sa.Column("owner_id", sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=True))
    time = sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True)
    op.add_column("note", sa.Column("offered_at", time, nullable=True))


def downgrade() -> None:
    op.drop_column("note", "offered_at")
    op.drop_column("note", "owner_id")
