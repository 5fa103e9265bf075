"""what the file last said of a question that was edited in the browser, and where both have changed it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("question", sa.Column("base", sa.JSON(), nullable=True))
    op.create_table(
        "conflict",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.JSON(), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name="fk_conflict_question_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("question_id", name="pk_conflict"),
    )


def downgrade() -> None:
    op.drop_table("conflict")
    op.drop_column("question", "base")
