"""what is typed in a terminal and explained after a pass, in a run's timeline."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHECK = "ck_lab_event_event_kind"
BEFORE = ("predicted", "started", "ready", "not-ready", "lost", "checked", "hinted", "shown", "ended", "closed")
ADDED = ("typed", "explained")


def upgrade() -> None:
    _allow(*BEFORE, *ADDED)


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM lab_event WHERE kind IN ('typed', 'explained')"))
    _allow(*BEFORE)


def _allow(*kinds: str) -> None:
    with op.batch_alter_table("lab_event") as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # there the table is made anew, without its check
            batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(op.f(CHECK), sa.column("kind").in_(kinds))
