"""what people are typing into notes, for their other devices; a step down lets go of it."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "note_draft",
        sa.Column("user_id", sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("opened", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_draft_note_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "note_id", "device", name=op.f("pk_note_draft")),
    )
    op.create_index("ix_note_draft_note_id", "note_draft", ["note_id"])


def downgrade() -> None:
    op.drop_table("note_draft")
