"""an index by which a learner's unfinished quizzes are found without reading the finished ones."""

import sqlalchemy as sa
from alembic import op

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("finished_at IS NULL")


def upgrade() -> None:
    columns = ["user_id", "started_at"]
    op.create_index("ix_quiz_session_open", "quiz_session", columns, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)


def downgrade() -> None:
    op.drop_index("ix_quiz_session_open", "quiz_session")
