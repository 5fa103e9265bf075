"""the link with which others may read a run's replay."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lab_run", sa.Column("link", sa.String(length=43), nullable=True))
    op.create_index(op.f("ix_lab_run_link"), "lab_run", ["link"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_lab_run_link"), table_name="lab_run")
    with op.batch_alter_table("lab_run") as batch_op:
        batch_op.drop_column("link")
