"""what the queue needs on the card itself, indexes for its piles, and the figures of each study day."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

HIDDEN = "draft OR retired_at IS NOT NULL"
PILES = {
    "ix_card_learning": (["due_at", "buried_until_day"], "due_at IS NOT NULL"),
    "ix_card_due": (
        ["due_day", "last_review_at", "buried_until_day"],
        "due_at IS NULL AND due_day IS NOT NULL",
    ),
    "ix_card_new": (["created_at", "question_id", "buried_until_day"], "due_day IS NULL"),
    "ix_card_buried": (["buried_until_day", "due_day"], "buried_until_day IS NOT NULL"),
}
TALLY = """
    INSERT INTO day_tally (user_id, day, reviews, introduced, known, passed, timed, taken_ms)
    SELECT user_id, day,
           sum(CASE WHEN outcome <> 'undone' THEN 1 ELSE 0 END),
           sum(CASE WHEN outcome = 'applied' AND phase_before = 'new' THEN 1 ELSE 0 END),
           sum(CASE WHEN {known} THEN 1 ELSE 0 END),
           sum(CASE WHEN {known} AND rating <> 1 THEN 1 ELSE 0 END),
           count(taken_ms),
           coalesce(sum(taken_ms), 0)
    FROM review_log GROUP BY user_id, day
""".format(known="outcome = 'applied' AND phase_before = 'review' AND retrievability_before < 1")


def upgrade() -> None:
    op.add_column("question", sa.Column("hidden", sa.Boolean(), nullable=True))
    op.execute(f"UPDATE question SET hidden = ({HIDDEN})")
    with op.batch_alter_table("question") as batch_op:
        batch_op.alter_column("hidden", existing_type=sa.Boolean(), nullable=False)
        batch_op.create_unique_constraint("uq_question_id_hidden", ["id", "hidden"])
        batch_op.drop_index("ix_question_note_id")
        batch_op.create_index("ix_question_note_id", ["note_id", "hidden", "kind"], unique=False)
    op.add_column("card", sa.Column("hidden", sa.Boolean(), nullable=True))
    op.add_column("card", sa.Column("logged", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE card SET hidden = (SELECT hidden FROM question WHERE question.id = card.question_id), "
        "logged = coalesce((SELECT max(sequence) FROM review_log WHERE review_log.card_id = card.id), 0)"
    )
    with op.batch_alter_table("card") as batch_op:
        batch_op.alter_column("hidden", existing_type=sa.Boolean(), nullable=False)
        batch_op.alter_column("logged", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_constraint("fk_card_question_id", type_="foreignkey")
        batch_op.create_foreign_key(
            "fk_card_question_id_hidden", "question", ["question_id", "hidden"], ["id", "hidden"], onupdate="CASCADE"
        )
        batch_op.drop_index("ix_card_question_id")
        batch_op.drop_index("ix_card_user_id_due_day")
        batch_op.create_index("ix_card_question_id", ["question_id", "hidden"], unique=False)
    for name, (columns, where) in PILES.items():
        op.create_index(
            name,
            "card",
            ["user_id", *columns],
            unique=False,
            sqlite_where=sa.text(f"hidden = 0 AND {where}"),
            postgresql_where=sa.text(f"hidden = false AND {where}"),
        )
    op.create_table(
        "day_tally",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("reviews", "introduced", "known", "passed", "timed")
        ),
        sa.Column("taken_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_day_tally_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "day", name="pk_day_tally"),
    )
    op.execute(TALLY)
    op.drop_index("ix_review_log_user_id_day", "review_log")
    op.create_index("ix_review_log_user_id_reviewed_at", "review_log", ["user_id", "reviewed_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_review_log_user_id_reviewed_at", "review_log")
    op.create_index("ix_review_log_user_id_day", "review_log", ["user_id", "day"], unique=False)
    op.drop_table("day_tally")
    for name in PILES:
        op.drop_index(name, "card")
    with op.batch_alter_table("card") as batch_op:
        batch_op.drop_index("ix_card_question_id")
        batch_op.drop_constraint("fk_card_question_id_hidden", type_="foreignkey")
        batch_op.create_foreign_key("fk_card_question_id", "question", ["question_id"], ["id"])
        batch_op.drop_column("hidden")
        batch_op.drop_column("logged")
        batch_op.create_index("ix_card_question_id", ["question_id"], unique=False)
        batch_op.create_index("ix_card_user_id_due_day", ["user_id", "due_day"], unique=False)
    with op.batch_alter_table("question") as batch_op:
        batch_op.drop_index("ix_question_note_id")
        batch_op.drop_constraint("uq_question_id_hidden", type_="unique")
        batch_op.drop_column("hidden")
        batch_op.create_index("ix_question_note_id", ["note_id"], unique=False)
