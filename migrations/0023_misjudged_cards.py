"""on which day a learner was sure of what a card asks and wrong, and an index of the cards that come first for it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NAME = "ix_card_misjudged"
COLUMNS = ["user_id", "due_day", "last_review_at", "buried_until_day"]
WHERE = "hidden = {no} AND suspended = {no} AND due_at IS NULL AND due_day IS NOT NULL AND misjudged_day >= last_day"


def upgrade() -> None:
    op.add_column("card", sa.Column("misjudged_day", sa.Integer(), nullable=True))
    where = {"sqlite_where": sa.text(WHERE.format(no="0")), "postgresql_where": sa.text(WHERE.format(no="false"))}
    op.create_index(NAME, "card", COLUMNS, **where)


def downgrade() -> None:
    op.drop_index(NAME, "card")
    op.drop_column("card", "misjudged_day")
