"""an index by which the newest quizzes of a learner are found without reading the others."""

from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_quiz_session_user_id_started_at", "quiz_session", ["user_id", "started_at"])
    op.drop_index("ix_quiz_session_user_id", "quiz_session")


def downgrade() -> None:
    op.create_index("ix_quiz_session_user_id", "quiz_session", ["user_id"])
    op.drop_index("ix_quiz_session_user_id_started_at", "quiz_session")
