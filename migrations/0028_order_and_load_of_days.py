"""in which order due cards come, how many come back on the days to come, and the share of each weekday."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

ORDERS = ("due", "least-recall", "most-recall", "random", "concepts")
ORDER = sa.Enum(*ORDERS, name="review_order", native_enum=False, length=24, create_constraint=True)
# The order stays as it was for everybody. Days are balanced for everybody: no card that waits is moved by it.
NOW = "UPDATE user_account SET review_order = 'due', is_balanced = true"
LOADS = (
    "INSERT INTO day_load (user_id, day, cards) SELECT user_id, due_day, count(*) FROM card"
    " WHERE hidden = false AND suspended = false AND due_at IS NULL AND due_day IS NOT NULL GROUP BY user_id, due_day"
)


def upgrade() -> None:
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.add_column(sa.Column("review_order", ORDER, nullable=True))
        batch_op.add_column(sa.Column("is_balanced", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("easy_days", sa.JSON(), nullable=True))
    op.execute(NOW)
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.alter_column("review_order", existing_type=sa.String(length=24), nullable=False)
        batch_op.alter_column("is_balanced", existing_type=sa.Boolean(), nullable=False)
    uuid = sa.LargeBinary() if op.get_bind().dialect.name == "sqlite" else sa.Uuid()
    op.create_table(
        "day_load",
        sa.Column("user_id", uuid, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_day_load_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "day", name="pk_day_load"),
    )
    op.execute(LOADS)


def downgrade() -> None:
    op.drop_table("day_load")
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.drop_constraint(op.f("ck_user_account_review_order"), type_="check")
        for column in ("easy_days", "is_balanced", "review_order"):
            batch_op.drop_column(column)
