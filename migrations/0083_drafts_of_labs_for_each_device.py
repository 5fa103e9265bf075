"""what somebody is typing into a lab, kept for each of their devices until it is saved. A step down forgets it."""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "lab_typed_draft",
        sa.Column("user_id", sa.LargeBinary() if is_sqlite else sa.Uuid(), nullable=False),
        sa.Column("lab_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("opened", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger() if is_sqlite else sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lab_id"], ["lab.id"], name=op.f("fk_lab_typed_draft_lab_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "lab_id", "device", name=op.f("pk_lab_typed_draft")),
    )
    op.create_index("ix_lab_typed_draft_lab_id", "lab_typed_draft", ["lab_id"])


def downgrade() -> None:
    op.drop_table("lab_typed_draft")
