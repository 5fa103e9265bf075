"""where new cards come, whether siblings wait a day, how many ratings there are, and which review buried a card."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ORDER = sa.Enum("mixed", "after", "before", name="new_order", native_enum=False, length=24, create_constraint=True)
# Whoever learns already keeps what they are used to: no card waits, and there are four ratings.
NOW = "UPDATE user_account SET new_order = 'mixed', bury_siblings = false, two_ratings = false"


def upgrade() -> None:
    uuid = sa.LargeBinary() if op.get_bind().dialect.name == "sqlite" else sa.Uuid()
    op.add_column("card", sa.Column("buried_by", uuid, nullable=True))
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.add_column(sa.Column("new_order", ORDER, nullable=True))
        batch_op.add_column(sa.Column("bury_siblings", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("two_ratings", sa.Boolean(), nullable=True))
    op.execute(NOW)
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.alter_column("new_order", existing_type=sa.String(length=24), nullable=False)
        batch_op.alter_column("bury_siblings", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("two_ratings", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.drop_constraint(op.f("ck_user_account_new_order"), type_="check")
        for column in ("two_ratings", "bury_siblings", "new_order"):
            batch_op.drop_column(column)
    op.drop_column("card", "buried_by")
