"""what the last import of each note left, so that an unchanged file is not read again."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "note_import",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(64), nullable=False),
        sa.Column("rows", sa.String(64), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name="fk_note_import_note_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("note_id", name="pk_note_import"),
    )


def downgrade() -> None:
    op.drop_table("note_import")
