"""an index by which notes of others are told from those for all without reading past each note's text."""

from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_note_owner_id", "note", ["owner_id", "retired_at"])


def downgrade() -> None:
    op.drop_index("ix_note_owner_id", "note")
