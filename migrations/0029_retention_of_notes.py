"""how much of a note a learner wants to remember, where it is not as much as of the others."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    uuid = sa.LargeBinary() if op.get_bind().dialect.name == "sqlite" else sa.Uuid()
    op.create_table(
        "note_retention",
        sa.Column("user_id", uuid, nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("desired_retention", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name="fk_note_retention_note_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_note_retention_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "note_id", name="pk_note_retention"),
    )


def downgrade() -> None:
    op.drop_table("note_retention")
