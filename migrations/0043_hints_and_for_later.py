"""hints of questions, and of a quiz's questions how many were taken and whether it is marked for later."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("question", sa.Column("hints", sa.JSON(), nullable=True))
    op.add_column("attempt", sa.Column("hints_taken", sa.Integer(), nullable=True))
    op.add_column("attempt", sa.Column("for_later", sa.Boolean(), nullable=True))
    op.execute("UPDATE question SET hints = '[]'")
    op.execute("UPDATE attempt SET hints_taken = 0, for_later = false")
    with op.batch_alter_table("question") as batch_op:
        batch_op.alter_column("hints", existing_type=sa.JSON(), nullable=False)
    with op.batch_alter_table("attempt") as batch_op:
        batch_op.alter_column("hints_taken", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("for_later", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("attempt") as batch_op:
        batch_op.drop_column("for_later")
        batch_op.drop_column("hints_taken")
    with op.batch_alter_table("question") as batch_op:
        batch_op.drop_column("hints")
