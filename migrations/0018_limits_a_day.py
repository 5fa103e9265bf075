"""how many new cards and reviews a learner wants a day, and a table of other numbers for one day alone."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.add_column(sa.Column("new_per_day", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("reviews_per_day", sa.Integer(), nullable=True))
    op.execute("UPDATE user_account SET new_per_day = 20")
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.alter_column("new_per_day", existing_type=sa.Integer(), nullable=False)
    uuid = sa.LargeBinary() if op.get_bind().dialect.name == "sqlite" else sa.Uuid()
    op.create_table(
        "day_limit",
        sa.Column("user_id", uuid, nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("new_cards", sa.Integer(), nullable=True),
        sa.Column("reviews", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_day_limit_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "day", name="pk_day_limit"),
    )


def downgrade() -> None:
    op.drop_table("day_limit")
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.drop_column("reviews_per_day")
        batch_op.drop_column("new_per_day")
