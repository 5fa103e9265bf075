"""a file's text with its own line ends and mark, so that it can be given back byte for byte."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("note", sa.Column("exact", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("note", "exact")
