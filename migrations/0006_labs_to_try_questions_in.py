"""the lab in which what a question asks can be tried."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("question", sa.Column("lab_slug", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("question", "lab_slug")
