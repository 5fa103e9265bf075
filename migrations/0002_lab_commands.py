"""commands of the command box."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lab_command",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lab_run_id", sa.Uuid(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("output", sa.Text(), nullable=False),
        sa.Column("exit_code", sa.Integer(), nullable=True),
        sa.Column("is_cut", sa.Boolean(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lab_run_id"], ["lab_run.id"], name=op.f("fk_lab_command_lab_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lab_command")),
    )
    with op.batch_alter_table("lab_command", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lab_command_lab_run_id"), ["lab_run_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("lab_command", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lab_command_lab_run_id"))

    op.drop_table("lab_command")
