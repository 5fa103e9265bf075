"""what is typed in a terminal and explained after a pass, in a run's timeline.

The version below has no word for them and reads every entry. A step down puts them aside, into a table of their own,
and a step up brings back those whose run is still there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ASIDE = "lab_event_of_0003"
CHECK = "ck_lab_event_event_kind"
BEFORE = ("predicted", "started", "ready", "not-ready", "lost", "checked", "hinted", "shown", "ended", "closed")
ADDED = ("typed", "explained")


def upgrade() -> None:
    _allow(*BEFORE, *ADDED)
    if sa.inspect(op.get_bind()).has_table(ASIDE):
        there = "lab_run_id IN (SELECT id FROM lab_run)"
        op.execute(sa.text(f"INSERT INTO lab_event SELECT * FROM {ASIDE} WHERE {there}"))
        op.drop_table(ASIDE)


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT 1 FROM lab_event WHERE kind IN ('typed', 'explained') LIMIT 1")):
        op.execute(sa.text(f"CREATE TABLE {ASIDE} AS SELECT * FROM lab_event WHERE kind IN ('typed', 'explained')"))
        op.execute(sa.text("DELETE FROM lab_event WHERE kind IN ('typed', 'explained')"))
    _allow(*BEFORE)


def _allow(*kinds: str) -> None:
    with op.batch_alter_table("lab_event") as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # there the table is made anew, without its check
            batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(op.f(CHECK), sa.column("kind").in_(kinds))
