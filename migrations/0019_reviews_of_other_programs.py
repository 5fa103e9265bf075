"""reviews that were made in another program, beside those that were made here."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SOURCES, MORE = ("r", "q", "s"), ("r", "q", "s", "i")
NAME = "ck_review_log_source"


def upgrade() -> None:
    _allow(MORE)


def downgrade() -> None:
    op.execute("DELETE FROM review_log WHERE source = 'i'")  # the cards stay as they are: `review rebuild` counts anew
    _allow(SOURCES)


def _allow(sources: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{source}'" for source in sources)
    with op.batch_alter_table("review_log") as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_="check")
        batch_op.create_check_constraint(op.f(NAME), sa.text(f"source IN ({listed})"))
