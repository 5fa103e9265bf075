"""which concept another one was merged into, so that the labs which name it go there. A step down forgets it."""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("concept", sa.Column("merged_into", sa.String(64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("concept") as batch_op:
        batch_op.drop_column("merged_into")
