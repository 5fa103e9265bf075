"""the words in which a sitting asked its questions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("asked", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("attempt", "asked")
