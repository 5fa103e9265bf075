"""whether a sign-in was made by a one-use link, which is the way back in for who has forgotten the password."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("by_link", sa.Boolean(), nullable=True))
    op.execute("UPDATE sign_in SET by_link = false")
    with op.batch_alter_table("sign_in") as batch_op:
        batch_op.alter_column("by_link", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("sign_in") as batch_op:
        batch_op.drop_column("by_link")
