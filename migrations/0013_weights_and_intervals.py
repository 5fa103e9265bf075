"""a learner's own weights and desired retention, and in the log what each review was computed with."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# The interval of the card's review before, as the log has it; a review that was undone since had none.
INTERVALS = """
    UPDATE review_log SET interval_before = (
        SELECT earlier.due_day_after - earlier.day FROM review_log AS earlier
        WHERE earlier.card_id = review_log.card_id AND earlier.sequence < review_log.sequence AND earlier.outcome = 'a'
        ORDER BY earlier.sequence DESC LIMIT 1
    )
    WHERE phase_before <> 'n'
"""
MATURE = """
    UPDATE day_tally SET {name} = (
        SELECT count(*) FROM review_log
        WHERE review_log.user_id = day_tally.user_id AND review_log.day = day_tally.day
        AND outcome = 'a' AND phase_before = 'r' AND retrievability_before < 1 AND interval_before >= 21 AND {also}
    )
"""
FIGURES = {"mature": "rating >= 1", "mature_passed": "rating > 1"}


def upgrade() -> None:
    op.add_column("user_account", sa.Column("desired_retention", sa.Double(), nullable=True))
    op.add_column("user_account", sa.Column("weights_number", sa.Integer(), nullable=True))
    op.execute("UPDATE user_account SET desired_retention = 0.9, weights_number = 0")
    _require("user_account", {"desired_retention": sa.Double(), "weights_number": sa.Integer()})
    op.add_column("review_log", sa.Column("interval_before", sa.Integer(), nullable=True))
    op.add_column("review_log", sa.Column("weights_number", sa.Integer(), nullable=True))
    op.execute(INTERVALS)
    for name in FIGURES:
        op.add_column("day_tally", sa.Column(name, sa.Integer(), nullable=True))
        op.execute(f"UPDATE day_tally SET {name} = 0")
    op.create_index("ix_migration_day", "review_log", ["user_id", "day"])  # so that no day reads the whole log
    for name, also in FIGURES.items():
        op.execute(MATURE.format(name=name, also=also))
    op.drop_index("ix_migration_day", "review_log")
    _require("day_tally", dict.fromkeys(FIGURES, sa.Integer()))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "fitted_weights",
        sa.Column("user_id", sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fitted_at", sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("held_out", sa.Integer(), nullable=False),
        sa.Column("loss_before", sa.Double(), nullable=False),
        sa.Column("loss_fitted", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_fitted_weights_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "number", name="pk_fitted_weights"),
    )


def downgrade() -> None:
    op.drop_table("fitted_weights")
    for name in reversed(FIGURES):
        op.drop_column("day_tally", name)
    for table, columns in {
        "review_log": ("weights_number", "interval_before"),
        "user_account": ("weights_number", "desired_retention"),
    }.items():
        for name in columns:
            op.drop_column(table, name)


def _require(table: str, columns: dict[str, sa.types.TypeEngine]) -> None:
    with op.batch_alter_table(table) as batch_op:
        for name, kind in columns.items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)
