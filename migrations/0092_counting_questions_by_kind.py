"""an index by which the questions of each kind are counted without reading them."""

from alembic import op

revision = "0092"
down_revision = "0085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_question_hidden", "question", ["hidden", "kind", "note_id"])


def downgrade() -> None:
    op.drop_index("ix_question_hidden", "question")
