"""the state in which another program left a card, in the log before the reviews that follow it."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OUTCOMES, MORE = ("a", "s", "u"), ("a", "s", "u", "g")
NAME = "ck_review_log_outcome"


def upgrade() -> None:
    _allow(MORE)


def downgrade() -> None:
    op.execute("DELETE FROM review_log WHERE outcome = 'g'")  # the cards stay as they are, until one is computed anew
    _allow(OUTCOMES)


def _allow(outcomes: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{outcome}'" for outcome in outcomes)
    with op.batch_alter_table("review_log") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), sa.text(f"outcome IN ({listed})"))
