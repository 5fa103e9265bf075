"""commands that are graded by their effect, and the forms of them that were accepted.

The version below has no word for them and reads every entry. A step down puts them aside, into a table of their own,
and a step up brings back those whose run is still there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ASIDE = "lab_event_of_0004"
CHECK = "ck_lab_event_event_kind"
BEFORE = (
    *("predicted", "started", "ready", "not-ready", "lost", "checked", "hinted", "shown", "ended", "closed"),
    *("typed", "explained"),
)
ADDED = ("commanded",)


def upgrade() -> None:
    op.create_table(
        "accepted_form",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_accepted_form")),
    )
    op.create_index(op.f("ix_accepted_form_accepted_at"), "accepted_form", ["accepted_at"])
    _allow(*BEFORE, *ADDED)
    if sa.inspect(op.get_bind()).has_table(ASIDE):
        there = "lab_run_id IN (SELECT id FROM lab_run)"
        op.execute(sa.text(f"INSERT INTO lab_event SELECT * FROM {ASIDE} WHERE {there}"))
        op.drop_table(ASIDE)


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT 1 FROM lab_event WHERE kind IN ('commanded') LIMIT 1")):
        op.execute(sa.text(f"CREATE TABLE {ASIDE} AS SELECT * FROM lab_event WHERE kind IN ('commanded')"))
        op.execute(sa.text("DELETE FROM lab_event WHERE kind IN ('commanded')"))
    _allow(*BEFORE)
    op.drop_table("accepted_form")


def _allow(*kinds: str) -> None:
    with op.batch_alter_table("lab_event") as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # there the table is made anew, without its check
            batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(op.f(CHECK), sa.column("kind").in_(kinds))
