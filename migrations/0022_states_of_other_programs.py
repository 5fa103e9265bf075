"""the state in which another program left a card, in the log before the reviews that follow it.

The version below has no word for it. A step down has it stand in the log as a review that was taken back, which is in
no figure and changes no card, and keeps beside it which these were, so that a step up gives them their word back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OUTCOMES, MORE = ("a", "s", "u"), ("a", "s", "u", "g")
ASIDE = "review_log_of_0022"
NAME = "ck_review_log_outcome"


def upgrade() -> None:
    _allow(MORE)
    if sa.inspect(op.get_bind()).has_table(ASIDE):
        op.execute(f"UPDATE review_log SET outcome = 'g' WHERE id IN (SELECT id FROM {ASIDE})")
        op.drop_table(ASIDE)


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT 1 FROM review_log WHERE outcome = 'g' LIMIT 1")):
        op.execute(f"CREATE TABLE {ASIDE} AS SELECT id FROM review_log WHERE outcome = 'g'")
        op.execute("UPDATE review_log SET outcome = 'u' WHERE outcome = 'g'")
    _allow(OUTCOMES)  # the cards stay as they are, until one is computed anew


def _allow(outcomes: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{outcome}'" for outcome in outcomes)
    with op.batch_alter_table("review_log") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), sa.text(f"outcome IN ({listed})"))
