"""answers of sittings that leave the schedule alone."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

COLUMNS = {"source": ("r", "q", "s", "i"), "outcome": ("a", "s", "u", "g")}
APART = "p"


def upgrade() -> None:
    _allow(APART)


def downgrade() -> None:
    op.execute(f"DELETE FROM review_log WHERE source = '{APART}' OR outcome = '{APART}'")  # they changed no card
    _allow()


def _allow(*more: str) -> None:
    with op.batch_alter_table("review_log") as batch_op:
        for column, codes in COLUMNS.items():
            listed = ", ".join(f"'{code}'" for code in (*codes, *more))
            name = op.f(f"ck_review_log_{column}")
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, sa.text(f"{column} IN ({listed})"))
