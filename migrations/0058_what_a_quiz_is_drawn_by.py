"""what a quiz was asked for, which attempts are first ones, and what these tell of learners and questions."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

# The first answer of each learner to each question that was right or wrong.
FIRST = """
    UPDATE attempt SET is_first = (id IN (
        SELECT id FROM (
            SELECT attempt.id, row_number() OVER (
                PARTITION BY quiz_session.user_id, attempt.question_id ORDER BY attempt.answered_at, attempt.id
            ) AS place
            FROM attempt JOIN quiz_session ON quiz_session.id = attempt.quiz_session_id
            WHERE attempt.verdict IN ('pass', 'fail') AND attempt.answered_at IS NOT NULL
        ) AS answered WHERE place = 1
    ))
"""


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column("quiz_session", sa.Column("wish", sa.Text(), nullable=True))
    op.add_column("quiz_session", sa.Column("title", sa.Text(), nullable=True))
    op.add_column("attempt", sa.Column("is_first", sa.Boolean(), nullable=True))
    op.add_column("attempt", sa.Column("ability_moved", sa.Double(), nullable=True))
    op.add_column("attempt", sa.Column("difficulty_moved", sa.Double(), nullable=True))
    op.execute(FIRST)
    with op.batch_alter_table("attempt") as batch_op:
        batch_op.alter_column("is_first", existing_type=sa.Boolean(), nullable=False)
    where = sa.text("is_first")
    op.create_index(
        "ix_attempt_first", "attempt", ["question_id"], unique=False, sqlite_where=where, postgresql_where=where
    )
    op.create_table(
        "learner_ability",
        sa.Column("user_id", sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_learner_ability_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_learner_ability")),
    )
    op.create_table(
        "question_difficulty",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_difficulty_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_difficulty")),
    )


def downgrade() -> None:
    op.drop_table("question_difficulty")
    op.drop_table("learner_ability")
    op.drop_index("ix_attempt_first", table_name="attempt")
    with op.batch_alter_table("attempt") as batch_op:
        for column in ("difficulty_moved", "ability_moved", "is_first"):
            batch_op.drop_column(column)
    with op.batch_alter_table("quiz_session") as batch_op:
        batch_op.drop_column("title")
        batch_op.drop_column("wish")
