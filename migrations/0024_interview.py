"""the day of a learner's interview and the minutes a day that they have until then."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_account", sa.Column("interview_day", sa.Integer(), nullable=True))
    op.add_column("user_account", sa.Column("interview_minutes", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("user_account", "interview_minutes")
    op.drop_column("user_account", "interview_day")
