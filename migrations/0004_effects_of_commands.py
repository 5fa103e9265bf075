"""commands that are graded by their effect, and the forms of them that were accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

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


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM lab_event WHERE kind IN ('commanded')"))
    _allow(*BEFORE)
    op.drop_table("accepted_form")


def _allow(*kinds: str) -> None:
    with op.batch_alter_table("lab_event") as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # there the table is made anew, without its check
            batch_op.drop_constraint(op.f(CHECK), type_="check")
        batch_op.create_check_constraint(op.f(CHECK), sa.column("kind").in_(kinds))
